import Glibc

/// Servers of other makes and versions that this machine has: `KEYGLASS_SERVERS`, paths with colons between
/// (`.ci/servers` installs and prints them).
package enum OtherServers {
  package static let binaries: [String] = {
    guard let value = getenv("KEYGLASS_SERVERS") else { return [] }
    return String(cString: value).split(separator: ":").map(String.init)
  }()
}
