import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("The mouse")
struct MouseTests {
  private func harness(_ names: [String] = (10..<70).map { "key\($0)" }) -> Harness {
    var harness = Harness(names)
    harness.press(.character("m"))
    return harness
  }

  @Test func isOffUntilAskedFor() {
    var harness = Harness((10..<70).map { "key\($0)" })
    harness.send(.mouse(MouseEvent(.press, x: 5, y: 8)))
    harness.send(.mouse(MouseEvent(.wheelDown, x: 5, y: 8)))
    #expect(harness.state.list.viewport.cursor == 0)
    harness.forgetEffects()
    harness.press(.character("m"))
    #expect(harness.effects.contains(.mouse(isOn: true)))
    #expect(harness.text.contains("Shift with a drag selects text"))
    harness.press(.character("m"))
    #expect(harness.effects.contains(.mouse(isOn: false)))
    harness.send(.mouse(MouseEvent(.press, x: 5, y: 8)))
    #expect(harness.state.list.viewport.cursor == 0)
  }

  @Test func canBeOnFromTheStart() {
    let harness = Harness(["a"], setup: Setup(endpointName: "h", usesMouse: true))
    #expect(harness.state.isMouseOn)
  }

  @Test func aClickGoesToTheRowAndAnotherOpensIt() {
    var harness = harness()
    let row = harness.frame().trimmedRows().firstIndex { $0.contains("key15") }
    harness.send(.mouse(MouseEvent(.press, x: 9, y: row ?? 0)))
    #expect(harness.state.list.cursor == .key(KeyName("key15")))
    #expect(harness.state.focus == .list)
    harness.send(.mouse(MouseEvent(.press, x: 9, y: row ?? 0)))
    #expect(harness.state.focus == .value)
    #expect(harness.state.value.key == KeyName("key15"))
    harness.send(.mouse(MouseEvent(.press, x: 9, y: 5)))
    #expect(harness.state.focus == .list)
  }

  @Test func aClickOpensAndClosesAFolder() {
    var harness = harness(["dir:1", "dir:2", "z"])
    harness.send(.mouse(MouseEvent(.press, x: 9, y: 3)))
    harness.giveRows()
    #expect(harness.text.contains("▾ dir:"))
    harness.send(.mouse(MouseEvent(.press, x: 9, y: 3)))
    harness.giveRows()
    #expect(harness.text.contains("▸ dir:"))
  }

  @Test func theWheelMovesWhatIsUnderIt() {
    var harness = harness()
    harness.press(.enter)
    let fields = (10..<90).map { HashPage.Field(name: Array("f\($0)".utf8), value: Array("v".utf8)) }
    harness.open("key10", .hash, .hash(HashPage(length: 80, fields: fields, next: 0)), length: 80)
    harness.send(.mouse(MouseEvent(.wheelDown, x: 100, y: 10)))
    guard case .collection(let view) = harness.state.value.content else {
      Issue.record("no hash is open")
      return
    }
    #expect(view.viewport.cursor == 3)
    harness.send(.mouse(MouseEvent(.wheelDown, x: 3, y: 10)))
    #expect(harness.state.list.viewport.cursor == 3)
    harness.send(.mouse(MouseEvent(.wheelUp, x: 3, y: 10)))
    #expect(harness.state.list.viewport.cursor == 0)
  }

  @Test func aClickInTheValueGoesToTheElementAndAnotherOpensIt() {
    var harness = harness()
    harness.press(.enter)
    let fields = (10..<30).map { HashPage.Field(name: Array("f\($0)".utf8), value: Array("v".utf8)) }
    harness.open("key10", .hash, .hash(HashPage(length: 20, fields: fields, next: 0)), length: 20)
    let row = harness.frame().trimmedRows().firstIndex { $0.contains("f14") } ?? 0
    harness.send(.mouse(MouseEvent(.press, x: 80, y: row)))
    harness.send(.mouse(MouseEvent(.press, x: 80, y: row)))
    #expect(harness.text.contains("field f14"))
  }

  /// Where this text begins on the screen.
  private func place(of words: String, in harness: Harness) throws -> (x: Int, y: Int) {
    let rows = harness.frame().textRows()
    let y = try #require(rows.firstIndex { $0.contains(words) })
    let range = try #require(rows[y].firstRange(of: words))
    return (TextWidth.cells(rows[y][..<range.lowerBound]), y)
  }

  @Test func pressesButtonsOnceTheyAreThere() throws {
    var harness = harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.press(.character("d"))
    harness.answer(.survey, .survey(Survey(facts: [KeyFacts(name: KeyName("a"), type: .known(.string))])))
    harness.forgetEffects()
    let (x, y) = try place(of: "[Delete]", in: harness)
    harness.send(.mouse(MouseEvent(.press, x: x, y: y)))
    #expect(harness.requests(.write).isEmpty, "not before it was there for a while")
    harness.advance(200)
    harness.send(.mouse(MouseEvent(.press, x: x - 1, y: y)))
    #expect(harness.requests(.write).isEmpty, "beside it")
    harness.send(.mouse(MouseEvent(.press, x: x + 7, y: y)))
    #expect(harness.requests(.write).count == 1)
  }

  @Test func choosesInMenusAndForms() throws {
    var harness = harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.press(.character("f"))
    var (x, y) = try place(of: "hashes", in: harness)
    harness.send(.mouse(MouseEvent(.press, x: x, y: y)))
    #expect(harness.state.list.query.kind == .hash)
    harness.press(.escape)
    harness.giveRows()
    harness.press(.character("t"))
    harness.type("90s")
    harness.forgetEffects()
    (x, y) = try place(of: "[Save]", in: harness)
    harness.send(.mouse(MouseEvent(.press, x: x, y: y)))
    #expect(harness.requests(.write).count == 1)
  }

  @Test func pressesNothingBesideAnOverlay() {
    var harness = harness()
    harness.tell([("key10", .string, nil)])
    harness.press(.character("?"))
    harness.send(.mouse(MouseEvent(.press, x: 9, y: 8)))
    #expect(harness.state.list.viewport.cursor == 0)
    harness.send(.mouse(MouseEvent(.wheelDown, x: 9, y: 8)))
    guard case .help(let viewport)? = harness.state.overlay else {
      Issue.record("the help is gone")
      return
    }
    #expect(viewport.top == 3)
  }
}
