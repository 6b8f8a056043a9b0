import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// The same over TLS: whatever connects has it.
@Suite("Over TLS", .serialized) struct TLSTests {
  private let lab: CertificateLab
  private let server: TestServer
  private let port: Int
  private var settings: TLSSettings

  init() throws {
    lab = try CertificateLab()
    port = try FreePort.take()
    server = try TestServer(lab.redisArguments(port: port, clients: "yes"))
    settings = TLSSettings()
    settings.authorityFile = lab.root.certificate
    (settings.certificateFile, settings.keyFile) = (lab.client.certificate, lab.client.key)
  }

  /// Scans, opens, edits, follows and types, on all five connections, in whatever pieces the bytes come.
  @Test("all connections, in pieces of one byte", arguments: [false, true])
  func everything(sliced: Bool) async throws {
    let proxy = try FaultProxy(to: .loopback(port), listening: .loopback(0))
    defer { proxy.stop() }
    if sliced {
      for direction in FaultProxy.Direction.allCases { proxy.set(direction) { $0.slice = 1 } }
    }
    guard case .loopback(let through) = proxy.address else { throw TestFailure("no port") }
    try server.populate(200)
    try server.pipeline([
      ["SET", "s", "text"], ["RPUSH", "l", "a", "b"], ["HSET", "h", "f", "v"], ["SET", "e", "1", "EX", "900"],
    ])
    let harness = try await Harness(server, secured: (settings, through))
    #expect(try await harness.scan().keys == 204)
    #expect(try await harness.names().count == 204)
    #expect(try await harness.opened("l").page != nil)
    #expect(try await harness.opened("h").page != nil)
    let facts = try await harness.facts("s", "l", "e")
    #expect(facts.map(\.type) == [.known(.string), .known(.list), .known(.string)])
    let edit = Edit(
      key: "s", change: .string(from: Array("text".utf8), to: Array("other".utf8)), presence: .present(.string),
      database: 0, session: 1)
    guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: [edit]))) else {
      Issue.record("not written")
      return
    }
    #expect(report.items.count == 1)
    #expect(try server.cli("GET", "s") == "other")
    try await harness.follow("new:")
    try server.cli("SET", "new:1", "x")
    #expect(await eventually { harness.appeared.contains("new:1") })
    let command = ConsoleCommand(id: 1, words: [Array("PING".utf8)], database: 0)
    guard case .console(.ran(let report)) = await harness.store.answer(.console(.run(command))),
      case .replied = report.outcome
    else {
      Issue.record("the console has no connection")
      return
    }
    // Nobody came another way.
    let clients = try server.cli("CLIENT", "LIST")
    let ours = clients.split(separator: "\n").filter { $0.contains("name=keyglass-") }
    #expect(ours.count >= 4, "\(clients)")
    #expect(ours.allSatisfy { $0.contains("laddr=127.0.0.1:\(port)") }, "\(clients)")
    await harness.store.shutdown()
  }

  @Test("a lost server is come back to, verified as before")
  func reconnect() async throws {
    try server.populate(10)
    let harness = try await Harness(server, secured: (settings, port))
    try await harness.scan()
    try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(await eventually { harness.linkStates.contains { if case .lost = $0 { true } else { false } } })
    #expect(await eventually(seconds: 60) { harness.linkStates.last == .connected })
    #expect(try await harness.opened("key:1").page != nil)
    await harness.store.shutdown()
  }
}
