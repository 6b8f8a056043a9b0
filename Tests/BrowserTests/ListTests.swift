import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("The key list")
struct ListTests {
  let names = ["cart:1", "cart:2", "session:eu:1", "session:us:1", "user", "user:1"]

  @Test func startSelectsTheDatabaseAndAsksForTheHeader() {
    var state = State(
      setup: Setup(endpointName: "h:1", database: 3), size: Size(width: 80, height: 24), monotonic: 0, wall: 0)
    let effects = Browser.start(&state)
    #expect(effects.contains(.request(.database, generation: 1, .select(database: 3))))
    #expect(effects.contains(.request(.header, generation: 1, .serverFacts)))
  }

  @Test func theFirstConnectionIsNoReconnect() {
    var state = State(setup: Setup(endpointName: "h:1"), size: Size(width: 80, height: 24), monotonic: 0, wall: 0)
    var effects = Browser.start(&state)
    effects += Browser.reduce(&state, .notice(.link(.connecting)))
    effects += Browser.reduce(&state, .notice(.link(.connected)))
    #expect(state.link == .connected)
    #expect(effects.count == 2)
  }

  @Test func visibleKeysAreReadOnceInOneBatch() {
    var harness = Harness(["a", "b", "dir:1"])
    #expect(harness.requests(.facts) == [.facts([KeyName("a"), KeyName("b")])])
    harness.tell([("a", .string, nil), ("b", .hash, 5_000)])
    harness.forgetEffects()
    harness.press(.down, .up)
    #expect(harness.requests(.facts).isEmpty)
  }

  @Test func foldersOpenAndClose() {
    var harness = Harness(names)
    #expect(harness.text.contains("▸ cart:"))
    #expect(!harness.text.contains("▾ cart:"))
    harness.press(.enter)
    harness.giveRows()
    #expect(harness.text.contains("▾ cart:"))
    harness.press(.down)
    #expect(harness.state.list.cursor == .key(KeyName("cart:1")))
    harness.press(.left)
    #expect(harness.state.list.cursor == .folder(KeyName("cart:")))
    harness.press(.left)
    harness.giveRows()
    #expect(!harness.text.contains("▾ cart:"))
  }

  @Test func theCursorStaysOnItsKeyWhenOthersComeAndGo() {
    var harness = Harness(["m1", "m2", "m3"])
    harness.press(.down)
    #expect(harness.state.list.cursor == .key(KeyName("m2")))
    harness.add(["a1", "a2", "z"])
    #expect(harness.state.list.cursor == .key(KeyName("m2")))
    #expect(harness.state.list.viewport.cursor == 3)
  }

  @Test func beforeAnyMoveTheCursorStaysOnTheFirstRow() {
    var harness = Harness(["m1"])
    harness.add(["a1"])
    #expect(harness.state.list.cursor == .key(KeyName("a1")))
  }

  @Test func theTitleSaysHowCompleteTheListIs() {
    var harness = Harness(names)
    #expect(harness.text.contains("all 6 keys"))
    harness.add([], serverCount: 9)
    #expect(harness.text.contains("6 of 9 keys · R rescans"))
    harness.add([], phase: .running, serverCount: 12)
    #expect(harness.text.contains("scanning 50% ▰▰▰▰▱▱▱"))
    harness.add([], phase: .running, serverCount: 3)
    #expect(harness.text.contains("scanning, still growing"))
  }

  @Test func aDeniedScanSaysSoAndHowToGoOn() {
    var harness = Harness()
    harness.send(
      .notice(.scan(ScanProgress(database: 0, phase: .denied, denial: Denial(command: "SCAN", missingRule: "+scan")))))
    #expect(harness.text.contains("✗ SCAN needs +scan: O opens a name"))
  }

  @Test func theFilterIsAppliedAsOneTypes() {
    var harness = Harness(names)
    harness.type("/us")
    #expect(harness.state.list.query.filter == NameFilter(text: Array("us".utf8)))
    harness.giveRows()
    #expect(harness.text.contains("3 of 6 match"))
    harness.press(.enter)
    #expect(harness.state.prompt == nil)
    #expect(harness.state.list.filter == Array("us".utf8))
    harness.press(.escape)
    #expect(harness.state.list.query.filter == nil)
  }

  @Test func escapeInTheFieldClearsTheFilter() {
    var harness = Harness(names)
    harness.type("/us")
    harness.press(.escape)
    #expect(harness.state.list.filter.isEmpty)
  }

  @Test func aFilterIsTypedUnderTheEscapeRule() {
    var harness = Harness(names)
    harness.type("/\\xff")
    #expect(harness.state.list.filter == [0xff])
  }

  @Test func theTypeMenuFiltersAndSweeps() {
    var harness = Harness(names)
    harness.type("fh")
    #expect(harness.state.list.query.kind == .hash)
    #expect(harness.requests(.sweep) == [.sweep(.type)])
    harness.type("fv")
    #expect(harness.state.list.query.expiry == .volatile)
    harness.type("fa")
    #expect(harness.state.list.query.kind == nil)
    #expect(harness.state.list.query.expiry == .any)
  }

  @Test func anAnswerOfAnOldGenerationIsDropped() {
    var harness = Harness(names)
    let old = harness.state.generations[.rows] ?? 0
    harness.press(.enter)
    var empty = KeyIndex()
    empty.settle()
    harness.send(
      .answer(.rows, generation: old, .rows(RowList(index: empty, query: harness.state.list.query), version: 99)))
    #expect(harness.state.list.count > 0)
  }

  @Test func factsOfAnotherDatabaseAreDropped() {
    var harness = Harness(["a"])
    let old = harness.state.generations[.facts] ?? 0
    harness.answer(.database, .selected(database: 1))
    let facts = KeyFacts(name: KeyName("a"), type: .known(.string), deadline: .known(.persistent))
    harness.send(.answer(.facts, generation: old, .facts([facts], clock: Harness.clock)))
    #expect(harness.state.list.seen[KeyName("a")] == nil)
    #expect(harness.state.database == 1)
  }

  @Test func openByNameNeedsNoScan() {
    var harness = Harness()
    harness.press(.character("O"))
    harness.type("a\\x00b")
    harness.press(.enter)
    #expect(harness.requests(.value).last == .open(KeyName([0x61, 0, 0x62]), pageLength: 200))
    #expect(harness.state.focus == .value)
  }

  @Test func databasesAreListedAndSwitched() {
    var harness = Harness(names)
    harness.type("b")
    harness.answer(
      .databases,
      .databases([
        DatabaseFacts(number: 0, keys: 6, volatileKeys: 1, averageTTL: 61_000),
        DatabaseFacts(number: 5, keys: 1_234, volatileKeys: 0, averageTTL: 0),
      ]))
    #expect(harness.row("db5").contains("1,234"))
    #expect(harness.row("db0 ").contains("0"))
    harness.press(.down, .enter)
    #expect(harness.requests(.database).last == .select(database: 5))
  }

  @Test func theTrailLeadsBack() {
    var harness = Harness(["a", "b", "c"])
    harness.press(.enter, .escape, .down, .down, .control("o"))
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("a")))
  }

  @Test func aPasteOutsideAFieldDoesNothing() {
    var harness = Harness(names)
    let before = harness.state.list.cursor
    harness.send(.paste(Array("jjq\n".utf8)))
    #expect(harness.state.list.cursor == before)
    #expect(!harness.effects.contains(.quit(status: 0)))
    #expect(harness.text.contains("pasted text was not used"))
  }

  @Test func aPasteInAFieldIsText() {
    var harness = Harness(names)
    harness.type("/")
    harness.send(.paste(Array("a\nb".utf8)))
    #expect(harness.state.list.filter == Array("a\nb".utf8))
  }

  @Test func quitKeys() {
    var harness = Harness(names)
    harness.type("/")
    harness.press(.control("c"))
    #expect(!harness.effects.contains(.quit(status: 0)))
    harness.press(.control("c"))
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  @Test func namesOfAnyShapeAreDrawn() {
    let long = String(repeating: "x", count: 65_536)
    let deep = String(repeating: ":", count: 300)
    var harness = Harness(["", ":", "::a", long, deep, "a:", "\u{202e}evil", "tab\there"])
    harness.press(.character("v"))
    harness.giveRows()
    let text = harness.text
    #expect(text.contains("\\xe2\\x80\\xaeevil"))
    #expect(text.contains("tab\\x09here"))
    #expect(text.contains("(empty)"))
    harness.press(.end)
    _ = harness.frame()
  }
}

@Suite("Between a question and its answer")
struct OvertakingTests {
  @Test func keysTypedBeforeTheNewRowsActOnThem() {
    var harness = Harness(["cart:1", "user:1"])
    harness.press(.enter, .down)
    #expect(harness.state.list.cursor == .folder(KeyName("cart:")))
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("cart:1")))
  }

  @Test func heldKeysThatLayOutAgainHoldTheRest() {
    var harness = Harness(["a:b:1", "user:1"])
    harness.press(.enter, .down, .enter, .down)
    harness.giveRows()
    #expect(harness.state.list.cursor == .folder(KeyName("a:b:")))
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("a:b:1")))
  }

  @Test func rowsThatDoNotComeHoldNoKeyForLong() {
    var harness = Harness(["cart:1", "user:1"])
    harness.press(.enter, .down)
    harness.advance(State.longestHold)
    #expect(harness.state.list.cursor == .folder(KeyName("user:")))
  }

  @Test func aScanMayRunAheadOfItsDatabase() {
    var harness = Harness(["a"])
    harness.type("b5")
    harness.press(.enter)
    let progress = ScanProgress(database: 5, phase: .done, keys: 1, version: 9, scanned: 1, serverCount: 1)
    harness.send(.notice(.scan(progress)))
    #expect(harness.state.list.scan.database == 0)
    harness.answer(.database, .selected(database: 5))
    #expect(harness.state.list.scan == progress)
  }

  @Test func whatTheServerDoesNotPushIsPolledAndSaidToBe() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.advance(State.rereadPause)
    harness.send(.notice(.tracking(false)))
    #expect(harness.text.contains("[POLL]"))
    harness.send(.notice(.tracking(true)))
    #expect(!harness.text.contains("[POLL]"))
  }
}

@Suite("What a struggling server does to the list")
struct TroubleTests {
  @Test func aScanThatIsToldBeforeItsSelectionIsNotLost() {
    var state = State(setup: Setup(endpointName: "h:1"), size: Size(width: 80, height: 24), monotonic: 0, wall: 0)
    _ = Browser.start(&state)
    let progress = ScanProgress(database: 0, phase: .done, keys: 2, version: 3, scanned: 2, serverCount: 2)
    _ = Browser.reduce(&state, .notice(.scan(progress)))
    _ = Browser.reduce(
      &state, .answer(.database, generation: state.generations[.database] ?? 0, .selected(database: 0)))
    #expect(state.list.scan == progress)
  }

  @Test func aScanThatTheServerRefusesForNowSaysWhy() {
    var harness = Harness()
    let why = Array("MASTERDOWN Link with MASTER is down\u{1b}[2J".utf8)
    harness.send(.notice(.scan(ScanProgress(database: 0, phase: .running, version: 7, trouble: why))))
    harness.giveRows()
    #expect(harness.text.contains("no keys yet: MASTERDOWN Link with MASTER is down\\x1b[2J"))
    #expect(!harness.text.contains("has no keys"))
  }

  @Test func aRefusedBatchIsAskedAgainAfterAPause() {
    var harness = Harness(["a"])
    let busy = Failure(kind: .server, what: "reading", why: Array("BUSY".utf8), nextStep: "")
    harness.answer(.facts, .failed(busy))
    harness.forgetEffects()
    for _ in 0..<9 { harness.advance(100) }
    #expect(harness.requests(.facts).isEmpty)
    harness.advance(200)
    #expect(harness.requests(.facts).count == 1)
  }

  @Test func aServerThatOwesTheHeaderIsNotShownAsLive() {
    var harness = Harness(["a"])
    harness.advance(1_500)
    #expect(!harness.text.contains("[STALE]"))
    harness.advance(2_500)
    #expect(harness.text.contains("[STALE]"))
    #expect(harness.text.contains("no answer for"))
  }

  @Test func aKeyOpenedByNameGetsTheCursorWhenTheListHasIt() {
    var harness = Harness(["live:a", "live:z"])
    harness.type("Olive:m")
    harness.press(.enter)
    harness.giveRows()
    harness.add(["live:m"])
    #expect(harness.state.list.cursor == .key(KeyName("live:m")))
  }

  @Test func anotherDatabaseStartsWithoutTheFilter() {
    var harness = Harness(["a"], setup: Setup(endpointName: "h", filter: Array("a".utf8)))
    #expect(harness.state.list.filter == Array("a".utf8))
    harness.answer(.database, .selected(database: 2))
    #expect(harness.state.list.filter.isEmpty)
  }

  @Test func databasesAreReachedByNumber() {
    var harness = Harness(["a"])
    harness.type("b15")
    harness.press(.enter)
    #expect(harness.requests(.database).last == .select(database: 15))
  }
}
