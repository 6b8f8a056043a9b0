import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// A list of less than everything: of a pattern, up to a limit, given up, and what the server is asked for apart.
@Suite(.serialized) struct ScanScopeTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func aPatternNarrowsAtTheServer() async throws {
    let server = try TestServer()
    try server.populate(30_000, prefix: "other")
    try server.pipeline((0..<300).map { ["SET", "user:\($0)", "1"] })
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0, scope: IndexScope(pattern: Self.bytes("user:*"))))
    var end = try await harness.scanEnd()
    #expect(end.phase == .done && end.keys == 300 && end.serverCount == 30_300 && !end.isWhole)
    #expect(end.scanned == 300 && end.visited >= 30_000)
    #expect(end.pattern == Self.bytes("user:*") && end.listedPattern == end.pattern)
    // A key of another name is read, and is not of this list.
    _ = try await harness.facts("other:1")
    #expect(try await harness.names().count == 300)
    // R reads what the list is about.
    try server.cli("SET", "user:new", "1")
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    end = try await harness.scanEnd()
    #expect(end.keys == 301 && end.listedPattern == Self.bytes("user:*"))
    // Without the pattern: beside what is known.
    harness.forgetNotices()
    _ = await harness.store.answer(.rescanAll)
    end = try await harness.scanEnd()
    #expect(end.keys == 30_301 && end.isWhole && end.listedPattern == nil)
    #expect(
      harness.scans.contains {
        $0.isRescan && $0.pattern == nil && $0.listedPattern == Self.bytes("user:*") && $0.keys == 301
      })
  }

  @Test func whatIsFollowedObeysTheLimitAndThePattern() async throws {
    let server = try TestServer()
    try server.pipeline((0..<98).map { ["SET", "user:\($0)", "1"] })
    let harness = try await Harness(server)
    let scope = IndexScope(pattern: Self.bytes("user:*"), limit: 100)
    _ = await harness.store.answer(.select(database: 0, scope: scope))
    #expect(try await harness.scanEnd().phase == .done)
    _ = await harness.store.answer(.follow(prefix: []))
    try server.pipeline((0..<5).map { ["SET", "other:\($0)", "1"] })
    try server.pipeline((0..<5).map { ["SET", "user:new:\($0)", "1"] })
    #expect(await eventually { harness.lastScan?.phase == .limited })
    #expect(harness.lastScan?.keys == 100 && harness.lastScan?.limit == 100)
    #expect(try await harness.names().allSatisfy { $0.hasPrefix("user:") })
  }

  @Test func stopsAndReadsAgain() async throws {
    let server = try TestServer()
    try server.populate(300_000)
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { (harness.lastScan?.keys ?? 0) > 0 })
    _ = await harness.store.answer(.stopScan)
    let stopped = try #require(harness.lastScan)
    #expect(stopped.phase == .stopped && stopped.keys < 300_000)
    try await Task.sleep(for: .milliseconds(50))
    let sent = harness.commands["SCAN"] ?? 0
    try await Task.sleep(for: .milliseconds(50))
    #expect(harness.commands["SCAN"] ?? 0 == sent)
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    #expect(try await harness.scanEnd().keys == 300_000)
    // A second generation that is given up leaves the first.
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    _ = await harness.store.answer(.stopScan)
    #expect(harness.lastScan?.phase == .stopped && harness.lastScan?.keys == 300_000)
    #expect(try await harness.names().count == 300_000)
  }

  @Test func theServerIsAskedForWhatTheListLeftOut() async throws {
    let server = try TestServer()
    try server.populate(50_000)
    try server.pipeline((0..<300).map { ["SET", "User:\($0)", "1"] })
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0, scope: IndexScope(limit: 2_000)))
    #expect(try await harness.scanEnd().phase == .limited)
    let pattern = NameFilter.serverPattern(of: Self.bytes("user")).bytes
    _ = await harness.store.answer(.search(pattern))
    #expect(await eventually { harness.lastScan?.search?.phase == .done })
    let end = try #require(harness.lastScan?.search)
    #expect(end.found == 300 && end.visited >= 50_000 && end.pattern == pattern)
    #expect(harness.scans.contains { $0.search?.phase == .running })
    #expect(try await harness.names().count { $0.hasPrefix("User:") } == 300)
    #expect(harness.lastScan?.phase == .limited && harness.lastScan?.limit == 2_000)
    // R reads both again.
    try server.cli("SET", "User:new", "1")
    _ = await harness.store.answer(.rescan)
    #expect(
      await eventually {
        harness.lastScan?.search?.phase == .done && harness.lastScan?.phase == .limited
          && harness.lastScan?.isRescan == false
      })
    #expect(harness.lastScan?.search?.found == 301)
    #expect(try await harness.names().count { $0.hasPrefix("User:") } == 301)
    _ = await harness.store.answer(.endSearch)
    #expect(harness.lastScan?.search == nil)
    // No more than a quarter beyond the limit.
    _ = await harness.store.answer(.search(Self.bytes("*")))
    #expect(await eventually { harness.lastScan?.search?.phase == .limited })
    #expect(harness.lastScan?.keys == 2_500)
  }

  /// One SCAN at a time: the scan waits, and goes on where it was.
  @Test func theScanWaitsForASearch() async throws {
    let server = try TestServer()
    try server.populate(200_000)
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    _ = await harness.store.answer(.search(Self.bytes("key:1?")))
    #expect(await eventually { harness.lastScan?.search?.phase == .done })
    #expect(harness.lastScan?.search?.found == 10)
    #expect(
      !harness.scans.contains { $0.search?.phase == .running && $0.phase == .running && $0.scanned > 100_000 })
    let end = try await harness.scanEnd()
    #expect(end.phase == .done && end.keys == 200_000 && end.isWhole)
  }

  @Test func aSearchIsPausedAndGoesOn() async throws {
    let server = try TestServer()
    try server.populate(200_000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.search(Self.bytes("key:1?")))
    _ = await harness.store.answer(.pauseScan(true))
    #expect(harness.lastScan?.search?.phase == .paused)
    _ = await harness.store.answer(.pauseScan(false))
    #expect(await eventually { harness.lastScan?.search?.phase == .done })
    #expect(harness.lastScan?.search?.found == 10)
  }

  @Test func aSearchSurvivesALostConnection() async throws {
    let server = try TestServer()
    try server.populate(300_000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.search(Self.bytes("key:1*")))
    #expect(await eventually { (harness.lastScan?.search?.visited ?? 0) > 0 })
    try server.cli("CLIENT", "KILL", "TYPE", "normal")
    #expect(await eventually { harness.lastScan?.search?.phase == .done })
    #expect(harness.lastScan?.search?.found == 111_111)
  }

  /// What is asked for by a pattern is what the filter picks of all names, as a real server sees it.
  @Test func aServerPicksWhatTheFilterPicks() async throws {
    let server = try TestServer()
    let names = ["User:1", "user:2", "USER", "a*b", "a?b", "a[b", #"a\b"#, "a^b", "a-b", "é1", "us er", "u-s-e-r", "x"]
    try server.pipeline(names.map { ["SET", $0, "1"] })
    let harness = try await Harness(server)
    try await harness.scan()
    for text in [
      "us", "Us", "~usr", "~Ur", "a*", #"a\*b"#, #"\?"#, #"a\[b"#, #"\\"#, "^", "-", "é", "u?er", "[uU]*", " ",
    ] {
      let picked = names.filter { NameFilter(text: Self.bytes(text)).matches(KeyName($0)) }
      _ = await harness.store.answer(.search(NameFilter.serverPattern(of: Self.bytes(text)).bytes))
      #expect(await eventually { harness.lastScan?.search?.phase == .done })
      #expect(harness.lastScan?.search?.found == picked.count, "\(text)")
    }
  }
}
