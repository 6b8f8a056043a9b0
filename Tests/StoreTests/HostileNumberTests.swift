import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// Numbers that no server should send.
@Suite(.serialized) struct HostileNumberTests {
  private static let most = 1 << 53

  @Test(arguments: ["nan", "inf", "-inf", "1e300", "-5", "1000", "x"])
  func aLoadingPercentIsOne(_ text: String) {
    let info = InfoText("loading:1\r\nloading_loaded_perc:\(text)\r\n")
    #expect((0...100).contains(info.serverFacts(database: 0).loadingPercent ?? -1))
  }

  @Test func loadingPercentIsRead() {
    let info = InfoText("loading:1\r\nloading_loaded_perc:12.94\r\n")
    #expect(info.serverFacts(database: 0).loadingPercent == 12)
  }

  @Test func theHitRatioNeverOverflows() {
    var facts = ServerFacts()
    (facts.keyspaceHits, facts.keyspaceMisses) = (.max, .max)
    #expect(facts.hitRatio == 0.5)
    (facts.keyspaceHits, facts.keyspaceMisses) = (.min, -1)
    #expect(facts.hitRatio == nil)
    (facts.keyspaceHits, facts.keyspaceMisses) = (3, 1)
    #expect(facts.hitRatio == 0.75)
  }

  @Test func infoCounts() {
    let facts = InfoText(
      """
      used_memory:9223372036854775807
      maxmemory:-1
      keyspace_hits:18446744073709551615
      connected_clients:3
      db0:keys=-3,expires=18446744073709551615,avg_ttl=9223372036854775807
      db-4:keys=1
      """)
    let server = facts.serverFacts(database: 0)
    #expect(server.usedMemory == Self.most && server.maxMemory == nil && server.keyspaceHits == Self.most)
    #expect(server.clients == 3)
    #expect(facts.databases == [DatabaseFacts(number: 0, keys: 0, volatileKeys: Self.most, averageTTL: Self.most)])
  }

  /// Too big is cut to what later arithmetic bears, negative is unknown; nothing traps.
  @Test(arguments: ["string", "list", "hash", "set", "zset", "stream"], ["-7", "9223372036854775807"])
  func lengthsAndSizes(_ type: String, _ number: String) async throws {
    let harness = try await FakeHarness { words in
      switch words[0].uppercased() {
      case "TYPE": "+\(type)\r\n"
      case "PTTL": ":-1\r\n"
      case "GETRANGE": "$1\r\na\r\n"
      case "LRANGE": FakeHarness.array("a")
      case "ZRANGE": FakeHarness.array("a", "1")
      case "XRANGE": "*0\r\n"
      case "HSCAN": FakeHarness.scanned("0", "a", "b")
      case "SSCAN": FakeHarness.scanned("0", "a")
      case "SCAN": FakeHarness.scanned("0", "k")
      case "HELLO", "CLIENT", "INFO", "PEXPIRETIME", "XINFO": nil
      default: ":\(number)\r\n"
      }
    }
    let isBig = number.first != "-"
    let known: Fact<Int> = isBig ? .known(Self.most) : .unknown
    let opened = try await harness.opened()
    #expect(opened.inspection.memory == known && opened.inspection.references == known)
    #expect(opened.inspection.idleSeconds == (isBig ? .known(Self.most) : .unknown))
    #expect(opened.inspection.frequency == (isBig ? .known(Self.most) : .unknown))
    #expect(opened.inspection.length == known)
    switch opened.page {
    case .string(let page): #expect(page.length == 1)
    case .list(let page): #expect(page.length == 1)
    case .sortedSet(let page): #expect(page.length == 1)
    case .hash(let page): #expect(page.length == (isBig ? Self.most : 1))
    case .set(let page): #expect(page.length == (isBig ? Self.most : 1))
    case .stream(let page): #expect(page.length == (isBig ? Self.most : 0))
    default: Issue.record("no page")
    }
    guard case .inspection(let inspection, _) = await harness.store.answer(.inspect("k")) else {
      throw TestFailure("not inspected")
    }
    #expect(inspection.length == known)
    guard case .facts(let facts, _) = await harness.store.answer(.facts(["k"])) else { throw TestFailure("no facts") }
    #expect(facts[0].size == known)
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.phase == .done })
    #expect(harness.scans.last?.serverCount == known.value)
    // Whatever it says to these: nobody falls over it.
    for request: Request in [
      .dump("k", limit: 10), .union("k", "k", limit: 10), .rank("k", .member([]), reverse: false),
      .rank("k", .score([0x31]), reverse: false), .serverFacts, .databases,
    ] { _ = await harness.store.answer(request) }
    await harness.store.shutdown()
  }
}
