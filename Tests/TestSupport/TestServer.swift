import Glibc
package import PrivateServer
import Synchronization

/// A real server for one test; it ends with its last reference, and with the test process however that ends.
package final class TestServer: Sendable {
  private let server: Mutex<PrivateServer>
  private let arguments: [String]
  private let binary: String?
  package let socketPath: String
  /// The TCP port on 127.0.0.1; nil without `tcp`.
  package let port: Int?

  /// - Parameters:
  ///   - arguments: further server options, e.g. `["--requirepass", "secret"]`; DEBUG is on already.
  ///   - tcp: listen on a free loopback port too.
  ///   - seed: `.demo` fills it with the sample shop, which then stays still.
  package init(
    _ arguments: [String] = [], tcp: Bool = false, binary: String? = nil, seed: PrivateServer.Seed = .empty
  ) throws {
    self.binary = binary
    let port = tcp ? try Loopback.freePort() : nil
    // Before Redis 7.0 DEBUG is always on, and the option unknown.
    let isOld = try binary.map { try Run.output([$0, "--version"]).output.contains("v=6.") } ?? false
    var all = isOld ? [] : ["--enable-debug-command", "yes"]
    if let port { all += ["--bind", "127.0.0.1", "--port", String(port)] }
    all += arguments
    let server = try PrivateServer.start(seed: seed, still: true, binary: binary, arguments: all)
    self.port = port
    self.arguments = all
    socketPath = server.socketPath
    self.server = Mutex(server)
  }

  /// One command on a connection of its own; the reply as redis-cli --raw prints it, errors as "ERR …".
  @discardableResult
  package func cli(_ arguments: String...) throws -> String { try cli(arguments, database: 0) }

  @discardableResult
  package func cli(_ arguments: [String], database: Int) throws -> String {
    var batch = ServerBatch()
    if database != 0 { batch.add("SELECT", String(database)) }
    batch.add(arguments)
    return try pipeline(batch).last?.text ?? ""
  }

  /// Many commands in one write, on a connection of their own.
  @discardableResult
  package func pipeline(_ batch: ServerBatch) throws -> [ServerReply] {
    var socket = try ServerSocket(path: socketPath)
    return try socket.send(batch)
  }

  /// Text commands of any number, e.g. `[["SET", "a", "1"], …]`.
  @discardableResult
  package func pipeline(_ commands: [[String]]) throws -> [ServerReply] {
    var batch = ServerBatch()
    for command in commands { batch.add(command) }
    return try pipeline(batch)
  }

  /// `count` keys `prefix:0`, `prefix:1`, … of small strings, made by the server itself: a million in about a second.
  package func populate(_ count: Int, prefix: String = "key") throws {
    let reply = try cli("DEBUG", "POPULATE", String(count), prefix)
    guard reply == "OK" else { throw TestFailure("DEBUG POPULATE: \(reply)") }
  }

  package var processID: Int32? { server.withLock { $0.processID } }

  /// The server keeps its connections and answers nothing until `resume`.
  package func pause() throws { try signal(SIGSTOP) }
  package func resume() throws { try signal(SIGCONT) }

  /// Ends the server as a crash does, and returns when it and its socket are gone.
  package func kill9() throws {
    try signal(SIGKILL)
    server.withLock { $0.stop() }
  }

  /// Starts it again, empty, on the same socket and port. Stops it first if it runs.
  package func restart() throws {
    try server.withLock { server in
      let folder = server.folder
      server.stop()
      server = try PrivateServer.start(
        seed: .empty, still: true, binary: binary, arguments: arguments, folder: folder)
    }
  }

  package func stop() { server.withLock { $0.stop() } }

  private func signal(_ number: CInt) throws {
    guard let id = processID, kill(id, number) == 0 else { throw TestFailure("the server is gone") }
  }
}
