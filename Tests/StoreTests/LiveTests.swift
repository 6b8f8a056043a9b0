import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// What the server pushes about keys that were read, and what the Store makes of it.
@Suite("Changes by others", .timeLimit(.minutes(5))) struct LiveTests {
  /// Reads a key, so that its next change is pushed, and forgets what was told.
  private func arm(_ name: KeyName, _ harness: Harness) async throws {
    #expect(await eventually { harness.notices.contains(.tracking(true)) })
    _ = try await harness.facts(name)
    harness.forgetNotices()
  }

  private func isTold(_ name: KeyName, _ harness: Harness) async -> Bool {
    await eventually {
      harness.notices.contains { if case .changed(let names) = $0 { names.contains(name) } else { false } }
    }
  }

  @Test(arguments: [
    ["EXPIRE", "k", "100"], ["PERSIST", "k"], ["SET", "k", "2"], ["APPEND", "k", "2"], ["RENAME", "k", "other"],
    ["DEL", "k"], ["PEXPIRE", "k", "1"],
  ])
  func everyKindOfChangeOfAKeyThatWasReadIsTold(_ command: [String]) async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "1", "EX", "1000")
    let harness = try await Harness(server)
    try await arm("k", harness)
    try server.cli(command, database: 0)
    #expect(await isTold("k", harness))
  }

  @Test func whatWasNotReadIsNotTold() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "read", "1"], ["SET", "unread", "1"]])
    let harness = try await Harness(server)
    try await harness.scan()
    try await arm("read", harness)
    try server.pipeline([["SET", "unread", "2"], ["SET", "read", "2"]])
    #expect(await isTold("read", harness))
    #expect(!harness.notices.contains { if case .changed(let names) = $0 { names.contains("unread") } else { false } })
  }

  /// Type and deadline of a key that changed are not known any more until it is read again.
  @Test func theIndexForgetsWhatIsNotTrueAnyMore() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "a", "1"], ["SET", "b", "1"]])
    let harness = try await Harness(server)
    try await harness.scan()
    try await arm("a", harness)
    _ = try await harness.facts("b")
    #expect(await eventually { await harness.store.knownFacts == 2 })
    let sent = harness.commands
    try server.cli("PEXPIRE", "a", "100000")
    #expect(await eventually { await harness.store.knownFacts == 1 })
    #expect(harness.commands == sent)
    _ = try await harness.facts("a")
    #expect(await eventually { await harness.store.knownFacts == 2 })
  }

  /// A list of only one type asks again for what changed, and goes on to be whole.
  @Test func aListByTypeLearnsWhatChanged() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "a", "1"], ["RPUSH", "b", "1"]])
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweepFacts(true))
    #expect(await eventually { await harness.store.knownFacts == 2 })
    try await arm("a", harness)
    try server.pipeline([["DEL", "a"], ["RPUSH", "a", "1"]])
    #expect(await isTold("a", harness))
    #expect(await eventually { await harness.store.knownFacts == 2 })
    let lists = ListQuery(layout: .flat, kind: .list)
    #expect(await eventually { (try? await harness.names(lists)) == ["a", "b"] })
  }

  @Test func aFlushIsTold() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "1")
    let harness = try await Harness(server)
    try await arm("k", harness)
    try server.cli("FLUSHDB")
    #expect(await eventually { harness.notices.contains(.flushed) })
  }

  // MARK: - Armed again

  @Test func afterALostConnection() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "1")
    let harness = try await Harness(server)
    try await arm("k", harness)
    try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    try await arm("k", harness)
    try server.cli("SET", "k", "2")
    #expect(await isTold("k", harness))
  }

  @Test func inAnotherDatabaseAndAfterItsConnectionWasLost() async throws {
    let server = try TestServer()
    try server.cli(["SET", "k", "1"], database: 4)
    let harness = try await Harness(server)
    #expect(await eventually { harness.notices.contains(.tracking(true)) })
    try await harness.scan(4)
    for _ in 0..<2 {
      #expect(try await harness.facts("k").first?.isGone == false)
      harness.forgetNotices()
      try server.cli(["APPEND", "k", "2"], database: 4)
      #expect(await isTold("k", harness))
      harness.forgetNotices()
      try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
      #expect(await eventually { harness.notices.contains(.tracking(true)) })
    }
  }

  @Test func afterARestart() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "1")
    let harness = try await Harness(server)
    try await arm("k", harness)
    try server.restart()
    try server.cli("SET", "k", "3")
    #expect(await eventually { harness.notices.contains(.serverReplaced) })
    try await arm("k", harness)
    try server.cli("SET", "k", "4")
    #expect(await isTold("k", harness))
  }

  /// A primary that was made a replica closes its connections to those who may not stay.
  @Test func afterAFailover() async throws {
    let primary = try TestServer(tcp: true)
    let replica = try TestServer(["--replicaof", "127.0.0.1 \(try #require(primary.port))"], tcp: true)
    try primary.cli("SET", "k", "1")
    #expect(await eventually { (try? replica.cli("GET", "k")) == "1" })
    let harness = try await Harness(replica)
    try await arm("k", harness)
    // A change on the primary is pushed by the replica.
    try primary.cli("SET", "k", "2")
    #expect(await isTold("k", harness))
    try replica.cli("REPLICAOF", "NO", "ONE")
    try replica.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(await eventually { harness.notices.contains(.serverReplaced) })
    try await arm("k", harness)
    try replica.cli("SET", "k", "3")
    #expect(await isTold("k", harness))
  }

  // MARK: - The window that is shown

  @Test func aKeyIsReadAtTheWindowThatIsShown() async throws {
    let server = try TestServer()
    try server.pipeline([["RPUSH", "list"] + (0..<500).map { "item\($0)" }])
    let harness = try await Harness(server)
    func open(_ window: ValueWindow) async throws -> ValuePage? {
      guard case .opened(let opened) = await harness.store.answer(.open("list", pageLength: 10, window: window)) else {
        return nil
      }
      return opened.page
    }
    guard case .list(let page)? = try await open(.elements(start: 300, count: 10)) else {
      Issue.record("no list")
      return
    }
    #expect(page.start == 300 && page.length == 500)
    #expect(page.elements.first == Array("item300".utf8))
    // Of another type since: from its beginning.
    try server.pipeline([["DEL", "list"], ["SET", "list", "text"]])
    guard case .string(let text)? = try await open(.elements(start: 300, count: 10)) else {
      Issue.record("no string")
      return
    }
    #expect(text.bytes == Array("text".utf8))
  }
}
