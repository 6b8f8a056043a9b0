import Keyspace
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

@Suite(.serialized) struct ScanTests {
  @Test(arguments: [Endpoint.ProtocolPreference.resp2, .automatic])
  func scansEverything(_ version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.populate(20_000)
    let harness = try await Harness(server, version: version)
    let end = try await harness.scan()
    #expect(end.phase == .done)
    #expect(end.keys == 20_000)
    #expect(end.serverCount == 20_000)
    #expect(end.scanned >= 20_000)
    let names = try await harness.names()
    #expect(Set(names).count == 20_000 && names.count == 20_000)
    #expect(names == names.sorted())
    guard case .rows(_, let rowsVersion) = await harness.store.answer(.rows(ListQuery())) else {
      throw TestFailure("another answer")
    }
    #expect(rowsVersion == end.version)
  }

  @Test func anEmptyDatabaseIsDone() async throws {
    let harness = try await Harness(try TestServer())
    let end = try await harness.scan()
    #expect(end.phase == .done && end.keys == 0 && end.serverCount == 0)
  }

  /// Keys that are there from beginning to end are found whatever happens around them.
  @Test func findsWhatStaysWhileOthersComeAndGo() async throws {
    let server = try TestServer()
    try server.populate(100_000, prefix: "stay")
    let harness = try await Harness(server)
    guard case .selected = await harness.store.answer(.select(database: 0)) else { throw TestFailure("another answer") }
    for round in 0..<10 {
      try server.pipeline((0..<2000).map { ["SET", "come:\(round):\($0)", "1"] })
      try server.pipeline((0..<1000).map { ["DEL", "come:\(round):\($0)"] })
    }
    let end = try await harness.scanEnd()
    #expect(end.phase == .done)
    let names = try await harness.names()
    #expect(Set(names).count == names.count)
    #expect(names.count { $0.hasPrefix("stay:") } == 100_000)
  }

  /// The list stays as it is meanwhile, and how far it is is told all the same.
  @Test func aRescanTellsHowFarItIs() async throws {
    let server = try TestServer()
    try server.populate(100_000)
    let harness = try await Harness(server)
    try await harness.scan()
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    #expect(await eventually { harness.lastScan?.phase == .done })
    let steps = harness.notices.compactMap { notice -> Int? in
      guard case .scan(let progress) = notice, progress.isRescan, progress.phase == .running else { return nil }
      return progress.scanned
    }
    #expect(steps.contains { $0 > 0 && $0 < 100_000 })
  }

  @Test func aRescanReplacesTheListAtItsEnd() async throws {
    let server = try TestServer()
    try server.populate(5000, prefix: "old")
    let harness = try await Harness(server)
    try await harness.scan()
    try server.cli("FLUSHALL")
    try server.populate(3000, prefix: "new")
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    let end = try await harness.scanEnd()
    #expect(end.keys == 3000 && !end.isRescan)
    let names = try await harness.names()
    #expect(names.count == 3000 && names.allSatisfy { $0.hasPrefix("new:") })
    let whileScanning = harness.notices.contains {
      if case .scan(let progress) = $0 { progress.isRescan && progress.keys == 5000 } else { false }
    }
    #expect(whileScanning)
  }

  @Test func aFlushLeavesNoGhostsAfterTheNextScan() async throws {
    let server = try TestServer()
    try server.populate(50_000)
    let harness = try await Harness(server)
    try await harness.scan()
    // Tracking tells of a flush only who has read a key.
    _ = try await harness.facts("key:1")
    try server.cli("FLUSHALL")
    #expect(await eventually { harness.notices.contains(.flushed) })
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    #expect(try await harness.scanEnd().keys == 0)
  }

  @Test func pausesAndGoesOn() async throws {
    let server = try TestServer()
    try server.populate(200_000)
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    _ = await harness.store.answer(.pauseScan(true))
    let paused = try #require(harness.lastScan)
    #expect(paused.phase == .paused)
    let sent = harness.commands["SCAN"] ?? 0
    try await Task.sleep(for: .milliseconds(100))
    #expect((harness.commands["SCAN"] ?? 0) <= sent + 1)
    _ = await harness.store.answer(.pauseScan(false))
    let end = try await harness.scanEnd()
    #expect(end.phase == .done && end.keys == 200_000)
  }

  @Test func selectsDatabases() async throws {
    let server = try TestServer()
    try server.cli(["SET", "zero", "1"], database: 0)
    try server.cli(["SET", "three", "1", "EX", "1000"], database: 3)
    let harness = try await Harness(server)
    try await harness.scan(0)
    #expect(try await harness.names() == ["zero"])
    try await harness.scan(3)
    #expect(try await harness.names() == ["three"])
    #expect(try await harness.facts("three", "zero").map(\.isGone) == [false, true])
    guard case .databases(let databases) = await harness.store.answer(.databases) else {
      throw TestFailure("another answer")
    }
    #expect(databases.map(\.number) == [0, 3])
    #expect(databases.map(\.keys) == [1, 1])
    #expect(databases.map(\.volatileKeys) == [0, 1])
    let failure = try await harness.failure(.select(database: 99))
    #expect(failure.kind == .server)
    #expect(try await harness.facts("three").map(\.isGone) == [false])
  }

  @Test func sweepsTypesAndDeadlines() async throws {
    let server = try TestServer()
    try server.populate(2000)
    try server.pipeline(
      (0..<100).map { ["SADD", "set:\($0)", "m"] } + (0..<50).map { ["EXPIRE", "set:\($0)", "1000"] })
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(await eventually { harness.lastScan?.sweep?.known == 2100 })
    #expect(try await harness.names(ListQuery(layout: .flat, kind: .set)).count == 100)
    #expect(try await harness.names(ListQuery(layout: .flat, expiry: .volatile)).count == 50)
  }

  @Test func learnsWhatItReads() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "a", "1"], ["SET", "b", "1"]])
    let harness = try await Harness(server)
    try await harness.scan()
    try server.pipeline([["DEL", "b"], ["SET", "c", "1"]])
    _ = try await harness.facts("a", "b", "c")
    // The row of a key that is gone stays until the screen has shown that.
    #expect(await eventually { (try? await harness.names()) == ["a", "b", "c"] })
    #expect(try await harness.opened("b").facts.isGone)
    #expect(try await harness.names() == ["a", "b", "c"])
    _ = await harness.store.answer(.forget(["a", "b"]))
    #expect(try await harness.names() == ["c"])
    #expect(await eventually { harness.lastScan?.keys == 1 })
  }

  @Test(arguments: [false, true])
  func listsForPipes(withFacts: Bool) async throws {
    let server = try TestServer()
    try server.populate(3000)
    try server.pipeline([["SET", "other", "x", "EX", "1000"]])
    let harness = try await Harness(server)
    let told = Mutex<[KeyFacts]>([])
    try await harness.store.list(ListQuestion(facts: withFacts ? .all : .none)) { page in
      told.withLock { $0 += page }
      return true
    }
    let all = told.withLock { $0 }
    #expect(all.count == 3001 && Set(all.map(\.name)).count == 3001)
    let other = try #require(all.first { $0.name == "other" })
    #expect((other.type == .known(.string)) == withFacts)
    #expect((other.size.value != nil) == withFacts)
    told.withLock { $0 = [] }
    try await harness.store.list(ListQuestion(pattern: Array("key:?".utf8))) { page in
      told.withLock { $0 += page }
      return true
    }
    #expect(told.withLock { $0 }.count == 10)
    told.withLock { $0 = [] }
    try await harness.store.list(ListQuestion()) { page in
      told.withLock { $0 += page }
      return false
    }
    #expect(told.withLock { $0 }.count <= 300)
  }

  @Test func tellsWhatChanged() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "1")
    let harness = try await Harness(server)
    try await harness.scan()
    #expect(harness.hello.tracking == .on)
    _ = try await harness.opened("k")
    try server.cli("SET", "k", "2")
    #expect(await eventually { harness.notices.contains(.changed(["k"])) })
  }
}
