import Glibc

/// Servers of other makes and versions that this machine has: `KEYGLASS_SERVERS`, paths with colons between
/// (`.ci/servers` installs and prints them).
package enum OtherServers {
  package static let binaries: [String] = {
    guard let value = getenv("KEYGLASS_SERVERS") else { return [] }
    return String(cString: value).split(separator: ":").map(String.init)
  }()

  /// Those that have TTLs of hash fields (Redis 7.4, Valkey 9), by their own word.
  package static let withFieldTTLs: [String] = binaries.filter { binary in
    guard let server = try? TestServer(binary: binary), let reply = try? server.cli("HPTTL", "k", "FIELDS", "1", "f")
    else { return false }
    return !reply.contains("unknown command")
  }

  /// A Valkey 9; nil where there is none.
  package static let valkey: String? = withFieldTTLs.first { $0.hasSuffix("/valkey-server") }
}
