import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// Every screen as text and as roles. `KEYGLASS_RECORD=1` writes them anew: look at the difference before committing.
@Suite("Screens")
struct SnapshotTests {
  static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 60, height: 15)]

  private func check(_ harness: Harness, _ name: String, glyphs: GlyphSet = .unicode) throws {
    try Snapshot.check(harness, name, glyphs: glyphs)
  }

  /// A shop's key space, some of it read.
  private func shop(_ size: Size, setup: Setup = Setup(endpointName: "10.2.0.14:6379", isReadOnly: true)) -> Harness {
    var names = ["config", "feed:events", "feed:top:daily", "feed:tags", "한국어:キー", "🛒:cart"]
    names += (0..<40).map { "session:eu:8f2c1e9b77d04f1cb2a\($0 + 10)" }
    names += (0..<9).map { "session:us:77aa00e1\($0)" } + (0..<20).map { "user:\($0)" }
    var harness = Harness(names, size: size, setup: setup)
    var facts = ServerFacts()
    facts.product = "redis"
    facts.version = "7.0.15"
    // One of them is gone, and its row stays for two seconds.
    facts.keys = names.count - 1
    facts.operationsPerSecond = 12_400
    facts.usedMemory = 1_997_159_792
    facts.maxMemory = 2_147_483_648
    facts.keyspaceHits = 97
    facts.keyspaceMisses = 3
    harness.answer(.header, .server(facts))
    harness.press(.down, .down, .enter)
    harness.giveRows()
    harness.press(.down, .enter)
    harness.giveRows()
    harness.press(.down, .down)
    harness.tell([
      ("config", .json, nil), ("session:eu:8f2c1e9b77d04f1cb2a10", .hash, 4_200),
      ("session:eu:8f2c1e9b77d04f1cb2a11", .hash, 760_000), ("session:eu:8f2c1e9b77d04f1cb2a12", .string, 10_860_000),
      ("session:eu:8f2c1e9b77d04f1cb2a13", .string, nil), ("session:eu:8f2c1e9b77d04f1cb2a14", .hash, -5),
      ("session:eu:8f2c1e9b77d04f1cb2a15", .set, 42_000), ("session:eu:8f2c1e9b77d04f1cb2a16", .stream, 90_000_000),
      ("session:eu:8f2c1e9b77d04f1cb2a17", .list, 400 * 86_400_000),
      ("session:eu:8f2c1e9b77d04f1cb2a18", .other("mod"), 61_000),
      ("session:eu:8f2c1e9b77d04f1cb2a19", .sortedSet, 3_600_000),
    ])
    harness.answer(
      .facts,
      .facts(
        [KeyFacts(name: KeyName("session:eu:8f2c1e9b77d04f1cb2a15"), type: .known(nil))], clock: Harness.clock))
    harness.advance(120)
    let fields = [
      ("uid", "184467"), ("ip", "203.0.113.9"), ("ua", "Mozilla/5.0 (X11; Linux x86_64) Firefox/127.0 and more"),
      ("cart", #"{"items":3,"total":"41.90"}"#), ("note", ""), ("raw", "\u{0}\u{7}"),
    ].map { HashPage.Field(name: Array($0.0.utf8), value: Array($0.1.utf8)) }
    harness.open(
      "session:eu:8f2c1e9b77d04f1cb2a11", .hash, .hash(HashPage(length: 6, fields: fields, next: 0)), left: 759_880,
      length: 6)
    return harness
  }

  @Test(arguments: sizes)
  func main(size: Size) throws { try check(shop(size), "main") }

  @Test(arguments: sizes)
  func plain(size: Size) throws {
    try check(shop(size, setup: Setup(endpointName: "10.2.0.14:6379", isPlain: true)), "plain", glyphs: .ascii)
  }

  @Test(arguments: sizes)
  func valueFocused(size: Size) throws {
    var harness = shop(size)
    harness.press(.enter)
    try check(harness, "value")
  }

  @Test(arguments: sizes)
  func help(size: Size) throws {
    var harness = shop(size)
    harness.type("?")
    try check(harness, "help")
  }

  @Test(arguments: sizes)
  func menu(size: Size) throws {
    var harness = shop(size)
    harness.type("f")
    try check(harness, "menu")
  }

  @Test(arguments: sizes)
  func databases(size: Size) throws {
    var harness = shop(size)
    harness.type("b")
    harness.answer(
      .databases,
      .databases([
        DatabaseFacts(number: 0, keys: 1_204_331, volatileKeys: 902_114, averageTTL: 2_460_000),
        DatabaseFacts(number: 3, keys: 12, volatileKeys: nil, averageTTL: nil),
      ]))
    try check(harness, "databases")
  }

  @Test(arguments: sizes)
  func inspection(size: Size) throws {
    var harness = shop(size)
    harness.type("i")
    var inspection = KeyInspection(name: KeyName("session:eu:8f2c1e9b77d04f1cb2a11"))
    inspection.type = .known(.hash)
    inspection.encoding = .known("listpack")
    inspection.memory = .known(1_126)
    inspection.idleSeconds = .known(12)
    inspection.frequency = .known(nil)
    inspection.deadline = .known(.at(Harness.wall + 760_000))
    inspection.length = .known(6)
    inspection.references = .denied(Denial(command: "OBJECT REFCOUNT", missingRule: "+object|refcount"))
    harness.answer(.inspection, .inspection(inspection, clock: Harness.clock))
    try check(harness, "inspection")
  }

  @Test(arguments: sizes)
  func filterAndStale(size: Size) throws {
    var harness = shop(size)
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 3_900))))
    harness.advance(1_400)
    harness.type("/eu:8f")
    harness.giveRows()
    try check(harness, "filter-stale")
  }

  @Test(arguments: sizes)
  func values(size: Size) throws {
    var harness = Harness(["k"], size: size)
    harness.press(.enter)
    let json = Array(#"{"name":"lamp","price":41.90,"tags":["a","b"],"on":true,"none":null}"#.utf8)
    harness.open("k", .string, .string(StringPage(length: json.count, offset: 0, bytes: json)), length: json.count)
    try check(harness, "json")
    harness.type("oh")
    try check(harness, "hex")
    harness.open(
      "k", .list, .list(ListPage(length: 3, start: 0, elements: [[0x61], Array("日本語".utf8), [0xff, 0x00]])), length: 3)
    try check(harness, "list")
    harness.open(
      "k", .set, .set(SetPage(length: 2, members: [Array("ann".utf8), Array("bob".utf8)], next: 0)), length: 2)
    try check(harness, "set")
    let entries = [("ann", "1.5"), ("bob", "1e+21")].map {
      SortedSetPage.Entry(member: Array($0.0.utf8), score: Array($0.1.utf8))
    }
    harness.open(
      "k", .sortedSet, .sortedSet(SortedSetPage(length: 2, start: 0, reverse: false, entries: entries)), length: 2)
    try check(harness, "zset")
    let entry = StreamPage.Entry(
      id: StreamID(milliseconds: 1_718_020_931_000, sequence: 0),
      fields: [(name: Array("item".utf8), value: Array("lamp".utf8)), (name: Array("n".utf8), value: Array("2".utf8))])
    harness.open(
      "k", .stream, .stream(StreamPage(length: 1, entries: [entry], groups: .known([]), reachedEnd: true)), length: 1)
    try check(harness, "stream")
    harness.open("k", .other("MBbloom--"), .opaque)
    try check(harness, "opaque")
  }

  @Test func tooSmall() throws {
    try check(Harness(["k"], size: Size(width: 39, height: 9)), "too-small")
  }

  @Test func everySizeIsDrawn() {
    for width in [1, 2, 7, 39, 40, 41, 59, 60, 99, 100, 200] {
      for height in [1, 2, 9, 10, 15, 16, 17, 50] {
        var harness = shop(Size(width: width, height: height))
        _ = harness.frame()
        harness.press(.tab)
        _ = harness.frame()
        harness.type("?")
        _ = harness.frame(.ascii)
      }
    }
  }

  // MARK: - Editing

  private func writable(_ size: Size) -> Harness {
    var harness = shop(size, setup: Setup(endpointName: "10.2.0.14:6379"))
    harness.press(.enter)
    harness.open(
      "session:eu:8f2c1e9b77d04f1cb2a11", .hash,
      .hash(
        HashPage(
          length: 2,
          fields: [("uid", "184467"), ("note", "one\ntwo\nthree")].map {
            HashPage.Field(name: Array($0.0.utf8), value: Array($0.1.utf8))
          }, next: 0)), left: 759_880, length: 2)
    return harness
  }

  @Test(arguments: sizes)
  func form(size: Size) throws {
    var harness = writable(size)
    harness.type("e0")
    try check(harness, "form")
  }

  @Test(arguments: sizes)
  func formOfLines(size: Size) throws {
    var harness = writable(size)
    harness.type("je")
    harness.press(.enter)
    harness.type("four")
    try check(harness, "form-lines")
  }

  @Test(arguments: sizes)
  func conflict(size: Size) throws {
    var harness = writable(size)
    harness.type("e0")
    harness.press(.enter)
    guard case .write(let job)? = harness.requests(.write).last else { return }
    harness.answer(
      .write,
      .written(
        WriteReport(
          id: job.id, kind: .edit, items: [.init(edit: job.edits[0], outcome: .conflict(.value(Array("7".utf8))))])))
    try check(harness, "conflict")
  }

  @Test(arguments: sizes)
  func deletion(size: Size) throws {
    var harness = shop(size, setup: Setup(endpointName: "10.2.0.14:6379"))
    harness.type("*d")
    guard case .survey(let names, _)? = harness.requests(.survey).last else { return }
    harness.answer(
      .survey,
      .survey(
        Survey(facts: names.map { KeyFacts(name: $0, type: .known(.hash), size: .known(2_000)) }, clock: Harness.clock))
    )
    try check(harness, "delete")
  }

  @Test(arguments: sizes)
  func ttlForm(size: Size) throws {
    var harness = writable(size)
    harness.type("t2h30m")
    try check(harness, "ttl", glyphs: .ascii)
  }

  @Test(arguments: sizes)
  func bulkTTLs(size: Size) throws {
    var harness = shop(size, setup: Setup(endpointName: "10.2.0.14:6379"))
    harness.state.moveCursor(to: .folder(KeyName("session:eu:")))
    harness.type("t")
    let names = (0..<40).map { KeyName("session:eu:8f2c1e9b77d04f1cb2a\($0 + 10)") }
    harness.answer(.survey, .names(NameList(names: names, count: 40, isComplete: false)))
    harness.type("10m..20m")
    try check(harness, "bulk-ttl-reading")
    let now = Harness.wall + harness.state.now - 1_000_000
    let facts = names.enumerated().map { index, name in
      KeyFacts(
        name: name, type: .known(index == 7 ? nil : .hash),
        deadline: .known(index % 13 == 5 ? .persistent : .at(now + 420_000 + Int64(index % 3) * 15_000)))
    }
    harness.answer(.survey, .survey(Survey(facts: facts, clock: Harness.clock)))
    try check(harness, "bulk-ttl")
    harness.press(.tab, .tab, .tab, .enter)
    harness.press(.down)
    try check(harness, "bulk-ttl-names", glyphs: .ascii)
    harness.press(.escape, .backTab, .backTab, .backTab, .enter)
    harness.advance(200)
    harness.type("3")
    try check(harness, "bulk-ttl-confirm")
  }

  /// A hash on a server with TTLs of fields.
  private func expiring(_ size: Size) -> Harness {
    var harness = shop(size, setup: Setup(endpointName: "10.2.0.14:6379"))
    var facts = ServerFacts()
    (facts.product, facts.version, facts.keys) = ("valkey", "9.1.2", 74)
    harness.answer(.header, .server(facts))
    harness.press(.enter)
    let fields: [(String, String, Int64?)] = [
      ("uid", "184467", nil), ("otp", "830-117", 4_200),
      ("token", "Mozilla/5.0 (X11; Linux x86_64) Firefox/127.0", 42_000),
      ("cart", #"{"items":3,"total":"41.90"}"#, 760_000), ("a name that is longer than its column", "yes", 90_000_000),
      ("seen", "", -5),
    ]
    let now = Harness.wall + harness.state.now - 1_000_000
    harness.open(
      "session:eu:8f2c1e9b77d04f1cb2a11", .hash,
      .hash(
        HashPage(
          length: 7,
          fields: fields.map { name, value, left in
            HashPage.Field(
              name: Array(name.utf8), value: Array(value.utf8),
              deadline: .known(left.map { .at(now + $0) } ?? .persistent))
          } + [HashPage.Field(name: [0x3f], value: [0x76])], next: 0)), left: 759_880, length: 7)
    return harness
  }

  @Test(arguments: sizes)
  func fieldTTLs(size: Size) throws {
    var harness = expiring(size)
    try check(harness, "field-ttls")
    harness.type("jt2h30m")
    try check(harness, "field-ttl-form", glyphs: .ascii)
  }

  @Test(arguments: sizes)
  func log(size: Size) throws {
    var harness = shop(size)
    harness.type("@")
    func words(_ text: String) -> [[UInt8]] { text.split(separator: " ").map { Array($0.utf8) } }
    func entry(
      _ number: Int, _ text: String, carrying carried: String? = nil, _ outcome: LoggedCommand.Outcome = .done,
      count: Int = 1
    ) -> LoggedCommand {
      LoggedCommand(
        number: number, wall: Harness.wall + Int64(number) * 1_000, connection: number >= 3 ? "write" : "rows",
        words: words(text), carried: carried.map { [words($0)] } ?? [], count: count, microseconds: 1_234 * number,
        outcome: outcome)
    }
    harness.answer(
      .log,
      .log([
        entry(4, "EVAL", carrying: "SET greeting hi XX KEEPTTL"),
        entry(
          3, "EVAL", carrying: "HSET user:1 name ada",
          .error(Array("NOPERM this user has no permissions to run the 'eval' command".utf8))),
        entry(2, "TYPE user:1", count: 1_000),
        entry(1, "SCAN 0 COUNT 1000", .failed("connection lost: the server closed it")),
      ]))
    try check(harness, "log")
    harness.press(.down, .enter)
    try check(harness, "log-entry")
  }

  // MARK: - The expiry monitor

  /// Sessions that expire together among others that do not, locks, and keys without a TTL.
  private func monitor(
    _ size: Size, phase: ExpiryProgress.Phase = .done, known: Int = 100, sampledFrom: Int? = nil, isPlain: Bool = false
  ) -> Harness {
    var keys: [(String, Int64?)] = (0..<40).map { ("session:eu:8f2c\($0 + 10)", 41_500 + Int64($0)) }
    keys += (0..<60).map { ("session:us:77aa\($0 + 10)", 1_000 * Int64($0) + 700) }
    keys += (0..<30).map { ("job:daily:\($0 + 10)", 120_000 * Int64($0 + 1)) }
    keys += (0..<12).map { ("feed:\($0)", 100_000_000 * Int64($0 + 1)) }
    keys += [("한국어:キー", 3_400), ("a\u{1b}[31mred", 5_200), ("lock:import", -400)]
    keys += (0..<25).map { ("user:\($0)", nil) } + [("cfg:site", nil), ("cfg:mail", nil), ("motd", nil)]
    var harness = Harness(
      keys.map(\.0).sorted(), size: size,
      setup: Setup(endpointName: "10.2.0.14:6379", isPlain: isPlain, previewDelay: nil))
    var facts = ServerFacts()
    (facts.product, facts.version, facts.keys, facts.volatileKeys) = ("redis", "7.0.15", keys.count, keys.count - 28)
    facts.operationsPerSecond = 12_400
    harness.answer(.header, .server(facts))
    harness.type("T")
    harness.tellDeadlines(Array(keys.prefix(keys.count * known / 100)), phase: phase, sampledFrom: sampledFrom)
    harness.tell([
      ("lock:import", .string, -400), ("session:us:77aa10", .hash, 700), ("session:us:77aa11", .hash, 1_700),
      ("한국어:キー", .list, 3_400),
    ])
    return harness
  }

  private static let monitorSizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]

  @Test(arguments: monitorSizes)
  func monitorBySecond(size: Size) throws { try check(monitor(size), "monitor") }

  @Test(arguments: monitorSizes)
  func monitorBucket(size: Size) throws {
    var harness = monitor(size)
    harness.type("omog")
    harness.press(.tab, .home, .right, .right)
    try check(harness, "monitor-bucket")
  }

  @Test(arguments: monitorSizes)
  func monitorReading(size: Size) throws { try check(monitor(size, phase: .reading, known: 42), "monitor-reading") }

  @Test(arguments: monitorSizes)
  func monitorSample(size: Size) throws {
    try check(monitor(size, sampledFrom: 310), "monitor-sample")
  }

  @Test(arguments: monitorSizes)
  func monitorPlain(size: Size) throws {
    var harness = monitor(size, isPlain: true)
    harness.press(.tab, .right)
    try check(harness, "monitor-plain", glyphs: .ascii)
  }
}
