import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// Following on other makes and versions of the server.
@Suite("Following on other servers", .serialized, .enabled(if: !OtherServers.binaries.isEmpty, "no other servers here"))
struct FollowOnOtherServersTests {
  @Test(arguments: OtherServers.binaries) func whatIsNewAppears(binary: String) async throws {
    try await FollowTests.whatIsNewAppears(on: TestServer(binary: binary))
  }

  @Test(arguments: OtherServers.binaries) func whatIsGoneLeaves(binary: String) async throws {
    try await FollowTests.whatIsGoneLeaves(on: TestServer(binary: binary))
  }

  @Test(arguments: OtherServers.binaries) func aLostConnectionIsArmedAgain(binary: String) async throws {
    try await FollowTests.aLostConnectionIsArmedAgain(on: TestServer(binary: binary))
  }
}

@Suite("Following", .serialized) struct FollowTests {
  @Test func whatIsNewAppears() async throws { try await Self.whatIsNewAppears(on: TestServer()) }

  /// Of this database and this prefix alone, and nothing that was gone before it could be asked about.
  static func whatIsNewAppears(on server: TestServer) async throws {
    try server.cli("SET", "sess:old", "1")
    let harness = try await Harness(server)
    try await harness.scan()
    #expect(try await harness.names() == ["sess:old"])
    try await harness.follow("sess:")
    // The other database first: names are verified in the order in which they are told.
    try server.cli(["SET", "sess:elsewhere", "1"], database: 1)
    try server.cli("SET", "other:new", "1")
    try server.pipeline([["SET", "sess:brief", "1"], ["DEL", "sess:brief"], ["RPUSH", "sess:new", "a"]])
    try server.pipeline([["SET", "sess:old", "2"], ["SET", "sess:timed", "1", "EX", "1000"]])
    #expect(await eventually { harness.appeared.contains("sess:timed") })
    #expect(harness.appeared == ["sess:new", "sess:timed"])
    #expect(try await harness.names() == ["sess:new", "sess:old", "sess:timed"])
    // Their types and deadlines are known to the lists.
    #expect(try await harness.names(ListQuery(layout: .flat, kind: .list)) == ["sess:new"])
    #expect(try await harness.names(ListQuery(layout: .flat, expiry: .volatile)) == ["sess:timed"])
    // Nobody else asked about types, and each name was asked about once.
    #expect(harness.commands["TYPE"] == 5)
    #expect(await eventually { if case .on(_, let rate)? = harness.followState { rate > 0 } else { false } })
    #expect(await eventually { harness.followState == .on(prefix: Array("sess:".utf8), perSecond: 0) })
    #expect(await harness.store.answer(.follow(prefix: nil)).isDone)
    #expect(harness.followState == .off(.asked))
    #expect(await eventually { server.isLeftAlone })
  }

  @Test func whatIsGoneLeaves() async throws { try await Self.whatIsGoneLeaves(on: TestServer()) }

  static func whatIsGoneLeaves(on server: TestServer) async throws {
    try server.pipeline(["a", "b", "c", "d"].map { ["SET", $0, "1"] })
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("")
    try server.pipeline([["PEXPIRE", "a", "50"], ["DEL", "b", "c"], ["RPUSH", "c", "1"]])
    #expect(await eventually { (try? await harness.names()) == ["c", "d"] })
    #expect(try await harness.names(ListQuery(layout: .flat, kind: .list)) == ["c"])
    try server.cli("SET", "b", "again")
    #expect(await eventually { harness.appeared == ["b"] })
    #expect(try await harness.names() == ["b", "c", "d"])
  }

  /// What is gone when it ends is not left behind, and what is there again is not taken out.
  @Test func theEndForgetsWhatIsGone() async throws {
    let server = try TestServer()
    try server.pipeline(["a", "b", "c"].map { ["SET", $0, "1"] })
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("")
    try server.cli("DEL", "a", "b")
    // It is verified after them.
    try server.cli("SET", "fence:1", "1")
    #expect(await eventually { harness.appeared.contains("fence:1") })
    try server.cli("SET", "b", "again")
    try server.cli("SET", "fence:2", "1")
    #expect(await eventually { harness.appeared.contains("fence:2") })
    #expect(await harness.store.answer(.follow(prefix: nil)).isDone)
    #expect(try await harness.names() == ["b", "c", "fence:1", "fence:2"])
  }

  /// No byte of a prefix means anything but itself.
  @Test(
    arguments: [
      Array("h[e]*:?".utf8), Array(#"a\b"#.utf8), [0, 0xFF, 0x0D, 0x0A, 0xC3], Array("PREFIX".utf8),
    ] as [[UInt8]])
  func prefixesAreLiteral(prefix: [UInt8]) async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow(prefix)
    var batch = ServerBatch()
    let others = ["he:x", "h[e]anything", "ab", "prefix"].map { Array($0.utf8) } + [[0], [0, 0xFF, 0x0D, 0x0A]]
    for name in others + [prefix, prefix + [0x31]] { batch.add([Array("SET".utf8), name, [0x31]]) }
    try server.pipeline(batch)
    #expect(await eventually { harness.appeared.count >= 2 })
    #expect(Set(harness.appeared) == [KeyName(prefix), KeyName(prefix + [0x31])])
    #expect(try await Set(harness.names()) == Set(harness.appeared))
  }

  @Test func aFloodEndsIt() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("", limit: 50)
    try server.pipeline((0..<200).map { ["SET", "k:\($0)", "1"] })
    #expect(await eventually { harness.followState == .off(.tooFast(limit: 50)) })
    #expect(await eventually { server.isLeftAlone })
    // It can be begun again, and what is below the limit does not end it.
    try await harness.follow("calm:", limit: 50)
    try server.pipeline((0..<50).map { ["SET", "calm:\($0)", "1"] })
    #expect(await eventually { harness.appeared.count { $0.hasPrefix("calm:") } == 50 })
    #expect(harness.followState?.prefix == Array("calm:".utf8))
  }

  /// A single push of more names than its connection takes in.
  @Test func aFloodInOneFrameEndsIt() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("", limit: 1000)
    try server.cli("EVAL", "for i = 1, 50000 do redis.call('SET', 'k:' .. i, i) end", "0")
    #expect(await eventually { harness.followState == .off(.tooFast(limit: 1000)) })
    #expect(await eventually { server.isLeftAlone })
  }

  @Test func aLostConnectionIsArmedAgain() async throws {
    try await Self.aLostConnectionIsArmedAgain(on: TestServer())
  }

  static func aLostConnectionIsArmedAgain(on server: TestServer) async throws {
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("k:")
    let client = try #require(try server.following.first)
    harness.forgetNotices()
    #expect(try server.cli("CLIENT", "KILL", "ID", client) == "1")
    let prefix = Array("k:".utf8)
    #expect(
      await eventually { harness.followStates == [.interrupted(prefix: prefix), .on(prefix: prefix, perSecond: 0)] })
    try server.cli("SET", "k:1", "1")
    #expect(await eventually { harness.appeared == ["k:1"] })
    #expect(try await harness.names() == ["k:1"])
    #expect(try server.following.count == 1)
  }

  @Test func aRestartedServerIsFollowedToo() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("")
    try server.kill9()
    #expect(await eventually { harness.followState == .interrupted(prefix: []) })
    try server.restart()
    _ = await harness.store.answer(.reconnect)
    #expect(await eventually { harness.followState == .on(prefix: [], perSecond: 0) })
    try server.cli("SET", "after", "1")
    #expect(await eventually { harness.appeared.contains("after") })
  }

  @Test func anotherDatabaseEndsIt() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("")
    #expect(try #require(try server.following.first).isEmpty == false)
    try await harness.scan(3)
    #expect(harness.followState == .off(.database))
    #expect(await eventually { server.isLeftAlone })
    // There it begins with that database.
    try await harness.follow("")
    try server.cli("SET", "k", "1")
    try server.cli(["SET", "here", "1"], database: 3)
    #expect(await eventually { harness.appeared == ["here"] })
    #expect(try await harness.names() == ["here"])
  }

  @Test func theEndOfTheProgramEndsIt() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.follow("")
    await harness.store.shutdown()
    #expect(await eventually { server.isLeftAlone })
  }

  @Test func readOnlyFollows() async throws {
    let server = try TestServer()
    let harness = try await Harness(server, isReadOnly: true)
    try await harness.scan()
    try await harness.follow("k")
    try server.cli("SET", "k", "1")
    #expect(await eventually { harness.appeared == ["k"] })
  }

  /// New names stay when a scan that began before them ends.
  @Test func whatAppearsDuringARescanStays() async throws {
    let server = try TestServer()
    try server.populate(50_000)
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("new:")
    _ = await harness.store.answer(.rescan)
    try server.cli("SET", "new:1", "1")
    #expect(await eventually { harness.appeared == ["new:1"] })
    #expect(try await harness.scanEnd().keys == 50_001)
    #expect(try await harness.names(ListQuery(layout: .flat, filter: NameFilter(text: Array("new".utf8)))) == ["new:1"])
  }

  /// What a scan has not come to yet need not be new: it is listed, and not called new.
  @Test func beforeTheEndOfAScanNothingIsCalledNew() async throws {
    let server = try TestServer()
    try server.populate(300_000)
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    #expect(await harness.store.answer(.pauseScan(true)).isDone)
    try #require(harness.lastScan?.phase == .paused)
    try await harness.follow("new:")
    try server.cli("SET", "new:1", "1")
    let query = ListQuery(layout: .flat, filter: NameFilter(text: Array("new:*".utf8)))
    #expect(await eventually { (try? await harness.names(query)) == ["new:1"] })
    #expect(await harness.store.answer(.pauseScan(false)).isDone)
    #expect(try await harness.scanEnd().keys == 300_001)
    #expect(harness.appeared.isEmpty)
    try server.cli("SET", "new:2", "1")
    #expect(await eventually { harness.appeared == ["new:2"] })
  }

  @Test func aFlushDoesNotEndIt() async throws {
    let server = try TestServer()
    try server.cli("SET", "k:1", "1")
    let harness = try await Harness(server)
    try await harness.scan()
    try await harness.follow("k:")
    try server.cli("FLUSHALL")
    #expect(await eventually { harness.notices.contains(.flushed) })
    _ = await harness.store.answer(.rescan)
    #expect(try await harness.scanEnd().keys == 0)
    try server.cli("SET", "k:2", "1")
    #expect(await eventually { harness.appeared == ["k:2"] })
    #expect(try await harness.names() == ["k:2"])
  }

  /// The list must not go back to what the scan had counted when a key appears.
  @Test func theServersCountIsTheNewest() async throws {
    let server = try TestServer()
    try server.cli("SET", "a", "1")
    let harness = try await Harness(server)
    #expect(try await harness.scan().serverCount == 1)
    try server.cli("SET", "b", "1")
    guard case .server(let facts) = await harness.store.answer(.serverFacts) else { throw TestFailure("no facts") }
    #expect(facts.keys == 2)
    try await harness.follow("")
    try server.cli("SET", "c", "1")
    #expect(await eventually { harness.lastScan?.keys == 2 })
    #expect(harness.lastScan?.serverCount == 2)
  }

  // MARK: - Refusals

  @Test func theOldProtocolIsRefusedAndNothingSent() async throws {
    let server = try TestServer()
    let harness = try await Harness(server, version: .resp2)
    #expect(await eventually { harness.notices.contains(.tracking(false)) })
    let failure = try await harness.failure(.follow(prefix: []))
    #expect(String(decoding: failure.why, as: UTF8.self).contains("RESP2"))
    #expect(failure.nextStep.contains("RESP3"))
    #expect(try server.following.isEmpty)
    #expect(harness.commands["CLIENT"] == nil)
    #expect(harness.followStates.isEmpty)
  }

  @Test func withoutTheRightItSaysWhichAndAsksNoMore() async throws {
    let server = try TestServer.withUser("+@all", "-client|tracking")
    let harness = try await Harness(server, user: "limited", password: "pw")
    #expect(await eventually { harness.notices.contains(.tracking(false)) })
    for _ in 0..<3 {
      let failure = try await harness.failure(.follow(prefix: []))
      #expect(failure.nextStep.contains("+client|tracking"))
    }
    // The greeting of *rows* has told.
    #expect(harness.commands["CLIENT"] == nil)
    #expect(try server.following.isEmpty)
  }

  /// Names that cannot be verified are not shown, so there is nothing to follow.
  @Test func withoutTypeItEnds() async throws {
    let server = try TestServer.withUser("+@all", "-type")
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    try await harness.follow("")
    try server.cli("SET", "k", "1")
    #expect(await eventually { if case .off(.refused)? = harness.followState { true } else { false } })
    #expect(try await harness.names().isEmpty)
    #expect(try await harness.failure(.follow(prefix: [])).nextStep.contains("+type"))
  }

  /// A right that is taken away is missed when the connection is made anew.
  @Test func aRightThatWasTakenAwayEndsIt() async throws {
    let server = try TestServer.withUser("+@all")
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    try await harness.follow("")
    try server.cli("ACL", "SETUSER", "limited", "-client|tracking")
    let client = try #require(try server.following.first)
    try server.cli("CLIENT", "KILL", "ID", client)
    #expect(await eventually { if case .off(.refused)? = harness.followState { true } else { false } })
    #expect(await eventually { server.isLeftAlone })
  }

  @Test func anUnreachableServerIsAFailure() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try server.kill9()
    #expect(await eventually { harness.linkStates.contains { if case .lost = $0 { true } else { false } } })
    #expect(try await harness.failure(.follow(prefix: [])).kind == .connection)
    #expect(harness.followStates.isEmpty)
  }
}

extension Harness {
  var followStates: [FollowState] { notices.compactMap { if case .follow(let state) = $0 { state } else { nil } } }
  var followState: FollowState? { followStates.last }
  var appeared: [KeyName] {
    notices.flatMap { notice -> [KeyName] in if case .appeared(let names) = notice { names } else { [] } }
  }

  func follow(_ prefix: String, limit: Int = 1_000) async throws { try await follow(Array(prefix.utf8), limit: limit) }

  func follow(_ prefix: [UInt8], limit: Int = 1_000) async throws {
    let answer = await store.answer(.follow(prefix: prefix, limit: limit))
    guard answer.isDone, followState == .on(prefix: prefix, perSecond: 0) else {
      throw TestFailure("not followed: \(answer), \(String(describing: followState))")
    }
  }
}

extension Answer {
  var isDone: Bool { if case .done = self { true } else { false } }
}

extension TestServer {
  /// Nobody follows.
  fileprivate var isLeftAlone: Bool { (try? following.isEmpty) == true }

  /// The ids of the connections that follow.
  fileprivate var following: [String] {
    get throws {
      try cli("CLIENT", "LIST").split(separator: "\n").filter { $0.contains(" name=keyglass-follow ") }.compactMap {
        $0.split(separator: " ").first.map { String($0.dropFirst("id=".count)) }
      }
    }
  }
}
