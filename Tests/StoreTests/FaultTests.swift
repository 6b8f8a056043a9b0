import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

@Suite(.serialized) struct FaultTests {
  @Test("fault 1: a killed server comes back as another, and what was loaded stays readable")
  func aKilledServerComesBackAsAnother() async throws {
    let server = try TestServer()
    try server.populate(1000, prefix: "before")
    let harness = try await Harness(server)
    try await harness.scan()
    // Until it knows who it talks to.
    #expect(await eventually { (harness.commands["INFO"] ?? 0) > 0 })
    _ = await harness.store.answer(.serverFacts)
    try server.kill9()
    #expect(await eventually { harness.linkStates.contains { if case .lost = $0 { true } else { false } } })
    #expect(try await harness.failure(.facts(["before:1"])).kind == .connection)
    // What was loaded stays readable.
    #expect(try await harness.names().count == 1000)
    try server.restart()
    try server.populate(10, prefix: "after")
    _ = await harness.store.answer(.reconnect)
    #expect(await eventually { harness.linkStates.last == .connected })
    #expect(await eventually { harness.isServerReplaced })
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    #expect(try await harness.scanEnd().keys == 10)
    #expect(try await harness.opened("after:1").page != nil)
  }

  @Test func aScanSurvivesARestart() async throws {
    let server = try TestServer()
    try server.populate(300_000, prefix: "before")
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { (harness.lastScan?.scanned ?? 0) > 0 })
    try server.kill9()
    try server.restart()
    try server.populate(100, prefix: "after")
    #expect(
      await eventually(seconds: 90) { harness.lastScan?.phase == .done && harness.lastScan?.keys == 100 },
      "\(String(describing: harness.lastScan))")
    #expect(try await harness.names().allSatisfy { $0.hasPrefix("after:") })
  }

  @Test func aScanGoesOnAfterALostConnection() async throws {
    let server = try TestServer()
    try server.populate(300_000)
    let harness = try await Harness(server)
    #expect(await eventually { (harness.commands["INFO"] ?? 0) > 0 })
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { (harness.lastScan?.scanned ?? 0) > 0 })
    try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(await eventually(seconds: 90) { harness.lastScan?.phase == .done })
    #expect(harness.lastScan?.keys == 300_000)
    // Not again from its beginning.
    #expect((harness.lastScan?.scanned ?? .max) < 310_000)
  }

  @Test("fault 4: a hung server is left at once") func aHungServerIsLeftAtOnce() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    let harness = try await Harness(server, replyTimeout: .seconds(1))
    try await harness.scan()
    try server.pause()
    #expect(try await harness.failure(.open("k", pageLength: 10)).kind == .connection)
    #expect(await eventually { harness.linkStates.contains { if case .lost = $0 { true } else { false } } })
    try server.resume()
    #expect(await eventually(seconds: 20) { harness.linkStates.last == .connected })
    #expect(try await harness.opened("k").page != nil)
    try server.pause()
    let asked = Task { await harness.store.answer(.open("k", pageLength: 10)) }
    try await Task.sleep(for: .milliseconds(50))
    await harness.store.shutdown()
    guard case .failed = await asked.value else {
      Issue.record("answered after the shutdown")
      return
    }
    try server.resume()
  }

  /// The reason told is that of the last attempt, not that of the loss.
  @Test(arguments: [nil, "old"])
  func aChangedPasswordIsTold(_ old: String?) async throws {
    let server = try TestServer()
    if let old { try server.cli("CONFIG", "SET", "requirepass", old) }
    let harness = try await Harness(server, password: old)
    try await harness.scan()
    try server.pipeline([
      ["AUTH", old ?? "none"], ["CONFIG", "SET", "requirepass", "new"], ["AUTH", "new"],
      ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"],
    ])
    #expect(
      await eventually {
        if case .lost(let loss)? = harness.linkStates.last {
          loss.why.contains("password") && loss.retryAt == nil
        } else {
          false
        }
      }, "\(harness.linkStates)")
  }

  @Test func aCancelledRequestHarmsNothing() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    let harness = try await Harness(server)
    try server.pause()
    let asked = Task { await harness.store.answer(.open("k", pageLength: 10)) }
    try await Task.sleep(for: .milliseconds(50))
    asked.cancel()
    guard case .failed(let failure) = await asked.value else { throw TestFailure("another answer") }
    #expect(failure.kind == .superseded)
    try server.resume()
    for _ in 0..<20 { #expect(try await harness.opened("k").page != nil) }
    #expect(!harness.linkStates.contains { if case .lost = $0 { true } else { false } })
  }

  @Test func saysWhyNoConnectionWasMade() async throws {
    let store = Store(
      endpoint: Endpoint(address: .unix(path: "/nonexistent/socket")), options: StoreOptions(), notify: { _ in })
    await #expect(throws: ClientError.noSuchSocket(path: "/nonexistent/socket")) { try await store.connect() }
    await store.shutdown()
  }

  @Test func explainsWhyAServerDoesNotAnswer() async throws {
    let server = try FakeServer(reply: { command in
      switch command.first?.uppercased() {
      case "HELLO": Array("-ERR unknown command\r\n".utf8)
      case "CLIENT", "INFO": Array("+OK\r\n".utf8)
      default: Array("-LOADING Redis is loading the dataset in memory\r\n".utf8)
      }
    })
    guard case .unix(let path) = server.address else { throw TestFailure("another answer") }
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions(), notify: { _ in })
    _ = try await store.connect()
    guard case .failed(let failure) = await store.answer(.facts(["k"])) else { throw TestFailure("another answer") }
    #expect(failure.kind == .server)
    #expect(String(decoding: failure.why, as: UTF8.self) == "the server is loading its data")
    await store.shutdown()
  }

  /// In a cluster a key of another node is not a missing key.
  @Test func aKeyOfAnotherNodeIsNotMissing() async throws {
    let server = try FakeServer(reply: { words in
      switch words.first?.uppercased() {
      case "HELLO", "CLIENT", "INFO": Array("-ERR unknown command\r\n".utf8)
      default: Array("-MOVED 3999 127.0.0.1:7001\r\n".utf8)
      }
    })
    guard case .unix(let path) = server.address else { throw TestFailure("no socket") }
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions(), notify: { _ in })
    _ = try await store.connect()
    for request: Request in [.facts(["k"]), .open("k", pageLength: 10), .inspect("k"), .dump("k", limit: 1)] {
      guard case .failed(let failure) = await store.answer(request) else { throw TestFailure("\(request)") }
      #expect(failure.kind == .server)
      let why = String(decoding: failure.why, as: UTF8.self)
      #expect(why == "the key belongs to another node of the cluster, 127.0.0.1:7001")
    }
    await store.shutdown()
  }

  /// A server before Redis 6.2 and 7.0: no ZRANGE REV, no PEXPIRETIME.
  @Test func readsBackwardsFromAnOldServer() async throws {
    let server = try FakeServer(reply: { words in
      switch words.first?.uppercased() {
      case "TYPE": Array("+zset\r\n".utf8)
      case "PTTL": Array(":5000\r\n".utf8)
      case "MEMORY": Array(":100\r\n".utf8)
      case "ZCARD": Array(":1\r\n".utf8)
      case "ZRANGE": Array("-ERR syntax error\r\n".utf8)
      case "ZREVRANGE": Array("*2\r\n$1\r\nm\r\n$3\r\n1.5\r\n".utf8)
      default: Array("-ERR unknown command\r\n".utf8)
      }
    })
    guard case .unix(let path) = server.address else { throw TestFailure("no socket") }
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions(), notify: { _ in })
    _ = try await store.connect()
    let entry = SortedSetPage.Entry(member: Array("m".utf8), score: Array("1.5".utf8))
    for _ in 0..<2 {
      let answer = await store.answer(.page("z", .sortedSet, .ranks(start: 0, count: 5, reverse: true)))
      guard case .page(_, let page, let facts, let clock) = answer, case .known(.at(let deadline)) = facts.deadline
      else { throw TestFailure("no page: \(answer)") }
      #expect(page == .sortedSet(SortedSetPage(length: 1, start: 0, reverse: true, entries: [entry])))
      #expect((1...5000).contains(deadline - clock.serverTime(at: MonotonicClock.now())))
    }
    await store.shutdown()
  }
}
