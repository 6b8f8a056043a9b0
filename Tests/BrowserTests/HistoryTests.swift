import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("What was typed before") struct HistoryTests {
  private func accept(_ key: Character, _ texts: String..., in harness: inout Harness) {
    for text in texts {
      harness.press(.character(key), .control("u"))
      harness.type(text)
      harness.press(.enter)
    }
  }

  @Test func theFilterRemembers() {
    var harness = Harness(["apple", "pear", "plum"])
    accept("/", "app", "p", "p", "pea", in: &harness)
    #expect(harness.state.list.filter == Array("pea".utf8))
    // Given up: not remembered, and the next field is empty.
    harness.press(.character("/"))
    harness.type("r")
    harness.press(.escape, .character("/"))
    harness.type("dra")
    harness.press(.control("p"))
    #expect(harness.state.prompt?.field.text == "pea")
    #expect(harness.state.list.filter == Array("pea".utf8), "the list follows")
    harness.press(.control("p"))
    #expect(harness.state.prompt?.field.text == "p")
    // What is changed on the way is kept as long as the field is open.
    harness.type("l")
    harness.press(.control("p"), .control("p"), .control("p"))
    #expect(harness.state.prompt?.field.text == "app", "nothing is older, and nothing stands twice")
    harness.press(.control("n"))
    #expect(harness.state.prompt?.field.text == "pl")
    harness.press(.control("_"))
    #expect(harness.state.prompt?.field.text == "p")
    // What was being typed comes back, with its own way back.
    harness.press(.control("n"), .control("n"), .control("n"))
    #expect(harness.state.prompt?.field.text == "dra")
    harness.press(.control("_"))
    #expect(harness.state.prompt?.field.text == "")
    // Up and Down move in the list.
    harness.press(.control("p"), .control("p"), .enter)
    harness.giveRows()
    harness.press(.character("/"), .down)
    #expect(harness.state.prompt?.field.text == "p")
    #expect(harness.state.list.cursorKey == KeyName("pear"))
  }

  @Test func eachPromptRemembersItsOwn() {
    var harness = Harness(["apple"])
    accept("O", "one", "two", in: &harness)
    harness.giveRows()
    harness.press(.escape, .character("b"))
    harness.type("3")
    harness.press(.enter, .character("O"))
    harness.press(.up)
    #expect(harness.state.prompt?.field.text == "two")
    harness.press(.up, .up)
    #expect(harness.state.prompt?.field.text == "one")
    harness.press(.down, .down)
    #expect(harness.state.prompt?.field.text == "")
    harness.press(.escape, .character("b"))
    harness.type("1")
    harness.press(.control("p"))
    #expect(harness.state.prompt?.field.text == "3")
    harness.press(.escape, .character("/"), .control("p"))
    #expect(harness.state.prompt?.field.text == "")
  }

  @Test func aHundredAreRemembered() {
    var harness = Harness()
    for number in 0..<150 { accept("O", "name\(number)", in: &harness) }
    harness.press(.character("O"))
    for _ in 0..<200 { harness.press(.control("p")) }
    #expect(harness.state.prompt?.field.text == "name50")
    // Equal to look at is not equal.
    var history = TypingHistory()
    history.remember("\u{e9}", of: .ttl)
    history.remember("e\u{301}", of: .ttl)
    #expect(history.entries(of: .ttl).map(\.utf8.count) == [3, 2])
  }

  private func fieldText(_ harness: Harness, _ index: Int = 0) -> String? {
    guard case .form(let form)? = harness.state.overlay else { return nil }
    return form.fields[index].area.text
  }

  @Test func theTTLFieldsRemember() {
    var harness = Harness(["apple", "pear"])
    harness.tell([("apple", .string, nil), ("pear", .string, nil)])
    harness.press(.character("t"))
    harness.type("90")
    harness.press(.enter)
    guard case .form(let form)? = harness.state.overlay, case .sending = form.status else {
      Issue.record("nothing was sent")
      return
    }
    harness.state.overlay = nil
    harness.press(.character("t"))
    harness.type("soon")
    harness.press(.enter, .control("p"))
    #expect(fieldText(harness) == "90", "what was no TTL was not accepted")
    harness.press(.control("n"))
    #expect(fieldText(harness) == "soon")
    harness.press(.control("u"), .escape)
    // Also where a key is added; other fields remember nothing, and Up and Down go from one to the other.
    harness.press(.character("a"), .character("s"), .control("p"))
    #expect(fieldText(harness, 0) == "")
    harness.press(.tab, .down, .control("p"))
    #expect(fieldText(harness, 2) == "90")
    harness.press(.up)
    harness.type("v")
    #expect(fieldText(harness, 1) == "v")
  }

  @Test("what was killed in one field is yanked in another") func killsSurvive() {
    var harness = Harness(["apple"])
    harness.press(.character("/"))
    harness.type("one two")
    harness.press(.control("w"), .escape, .character("a"), .character("s"), .control("y"))
    #expect(fieldText(harness) == "two")
    harness.press(.control("u"), .tab, .control("u"), .control("y"))
    #expect(fieldText(harness, 1) == "two")
    // A field, or a paste, between two kills: they are two.
    harness.press(.backTab, .control("y"), .left, .control("k"))
    harness.send(.paste(Array("x".utf8)))
    harness.press(.control("u"), .control("y"))
    #expect(fieldText(harness) == "twx")
  }
}
