import Glibc

/// The server programs that can serve a private server.
package enum ServerBinary {
  static let names = ["redis-server", "valkey-server"]

  /// PATH, then the folders where packages put servers and that PATH often lacks.
  package static var defaultFolders: [String] {
    let path = environmentValue("PATH") ?? ""
    return path.split(separator: ":").map(String.init) + ["/usr/local/bin", "/usr/bin", "/usr/local/sbin", "/usr/sbin"]
  }

  /// The path of the first redis-server or valkey-server that may be executed.
  package static func find(in folders: [String] = defaultFolders) throws(PrivateServerError) -> String {
    for folder in folders where folder.hasPrefix("/") {
      for name in names {
        let path = "\(folder)/\(name)"
        if unsafe access(path, X_OK) == 0 { return path }
      }
    }
    throw PrivateServerError(
      what: "no redis-server or valkey-server found",
      why: "neither is on PATH, in /usr/bin, /usr/local/bin or /usr/sbin",
      nextStep: "Install one, e.g. 'apt-get install redis-server'")
  }
}
