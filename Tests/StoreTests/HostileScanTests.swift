import Keyspace
import Requests
import Store
import Synchronization
import TestSupport
import Testing

/// Scans of servers that refuse, or do not end.
@Suite(.serialized) struct HostileScanTests {
  @Test(arguments: [
    ("MASTERDOWN Link with MASTER is down", ServerCode.primaryDown), ("LOADING Redis is loading", .loading),
    ("BUSY Redis is busy", .busy), ("CLUSTERDOWN Hash slot", .clusterDown),
  ])
  func tellsWhyTheServerRefuses(_ error: String, _ code: ServerCode) async throws {
    let isRefusing = Mutex(true)
    let harness = try await FakeHarness { words in
      guard words[0] == "SCAN" else { return nil }
      return isRefusing.withLock { $0 } ? "-\(error)\r\n" : FakeHarness.scanned("0", "k")
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.trouble == Array(code.why.utf8) })
    #expect(harness.scans.last?.troubleCode == code)
    #expect(harness.scans.last?.phase == .running)
    let (asked, told) = (harness.asked("SCAN").count, harness.scans.count)
    try await Task.sleep(for: .milliseconds(1100))
    // Once a second, and the same words once only.
    #expect(harness.asked("SCAN").count <= asked + 2)
    #expect(harness.scans.count == told)
    isRefusing.withLock { $0 = false }
    #expect(await eventually { harness.scans.last?.phase == .done })
    #expect(harness.scans.last?.trouble == nil && harness.scans.last?.keys == 1)
    await harness.store.shutdown()
  }

  /// After a lost connection the server is asked who it is; it may refuse that as well.
  @Test func tellsWhyTheServerRefusesToSayWhoItIs() async throws {
    let harness = try await FakeHarness { words in
      switch words[0] {
      case "SCAN": FakeHarness.scanned("1", "k")
      case "INFO": "-BUSY Redis is busy\r\n"
      default: nil
      }
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.keys == 1 })
    harness.server.closeConnections()
    #expect(await eventually { harness.scans.last?.trouble == Array("the server is busy with a script".utf8) })
    let asked = harness.asked("INFO").count
    try await Task.sleep(for: .milliseconds(1100))
    #expect(harness.asked("INFO").count <= asked + 2)
    await harness.store.shutdown()
  }

  /// The cursor that was sent, or a few in a circle.
  @Test(arguments: [["7"], ["7", "8"], ["7", "8", "9"]])
  func aScanThatDoesNotEndIsEnded(_ cursors: [String]) async throws {
    let harness = try await FakeHarness { words in
      guard words[0] == "SCAN" else { return nil }
      let next = cursors.firstIndex(of: words[1]).map { ($0 + 1) % cursors.count } ?? 0
      return FakeHarness.scanned(cursors[next], "a", "b")
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.phase == .done })
    #expect(harness.scans.last?.trouble == Array("the server's SCAN does not end".utf8))
    #expect(harness.scans.last?.keys == 2)
    _ = await harness.store.answer(.rescan)
    #expect(await eventually { harness.scans.contains { $0.isRescan && $0.trouble == nil } })
    #expect(await eventually { harness.scans.last?.phase == .done && harness.scans.last?.trouble != nil })
    await #expect(throws: Failure.self) {
      try await harness.store.list(ListQuestion()) { _ in true }
    }
    await harness.store.shutdown()
  }
}
