import Glibc
import PrivateServer
import TestSupport
import Testing

/// The tests' own tools: each fault must really happen, or a test that relies on it proves nothing.
@Suite struct SupportTests {
  @Test func aTestServerPausesDiesAndComesBack() throws {
    let server = try TestServer(tcp: true)
    #expect(try server.cli("SET", "a", "1") == "OK")
    #expect(try server.cli("LRANGE", "a", "0", "1").hasPrefix("WRONGTYPE"))
    try server.populate(1000)
    #expect(try server.cli("DBSIZE") == "1001")
    #expect(try server.cli("CONFIG", "GET", "port") == "port\n\(try #require(server.port))")
    try server.pause()
    try server.resume()
    #expect(try server.cli("PING") == "PONG")
    try server.kill9()
    #expect(throws: PrivateServerError.self) { try server.cli("PING") }
    try server.restart()
    #expect(try server.cli("DBSIZE") == "0")
  }

  @Test func theProxyPassesSlicesGarblesCutsAndSwallows() throws {
    let server = try TestServer()
    try server.cli("SET", "text", "hello")
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    #expect(try get(proxy) == "hello")
    proxy.set(.toClient) { $0.slice = 1 }
    proxy.set(.toServer) { $0.slice = 3 }
    #expect(try get(proxy) == "hello")
    proxy.set(.toClient) { faults in
      faults.slice = nil
      faults.garble = { piece, offset in if offset == 0, piece.count > 4 { piece[4] = UInt8(ascii: "J") } }
    }
    #expect(try get(proxy) == "Jello")
    proxy.heal()
    proxy.set(.toClient) { $0.cutAfter = 6 }
    #expect(throws: PrivateServerError.self) { try get(proxy) }
    proxy.heal()
    #expect(try get(proxy) == "hello")
    proxy.stop()
    #expect(throws: PrivateServerError.self) { try get(proxy) }
  }

  @Test func theProxyResetsOverTCP() throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath), listening: .loopback(0))
    guard case .loopback(let port) = proxy.address else { throw TestFailure("not on loopback") }
    proxy.set(.toServer) {
      $0.cutAfter = 3
      $0.resetsWhenCut = true
    }
    // exec fails, and with it the shell, when bash cannot connect; the read then tells an RST from an end of file.
    let script = "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'PING\\r\\n' >&3; cat <&3"
    let result = try Run.output(["/bin/bash", "-c", script])
    #expect(result.output.contains("Connection reset by peer"))
  }

  @Test func aFakeServerTalksAsItIsTold() throws {
    let banner = try FakeServer(banner: Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
    #expect(throws: PrivateServerError.self) { try ping(banner) }
    let scripted = try FakeServer { command in command == ["PING"] ? Array("+scripted\r\n".utf8) : nil }
    #expect(try ping(scripted) == .simple("scripted"))
    #expect(scripted.acceptedCount == 1)
  }

  @Test func tmuxShowsAProgramAndItsEnd() throws {
    let tmux = try Tmux(["/bin/sh", "-c", "stty -echo; read line; echo got $line; exit 3"])
    #expect(try tmux.exitStatus() == nil)
    #expect(Eventually.until { (try? tmux.modes() != tmux.modesAtStart()) ?? false })
    try tmux.resize(.init(columns: 60, rows: 15))
    #expect(try tmux.display("#{pane_width}x#{pane_height}") == "60x15")
    try tmux.type("it's me")
    try tmux.keys("Enter")
    try tmux.waitFor("got it's me")
    try tmux.waitFor("[exit 3]")
    #expect(try tmux.exitStatus() == 3)
  }

  @Test func aShellInTmuxHasJobControl() throws {
    let tmux = try Tmux(["/bin/sleep", "100"], interactive: true)
    #expect(try Eventually.until { try tmux.processID() != nil })
    try tmux.keys("C-z")
    try tmux.waitFor("Stopped")
  }

  private func get(_ proxy: FaultProxy) throws -> String {
    var batch = ServerBatch()
    batch.add("GET", "text")
    return try send(batch, to: proxy.address)[0].text
  }

  private func ping(_ server: FakeServer) throws -> ServerReply {
    var batch = ServerBatch()
    batch.add("PING")
    return try send(batch, to: server.address)[0]
  }

  private func send(_ batch: ServerBatch, to address: TestAddress) throws -> [ServerReply] {
    guard case .unix(let path) = address else { throw TestFailure("not a Unix socket") }
    var socket = try ServerSocket(path: path)
    return try socket.send(batch)
  }
}
