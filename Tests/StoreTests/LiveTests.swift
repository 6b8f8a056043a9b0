import Keyspace
import RedisClient
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
    _ = await harness.store.answer(.sweep([.type, .deadline]))
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

  /// More names than any screen has shown are as good as all: a server may push what it likes.
  @Test(arguments: [3, 10_001]) func aPushOfTooManyNamesIsTakenForAFlush(count: Int) async throws {
    let push = FakeHarness.invalidation((0..<count).map { "k\($0)" })
    let harness = try await FakeHarness { command in
      switch command.first {
      case "TYPE": push + "+string\r\n"
      case "PTTL", "PEXPIRETIME": ":-1\r\n"
      default: nil
      }
    }
    _ = await harness.store.answer(.facts(["k1"]))
    if count == 3 {
      #expect(
        await eventually {
          harness.notices.contains { if case .changed(let names) = $0 { names.count == 3 } else { false } }
        })
      #expect(!harness.notices.contains(.flushed))
    } else {
      #expect(await eventually { harness.notices.contains(.flushed) })
      #expect(!harness.notices.contains { if case .changed = $0 { true } else { false } })
    }
  }

  /// The header is asked for on the connection that hears of changes: its silence shows there.
  @Test func theHeaderWatchesTheConnectionThatIsPushedTo() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    #expect(await eventually { harness.notices.contains(.tracking(true)) })
    guard case .server = await harness.store.answer(.serverFacts) else {
      Issue.record("no header")
      return
    }
    let clients = try server.cli("CLIENT", "LIST").split(separator: "\n")
    let rows = try #require(clients.first { $0.contains("name=keyglass-rows") })
    #expect(rows.contains("cmd=info"), "\(rows)")
  }

  /// What was denied is asked for again with R.
  @Test func rightsThatWereGrantedSinceAreFoundByARescan() async throws {
    let server = try TestServer.withUser("+@all", "-type")
    try server.cli("SET", "k", "1")
    let harness = try await Harness(server, user: "limited", password: "pw")
    #expect(try await harness.facts("k").first?.type.denial != nil)
    try server.cli("ACL", "SETUSER", "limited", "+type")
    #expect(try await harness.facts("k").first?.type.denial != nil)
    _ = await harness.store.answer(.rescan)
    #expect(try await harness.facts("k").first?.type == .known(.string))
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
    #expect(await eventually { harness.isServerReplaced })
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
    #expect(await eventually { harness.isServerReplaced })
    try await arm("k", harness)
    try replica.cli("SET", "k", "3")
    #expect(await isTold("k", harness))
  }

  // MARK: - The window that is shown

  @Test(arguments: [nil] + OtherServers.binaries.map(Optional.some), [Endpoint.ProtocolPreference.resp2, .automatic])
  func fieldsAndMembersAreReadByName(_ binary: String?, _ version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    try server.pipeline([
      ["HSET", "hash", "a", "1", "b", "", "c\u{0}", "3"], ["SADD", "set", "a", "b"],
      ["HPEXPIRE", "hash", "90000", "FIELDS", "1", "a"],
    ])
    let harness = try await Harness(server, version: version)
    func read(_ name: KeyName, _ names: [String]) async throws -> NamedPage? {
      let window = ValueWindow.named(names.map { Array($0.utf8) })
      guard case .opened(let opened) = await harness.store.answer(.open(name, pageLength: 10, window: window)),
        case .named(let page)? = opened.page
      else { return nil }
      return page
    }
    let hash = try #require(try await read("hash", ["c\u{0}", "no", "b", "a"]))
    #expect(hash.length == 3)
    #expect(hash.there.map(\.name) == ["c\u{0}", "b", "a"].map { Array($0.utf8) })
    #expect(hash.there.map(\.value) == ["3", "", "1"].map { Array($0.utf8) })
    #expect(hash.gone == [Array("no".utf8)])
    if binary.map(OtherServers.withFieldTTLs.contains) == true {
      #expect(hash.there[1].deadline == .known(.persistent))
      #expect({ if case .known(.at) = hash.there[2].deadline { true } else { false } }())
    }
    let set = try #require(try await read("set", ["no", "b"]))
    #expect(set == NamedPage(length: 2, there: [.init(name: Array("b".utf8), value: [])], gone: [Array("no".utf8)]))
  }

  /// Rights that the scan of a hash does not need, and elements too big to be read many at once: from the beginning.
  @Test func whatCannotBeReadByNameIsReadFromItsBeginning() async throws {
    let server = try TestServer.withUser("+@all", "-hmget")
    try server.cli("HSET", "hash", "a", "1", "b", "2")
    let harness = try await Harness(server, user: "limited", password: "pw")
    for _ in 0..<2 {
      let answer = await harness.store.answer(.open("hash", pageLength: 10, window: .named([Array("a".utf8)])))
      guard case .opened(let opened) = answer, case .hash(let page)? = opened.page else {
        Issue.record("\(answer)")
        return
      }
      #expect(page.fields.count == 2)
    }
    #expect(harness.commands["HMGET"] == 1)
    let big = String(repeating: "x", count: 600_000)
    try server.pipeline([["HSET", "big", "a", big, "b", big, "c", big, "d", big]])
    let names = ["a", "b", "c"].map { Array($0.utf8) }
    let other = try await Harness(server)
    guard case .opened(let opened) = await other.store.answer(.open("big", pageLength: 10, window: .named(names))),
      case .hash? = opened.page
    else {
      Issue.record("three big fields were read at once")
      return
    }
    #expect(other.commands["HMGET"] == nil)
  }

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
