package import PrivateServer

extension TestServer {
  /// A server that reads keys from disk, 500 µs each, and answers meanwhile. `folder` holds the file.
  package static func loading(_ keys: Int, from folder: String, binary: String? = nil) throws -> TestServer {
    let before = try TestServer(["--dir", folder], binary: binary)
    try before.populate(keys)
    guard try before.cli("SAVE") == "OK" else { throw TestFailure("not saved") }
    before.stop()
    return try TestServer(
      ["--dir", folder, "--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"], binary: binary)
  }

  /// Runs a script without end, until it is killed; returns once the server answers nothing else.
  package func keepBusy(_ script: String = "while true do end") throws -> WorkerThread {
    let blocker = WorkerThread { _ = try? self.cli("EVAL", script, "0") }
    guard Eventually.until({ (try? cli("GET", "k"))?.hasPrefix("BUSY") == true }) else { throw TestFailure("not busy") }
    return blocker
  }
}
