import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("Console: pastes and floods") struct ConsolePasteTests {
  private func keys(_ text: String) -> [Key] { text.map { $0 == "\n" ? .enter : .character($0) } }

  @Test("a paste of several lines is several lines, and nothing is sent before Enter") func severalLines() {
    var harness = Harness.console()
    harness.send(.paste(Array("SET a 1\nFLUSHALL\r\nGET a\n".utf8)))
    #expect(harness.requests(.console).isEmpty)
    #expect(harness.line == "SET a 1\nFLUSHALL\nGET a")
    harness.send(.typed([.enter]))
    #expect(harness.requests(.console).isEmpty, "an Enter right behind it is its tail")
    harness.advance(100)
    harness.send(.typed([.enter]))
    #expect(harness.sentLines == ["SET a 1"])
  }

  @Test("a paste goes where the cursor is, and what is quoted in it stays as it is") func quoted() {
    var harness = Harness.console()
    let text = #"SET a "\x00\n\\" '\' "日本語""#
    harness.send(.paste(Array(text.utf8)))
    #expect(harness.line == text)
    #expect(!harness.text.contains("cannot be shown"))
    harness.press(.home)
    harness.send(.paste(Array("5 ".utf8)))
    #expect(harness.line == "5 " + text)
  }

  @Test("bytes that cannot be shown are escapes, and that is said") func hidden() {
    var harness = Harness.console()
    harness.send(.paste(Array("SET a \"x\u{1b}[31m\u{202e}\"".utf8) + [0xff]))
    #expect(harness.line == #"SET a "x\x1b[31m\xe2\x80\xae"\xff"#)
    #expect(harness.text.contains("cannot be shown"))
    harness.press(.control("u"))
    harness.send(.paste(Array("GET\ta".utf8)))
    #expect(harness.line == "GET a")
    #expect(!harness.text.contains("cannot be shown"))
  }

  @Test("a paste in the pane goes into the line; over a question nowhere") func elsewhere() {
    var harness = Harness.console()
    harness.run("PING", replying: ["PONG"])
    harness.press(.backTab)
    harness.send(.paste(Array("GET a\n".utf8)))
    #expect(harness.line == "GET a")
    #expect(harness.state.console.focus == .input)
    harness.press(.backTab, .character("?"))
    harness.send(.paste(Array("GET b\n".utf8)))
    #expect(harness.line == "GET a")
    #expect(harness.sentLines == ["PING"])
  }

  @Test("a paste that is too long is refused whole") func tooLong() {
    var harness = Harness.console()
    harness.send(.paste(Array(repeating: 0x61, count: 64 << 10)))
    #expect(harness.line.utf8.count == 64 << 10)
    harness.send(.paste([0x62]))
    #expect(harness.text.contains("too long for this line"))
    harness.advance(100)
    harness.send(.typed(keys("cd")))
    #expect(harness.line.utf8.count == 64 << 10)
    #expect(harness.text.contains("too long for this line"))
  }

  @Test("many keys at once with an Enter between them are a paste") func burst() {
    var harness = Harness.console()
    harness.send(.typed(keys("SET a 1\nFLUSHALL\nGET a\n")))
    #expect(harness.requests(.console).isEmpty)
    #expect(harness.line == "SET a 1\nFLUSHALL\nGET a")
    harness.send(.typed(keys("\nDEL a\n")))
    #expect(harness.requests(.console).isEmpty, "nor does the rest of it, in another read")
  }

  @Test("a line that is typed fast and ended by Enter is sent") func fastTyping() {
    var harness = Harness.console()
    harness.advance(10)
    harness.send(.typed(keys("GET a\n")))
    #expect(harness.sentLines == ["GET a"])
  }

  @Test(
    "text of which the first letter is : opens the console, and sends nothing",
    arguments: [
      ":DEL a\n", ":DEL a\nDEL b\n", ":FLUSHALL\n\t\n", "::\n:DEL a\n",
    ])
  func colonInText(text: String) {
    var harness = Harness(["a", "b"])
    harness.forgetEffects()
    harness.send(.typed(keys(text)))
    #expect(harness.requests(.console).isEmpty, "\(harness.line)")
    // Only once somebody can have seen it, and all that came behind the first Enter is no part of it.
    let line = harness.line
    #expect(text.dropFirst().hasPrefix(line + "\n"))
    harness.advance(500)
    harness.send(.typed([.enter]))
    #expect(harness.requests(.console).count == 1)
  }

  @Test("text in which : comes later does nothing") func colonLater() {
    var harness = Harness(["a", "b"])
    harness.forgetEffects()
    harness.send(.typed(keys("the key user:1\nDEL a\n")))
    #expect(harness.requests(.console).isEmpty)
    #expect(harness.state.console.focus == nil)
  }

  @Test(": and a command that are typed in one piece stand in the line") func typedAtOnce() {
    var harness = Harness(["a", "b"])
    harness.send(.typed(keys(":GET a")))
    #expect(harness.line == "GET a")
    harness.advance(100)
    harness.send(.typed([.enter]))
    #expect(harness.sentLines == ["GET a"])
  }

  @Test("a flood over the pane does nothing there") func overThePane() {
    var harness = Harness.console()
    harness.run("PING", replying: ["PONG"])
    harness.press(.backTab)
    harness.send(.typed(keys("Quick brown fox jumps\nover it\n")))
    #expect(!harness.effects.contains(.quit(status: 0)))
    #expect(harness.state.console.focus == .pane)
    #expect(harness.text.contains("dropped"))
    #expect(harness.sentLines == ["PING"])
  }

  @Test("Q among other keys does not quit from the pane") func quitInText() {
    var harness = Harness.console()
    harness.run("PING", replying: ["PONG"])
    harness.press(.backTab)
    harness.send(.typed(keys("aQb")))
    #expect(!harness.effects.contains(.quit(status: 0)))
  }

  @Test("text that comes while the history is searched is searched for") func intoTheSearch() {
    var harness = Harness.console(history: ["SET abc 1", "GET x"])
    harness.press(.control("r"))
    harness.send(.typed(keys("abc")))
    #expect(harness.row("search: abc").contains("SET abc 1"))
  }
}
