import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// What the server says of changes reaches the screen, once, marked, and nothing else is asked for it.
@Suite("Live view") struct LiveTests {
  private static let setup = Setup(endpointName: "127.0.0.1:6379", previewDelay: nil)

  // MARK: - Reading again

  @Test func aChangeToldWhileTheAnswerIsUnderWayIsReadAgain() {
    var harness = Harness.shown()
    harness.send(.changed("k"))
    harness.send(.changed("k"))
    harness.tell([("k", .string, 60_000)])
    harness.forgetEffects()
    harness.advance(100)
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
    harness.tell([("k", .string, 30_000)])
    harness.forgetEffects()
    harness.advance(1_000)
    #expect(harness.requests(.facts).isEmpty)
  }

  @Test func aFirstAnswerUnderWayIsNotTheLastWordEither() {
    var harness = Harness(["k"], setup: Self.setup)
    harness.send(.changed("k"))
    harness.tell([("k", .string, 60_000)])
    harness.forgetEffects()
    harness.advance(100)
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
  }

  @Test func aKeyOffTheScreenIsUnknownAndNothingIsSent() {
    let names = (0..<100).map { "key:\($0 + 100)" }
    var harness = Harness(names, setup: Self.setup)
    harness.type("v")
    harness.giveRows()
    harness.tell(
      harness.state.list.visibleKeys(height: 33).map { (String(decoding: $0.bytes, as: UTF8.self), .string, 60_000) })
    #expect(harness.state.list.seen[KeyName("key:100")] != nil)
    harness.press(.end)
    harness.tell(
      harness.state.list.visibleKeys(height: 33).map { (String(decoding: $0.bytes, as: UTF8.self), .string, 60_000) })
    harness.advance(1_000)
    harness.forgetEffects()
    harness.send(.changed("key:100"))
    harness.advance(200)
    #expect(harness.requests(.facts).isEmpty)
    #expect(harness.state.list.seen[KeyName("key:100")] == nil)
  }

  /// The value is read where one looks, and the cursor stays there.
  @Test func aLongListIsReadAgainAtTheWindowThatIsShown() {
    var harness = Harness.shown()
    func page(_ start: Int, _ word: String) -> ValuePage {
      .list(ListPage(length: 10_000, start: start, elements: (0..<200).map { Array("\(word)\(start + $0)".utf8) }))
    }
    harness.press(.enter)
    harness.open("k", .list, page(0, "old"))
    guard case .collection(var view) = harness.state.value.content else { return }
    view.viewport = Viewport(cursor: 5_003, top: 5_000)
    harness.state.value.content = .collection(view)
    harness.advance(0)
    harness.answer(.value, .page(KeyName("k"), page(4_934, "old"), facts: facts(.list), clock: Harness.clock))
    harness.advance(1_000)
    harness.forgetEffects()
    harness.send(.changed("k"))
    #expect(
      harness.requests(.value) == [
        .open(KeyName("k"), pageLength: 200, window: .elements(start: 4_934, count: 200))
      ])
    harness.open("k", .list, page(4_934, "new"))
    #expect(harness.row("new5003").contains("▌"))
    #expect(!harness.text.contains("old"))
    harness.forgetEffects()
    harness.advance(0)
    #expect(harness.requests(.value).isEmpty)
  }

  private func facts(_ type: KeyType) -> KeyFacts {
    KeyFacts(name: KeyName("k"), type: .known(type), deadline: .known(.persistent), size: .known(612))
  }

  // MARK: - Flush

  @Test func aFlushOfAnotherDatabaseReadsTheScreenAgainAndNoMore() {
    var harness = Harness.shown()
    harness.send(.notice(.flushed))
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
    harness.tell([("k", .string, 59_000)])
    harness.tellCount(1)
    #expect(harness.requests(.scan).isEmpty)
    #expect(!harness.text.contains("flushed"))
  }

  @Test func aFlushThatTookKeysScansAgain() {
    var harness = Harness.shown()
    harness.send(.notice(.flushed))
    harness.tellCount(0)
    #expect(harness.requests(.scan) == [.rescan])
    #expect(harness.text.contains("flushed"))
  }

  /// Another database that is flushed all the time costs a count ten times a second, not a thousand times.
  @Test func aStormOfFlushesIsPaced() {
    var harness = Harness.shown()
    harness.tellCount(1)
    harness.forgetEffects()
    for _ in 0..<1_000 {
      harness.send(.notice(.flushed))
      harness.advance(1)
      if harness.state.owed.contains(.facts) { harness.tell([("k", .string, 50_000)]) }
      if harness.state.owed.contains(.header) { harness.tellCount(1) }
    }
    #expect(harness.requests(.header).count <= 11)
    #expect(harness.requests(.facts).count <= 11)
    #expect(harness.requests(.scan).isEmpty)
  }

  /// SWAPDB is told to nobody, but the count tells of most of them.
  @Test func aCountThatJumpsHasTheScreenReadAgain() {
    var harness = Harness.shown()
    harness.tellCount(1)
    harness.advance(1_000)
    harness.forgetEffects()
    harness.tellCount(5_000)
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
    #expect(harness.requests(.scan).isEmpty)
    harness.tell([("k", .string, 50_000)])
    harness.advance(1_000)
    harness.forgetEffects()
    harness.tellCount(0)
    #expect(harness.requests(.scan) == [.rescan])
    for keys in [Int.max, .min, .max, -1, 0] { harness.tellCount(keys) }
  }

  /// A key that is pushed all the time and does not change (the server's table of tracked keys is too small for the
  /// screen, or it is another database's) is read less often; as soon as it does change, at once again.
  @Test func pushesWithoutAChangeAreReadLessOften() {
    var harness = Harness.shown()
    let facts = harness.state.list.seen[KeyName("k")]?.facts
    func storm(_ harness: inout Harness, changing: Bool) -> Int {
      harness.forgetEffects()
      for step in 0..<2_000 {
        harness.send(.changed("k"))
        harness.advance(1)
        guard harness.state.owed.contains(.facts), var facts else { continue }
        if changing { facts.size = .known(1_000 + step) }
        harness.answer(.facts, .facts([facts], clock: Harness.clock))
      }
      return harness.requests(.facts).count
    }
    #expect(storm(&harness, changing: false) <= 6)
    #expect((18...21).contains(storm(&harness, changing: true)))
  }

  /// A deadline that moves by less than the clocks are known to differ is a change all the same.
  @Test func aMillisecondIsAChange() {
    var harness = Harness.shown()
    var clock = ServerClock()
    clock.observe(
      expireTime: Harness.wall + 60_000, pttl: 60_000, sentAt: harness.state.now - 20, receivedAt: harness.state.now)
    var reads: Int64 = 0
    harness.forgetEffects()
    for _ in 0..<2_000 {
      harness.send(.changed("k"))
      harness.advance(1)
      guard harness.state.owed.contains(.facts), var facts = harness.state.list.seen[KeyName("k")]?.facts else {
        continue
      }
      reads += 1
      facts.deadline = .known(.at(Harness.wall + 900_000 + reads))
      harness.answer(.facts, .facts([facts], clock: clock))
    }
    #expect(reads >= 18)
  }

  /// More may be listed than there are: keys that went where nobody was looking.
  @Test func theTitleSaysHowTheListDiffersFromTheServer() {
    var harness = Harness.shown(["a", "b"])
    #expect(harness.text.contains("all 2 keys"))
    harness.tellCount(3)
    #expect(harness.text.contains("2 of 3 keys · R rescans"))
    harness.tellCount(1)
    #expect(harness.text.contains("1 keys, 2 listed · R rescans"))
    // What is shown as gone is not listed any more, and what a second generation has left out is not counted twice.
    harness.send(.changed("a"))
    harness.answer(.facts, .facts([KeyFacts(name: KeyName("a"), type: .known(nil))], clock: Harness.clock))
    #expect(harness.text.contains("all 1 keys"))
    harness.index = KeyIndex()
    harness.add(["b"])
    #expect(harness.text.contains("all 1 keys"))
  }

  @Test func readingAgainIsAboutTheValueToo() {
    var harness = Harness.shown()
    harness.press(.enter)
    harness.open("k", .string, .string(StringPage(length: 3, offset: 0, bytes: Array("old".utf8))))
    harness.press(.tab)
    harness.tellCount(1)
    harness.advance(1_000)
    harness.forgetEffects()
    harness.type("R")
    #expect(harness.requests(.value).count == 1)
    #expect(harness.requests(.scan) == [.rescan])
  }

  /// Elements that are put in or taken out before the one under the cursor move it, and the cursor with it.
  @Test func theCursorStaysOnItsElementOfAList() {
    var harness = Harness.shown()
    func list(_ range: Range<Int>) -> ValuePage {
      .list(ListPage(length: range.count, start: 0, elements: range.map { Array("item\($0)".utf8) }))
    }
    harness.press(.enter)
    harness.open("k", .list, list(10..<60))
    harness.press(.down, .down)
    #expect(harness.row("▌").contains("STR") || harness.text.contains("▌    2  item12"))
    harness.open("k", .list, list(7..<60))
    #expect(harness.text.contains("▌    5  item12"))
    // At the head what comes is seen.
    #expect(harness.text.contains("    0  item7"))
    harness.open("k", .list, list(11..<60))
    #expect(harness.text.contains("▌    1  item12"))
    harness.press(.end)
    #expect(harness.text.contains("item59"))
    let before = harness.text.split(separator: "\n").filter { $0.contains("item") }.count
    harness.open("k", .list, list(10..<60))
    #expect(harness.text.split(separator: "\n").filter { $0.contains("item") }.count == before)
    #expect(harness.text.contains("▌   49  item59"))
  }
}
