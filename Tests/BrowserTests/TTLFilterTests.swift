import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// `/` with conditions for the TTL: typing them, what is asked for them, and the list in time.
@Suite struct TTLFilterTests {
  private static let names = ["a", "b", "c", "user:1", "user:2"]
  private static let soon = ListQuery.Expiry.ttl(.left(below: 600_000))

  private static func time(_ harness: Harness) -> Int64 { Harness.wall + harness.state.now - 1_000_000 }

  /// Flat, every TTL known to index and screen: a 5 s, b 12 m, c none, user:1 11 m, user:2 none; the index' names only.
  private static func known(setup: Setup = Setup(endpointName: "s", previewDelay: nil)) -> Harness {
    var harness = Harness(names, setup: setup)
    harness.type("v")
    harness.giveRows()
    let left: [(String, Int64?)] = [("a", 5_000), ("b", 720_000), ("c", nil), ("user:1", 660_000), ("user:2", nil)]
    harness.index.record(
      left.map { (KeyName($0), .string, $1.map { .at(time(harness) + $0) } ?? .persistent) })
    harness.tell(left.map { ($0, .string, $1) })
    harness.forgetEffects()
    return harness
  }

  private static func listed(_ harness: Harness) -> [String] {
    guard let rows = harness.state.list.rows else { return [] }
    return (0..<rows.count).map { String(decoding: rows[$0].id.name.bytes, as: UTF8.self) }
  }

  private static func asked(_ harness: Harness) -> Int { harness.requests(.rows).count }

  // MARK: - Typing

  @Test func aConditionAndANameNarrowTheList() {
    var harness = Self.known()
    harness.type("/ttl<10m")
    #expect(harness.state.list.query.expiry == Self.soon)
    #expect(harness.state.list.query.filter == nil)
    guard case .rows(let query, _)? = harness.requests(.rows).last else { Issue.record("no rows asked"); return }
    #expect(query.serverTime == Self.time(harness))
    harness.giveRows()
    #expect(Self.listed(harness) == ["a"])
    #expect(harness.text.contains("1 of 5 match"))
    #expect(harness.text.contains("Keys  ttl<10m"))
    harness.press(.enter)
    #expect(harness.state.prompt == nil)
    harness.type("/")
    harness.press(.control("u"))
    harness.type("user ttl:none")
    harness.giveRows()
    #expect(harness.state.list.query.filter == NameFilter(text: Array("user".utf8)))
    #expect(Self.listed(harness) == ["user:2"])
    #expect(harness.text.contains("Keys  user ttl:none"))
    harness.press(.escape)
    harness.giveRows()
    #expect(harness.state.list.query.expiry == .any)
    #expect(Self.listed(harness) == Self.names)
  }

  private static let sweepOfUs = Request.sweep(.deadline, filter: NameFilter(text: Array("us".utf8)))

  @Test func deadlinesAreReadAsLongAsTheyAreNeeded() {
    var harness = Self.known()
    harness.type("/us ttl")
    #expect(harness.requests(.sweep).isEmpty)
    harness.type("<1")
    #expect(harness.requests(.sweep) == [Self.sweepOfUs])
    harness.type("0m")
    harness.press(.enter)
    #expect(harness.requests(.sweep) == [Self.sweepOfUs])
    harness.press(.escape)
    #expect(harness.requests(.sweep) == [Self.sweepOfUs, .sweep([])])
    harness.forgetEffects()
    // What the menu needs goes on.
    harness.type("fv/ttl<5")
    harness.press(.escape)
    #expect(harness.requests(.sweep) == [.sweep(.deadline)])
    #expect(harness.state.list.query.expiry == .volatile)
    // What excludes itself shows nothing whatever the deadlines are.
    harness.type("/ttl:none")
    #expect(harness.state.list.query.expiry == .impossible)
    #expect(harness.requests(.sweep) == [.sweep(.deadline), .sweep([])])
  }

  @Test func whatIsNotWholeYetChangesNothing() {
    var harness = Self.known()
    harness.type("/user ")
    harness.press(.backspace)
    harness.giveRows()
    for text in [" ttl", "<", "1", "x"] {
      harness.type(text)
      harness.giveRows()
    }
    #expect(harness.state.list.query.filter == NameFilter(text: Array("user".utf8)))
    #expect(Self.listed(harness) == ["user:1", "user:2"])
    #expect(harness.row("/ user ttl<1x").contains("'1x' is no TTL: type 10m, 90s or 2h30m"))
    harness.press(.enter)
    #expect(harness.state.prompt?.field.text == "user ttl<1x", "nothing typed is lost")
    #expect(harness.state.prompt?.isRefused == true)
    #expect(harness.row("/ user ttl<1x").contains("'1x' is no TTL"))
    harness.press(.backspace)
    #expect(harness.state.prompt?.isRefused == false)
    harness.type("5m")
    harness.press(.enter)
    #expect(harness.state.prompt == nil)
    harness.giveRows()
    #expect(Self.listed(harness) == ["user:1"])
  }

  @Test(arguments: [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 40, height: 12)])
  func whatIsMissingIsSaidBesideLongTexts(size: Size) {
    var harness = Harness(["k"], size: size)
    harness.type("/")
    #expect(size.width < 80 || harness.text.contains("text, glob * ? [, ~fuzzy, ttl<10m ttl:none  Enter"))
    harness.type(String(repeating: "long", count: 40) + " ttl<")
    let row = harness.frame().trimmedRows().last ?? ""
    #expect(row.contains("long ttl<") && row.contains("type a time"), "\(row)")
    let frame = harness.frame()
    #expect(frame.roleRows().last?.isEmpty == false)
    #expect(row.contains("10m") || size.width < 80)
  }

  @Test func anUnfinishedConditionOfTheCommandLineIsSaid() {
    let harness = Harness(["k"], setup: Setup(endpointName: "s", filter: Array("ttl<1x".utf8)))
    #expect(harness.text.contains("--pattern: '1x' is no TTL"))
  }

  @Test func theCommandLineMayHaveACondition() {
    let harness = Harness(["k"], setup: Setup(endpointName: "s", filter: Array("k* ttl<10m".utf8)))
    #expect(harness.state.list.query.expiry == Self.soon)
    let filter = NameFilter(text: Array("k*".utf8))
    #expect(harness.state.list.query.filter == filter)
    #expect(harness.requests(.sweep) == [.sweep(.deadline, filter: filter)])
  }

  // MARK: - With the menu

  @Test func theMenuAndTheFilterHoldTogether() {
    var harness = Self.known()
    harness.type("/ttl<10m")
    harness.press(.enter)
    harness.type("f")
    #expect(harness.text.contains("show only, with ttl<10m"))
    harness.type("v")
    #expect(harness.state.list.query.expiry == Self.soon)
    #expect(harness.state.list.chosenExpiry == .volatile)
    harness.type("fp")
    harness.giveRows()
    #expect(harness.state.list.query.expiry == .impossible)
    #expect(harness.text.contains("no key can meet all of this: Esc shows all"))
    #expect(harness.text.contains("ttl<10m  without TTL"))
    harness.type("fp")
    #expect(harness.state.list.query.expiry == Self.soon, "chosen again it is taken back")
    harness.type("fs")
    #expect(harness.state.list.query.kind == .string)
    harness.press(.escape)
    #expect(harness.state.list.query.expiry == .any && harness.state.list.query.kind == nil)
    #expect(harness.state.list.filter.isEmpty)
  }

  @Test func aContradictionIsSaidWhileItIsTyped() {
    var harness = Self.known()
    harness.type("/ttl<10s ttl>1m")
    harness.giveRows()
    #expect(harness.row("/ ttl<10s ttl>1m").contains("no key can meet all of this"))
    #expect(Self.listed(harness).isEmpty)
    harness.press(.enter)
    #expect(harness.state.prompt == nil)
    #expect(harness.text.contains("no key can meet all of this: Esc shows all"))
  }

  @Test func anotherDatabaseBeginsWithoutIt() {
    var harness = Self.known()
    harness.type("fp/ttl:none")
    harness.press(.enter)
    harness.answer(.database, .selected(database: 0))
    #expect(harness.state.list.query.expiry == .persistent && harness.state.list.chosenExpiry == .persistent)
    #expect(harness.state.list.filter == Array("ttl:none".utf8))
    harness.answer(.database, .selected(database: 3))
    #expect(harness.state.list.query.expiry == .any && harness.state.list.chosenExpiry == .any)
    #expect(harness.state.list.filter.isEmpty)
  }

  @Test func howManyAreKnownIsSaid() {
    var harness = Self.known()
    harness.type("/ttl<10m")
    harness.press(.enter)
    harness.giveRows()
    var scan = harness.state.list.scan
    scan.sweep = SweepProgress(facts: .deadline, known: 2, total: 5)
    harness.send(.notice(.scan(scan)))
    #expect(harness.text.contains("TTLs known of 40%"))
    harness.type("fs")
    #expect(harness.text.contains("types known of 40%"))
    harness.press(.escape)
    harness.type("/\\ttl:none")
    #expect(!harness.text.contains("known of"))
  }

  @Test func anEmptyListIsNotTheLastWordWhileTTLsAreUnknown() {
    var harness = Harness(Self.names)
    harness.type("/ttl<10m")
    harness.press(.enter)
    harness.giveRows()
    #expect(harness.text.contains("no key is known to match yet: Esc shows all"))
    harness.index.record(Self.names.map { (KeyName($0), .string, .persistent) })
    harness.giveRows()
    #expect(harness.text.contains("no key matches: Esc shows all"))
  }

  // MARK: - In time

  /// b is left of 12 m: it enters after 2 m and 1 ms. user:1 after 1 m and 1 ms.
  private static func narrowed(_ text: String = "ttl<10m") -> Harness {
    var harness = known()
    harness.type("/" + text)
    harness.press(.enter)
    harness.giveRows()
    harness.forgetEffects()
    return harness
  }

  @Test func keysEnterByTimeAndOnlyThenRowsAreAskedFor() {
    var harness = Self.narrowed()
    let begun = harness.state.now
    #expect(harness.state.rowsDue == begun + 60_001)
    harness.advance(60_000)
    #expect(Self.asked(harness) == 0)
    #expect(Browser.nextTick(harness.state) <= begun + 60_011)
    harness.advance(1)
    #expect(Self.asked(harness) == 1)
    harness.giveRows()
    #expect(Self.listed(harness) == ["a", "user:1"])
    #expect(harness.state.rowsDue == begun + 120_001)
  }

  @Test func keysLeaveByTimeAndTheCursorStays() {
    var harness = Self.narrowed("ttl>11m30s")
    #expect(Self.listed(harness) == ["b"])
    harness.press(.escape)
    harness.giveRows()
    harness.type("/ttl>10m")
    harness.press(.enter)
    harness.giveRows()
    #expect(Self.listed(harness) == ["b", "user:1"])
    harness.press(.down, .up, .down)
    harness.forgetEffects()
    // user:1, the one under the cursor, leaves: the cursor goes to what is there. b stays.
    harness.advance(60_000)
    harness.giveRows()
    #expect(Self.listed(harness) == ["b"])
    #expect(harness.state.list.cursorKey == KeyName("b"))
  }

  @Test func theCursorStaysOnItsKeyWhenOthersEnterAboveIt() {
    var harness = Self.known()
    harness.index.insert([KeyName("aa"), KeyName("z")])
    harness.index.record([
      (KeyName("aa"), .string, .at(Self.time(harness) + 601_000)),
      (KeyName("z"), .string, .at(Self.time(harness) + 1_000)),
    ])
    harness.type("/ttl<10m")
    harness.press(.enter)
    harness.giveRows()
    harness.type("G")
    #expect(harness.state.list.cursorKey == KeyName("z"))
    harness.advance(1_001)
    harness.giveRows()
    #expect(Self.listed(harness) == ["a", "aa", "z"])
    #expect(harness.state.list.cursorKey == KeyName("z"))
  }

  @Test func atMostOnceASecond() {
    var harness = Self.known()
    // A key enters in each 10 ms.
    let time = Self.time(harness)
    let many = (0..<500).map { KeyName("m\($0)") }
    harness.index.insert(many)
    harness.index.record(many.enumerated().map { ($1, .string, .at(time + 600_000 + Int64(10 * $0))) })
    harness.type("/ttl<10m")
    harness.press(.enter)
    harness.giveRows()
    harness.forgetEffects()
    for _ in 0..<400 {
      harness.advance(10)
      if harness.state.owed.contains(.rows) { harness.giveRows() }
    }
    #expect((3...4).contains(Self.asked(harness)))
  }

  @Test func nothingIsAskedWhereTimeChangesNothing() {
    // Nothing enters a list of what is far away, and none of the keys has a TTL.
    var harness = Self.known()
    harness.index.record(Self.names.map { (KeyName($0), .string, .persistent) })
    for text in ["ttl<10m", "ttl:none", "user", "\\ttl<10m"] {
      harness.type("/")
      harness.press(.control("u"))
      harness.type(text)
      harness.press(.enter)
      harness.giveRows()
      harness.forgetEffects()
      #expect(harness.state.rowsDue == nil)
      harness.advance(10_000_000)
      #expect(Self.asked(harness) == 0, "\(text)")
    }
  }

  @Test func aPauseKeepsTheRows() {
    var harness = Self.narrowed()
    harness.type("p")
    harness.forgetEffects()
    let since = Self.time(harness)
    harness.advance(200_000)
    #expect(harness.state.rowsDue == nil)
    #expect(Self.asked(harness) == 0)
    #expect(Browser.isIdle(harness.state) || !harness.state.owed.isEmpty)
    // What is typed meanwhile is answered as of then, like all that is on the screen.
    harness.type("/")
    harness.press(.backspace)
    harness.type("m")
    guard case .rows(let query, _)? = harness.requests(.rows).last else { Issue.record("no rows asked"); return }
    #expect(query.serverTime == since)
    harness.press(.enter)
    harness.giveRows()
    #expect(Self.listed(harness) == ["a"])
    harness.forgetEffects()
    harness.type("p")
    harness.advance(1_000)
    #expect(Self.asked(harness) == 1)
    harness.giveRows()
    #expect(Self.listed(harness) == ["a", "b", "user:1"])
  }

  @Test func advancingTheScreenAsksForNothing() {
    var harness = Self.narrowed()
    harness.state.displayOffset = 1_000_000
    harness.advance(10)
    #expect(Self.asked(harness) == 0)
    #expect(harness.state.rowsQuery.serverTime == Self.time(harness))
  }

  @Test func rowsThatAreDueAreNotTheRestOfAnIdleScreen() {
    var harness = Self.narrowed()
    harness.answer(.header, .server(ServerFacts()))
    harness.answer(.due, .facts([], clock: Harness.clock))
    harness.state.owed = []
    #expect(Browser.isIdle(harness.state))
    harness.state.now += 60_001
    #expect(!Browser.isIdle(harness.state))
  }

  // MARK: - The server's clock

  @Test func aServerInAnotherTimeIsMetWithoutAnyRow() {
    var harness = Harness(Self.names, setup: Setup(endpointName: "s", filter: Array("ttl<10m".utf8)))
    let hour: Int64 = 3_600_000
    harness.index.record([(KeyName("a"), .string, .at(Self.time(harness) + hour + 5_000))])
    harness.giveRows()
    #expect(Self.listed(harness).isEmpty, "by our clock an hour is left")
    #expect(harness.requests(.due).last == .facts([]), "which asks the server for nothing")
    var clock = ServerClock()
    clock.observe(
      expireTime: Self.time(harness) + hour + 5_000, pttl: 5_000, sentAt: harness.state.now,
      receivedAt: harness.state.now)
    harness.answer(.due, .facts([], clock: clock))
    harness.forgetEffects()
    harness.advance(1_000)
    #expect(Self.asked(harness) == 1)
    harness.giveRows()
    #expect(Self.listed(harness) == ["a"])
    #expect(harness.requests(.due).isEmpty)
  }

  /// Each purpose counts for itself.
  @Test func anotherDatabaseTakesAnswersOfEveryPurpose() {
    var harness = Harness.shown(["k"])
    for _ in 0..<5 {
      harness.send(.changed("k"))
      harness.advance(1_000)
      harness.tell([("k", .string, 60_000)])
    }
    harness.answer(.database, .selected(database: 3))
    harness.add(["other"])
    harness.tell([("other", .string, 1_000)])
    harness.advance(1_001)
    #expect(harness.requests(.due).last == .facts([KeyName("other")]))
    harness.answer(
      .due,
      .facts(
        [KeyFacts(name: KeyName("other"), type: .known(nil), deadline: .unknown, size: .unknown)], clock: Harness.clock)
    )
    #expect(harness.text.contains("gone"))
  }
}
