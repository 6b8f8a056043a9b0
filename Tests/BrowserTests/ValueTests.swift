import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("The value pane")
struct ValueTests {
  private func hash(_ count: Int, of total: Int? = nil, from start: Int = 0, next: UInt64 = 0) -> ValuePage {
    .hash(
      HashPage(
        length: total ?? count,
        fields: (start..<start + count).map {
          HashPage.Field(name: Array("field\($0)".utf8), value: Array("value\($0)".utf8))
        }, next: next))
  }

  @Test func aKeyIsPreviewedAfterTheCursorRested() {
    var harness = Harness(["a", "b"])
    harness.advance(119)
    #expect(harness.requests(.value).isEmpty)
    harness.advance(1)
    #expect(harness.requests(.value) == [.open(KeyName("a"), pageLength: 200)])
  }

  @Test func aRunningScanDoesNotPutThePreviewOff() {
    var harness = Harness(["a"])
    for number in 1...4 {
      harness.advance(30)
      harness.add(["b\(number)"], phase: .running)
    }
    #expect(harness.requests(.value) == [.open(KeyName("a"), pageLength: 200)])
  }

  @Test func withPreviewOffOnlyEnterReads() {
    var harness = Harness(["a"], setup: Setup(endpointName: "h", previewDelay: nil))
    harness.advance(10_000)
    #expect(harness.requests(.value).isEmpty)
    harness.press(.enter)
    #expect(harness.requests(.value).count == 1)
  }

  @Test func theWholeNameIsOnTheFirstLines() {
    let name = String(repeating: "abcdefghij", count: 12)
    var harness = Harness([name])
    harness.press(.enter)
    harness.open(name, .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])))
    let pane = harness.frame().textRows().map { String($0.dropFirst(69)) }.joined()
    let letters = pane.filter { $0.isLetter && $0.isLowercase }
    #expect(letters.contains(String(repeating: "abcdefghij", count: 12)))
  }

  @Test func aBigHashIsReadOnAsOneScrolls() {
    var harness = Harness(["h"])
    harness.press(.enter)
    harness.open("h", .hash, hash(200, of: 1_000, next: 77), length: 1_000)
    #expect(harness.text.contains("1/200 loaded of 1,000"))
    harness.forgetEffects()
    harness.press(.end)
    #expect(harness.requests(.value) == [.page(KeyName("h"), .hash, .fields(cursor: 77, matching: nil))])
    harness.answer(
      .value,
      .page(KeyName("h"), hash(200, of: 1_000, from: 200, next: 0), facts: harness.facts("h"), clock: Harness.clock))
    #expect(harness.text.contains("200/1,000"))
  }

  @Test func fieldsThatHScanTellsTwiceAreShownOnce() {
    var harness = Harness(["h"])
    harness.press(.enter)
    harness.open("h", .hash, hash(20, next: 5), length: 30)
    harness.answer(.value, .page(KeyName("h"), hash(20, from: 10), facts: harness.facts("h"), clock: Harness.clock))
    guard case .collection(let view) = harness.state.value.content else { return #expect(Bool(false)) }
    #expect(view.elements.count == 30)
  }

  @Test func fieldsAreFilteredOnTheServerWithTheirGlobSignsEscaped() {
    var harness = Harness(["h"])
    harness.press(.enter)
    harness.open("h", .hash, hash(20, next: 5), length: 1_000)
    harness.type("/a*b")
    harness.press(.enter)
    #expect(
      harness.requests(.value).last
        == .page(KeyName("h"), .hash, .fields(cursor: 0, matching: Array("*a\\*b*".utf8))))
    harness.answer(
      .value, .page(KeyName("h"), hash(0, of: 1_000, next: 9), facts: harness.facts("h"), clock: Harness.clock))
    #expect(
      harness.requests(.value).last
        == .page(KeyName("h"), .hash, .fields(cursor: 9, matching: Array("*a\\*b*".utf8))))
  }

  @Test func anyIndexOfAListIsReached() {
    var harness = Harness(["l"])
    harness.press(.enter)
    let elements = (0..<200).map { Array("e\($0)".utf8) }
    harness.open("l", .list, .list(ListPage(length: 1_000_000, start: 0, elements: elements)), length: 1_000_000)
    harness.forgetEffects()
    harness.type("/500000")
    harness.press(.enter)
    guard case .page(_, .list, .elements(let start, let count))? = harness.requests(.value).last else {
      return #expect(Bool(false))
    }
    #expect((start..<start + count).contains(500_000))
    harness.press(.end)
    #expect(harness.text.contains("1,000,000/1,000,000"))
  }

  @Test func aSetAnswersMembership() {
    var harness = Harness(["s"])
    harness.press(.enter)
    harness.open("s", .set, .set(SetPage(length: 1, members: [Array("m".utf8)], next: 0)), length: 1)
    harness.type("/x y")
    harness.press(.enter)
    #expect(harness.requests(.question) == [.isMember(KeyName("s"), member: Array("x y".utf8))])
    harness.answer(.question, .membership(KeyName("s"), member: Array("x y".utf8), isMember: false))
    #expect(harness.text.contains("x y is not a member"))
  }

  @Test func sortedSetsJumpToScoreRankAndMember() {
    var harness = Harness(["z"])
    harness.press(.enter)
    let entries = (0..<50).map { SortedSetPage.Entry(member: Array("m\($0)".utf8), score: Array("\($0).5".utf8)) }
    harness.open("z", .sortedSet, .sortedSet(SortedSetPage(length: 50, start: 0, reverse: false, entries: entries)))
    harness.type("/#7")
    harness.press(.enter)
    #expect(harness.row("7.5").contains("▌"))
    harness.type("/@20")
    harness.press(.enter)
    #expect(harness.requests(.question) == [.rank(KeyName("z"), .score(Array("20".utf8)), reverse: false)])
    harness.answer(.question, .rank(KeyName("z"), 20))
    #expect(harness.row("20.5").contains("▌"))
    harness.type("od")
    #expect(
      harness.requests(.value).last == .page(KeyName("z"), .sortedSet, .ranks(start: 0, count: 200, reverse: true)))
  }

  @Test func jsonIsPrettyAndKeepsItsNumbers() {
    var harness = Harness(["j"])
    harness.press(.enter)
    let json = Array(#"{"id":12345678901234567890,"price":41.90,"a":[1,2]}"#.utf8)
    harness.open("j", .string, .string(StringPage(length: json.count, offset: 0, bytes: json)))
    #expect(harness.text.contains("12345678901234567890"))
    #expect(harness.text.contains("41.90"))
    harness.type("oh")
    #expect(harness.text.contains("7b 22 69 64"))
    harness.type("ot")
    #expect(harness.text.contains(#"{"id":12345678901234567890"#))
  }

  @Test func aLongStringIsReadInWindows() {
    var harness = Harness(["s"])
    harness.press(.enter)
    let window = [UInt8](repeating: 0x61, count: StringView.window)
    harness.open("s", .string, .string(StringPage(length: 512 << 20, offset: 0, bytes: window)))
    harness.type("oh")
    harness.forgetEffects()
    harness.press(.end)
    guard case .page(_, .string, .bytes(let offset, let length))? = harness.requests(.value).last else {
      return #expect(Bool(false))
    }
    #expect(length <= StringView.window)
    #expect(offset + length >= 512 << 20)
  }

  @Test func aSearchReadsOnUntilItHits() {
    var harness = Harness(["s"])
    harness.press(.enter)
    let window = [UInt8](repeating: 0x61, count: StringView.window)
    harness.open("s", .string, .string(StringPage(length: 3 * StringView.window, offset: 0, bytes: window)))
    harness.type("/needle")
    harness.press(.enter)
    var hay = window
    hay.replaceSubrange(100..<106, with: Array("needle".utf8))
    guard case .page(_, _, .bytes(let offset, _))? = harness.requests(.value).last else { return #expect(Bool(false)) }
    harness.answer(
      .value,
      .page(
        KeyName("s"), .string(StringPage(length: 3 * StringView.window, offset: offset, bytes: hay)),
        facts: harness.facts("s"), clock: Harness.clock))
    #expect(harness.text.contains("needle"))
    #expect(!harness.state.value.isSearching)
  }

  @Test func anElementOpensAlone() {
    var harness = Harness(["h"])
    harness.press(.enter)
    harness.open("h", .hash, hash(3), length: 3)
    harness.press(.down, .enter)
    #expect(harness.text.contains("hash  field field1"))
    harness.press(.character("h"))
    #expect(harness.state.value.detail == nil)
    #expect(harness.state.focus == .value)
  }

  @Test func aReReadKeepsTheCursor() {
    var harness = Harness(["h"])
    harness.press(.enter)
    harness.open("h", .hash, hash(30), length: 30)
    harness.press(.down, .down, .down)
    harness.send(.notice(.changed([KeyName("h")])))
    harness.open("h", .hash, hash(31), length: 31)
    guard case .collection(let view) = harness.state.value.content else { return #expect(Bool(false)) }
    #expect(view.viewport.cursor == 3)
    #expect(view.total == 31)
  }

  @Test func aKeyThatIsNotThereIsSaid() {
    var harness = Harness()
    harness.type("Onope")
    harness.press(.enter)
    let facts = KeyFacts(name: KeyName("nope"), type: .known(nil))
    harness.answer(
      .value,
      .opened(
        OpenedKey(facts: facts, inspection: KeyInspection(name: KeyName("nope")), page: nil, clock: Harness.clock)))
    #expect(harness.text.contains("no such key in db0: nope"))
  }

  @Test func aDeniedReadIsNotAnEmptyValue() {
    var harness = Harness(["k"])
    harness.press(.enter)
    let denial = Denial(command: "GETRANGE", missingRule: "+getrange")
    let facts = KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .known(.persistent))
    harness.answer(
      .value,
      .opened(
        OpenedKey(
          facts: facts, inspection: KeyInspection(name: KeyName("k")), page: nil, denial: denial, clock: Harness.clock))
    )
    #expect(harness.text.contains("NOPERM: GETRANGE needs the ACL rule +getrange"))
  }

  @Test func streamsReadFromBothEndsAndListTheirGroups() {
    var harness = Harness(["st"])
    harness.press(.enter)
    let entry = StreamPage.Entry(
      id: StreamID(milliseconds: 1_718_020_931_000, sequence: 0),
      fields: [(name: Array("item".utf8), value: Array("lamp".utf8))])
    let group = StreamPage.Group(name: Array("packers".utf8), consumers: 2, pending: 3, lastDelivered: "1-0", lag: 4)
    harness.open(
      "st", .stream, .stream(StreamPage(length: 1, entries: [entry], groups: .known([group]), reachedEnd: true)))
    #expect(harness.text.contains("1718020931000-0"))
    #expect(harness.text.contains("item=lamp"))
    harness.type("og")
    #expect(harness.text.contains("packers"))
    harness.type("on")
    #expect(harness.requests(.value).last == .page(KeyName("st"), .stream, .entries(from: .last, count: 200)))
  }

  @Test func aLongLineIsReachedFromEndToEnd() {
    var harness = Harness(["s"])
    harness.press(.enter)
    let items = (0..<20_000).map { "<\(String(repeating: "0", count: 9 - String($0).count))\($0)>" }.joined()
    let bytes = Array(items.utf8)
    func page(_ offset: Int) -> ValuePage {
      .string(
        StringPage(
          length: bytes.count, offset: offset,
          bytes: Array(bytes[offset..<min(bytes.count, offset + StringView.window)])))
    }
    func answerAll() {
      for _ in 0..<8 where harness.state.owed.contains(.value) {
        guard case .page(_, _, .bytes(let offset, _))? = harness.requests(.value).last else { return }
        harness.answer(.value, .page(KeyName("s"), page(offset), facts: harness.facts("s"), clock: Harness.clock))
      }
    }
    harness.open("s", .string, page(0))
    harness.press(.end)
    answerAll()
    #expect(harness.text.contains("<000019999>"))
    harness.press(.home)
    answerAll()
    #expect(harness.text.contains("<000000000>"))
    harness.type("/000009000")
    harness.press(.enter)
    answerAll()
    #expect(harness.text.contains("000009000"))
    harness.type("z/000009500")
    harness.press(.enter)
    #expect(harness.text.contains("000009500"))
  }

  @Test func aSearchInPrettyJSONGoesToItsLine() {
    var harness = Harness(["j"])
    harness.press(.enter)
    let json = Array("{\(((0..<200).map { "\"k\($0)\":\($0)" }).joined(separator: ","))}".utf8)
    harness.open("j", .string, .string(StringPage(length: json.count, offset: 0, bytes: json)))
    harness.type("/k150")
    harness.press(.enter)
    #expect(harness.text.contains("\"k150\": 150"))
  }

  @Test func aSearchLooksIntoAnElement() {
    var harness = Harness(["h"])
    harness.press(.enter)
    harness.open("h", .hash, hash(3), length: 3)
    harness.press(.enter)
    harness.type("/alue0")
    harness.press(.enter)
    #expect(harness.frame().roleRows().joined().contains("^^^^^"))
  }

  @Test func theEndOfALongStreamIsItsNewestEntry() {
    var harness = Harness(["st"])
    harness.press(.enter)
    let entries = (1...200).map { StreamPage.Entry(id: StreamID(milliseconds: $0, sequence: 0), fields: []) }
    harness.open(
      "st", .stream, .stream(StreamPage(length: 5_000, entries: entries, groups: .known([]), reachedEnd: false)))
    harness.press(.end)
    #expect(harness.requests(.value).last == .page(KeyName("st"), .stream, .entries(from: .last, count: 200)))
  }

  @Test func bigElementsComeOneByOneUntilTheScreenIsFull() {
    var harness = Harness(["l"])
    harness.press(.enter)
    func page(_ start: Int) -> ValuePage {
      .list(ListPage(length: 100, start: start, elements: [[UInt8]](repeating: [0x61], count: 2)))
    }
    harness.open("l", .list, page(0), length: 100)
    for _ in 0..<100 where harness.state.owed.contains(.value) {
      guard case .page(_, .list, .elements(let start, _))? = harness.requests(.value).last else { break }
      harness.answer(.value, .page(KeyName("l"), page(start), facts: harness.facts("l"), clock: Harness.clock))
    }
    guard case .collection(let view) = harness.state.value.content else { return #expect(Bool(false)) }
    #expect(view.start == 0 && view.elements.count >= harness.state.valueHeight && view.elements.count < 40)
    harness.press(.end)
    guard case .page(_, .list, .elements(let start, _))? = harness.requests(.value).last else {
      return #expect(Bool(false))
    }
    #expect(start == 100 - harness.state.valueHeight)
  }

  @Test func aWindowThatBringsNothingIsAskedForOnce() {
    var harness = Harness(["l"])
    harness.press(.enter)
    harness.open("l", .list, .list(ListPage(length: 1_000, start: 0, elements: [])), length: 1_000)
    for _ in 0..<20 where harness.state.owed.contains(.value) {
      harness.answer(
        .value,
        .page(
          KeyName("l"), .list(ListPage(length: 1_000, start: 0, elements: [])), facts: harness.facts("l"),
          clock: Harness.clock))
    }
    #expect(harness.requests(.value).count == 2)
  }

  /// Its DUMP is shown, and the same key is opened by its name.
  @Test func openingByNameShowsTheValueFromItsBeginning() {
    var harness = Harness(["k"])
    harness.press(.enter)
    harness.open("k", .hash, hash(3), length: 3)
    harness.type("oD")
    harness.answer(.question, .dump(KeyName("k"), .bytes([1, 2, 3], deadline: .known(.persistent))))
    #expect(harness.text.contains("DUMP"))
    harness.type("O")
    harness.type("k")
    harness.press(.enter)
    harness.giveRows()
    harness.open("k", .hash, hash(3), length: 3)
    #expect(harness.state.value.detail == nil)
    #expect(harness.text.contains("field2"))
  }
}

extension Harness {
  func facts(_ name: String) -> KeyFacts {
    state.list.seen[KeyName(name)]?.facts ?? KeyFacts(name: KeyName(name), type: .known(.string))
  }
}
