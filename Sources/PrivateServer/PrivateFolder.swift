import Glibc

/// A folder that only this user can enter, for a server's socket, log and data.
enum PrivateFolder {
  /// `sun_path` holds 108 bytes with the closing zero (unix(7)).
  static let longestSocketPath = 107
  static let socketName = "redis.sock"

  /// Makes `keyglass-XXXXXX` with mode 0700 under the first usable of XDG_RUNTIME_DIR, TMPDIR and /tmp.
  ///
  /// A base under which the socket's path would not fit into `sun_path` is passed over.
  static func make(
    bases: [String] = [environmentValue("XDG_RUNTIME_DIR"), environmentValue("TMPDIR"), "/tmp"].compactMap(\.self)
  ) throws(PrivateServerError) -> String {
    var why = "the paths are too long for a socket"
    for base in bases where base.hasPrefix("/") {
      let template = "\(base)/keyglass-XXXXXX"
      guard socketPath(in: template).utf8.count <= longestSocketPath else { continue }
      var path = Array(template.utf8CString)
      if unsafe mkdtemp(&path) != nil {
        return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
      why = "\(base): \(systemText(errno))"
    }
    throw failure(why: why)
  }

  /// Makes exactly `path`, which must not exist, with mode 0700.
  static func make(at path: String) throws(PrivateServerError) {
    guard unsafe mkdir(path, 0o700) == 0 else { throw failure(why: "\(path): \(systemText(errno))") }
  }

  static func socketPath(in folder: String) -> String { "\(folder)/\(socketName)" }

  private static func failure(why: String) -> PrivateServerError {
    PrivateServerError(
      what: "cannot make a private folder", why: why,
      nextStep: "Set TMPDIR to a short path that you can write to")
  }
}
