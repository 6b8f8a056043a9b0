import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Memory by prefix, and what folders tell")
struct MemoryTests {
  private static let all = KeyName([UInt8]())

  // MARK: - Opening

  @Test("M reads sizes, a sample above the limit, and shows the tree by size; M again stops it")
  func opening() {
    var harness = Harness.store()
    harness.forgetEffects()
    harness.type("M")
    #expect(harness.requests(.sweep) == [.sweep(.size, sampleAbove: 1_000_000)])
    guard case .rows(let query, _)? = harness.requests(.memory).last else {
      Issue.record("no rows asked for")
      return
    }
    #expect(query.sort == ListSort(.size) && query.layout == .tree && query.expanded == [KeyName("cache:")])
    harness.giveMemory()
    #expect(harness.requests(.folders).last == .folders([Self.all, KeyName("cache:"), KeyName("user:")], filter: nil))
    #expect(harness.state.memory?.cursor == .folder(KeyName("cache:")))
    harness.forgetEffects()
    harness.type("M")
    #expect(harness.state.memory == nil)
    #expect(harness.requests(.sweep) == [.sweep([])])
    for key in [Key.escape, .character("q")] {
      harness.type("M")
      harness.press(key)
      #expect(harness.state.memory == nil)
    }
  }

  @Test("Where the list is sorted by size every key is read, and leaving does not stop that")
  func listBySize() {
    var harness = Harness.store()
    harness.state.list.query.sort = ListSort(.size)
    harness.forgetEffects()
    harness.type("M")
    #expect(harness.requests(.sweep) == [.sweep(.size, sampleAbove: nil)])
    harness.forgetEffects()
    harness.type("M")
    #expect(harness.requests(.sweep).isEmpty)
  }

  @Test("On a key it begins at the top, and takes the filter of the list")
  func fromTheTop() {
    var harness = Harness.store()
    harness.type("/user")
    harness.press(.enter)
    harness.giveRows()
    harness.press(.enter)
    harness.giveRows()
    harness.type("jM")
    harness.giveMemory()
    #expect(harness.state.memory?.query.filter == NameFilter(text: Array("user".utf8)))
    #expect(harness.state.memory?.query.expanded.isEmpty == true)
    #expect(
      harness.requests(.folders).last
        == .folders([Self.all, KeyName("user:")], filter: harness.state.list.query.filter))
    #expect(harness.row("╭").contains("Memory  user"))
  }

  // MARK: - Moving

  @Test("Folders open and close, keys open as values, and the cursor stays on its row while numbers come")
  func moving() {
    var harness = Harness.opened()
    #expect(harness.row("▌").contains("▾ cache:"))
    harness.type("j")
    #expect(harness.row("▌").contains("cache:") == false)
    harness.type("h")
    #expect(harness.row("▌").contains("▾ cache:"))
    harness.type("h")
    harness.giveMemory()
    #expect(harness.row("▌").contains("▸ cache:"))
    // user: outgrows the others: its row moves, and the cursor does not leave cache:.
    harness.learn([("user:1", 90_000)])
    harness.advance(2_000)
    harness.giveMemory()
    #expect(harness.row("▌").contains("▸ cache:"))
    #expect(harness.state.memory?.viewport.cursor == 1)
    harness.type("kl")
    harness.giveMemory()
    harness.type("j")
    #expect(harness.state.memory?.cursor == .key(KeyName("user:1")))
    harness.press(.enter)
    #expect(harness.state.value.key == KeyName("user:1") && harness.state.focus == .value)
    harness.press(.escape)
    #expect(harness.state.isMemoryShown)
    harness.type("v")
    harness.giveMemory()
    #expect(harness.state.memory?.query.layout == .flat)
    #expect(harness.state.memory?.cursor == .key(KeyName("user:1")))
  }

  @Test("T goes from here to what expires, and M back")
  func otherScreens() {
    var harness = Harness.opened()
    harness.type("T")
    #expect(harness.state.isMonitorShown && harness.state.memory == nil)
    harness.type("M")
    #expect(harness.state.isMemoryShown && harness.state.monitor == nil)
    #expect(harness.requests(.expiry).last == .endExpiry)
  }

  @Test("A key that is typed before the folder is open acts on its rows")
  func holdsKeys() {
    var harness = Harness.opened()
    harness.type("hlj")
    harness.giveMemory()
    harness.giveMemory()
    #expect(harness.state.memory?.cursor == .key(KeyName("cache:0")))
  }

  // MARK: - What it says

  @Test("Sums, shares, averages and what the server uses beyond them")
  func sums() {
    var harness = Harness.opened()
    harness.tellServer(usedMemory: 200_000)
    // 40 × 1,000 + 10 × 6,000.
    let row = harness.row("▾ cache:")
    #expect(row.contains("39k") && row.contains("40%") && row.contains(" 40 ") && row.contains("1.0k"))
    #expect(harness.row("▸ user:").contains("60%"))
    #expect(harness.text.contains("keys 98k of 195k used by the server"))
    #expect(harness.row("╭").contains("all 50 keys read · just now"))
    #expect(!harness.text.contains("~"))
    // What was read long ago is reckoned, not known.
    harness.advance(301_000)
    #expect(harness.row("▸ user:").contains("~59k"))
    #expect(harness.row("╭").contains("5m ago"))
  }

  @Test("While sizes come it says how far it is, and signs what is reckoned")
  func partly() {
    var harness = Harness.store()
    harness.type("M")
    harness.learn((0..<20).map { ("cache:\($0)", 1_000) }, known: 20, isDone: false)
    harness.giveMemory()
    harness.giveFolders()
    #expect(harness.row("╭").contains("40% known"))
    #expect(harness.row("▾ cache:").contains("~39k"))
    #expect(harness.row("▸ user:").contains(" ?"))
    #expect(harness.text.contains("keys 20k so far"))
    #expect(!Browser.isIdle(harness.state))
  }

  @Test("A sample is said with its bound, and x reads all, its cost said first")
  func sample() {
    var harness = Harness.store()
    harness.type("M")
    harness.learn(
      (0..<40).map { ("cache:\($0)", 900 + $0 * 5) }, known: 40, total: 40, sampledFrom: 50, isDone: true)
    harness.giveMemory()
    harness.giveFolders()
    let title = harness.row("╭")
    #expect(title.contains("sample 40 of 50"))
    #expect(title.contains("about ±"))
    #expect(harness.text.contains("x read all"))
    #expect(harness.text.contains("keys ~"))
    harness.forgetEffects()
    harness.type("x")
    #expect(harness.text.contains("50 MEMORY USAGE, about 1 s at 250,000 a second"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.requests(.sweep).isEmpty)
    harness.type("x")
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.requests(.sweep) == [.sweep(.size, sampleAbove: nil)])
    harness.learn([], known: 50, isDone: true)
    #expect(!harness.text.contains("x read all"))
    harness.type("x")
    #expect(harness.text.contains("every key was read"))
  }

  @Test("Denied MEMORY USAGE is ✗ with the missing rule, not 0")
  func denied() {
    var harness = Harness.store()
    harness.type("M")
    var scan = harness.state.list.scan
    scan.sweep = SweepProgress(facts: .size, known: 0, total: 50)
    scan.denial = Denial(command: "MEMORY USAGE", missingRule: "+memory|usage")
    harness.send(.notice(.scan(scan)))
    harness.giveMemory()
    harness.giveFolders()
    #expect(harness.row("╭").contains("✗ +memory|usage"))
    #expect(harness.text.contains("NOPERM"))
    #expect(harness.row("▸ user:").contains("✗"))
    #expect(harness.row("▸ user:").contains(" 10 "))
    #expect(Browser.isIdle(harness.state) || !harness.state.owed.isEmpty)
  }

  @Test("Nothing is asked for while it is paused, and what came meanwhile afterwards")
  func paused() {
    var harness = Harness.opened()
    harness.type("p")
    harness.forgetEffects()
    harness.learn([("user:1", 90_000)])
    harness.advance(5_000)
    #expect(harness.requests(.memory).isEmpty && harness.requests(.folders).isEmpty)
    harness.type("p")
    harness.advance(1_000)
    #expect(!harness.requests(.memory).isEmpty)
  }

  @Test("Rows and folders are asked about at most twice a second while numbers stream in")
  func pace() {
    var harness = Harness.opened()
    harness.forgetEffects()
    for step in 0..<20 {
      harness.learn([("user:1", 6_000 + step)])
      harness.advance(50)
      harness.giveMemory()
      harness.giveFolders()
    }
    #expect(harness.requests(.memory).count <= 2 && harness.requests(.folders).count <= 3)
  }

  @Test("After a reconnect no size is shown as fresh; of another server none at all")
  func reconnect() {
    var harness = Harness.opened()
    harness.send(.notice(.link(.lost(why: "reset", retryIn: 100))))
    harness.send(.notice(.link(.connected)))
    harness.giveMemory()
    #expect(harness.row("▸ user:").contains("~59k"))
    #expect(harness.row("╭").contains("read before: R reads again"))
    harness.send(.notice(.reconnected(Reconnection(server: .another))))
    #expect(harness.row("▸ user:").contains(" ?"))
  }

  // MARK: - The list

  @Test("Folders of the list tell count and share, and their memory once sizes were read")
  func listRows() {
    var harness = Harness.store()
    #expect(harness.row("▸ cache:").contains("40   80%"))
    harness.advance(1_000)
    #expect(harness.requests(.folders).isEmpty)
    harness.type("M")
    harness.learn(Harness.sizes)
    harness.giveMemory()
    harness.giveFolders()
    harness.type("q")
    harness.giveRows()
    harness.advance(1_000)
    // What M has asked about holds as long as nothing else is learned.
    #expect(harness.row("▸ cache:").contains("39k"))
    // A folder of which only some keys are listed tells no more than their number.
    harness.type("fp")
    harness.giveRows()
    #expect(!harness.row("▸ cache:").contains("39k"))
  }

  @Test("At 40 columns the count stays, and the share goes first")
  func narrow() {
    let harness = Harness.store(size: Size(width: 40, height: 12))
    #expect(harness.row("▸ cache:").contains("40"))
    #expect(!harness.row("▸ cache:").contains("80%"))
  }

  @Test("The pane of a folder tells what is known and how to learn the rest, and reads nothing")
  func pane() {
    var harness = Harness.store()
    harness.forgetEffects()
    harness.advance(1_000)
    #expect(harness.text.contains("folder · 40 keys · 80% of the list"))
    #expect(harness.text.contains("memory   ?  M reads sizes"))
    #expect(harness.text.contains("no TTL   ?  T reads TTLs"))
    #expect(harness.requests(.facts).isEmpty && harness.requests(.sweep).isEmpty && harness.requests(.value).isEmpty)
    harness.type("T")
    harness.tellDeadlines((0..<40).map { ("cache:\($0)", $0 < 10 ? nil : 20_000 + Int64($0) * 60_000) })
    harness.type("q")
    harness.giveRows()
    harness.advance(1_000)
    harness.giveFolders()
    #expect(harness.text.contains("no TTL   10  (25%)"))
    #expect(harness.text.contains("STR ████"))
    #expect(harness.text.contains("expires  10m 19s  the first of them") || harness.text.contains("expires  10m 18s"))
    harness.forgetEffects()
    harness.advance(700_000)
    #expect(harness.text.contains("expires  due"))
  }
}

@Suite("Screens of memory")
struct MemorySnapshotTests {
  private static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 40, height: 12)]

  /// A shop: much in sessions, one huge key, some of it not read yet.
  private func shop(_ size: Size, setup: Setup? = nil) -> Harness {
    let names =
      (0..<300).map { "session:eu:\($0)" } + (0..<120).map { "session:us:\($0)" } + (0..<90).map { "cart:\($0)" }
      + (0..<18).map { "feed:top:\($0)" } + ["feed:events", "config", "한국어:キー", "🛒:cart", "\u{0}bin:x"]
    var harness = Harness(
      names, size: size, setup: setup ?? Setup(endpointName: "10.2.0.14:6379", previewDelay: nil))
    harness.tellServer(usedMemory: 9_000_000)
    harness.index.record(
      names.enumerated().map { number, name in
        (KeyName(name), number % 7 == 0 ? .string : .hash, number % 5 == 0 ? .persistent : .at(Harness.wall + 760_000))
      })
    harness.press(.up, .down, .down, .down)
    harness.type("M")
    harness.learn(
      (0..<300).map { ("session:eu:\($0)", 5_000 + $0 * 9) } + (0..<120).map { ("session:us:\($0)", 12_000) }
        + (0..<90).map { ("cart:\($0)", 812) } + [("feed:events", 3_900_000), ("config", 9_100), ("한국어:キー", 4_000)],
      isDone: false)
    harness.giveMemory()
    harness.giveFolders()
    harness.tell([("feed:events", .stream, nil), ("config", .json, nil)], size: 3_900_000)
    return harness
  }

  @Test(arguments: sizes)
  func memory(size: Size) throws { try Snapshot.check(shop(size), "memory") }

  @Test(arguments: sizes)
  func plain(size: Size) throws {
    try Snapshot.check(
      shop(size, setup: Setup(endpointName: "10.2.0.14:6379", isPlain: true, previewDelay: nil)), "memory-plain",
      glyphs: .ascii)
  }

  @Test(arguments: sizes)
  func folders(size: Size) throws {
    var harness = shop(size)
    harness.type("q")
    harness.giveRows()
    harness.advance(1_000)
    harness.giveFolders()
    harness.answer(.due, .facts([], clock: Harness.clock))
    try Snapshot.check(harness, "folders")
  }
}

extension Harness {
  /// Forty small keys in one folder, ten bigger ones in another, the cursor on the first folder.
  static func store(size: Size = Size(width: 120, height: 60)) -> Harness {
    var harness = Harness(
      (0..<40).map { "cache:\($0)" } + (0..<10).map { "user:\($0)" }, size: size,
      setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.press(.up)
    return harness
  }

  static let sizes = (0..<40).map { ("cache:\($0)", 1_000) } + (0..<10).map { ("user:\($0)", 6_000) }

  /// Memory by prefix, all of it read, from the first folder.
  static func opened(size: Size = Size(width: 120, height: 60)) -> Harness {
    var harness = store(size: size)
    harness.type("M")
    harness.learn(sizes)
    harness.giveMemory()
    harness.giveFolders()
    return harness
  }

  mutating func learn(
    _ sizes: [(String, Int)], known: Int? = nil, total: Int? = nil, sampledFrom: Int? = nil, isDone: Bool = true
  ) {
    for (name, size) in sizes { index.record(KeyName(name), FactValues(size: size), at: 1_000) }
    version += 1
    var scan = state.list.scan
    scan.version = version
    scan.sweep = SweepProgress(
      facts: .size, known: known ?? index.known[.size], total: total ?? index.count, sampledFrom: sampledFrom,
      isDone: isDone)
    send(.notice(.scan(scan)))
  }

  mutating func giveMemory() {
    guard let query = state.memory?.query, state.owed.contains(.memory) else { return }
    answer(.memory, .rows(RowList(index: index, query: query), version: version))
  }

  mutating func giveFolders() {
    guard case .folders(let prefixes, let filter)? = requests(.folders).last, state.owed.contains(.folders) else {
      return
    }
    answer(.folders, .folders(prefixes.map { index.facts(under: $0, filter: filter) }))
  }

  mutating func tellServer(usedMemory: Int) {
    var facts = ServerFacts()
    facts.keys = index.count
    facts.usedMemory = usedMemory
    answer(.header, .server(facts))
  }
}
