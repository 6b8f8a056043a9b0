import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

/// What a filter shows while it is typed: what it found, the first rows before the others, the cursor on its key.
@Suite("Filter as you type")
struct FilterTests {
  private static let names = ["app:session:1", "bus\u{1b}er", "cart:user:7", "user:1", "user:2", "한user"]

  /// The cells with the role `.match` of the row that holds these words, without the title's.
  private func found(_ harness: Harness, _ words: String) -> String {
    let frame = harness.frame()
    guard
      let y = (1..<frame.size.height).first(where: { y in
        frame.row(y).filter { !$0.isContinuation }.map(\.glyph.string).joined().contains(words)
      })
    else { return "no row" }
    return frame.row(y).filter { $0.role == .match && !$0.isContinuation }.map(\.glyph.string).joined()
  }

  private func filtered(_ text: String, layout: ListQuery.Layout = .flat, names: [String] = Self.names) -> Harness {
    var harness = Harness(names, setup: Setup(endpointName: "h:1", previewDelay: nil))
    if layout == .flat {
      harness.type("v")
      harness.giveRows()
    }
    harness.type("/" + text)
    harness.giveRows()
    return harness
  }

  @Test func whatWasFoundIsShown() {
    #expect(found(filtered("SER:"), "user:1") == "no row")
    #expect(found(filtered("ser:"), "user:1") == "ser:")
    #expect(found(filtered("us"), "한user") == "us")
    #expect(found(filtered("\\x1b"), "bus") == "\\x1b")
    #expect(found(filtered("~ur1"), "user:1") == "ur1")
    #expect(found(filtered("user:*"), "user:2") == "user:")
  }

  @Test func aTreeShowsThePartThatEachRowHas() {
    var harness = filtered("er:2", layout: .tree)
    #expect(found(harness, "▸ user:") == "er:")
    harness.press(.enter, .down, .enter)
    harness.giveRows()
    #expect(found(harness, "▾ user:") == "er:")
    #expect(found(harness, "    2") == "2")
  }

  @Test func aLongNameShowsWhatIsLeftOfIt() {
    let name = "start" + String(repeating: "x", count: 200) + "finish"
    #expect(found(filtered("start", names: [name]), "start") == "start")
    #expect(found(filtered("finish", names: [name]), "start") == "finish")
    let endless = String(repeating: "y", count: 4_000) + "finish"
    #expect(found(filtered("finish", names: [endless]), "yyy") == "finish")
  }

  /// Rows that were made for another filter show what that found, until the new ones are there.
  @Test func oldRowsStayAsTheyWere() {
    var harness = filtered("us")
    harness.type("er:2")
    #expect(found(harness, "user:1") == "us")
    harness.giveRows()
    #expect(found(harness, "user:1") == "no row")
    #expect(found(harness, "user:2") == "user:2")
  }

  @Test(arguments: SnapshotTests.sizes) func pictures(size: Size) throws {
    var harness = Harness(
      ["config", "feed:events", "session:eu:8f2c", "session:us:77aa", "s\u{1b}ess:x", "삼sess", "user:session"],
      size: size, setup: Setup(endpointName: "10.2.0.14:6379", previewDelay: nil))
    harness.type("/ess")
    harness.giveRows()
    try Snapshot.check(harness, "filter-tree")
    harness.press(.enter)
    harness.type("v")
    harness.giveRows()
    try Snapshot.check(harness, "filter-flat")
    harness.press(.escape)
    harness.giveRows()
    harness.type("/~sus")
    harness.giveRows()
    try Snapshot.check(harness, "filter-fuzzy", glyphs: .ascii)
  }

  // MARK: - Best first

  @Test func aFuzzyFilterListsTheBestFirst() {
    let names = ["a:userlike", "log:u-s-e-r", "user", "user:1", "xuser"]
    var harness = filtered("~user", layout: .tree, names: names)
    #expect(harness.text.contains("~user  best first"))
    let rows = harness.state.list.rows
    #expect(
      (0..<(rows?.count ?? 0)).compactMap { rows?[$0].id.name } == [
        KeyName("user"), KeyName("user:1"), KeyName("a:userlike"), KeyName("log:u-s-e-r"), KeyName("xuser"),
      ])
    #expect(harness.state.list.cursor == .key(KeyName("user")))
    // The tree is back without it.
    harness.press(.escape)
    harness.giveRows()
    #expect(!harness.text.contains("best first"))
    #expect(harness.text.contains("▸ user:"))
  }

  @Test func eachLetterGoesToTheBest() {
    var harness = filtered("~", names: ["aab", "ab", "axb", "ba"])
    harness.press(.down, .down)
    #expect(harness.state.list.cursor == .key(KeyName("axb")))
    harness.type("a")
    harness.giveRows()
    harness.type("b")
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("ab")))
    #expect(harness.state.list.viewport.cursor == 0)
    harness.press(.backspace, .backspace)
    harness.type("ba")
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("ba")) && harness.state.list.viewport.cursor == 0)
  }

  // MARK: - Parts

  private func part(_ harness: Harness, stopAfter: Int = 1) -> Answer {
    .rows(
      RowList(index: harness.index, query: harness.state.rowsQuery, stopAfter: stopAfter), version: harness.version)
  }

  /// Enough names for more than one block.
  private static let many = (0..<140_000).map { "k:\($0)" }

  @Test func aPartIsSaidToBeOneAndTheRestIsAskedFor() throws {
    var harness = Harness(Self.many, setup: Setup(endpointName: "h:1", previewDelay: nil))
    harness.forgetEffects()
    harness.type("/9")
    let query = harness.state.rowsQuery
    #expect(harness.requests(.rows) == [.rows(query, .first)])
    harness.answer(.rows, part(harness))
    #expect(harness.requests(.rows).last == .rows(query, .rest))
    #expect(harness.text.contains("+ · "))
    #expect(harness.text.contains("+ match so far"))
    #expect(harness.row("▸ k:").contains("+"))
    #expect(!Browser.isIdle(harness.state))
    // Not all are there to be marked.
    harness.press(.enter)
    harness.type("*")
    #expect(harness.state.list.marked.isEmpty && harness.text.contains("not all keys that match"))
    harness.giveRows()
    #expect(!harness.text.contains("so far"))
    #expect(harness.text.contains("of 140,000 match"))
    #expect(!harness.row("▸ k:").contains("+"))
    // The same query again is no new list.
    harness.forgetEffects()
    harness.add(["k:another"])
    #expect(harness.requests(.rows).allSatisfy { $0 == .rows(query, .current) })
  }

  @Test func anEmptyPartSaysSo() {
    var harness = Harness(Self.many, setup: Setup(endpointName: "h:1", previewDelay: nil))
    harness.type("/zzz")
    let pass = ListPass(index: harness.index, query: harness.state.rowsQuery)
    harness.answer(.rows, .rows(RowList(pass, isCancelled: { false }), version: harness.version))
    #expect(harness.text.contains("no match so far"))
    harness.giveRows()
    #expect(harness.text.contains("no key matches"))
  }

  @Test func theCursorComesBackToItsKey() {
    var harness = Harness(Self.many, setup: Setup(endpointName: "h:1", previewDelay: nil))
    harness.type("v")
    harness.giveRows()
    harness.press(.end)
    let last = harness.state.list.cursor
    #expect(last == .key(KeyName("k:99999")))
    harness.type("/9")
    harness.answer(.rows, part(harness))
    #expect(harness.state.list.viewport.cursor == 0)
    harness.giveRows()
    #expect(harness.state.list.cursor == last)
    // Who moves meanwhile means it.
    harness.type("9")
    harness.answer(.rows, part(harness))
    harness.press(.down)
    let chosen = harness.state.list.cursor
    harness.giveRows()
    #expect(harness.state.list.cursor == chosen && chosen != last)
  }

  @Test func theCursorStaysWhileItsKeyMatches() {
    var harness = filtered("")
    harness.press(.down, .down, .down)
    #expect(harness.state.list.cursor == .key(KeyName("user:1")))
    for letter in "ser:1" {
      harness.type(String(letter))
      harness.giveRows()
      #expect(harness.state.list.cursor == .key(KeyName("user:1")))
    }
  }
}
