import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Text that comes like keys")
struct FloodTests {
  private func keys(_ text: String) -> [Key] {
    text.map { $0 == "\n" ? .enter : .character($0) }
  }

  private let poem = "the quick dog jumps over it\n"

  @Test func textInOnePieceDoesNothingInTheList() {
    var harness = Harness(["a", "b"])
    harness.forgetEffects()
    harness.send(.typed(keys(poem)))
    #expect(harness.state.overlay == nil && harness.state.prompt == nil)
    #expect(harness.text.contains("as many keys at once as from a paste: dropped"))
    harness.advance(99)
    harness.send(.typed(keys("d")))
    #expect(harness.state.overlay == nil, "the rest of it, in another read")
    harness.advance(100)
    harness.send(.typed(keys("?")))
    #expect(harness.state.overlay != nil, "after a silence keys are keys")
  }

  @Test("a word of a few letters neither undoes nor quits", arguments: ["update", "query", "use", "QUIT", "hub"])
  func shortWords(word: String) {
    var harness = Harness(["a", "b"])
    harness.forgetEffects()
    harness.send(.typed(keys(word)))
    #expect(harness.requests(.write).isEmpty)
    #expect(!harness.effects.contains(.quit(status: 0)))
    #expect(harness.state.message?.tone == .warning)
    harness.advance(200)
    harness.send(.typed(keys("q")))
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  @Test("two lines at once are no answer in a field of one line")
  func linesInAName() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.press(.character("r"))
    harness.forgetEffects()
    harness.send(.typed(keys("one\ntwo\n")))
    #expect(harness.requests(.write).isEmpty)
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.fields[0].area.text == #"aone\x0atwo"#, "the last line end was not meant")
  }

  @Test("a long text that is typed at once is one change, and no more than a field takes")
  func longText() {
    var harness = Harness(["a"])
    harness.press(.enter)
    harness.open("a", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])))
    harness.press(.character("e"))
    harness.send(.typed(Array(repeating: .character("x"), count: 60_000)))
    harness.send(.typed(Array(repeating: .character("y"), count: 10_000)))
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("no form")
      return
    }
    #expect(form.fields[0].area.bytes.count == 60_001)
    #expect(harness.text.contains("that is too long for a field (9.8k more, the limit is 64k)"))
  }

  @Test("a field of one line is one again when the lines in it were undone")
  func undoneLines() {
    var area = TextArea(Array("a".utf8))
    area.allowLines()
    area.paste(Array("b\nc".utf8))
    #expect(area.isMultiline && area.lines.count == 2)
    var kills = KillBuffer()
    _ = area.handle(.control("_"), kills: &kills)
    #expect(!area.isMultiline && area.text == "a")
  }

  @Test("a paste that comes in small pieces is noticed after sixteen keys")
  func smallPieces() {
    var harness = Harness(["a", "b"])
    for _ in 0..<30 {
      harness.send(.typed(keys("nN")))
      harness.advance(2)
    }
    #expect(harness.text.contains("dropped"))
    harness.send(.typed(keys("?")))
    #expect(harness.state.overlay == nil)
  }

  @Test func aKeyHeldDownIsNoFlood() {
    var harness = Harness((0..<60).map { "key\($0)" })
    harness.send(.typed(Array(repeating: .character("j"), count: 40)))
    #expect(harness.state.list.viewport.cursor == 40)
  }

  @Test func whoTypesFastIsNotStopped() {
    var harness = Harness((0..<60).map { "key\($0)" })
    for _ in 0..<40 {
      harness.send(.typed(keys("jk")))
      harness.advance(40)
    }
    #expect(!harness.text.contains("dropped"))
  }

  @Test func aFieldTakesAnyAmount() {
    var harness = Harness(["a", "b"])
    harness.send(.typed(keys("/session:eu:1234567890abcdef:data")))
    #expect(harness.state.prompt?.field.text == "session:eu:1234567890abcdef:data")
    harness.send(.typed(keys(String(repeating: "xy", count: 500))))
    #expect(harness.state.prompt?.field.text.count == 1_032)
  }

  @Test("behind the Enter that closes a field it is text again")
  func behindAField() {
    var harness = Harness(["a", "b"])
    harness.send(.typed(keys("/b\ndyu*qtext and more text")))
    #expect(harness.state.prompt == nil && harness.state.overlay == nil)
    #expect(harness.text.contains("dropped"))
  }

  @Test("lines in one piece fill a field as a paste does, and confirm nothing")
  func linesInAField() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.press(.character("t"))
    harness.forgetEffects()
    harness.send(.typed(keys("90s\nand another line\n")))
    #expect(harness.requests(.write).isEmpty)
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.fields[0].area.text.hasPrefix("90s"))
  }

  @Test("text that comes while a question is open answers it no more than a paste does")
  func textOverAQuestion() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.press(.character("d"))
    harness.answer(.survey, .survey(Survey(facts: [KeyFacts(name: KeyName("a"), type: .known(.string))])))
    harness.advance(200)
    harness.forgetEffects()
    harness.send(.typed([.character("a"), .tab, .character("b"), .enter]))
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.text.contains("[Cancel]"))
    harness.send(.typed([.tab, .enter]))
    #expect(harness.requests(.write).count == 1)
  }

  @Test("a stream that opens a form does not confirm it, in however many pieces it comes")
  func streamOverAForm() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.forgetEffects()
    for key in keys("t90s\n") {
      harness.send(.typed([key]))
      harness.advance(3)
    }
    #expect(harness.requests(.write).isEmpty)
    harness.advance(10)
    harness.send(.typed([.enter]))
    #expect(harness.requests(.write).count == 1, "once somebody can have seen it")
  }

  @Test("keys right behind a paste are its tail")
  func tailOfAPaste() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.press(.character("t"))
    harness.forgetEffects()
    harness.send(.paste(Array("90s".utf8)))
    harness.send(.typed([.enter]))
    harness.advance(25)
    harness.send(.typed([.enter]))
    #expect(harness.requests(.write).isEmpty)
    harness.advance(30)
    harness.send(.typed([.enter]))
    #expect(harness.requests(.write).count == 1)
  }

  @Test("a program gets the terminal only when no other key comes")
  func silenceBeforeAProgram() {
    func opened() -> Harness {
      var harness = Harness(["a"])
      harness.press(.enter)
      harness.open("a", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])))
      harness.forgetEffects()
      harness.send(.typed([.character("E")]))
      harness.advance(100)
      return harness
    }
    var harness = opened()
    #expect(!harness.effects.contains(.editor(document: [0x31])))
    harness.advance(60)
    #expect(harness.effects.contains(.editor(document: [0x31])))
    harness = opened()
    harness.send(.typed([.character("x")]))
    harness.advance(500)
    #expect(!harness.effects.contains(.editor(document: [0x31])))
    #expect(harness.text.contains("nothing was opened"))
  }

  @Test("an Enter that came with the key that opens a form does not confirm it")
  func enterBeforeTheForm() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.forgetEffects()
    harness.send(.typed(keys("t90s\n")))
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.text.contains("Enter came before the form was drawn"))
    harness.advance(10)
    harness.send(.typed([.enter]))
    #expect(harness.requests(.write).count == 1)
  }
}
