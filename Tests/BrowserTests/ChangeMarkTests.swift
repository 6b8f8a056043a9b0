import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// What differs from what was read before is marked for two seconds, and an element shown alone goes along.
@Suite("What changed") struct ChangeMarkTests {
  @Test func aNewDeadlineIsMarkedForTwoSeconds() {
    var harness = Harness.shown(["k", "other"])
    harness.send(.changed("k"))
    harness.tell([("k", .string, 3_600_000)])
    #expect(harness.row(" STR ███").contains("◂") || harness.row("1h").contains("◂"))
    #expect(!harness.row("other").contains("◂"))
    harness.advance(1_999)
    #expect(harness.text.contains("◂"))
    harness.advance(1)
    #expect(!harness.text.contains("◂"))
  }

  /// Servers take deadlines up to the last millisecond that a number can tell.
  @Test(arguments: [Int64.max, .max - 1, 0, .min]) func theFurthestDeadlinesAreCompared(deadline: Int64) {
    var harness = Harness.shown()
    var clock = ServerClock()
    clock.observe(
      expireTime: Harness.wall + 60_000, pttl: 60_000, sentAt: harness.state.now - 50, receivedAt: harness.state.now)
    var facts = KeyFacts(
      name: KeyName("k"), type: .known(.string), deadline: .known(.at(deadline)), size: .known(612))
    harness.answer(.facts, .facts([facts], clock: clock))
    harness.advance(3_000)
    harness.answer(.facts, .facts([facts], clock: clock))
    #expect(!harness.text.contains("◂"))
    facts.deadline = .known(.at(Harness.wall + 100_000_000))
    harness.answer(.facts, .facts([facts], clock: clock))
    #expect(harness.text.contains("◂"))
  }

  @Test func whatIsReadAgainUnchangedIsNotMarked() {
    var harness = Harness.shown()
    harness.send(.changed("k"))
    harness.tell([("k", .string, 59_000)])
    #expect(!harness.text.contains("◂"))
  }

  @Test func onlyTheFieldThatChangedIsMarked() {
    var harness = Harness.shown()
    func hash(_ pairs: [(String, String)]) -> ValuePage {
      .hash(
        HashPage(
          length: pairs.count,
          fields: pairs.map { .init(name: Array($0.0.utf8), value: Array($0.1.utf8)) }, next: 0))
    }
    harness.press(.enter)
    harness.open("k", .hash, hash([("name", "ada"), ("age", "thirty-six")]))
    harness.advance(1_000)
    harness.open("k", .hash, hash([("name", "ada"), ("age", "forty"), ("new", "1")]))
    #expect(!harness.row("ada").contains("◂"))
    #expect(harness.row("forty").contains("◂"))
    #expect(harness.row("new").contains("◂"))
    harness.advance(2_000)
    #expect(!harness.row("forty").contains("◂"))
  }

  /// What was moved by an element before it has not changed.
  @Test func aPushedElementIsMarkedAndNotThoseBehindIt() {
    var harness = Harness.shown()
    func list(_ elements: [String]) -> ValuePage {
      .list(ListPage(length: elements.count, start: 0, elements: elements.map { Array($0.utf8) }))
    }
    harness.press(.enter)
    harness.open("k", .list, list(["one", "two", "three"]))
    harness.open("k", .list, list(["zero", "one", "two", "three"]))
    #expect(harness.row("zero").contains("◂"))
    #expect(!harness.row("two").contains("◂"))
    harness.open("k", .list, list(["zero", "one", "TWO", "three"]))
    #expect(harness.row("TWO").contains("◂"))
    #expect(!harness.row("three").contains("◂"))
  }

  @Test(arguments: [
    ("one\ntwo\nthree", "one\nzwei\nthree", ["zwei"], ["one", "three"]),
    ("one\nthree", "one\ntwo\nthree", ["two"], ["one"]),
    ("one\ntwo\nthree", "one\nthree", ["three"], ["one"]),
    (#"{"a":1,"b":2}"#, #"{"a":1,"b":3}"#, [#""b""#], [#""a""#]),
  ])
  func onlyTheLineThatChangedIsMarked(old: String, new: String, marked: [String], plain: [String]) {
    var harness = Harness.shown()
    harness.press(.enter)
    for text in [old, new] {
      harness.open("k", .string, .string(StringPage(length: text.utf8.count, offset: 0, bytes: Array(text.utf8))))
    }
    for word in marked { #expect(harness.row(word).hasSuffix("◂│"), "\(word)") }
    for word in plain { #expect(!harness.row(word).contains("◂"), "\(word)") }
  }

  @Test func aMarkedKeyThatIsGoneIsNotMarkedAnyMore() {
    var harness = Harness.shown(["k", "other"])
    harness.type("*")
    #expect(harness.state.list.marked.count == 2)
    harness.send(.changed("k"))
    harness.answer(.facts, .facts([KeyFacts(name: KeyName("k"), type: .known(nil))], clock: Harness.clock))
    harness.advance(2_000)
    #expect(harness.state.list.marked == [KeyName("other")])
  }

  @Test func theElementThatIsShownAloneIsThatOfNow() {
    var harness = Harness.shown()
    func hash(_ value: String?) -> ValuePage {
      let fields = [("a", "1"), ("f", value), ("z", "2")].compactMap { name, value in
        value.map { HashPage.Field(name: Array(name.utf8), value: Array($0.utf8)) }
      }
      return .hash(HashPage(length: fields.count, fields: fields, next: 0))
    }
    harness.press(.enter)
    harness.open("k", .hash, hash("before"))
    harness.press(.down, .enter)
    #expect(harness.text.contains("field f"))
    harness.advance(1_000)
    harness.forgetEffects()
    harness.send(.changed("k"))
    #expect(harness.requests(.value).count == 1)
    harness.open("k", .hash, hash("after"))
    #expect(harness.text.contains("field f"))
    #expect(harness.text.contains("after") && !harness.text.contains("before"))
    harness.open("k", .hash, hash(nil))
    #expect(!harness.text.contains("field f"))
    #expect(harness.text.contains("gone"))
    // The key itself takes it along.
    harness.press(.enter)
    harness.open("k", .string, .string(StringPage(length: 4, offset: 0, bytes: Array("text".utf8))))
    #expect(harness.text.contains("text") && !harness.text.contains("h goes back"))
  }
}
