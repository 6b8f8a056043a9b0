import Keyspace
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// The rows 38 to 43 of the table of faults: what a scan may meet.
@Suite(.serialized) struct ScanFaultTests {
  @Test("fault 38: ten million keys: progress, an end at the limit that is said, and leaving in between")
  func manyKeys() async throws {
    let count = Campaign.isOn ? 10_000_000 : 300_000
    let limit = count / 3
    let server = try TestServer()
    try server.populate(count)
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0, scope: IndexScope(limit: limit)))
    let end = try await harness.scanEnd()
    #expect(end.phase == .limited && end.limit == limit && end.keys == limit && end.serverCount == count)
    #expect(!end.isWhole)
    #expect(harness.scans.allSatisfy { $0.keys <= limit && $0.serverCount ?? count == count })
    // First rows are there long before.
    #expect(harness.scans.contains { $0.phase == .running && $0.keys > 0 && $0.keys < limit / 2 })
    #expect(Set(try await harness.names()).count == limit)
    // The second generation obeys it too.
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    let second = try await harness.scanEnd()
    #expect(second.phase == .limited && second.keys == limit && !second.isRescan)
    #expect(harness.scans.allSatisfy { $0.keys <= limit })
    // Without one all are listed; leaving in between ends what is asked.
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { (harness.lastScan?.keys ?? 0) > 0 })
    await harness.store.shutdown()
    let sent = harness.commands["SCAN"] ?? 0
    try await Task.sleep(for: .milliseconds(50))
    #expect((harness.commands["SCAN"] ?? 0) <= sent + 1)
  }

  @Test("fault 39: a flood of new keys during the scan: it ends, or stops at the limit")
  func flood() async throws {
    let server = try TestServer()
    try server.populate(100_000)
    let harness = try await Harness(server)
    let isOver = Atomic(false)
    let flood = Task.detached {
      var round = 0
      while !isOver.load(ordering: .relaxed) {
        try server.pipeline((0..<2_000).map { ["SET", "flood:\(round):\($0)", "1"] })
        round += 1
      }
    }
    let limit = 150_000
    _ = await harness.store.answer(.select(database: 0, scope: IndexScope(limit: limit)))
    let end = try await harness.scanEnd()
    isOver.store(true, ordering: .relaxed)
    try await flood.value
    #expect(end.phase == .done || end.phase == .limited && end.keys == limit)
    #expect(harness.scans.allSatisfy { $0.keys <= limit })
    #expect(end.isWhole == (end.phase == .done))
  }

  @Test("fault 40: FLUSHALL during the scan: an empty list in the end, and no row that is not there is edited")
  func flush() async throws {
    let server = try TestServer()
    try server.populate(200_000)
    let harness = try await Harness(server)
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { (harness.lastScan?.keys ?? 0) > 1_000 })
    // Tracking tells of a flush only who has read a key.
    let ghost = try #require(try await harness.names().first)
    _ = try await harness.opened(ghost)
    try server.cli("FLUSHALL")
    #expect(try await harness.scanEnd().phase == .done)
    #expect(await eventually { harness.notices.contains(.flushed) })
    #expect(try await harness.facts(ghost).map(\.isGone) == [true])
    #expect(try await harness.opened(ghost).facts.isGone)
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    let end = try await harness.scanEnd()
    #expect(end.keys == 0 && end.serverCount == 0)
    #expect(try await harness.names().isEmpty)
  }

  @Test("fault 41: SCAN tells names again: each is listed once, and their number is right")
  func duplicates() async throws {
    let pages = [["a", "b", "a"], ["b", "c"], ["a", "b", "c", "d"], ["d", "d"]]
    let harness = try await FakeHarness { words in
      switch words[0] {
      case "DBSIZE": return ":4\r\n"
      case "SCAN":
        let page = Int(words[1]) ?? 0
        return FakeHarness.page(page + 1 < pages.count ? "\(page + 1)" : "0", pages[page])
      default: return nil
      }
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.phase == .done })
    let end = try #require(harness.scans.last)
    #expect(end.keys == 4 && end.serverCount == 4 && end.isWhole && end.trouble == nil)
    // Those that are repeated count where it is about how far the scan is.
    #expect(end.scanned == 11)
    _ = await harness.store.answer(.search(Array("*".utf8)))
    #expect(await eventually { harness.scans.last?.search?.phase == .done })
    #expect(harness.scans.last?.search?.found == 4)
    await harness.store.shutdown()
  }

  @Test("fault 42: a cursor of 18446744073709551615 is sent back as it came")
  func greatCursor() async throws {
    let harness = try await FakeHarness { words in
      guard words[0] == "SCAN" else { return nil }
      switch words[1] {
      case "0": return FakeHarness.scanned("18446744073709551615", "a")
      case "18446744073709551615": return FakeHarness.scanned("16386", "b")
      case "16386": return FakeHarness.scanned("0", "c")
      default: return "-ERR invalid cursor\r\n"
      }
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.phase == .done })
    #expect(harness.scans.last?.keys == 3)
    #expect(harness.asked("SCAN").map { $0[1] } == ["0", "18446744073709551615", "16386"])
    await harness.store.shutdown()
  }

  @Test("fault 43: ten thousand replies without a name are no end")
  func emptyReplies() async throws {
    let harness = try await FakeHarness { words in
      guard words[0] == "SCAN", let cursor = Int(words[1]) else { return words[0] == "DBSIZE" ? ":5000000\r\n" : nil }
      return cursor < 10_000 ? FakeHarness.page("\(cursor + 1)", []) : FakeHarness.scanned("0", "last")
    }
    _ = await harness.store.answer(.select(database: 0, scope: IndexScope(pattern: Array("l*t".utf8))))
    #expect(await eventually(seconds: 240) { harness.scans.last?.phase == .done })
    let end = try #require(harness.scans.last)
    #expect(end.keys == 1 && end.trouble == nil && end.visited >= 10_000)
    #expect(harness.asked("SCAN").count == 10_001)
    await harness.store.shutdown()
  }

  /// Neither in circles nor with anything to tell.
  @Test func aScanThatOnlyEverHasAnotherCursorIsEnded() async throws {
    let server = try FakeServer(reply: { words in
      guard words[0] == "SCAN", let cursor = Int(words[1]) else { return Array("-ERR unknown command\r\n".utf8) }
      return Array(FakeHarness.page("\(cursor + 1)", []).utf8)
    })
    guard case .unix(let path) = server.address else { throw TestFailure("no socket") }
    let told = Mutex<ScanProgress?>(nil)
    let store = Store(
      endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions(scanCount: 10_000_000),
      notify: { if case .scan(let progress) = $0 { told.withLock { $0 = progress } } })
    _ = try await store.connect()
    _ = await store.answer(.select(database: 0))
    #expect(await eventually { told.withLock { $0?.phase } == .done })
    #expect(told.withLock { $0?.trouble } == Array("the server's SCAN does not end".utf8))
    await store.shutdown()
  }

  /// Keys that stay are listed, each once, whatever others do; after R the numbers are true.
  @Test func churn() async throws {
    let server = try TestServer()
    try server.populate(100_000, prefix: "stay")
    try server.pipeline((0..<4_000).map { ["SET", "old:\($0)", "1"] })
    let harness = try await Harness(server)
    let churn = Task.detached {
      for round in 0..<4 {
        try server.pipeline(
          (0..<1_000).map { ["RENAME", "old:\(round * 1_000 + $0)", "new:\(round):\($0)"] }
            + (0..<1_000).map { ["SET", "come:\(round):\($0)", "1"] }
            + (0..<1_000).map { ["DEL", "come:\(round):\($0)"] }
            + (0..<500).map { ["SET", "more:\(round):\($0)", "1", "EX", "1000"] })
      }
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(try await harness.scanEnd().phase == .done)
    try await churn.value
    var names = try await harness.names()
    #expect(Set(names).count == names.count)
    #expect(names.count { $0.hasPrefix("stay:") } == 100_000)
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    let end = try await harness.scanEnd()
    names = try await harness.names()
    #expect(end.keys == 106_000 && end.serverCount == 106_000 && names.count == 106_000 && end.isWhole)
    #expect(names.count { $0.hasPrefix("new:") } == 4_000 && names.count { $0.hasPrefix("more:") } == 2_000)
  }
}
