import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("The expiry monitor")
struct MonitorTests {
  private static let names =
    (0..<30).map { "session:eu:\($0)" } + (0..<4).map { "lock:\($0)" } + ["user:1", "user:2", "cfg:1"]

  /// The monitor over some keys: thirty that expire together, locks before them, and three without a TTL.
  private static func opened(size: Size = Size(width: 120, height: 36), _ setup: Setup? = nil) -> Harness {
    var harness = Harness(
      names, size: size, setup: setup ?? Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.type("T")
    harness.tellDeadlines(
      (0..<30).map { ("session:eu:\($0)", 31_000 + Int64($0)) } + (0..<4).map { ("lock:\($0)", 5_000 * Int64($0 + 1)) }
        + [("user:1", nil), ("user:2", nil), ("cfg:1", nil)])
    return harness
  }

  @Test("T asks for the database, the open folder, or the filter")
  func scope() {
    var harness = Harness(Self.names)
    harness.type("T")
    #expect(harness.requests(.expiry).last == .expiry(ExpiryQuery()))
    harness.type("T")
    #expect(harness.requests(.expiry).last == .endExpiry)
    #expect(!harness.state.isMonitorShown)
    // cfg: is the first folder: it is opened and its key is under the cursor.
    harness.press(.enter)
    harness.giveRows()
    harness.type("jT")
    #expect(harness.requests(.expiry).last == .expiry(ExpiryQuery(scope: KeyScope(prefix: Array("cfg:".utf8)))))
    harness.type("q/lock")
    harness.press(.enter)
    harness.type("T")
    let filter = NameFilter(text: Array("lock".utf8))
    #expect(harness.requests(.expiry).last == .expiry(ExpiryQuery(scope: KeyScope(filter: filter))))
  }

  @Test("It shows the distribution, the timeline with its stampede, and the keys by deadline")
  func shows() {
    let harness = Self.opened()
    #expect(harness.row("< 10s").contains(" 1 2.7%"))
    #expect(harness.row("< 1m").contains(" 33 "))
    #expect(harness.row("none").contains(" 3 8.1%"))
    #expect(harness.row("no TTL: ").contains("user:* 2  cfg:* 1"))
    #expect(harness.row("stampede").contains("30 keys at 00:00:31 · stampede · session:eu:*"))
    #expect(harness.row("▌").contains("lock:0"))
    #expect(harness.text.contains("Expiring next"))
    #expect(harness.text.contains("sorted by TTL"))
    #expect(
      harness.state.visibleKeys.prefix(5).map(\.bytes)
        == ["lock:0", "lock:1", "lock:2", "lock:3", "session:eu:0"]
        .map { Array($0.utf8) })
  }

  @Test("Time moves keys from bucket to bucket and from class to class without any reading")
  func ticks() {
    var harness = Self.opened()
    harness.forgetEffects()
    harness.advance(4_000)
    #expect(harness.row("< 10s").contains(" 2 "))
    harness.advance(18_000)
    #expect(harness.row("< 10s").contains(" 30 "))
    #expect(harness.requests(.expiry).isEmpty)
    #expect(harness.state.monitor?.distribution?.due == 4)
  }

  @Test("A bucket narrows the list, and Esc widens it again, before it closes the monitor")
  func bucket() {
    var harness = Self.opened()
    harness.press(.tab, .right)
    #expect(harness.text.contains("Expiring at 00:00:31"))
    #expect(harness.text.contains("1/30"))
    harness.press(.right)
    #expect(harness.text.contains("no key expires then"))
    harness.press(.home, .enter)
    #expect(harness.state.monitor?.pane == .keys)
    harness.press(.escape)
    #expect(harness.state.monitor?.bucket == nil)
    #expect(harness.state.isMonitorShown)
    harness.press(.escape)
    #expect(!harness.state.isMonitorShown)
  }

  @Test("A bucket that has passed gives way to all keys")
  func passed() {
    var harness = Self.opened()
    harness.press(.tab, .right, .enter)
    harness.advance(31_900)
    #expect(harness.state.monitor?.bucket != nil)
    harness.advance(3_000)
    #expect(harness.state.monitor?.bucket == nil)
  }

  @Test("Scales and forms of the timeline")
  func scales() {
    var harness = Self.opened()
    harness.type("o")
    #expect(harness.text.contains("the next hour by minute"))
    harness.type("m")
    #expect(harness.state.monitor?.scale == .minute)
    harness.type("og")
    #expect(harness.state.monitor?.isLogarithmic == true)
    #expect(harness.text.contains("by minute, next hour · log"))
    harness.press(.tab, .down, .down, .down)
    #expect(harness.state.monitor?.scale == .day)
    harness.press(.up)
    #expect(harness.state.monitor?.scale == .hour)
  }

  @Test("The cursor is a key: it stays with it while others come, go and move")
  func cursor() {
    var harness = Self.opened()
    harness.type("jj")
    #expect(harness.row("▌").contains("lock:2"))
    harness.index.remove([KeyName("lock:0")])
    harness.tellDeadlines([("lock:3", 1_000)])
    #expect(harness.row("▌").contains("lock:2"))
    // However far its key is moved.
    harness.tellDeadlines([("lock:2", 90_000_000)])
    #expect(harness.row("▌").contains("lock:2"))
    #expect(harness.row("▌").contains("1d 1h"))
    harness.forgetEffects()
    harness.send(.notice(.expiry(ExpiryProgress(phase: .done, number: 98, version: 98))))
    #expect(harness.requests(.expiry).last == .expiry(ExpiryQuery(), seeking: KeyName("lock:2")))
    harness.tellDeadlines([("lock:2", 15_100)])
    harness.tellDeadlines([("lock:2", nil)])
    // Its row has left: the next one has the cursor.
    #expect(harness.row("▌").contains("session:eu:0"))
  }

  @Test("Until it is moved the cursor stands on what expires next, under a few that just did")
  func follows() {
    var harness = Self.opened()
    harness.advance(16_000)
    #expect(harness.row("▌").contains("lock:3"))
    #expect(harness.row("lock:2").contains("due"))
  }

  @Test("Keys of the list work on it: open, mark, TTL, delete")
  func keys() {
    var harness = Self.opened()
    harness.tell((0..<4).map { ("lock:\($0)", .string, 5_000 * Int64($0 + 1)) })
    harness.type(" ")
    #expect(harness.state.list.marked == [KeyName("lock:0")])
    #expect(harness.row("▌").contains("lock:1"))
    harness.press(.escape)
    harness.type("t")
    guard case .form(let form)? = harness.state.overlay, case .ttl(let target) = form.subject else {
      Issue.record("no form")
      return
    }
    #expect(target.name == KeyName("lock:1"))
    harness.press(.escape)
    harness.type("d")
    #expect(harness.requests(.survey).last == .survey([KeyName("lock:1")], beforeDestroying: true))
    harness.press(.escape)
    harness.advance(200)
    harness.press(.escape)
    harness.press(.enter)
    #expect(harness.state.focus == .value)
    #expect(harness.state.value.key == KeyName("lock:1"))
    harness.press(.escape)
    #expect(harness.state.isMonitorShown)
    #expect(harness.row("▌").contains("lock:1"))
  }

  @Test("t on the timeline plans the TTLs of exactly the keys of the bucket; a sample is refused")
  func bulk() {
    var harness = Self.opened()
    harness.press(.tab, .right)
    harness.type("t")
    guard case .form(let form)? = harness.state.overlay, case .bulkTTL(let bulk) = form.subject else {
      Issue.record("no plan")
      return
    }
    #expect(bulk.names == (0..<30).map { KeyName("session:eu:\($0)") }.sorted())
    #expect(bulk.isComplete)
    #expect(harness.text.contains("keys that expire at 00:00:31"))
    harness.press(.escape)
    harness.tellDeadlines([], sampledFrom: 45)
    harness.type("t")
    #expect(harness.state.overlay == nil)
    #expect(harness.text.contains("only a sample of the keys is known"))
  }

  @Test("All keys of a bucket are marked by *, a range by V")
  func marks() {
    var harness = Self.opened()
    harness.type(" jV")
    #expect(harness.state.list.marked == Set((0..<3).map { KeyName("lock:\($0)") }))
    harness.press(.escape, .tab, .right, .enter)
    harness.type("*")
    #expect(harness.state.list.marked.count == 30)
  }

  @Test("A pause stops the countdown and the reading; what was told meanwhile is shown when it ends")
  func pause() {
    var harness = Self.opened()
    harness.type("p")
    harness.advance(20_000)
    #expect(harness.row("< 10s").contains(" 1 2.7%"))
    harness.forgetEffects()
    harness.send(.notice(.expiry(ExpiryProgress(phase: .done, number: 99, version: 99))))
    #expect(harness.requests(.expiry).isEmpty)
    harness.type("p")
    #expect(harness.requests(.expiry).count == 1)
  }

  @Test("The title says how much is known, what was sampled, and what is denied")
  func titles() {
    var harness = Self.opened()
    #expect(harness.text.contains("34 with a TTL"))
    #expect(harness.text.contains("read just now"))
    harness.advance(30_000)
    #expect(harness.text.contains("read 30s ago"))
    // Followed keys are heard of, from then on: what was read before is not.
    harness.type("F")
    harness.send(.notice(.follow(.on(prefix: [], perSecond: 0))))
    #expect(harness.text.contains("read 30s ago"))
    harness.tellDeadlines([])
    #expect(harness.text.contains("live"))
    harness.send(.notice(.follow(.interrupted(prefix: []))))
    #expect(!harness.text.contains("live"))
    harness.tellDeadlines([], phase: .reading)
    #expect(harness.text.contains("99% known"))
    harness.tellDeadlines([], phase: .done, sampledFrom: 45)
    #expect(harness.text.contains("sample 37 of 45"))
    #expect(harness.text.contains("of the sample"))
    harness.tellDeadlines([], phase: .denied(Denial(command: "PTTL", missingRule: "+pttl")))
    #expect(harness.text.contains("✗ +pttl"))
    harness.tellDeadlines([])
    harness.advance(180_000)
    #expect(harness.text.contains("read 3m ago"))
  }

  @Test("An answer that was overtaken by a newer notice does not bring back how far it was")
  func overtaken() {
    var harness = Harness(Self.names)
    harness.type("T")
    harness.send(.notice(.expiry(ExpiryProgress(phase: .done, number: 50, version: 2))))
    harness.tellDeadlines([], phase: .reading)
    #expect(harness.state.monitor?.progress.phase == .done)
    #expect(harness.state.monitor?.report != nil)
  }

  @Test("A stampede that another scale shows is named where this one shows none")
  func elsewhere() {
    var harness = Harness(Self.names)
    harness.type("T")
    harness.tellDeadlines((0..<30).map { ("session:eu:\($0)", 400_000 + Int64($0)) } + [("lock:1", 5_000)])
    let row = harness.row("coarser:")
    #expect(row.contains("1 key · coarser: 30 keys at 00:06:40 · stampede · session:eu:*"))
    harness.press(.tab, .down)
    #expect(harness.row("▲ 30 keys").contains("▲ 30 keys at 00:06:40 · stampede"))
  }

  @Test("Before deadlines are known nothing is said that they could make untrue")
  func early() {
    var harness = Harness(Self.names)
    #expect(!harness.state.clock.isKnown)
    harness.type("T")
    harness.tellDeadlines([("lock:1", 5_000)], phase: .reading)
    #expect(harness.row("so far").contains("1 key so far"))
    #expect(!harness.text.contains("no stampede"))
    harness.tellDeadlines([], phase: .denied(Denial(command: "PTTL", missingRule: "+pttl")))
    #expect(!harness.row("< 10s").contains("0%"))
    #expect(harness.text.contains("deadlines may not be read"))
  }

  @Test("The filter's names narrow all of it, its condition only the list, and that is said where it is so")
  func conditions() {
    var harness = Self.opened()
    harness.type("/session ttl>1h")
    harness.press(.enter)
    harness.tellDeadlines([])
    #expect(harness.row("Distribution").contains("session ─"))
    #expect(harness.text.contains("Expiring next  ttl>1h"))
    #expect(harness.row("< 1m").contains("30"))
    #expect(harness.text.contains("no key here meets"))
  }

  @Test("All is said only where the server counts as many")
  func serverCount() {
    var harness = Self.opened()
    var facts = ServerFacts()
    facts.keys = 37
    facts.volatileKeys = 34
    harness.answer(.header, .server(facts))
    #expect(harness.text.contains("all 34 with a TTL"))
    facts.volatileKeys = 40
    harness.answer(.header, .server(facts))
    #expect(harness.text.contains("34 of 40 with a TTL"))
    #expect(harness.text.contains("R reads again"))
  }

  @Test("Rates are what INFO's counters grew by")
  func rates() {
    var harness = Self.opened()
    var facts = ServerFacts()
    (facts.keys, facts.expiredKeys, facts.evictedKeys, facts.runID) = (37, 100, 7, "a")
    harness.answer(.header, .server(facts))
    harness.advance(2_000)
    (facts.expiredKeys, facts.evictedKeys) = (176, 7)
    harness.answer(.header, .server(facts))
    #expect(harness.row("127.0.0.1:6379").contains("expired 38/s   due 0   evicted 0/s"))
    harness.advance(1_000)
    (facts.expiredKeys, facts.runID) = (3, "b")
    harness.answer(.header, .server(facts))
    // Another server counts from nothing.
    #expect(harness.state.header.expiredPerSecond == 38)
  }

  @Test("Another database has nothing of the old one")
  func database() {
    var harness = Self.opened()
    harness.answer(.database, .selected(database: 3))
    #expect(harness.state.monitor?.report == nil)
    #expect(harness.requests(.expiry).last == .expiry(ExpiryQuery()))
    #expect(harness.text.contains("reading deadlines"))
  }

  @Test("It draws at every size, in ASCII too")
  func sizes() {
    for width in stride(from: 40, through: 140, by: 9) {
      for height in stride(from: 10, through: 60, by: 11) {
        var harness = Self.opened(size: Size(width: width, height: height))
        #expect(harness.text.contains("lock:0"), "\(width)x\(height)")
        _ = harness.frame(.ascii)
        harness.press(.tab, .right)
        _ = harness.frame()
      }
    }
  }
}
