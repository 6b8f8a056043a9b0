import Canvas
import Requests
import Testing

@testable import Browser

@Suite("Console: what was sent before") struct ConsoleHistoryTests {
  @Test("Up and Down walk through what was sent, and back to what is being typed") func walk() {
    var harness = Harness.console(history: ["GET old", "PING"])
    harness.run("SET a 1", replying: ["OK"])
    harness.write("GE")
    harness.press(.up)
    #expect(harness.line == "SET a 1")
    harness.press(.control("p"), .up)
    #expect(harness.line == "PING")
    harness.press(.up)
    #expect(harness.line == "PING", "nothing is older")
    harness.press(.down, .down, .control("n"))
    #expect(harness.line == "GE")
    harness.press(.up)
    harness.write("2")
    harness.press(.down, .up)
    #expect(harness.line == "SET a 12", "what was changed on the way is there when one comes back")
  }

  @Test("in a line of several lines Up and Down move first") func severalLines() {
    var harness = Harness.console(history: ["PING"])
    harness.write("GET a\nGET b")
    harness.press(.up)
    #expect(harness.line == "GET a\nGET b")
    #expect(harness.state.console.input.row == 0)
    harness.press(.up)
    #expect(harness.line == "PING")
    harness.press(.down)
    #expect(harness.line == "GET a\nGET b")
    #expect(harness.state.console.input.isMultiline)
  }

  @Test("nothing is remembered twice in a row, and it is remembered once beyond this run") func remembered() {
    var harness = Harness.console()
    for _ in 0..<3 { harness.run("PING", replying: ["PONG"]) }
    harness.run("GET a", replying: ["(nil)"])
    harness.run("PING", replying: ["PONG"])
    #expect(harness.remembered == ["PING", "GET a", "PING"])
    #expect(harness.state.console.history == ["PING", "GET a", "PING"])
  }

  @Test("the file is read once, and what was sent before it came is newer") func loading() {
    var harness = Harness(["a"])
    harness.press(.character(":"))
    #expect(harness.effects.contains(.loadHistory))
    harness.run("PING", replying: ["PONG"])
    harness.send(.history(["GET old"]))
    #expect(harness.state.console.history == ["PING", "GET old"])
    harness.forgetEffects()
    harness.press(.escape, .character(":"))
    #expect(!harness.effects.contains(.loadHistory))
  }

  @Test("^R finds what was sent and holds the text, newest first; Enter only takes it into the line")
  func search() {
    var harness = Harness.console(history: ["SET b 2", "GET a", "set A 1"])
    harness.write("half")
    harness.press(.control("r"))
    #expect(harness.text.contains("search:"))
    harness.type("set")
    #expect(harness.row("search: set").contains("SET b 2"))
    harness.press(.control("r"))
    #expect(harness.row("search: set").contains("set A 1"))
    harness.press(.control("s"))
    #expect(harness.row("search: set").contains("SET b 2"))
    harness.press(.backspace, .backspace, .backspace)
    harness.type("A 1")
    #expect(harness.row("search:").contains("set A 1"), "capitals are meant")
    harness.forgetEffects()
    harness.press(.enter)
    #expect(harness.line == "set A 1")
    #expect(harness.requests(.console).isEmpty)
    harness.press(.enter)
    #expect(harness.sentLines == ["set A 1"])
  }

  @Test("Esc leaves ^R with what stood in the line", arguments: [Key.escape, .control("g"), .control("c")])
  func searchCancelled(key: Key) {
    var harness = Harness.console(history: ["SET b 2"])
    harness.write("half")
    harness.press(.control("r"))
    harness.type("nothing like it")
    #expect(harness.text.contains("nothing holds that"))
    harness.press(key)
    #expect(harness.line == "half")
    #expect(harness.state.console.focus == .input)
  }

  @Test("a key that moves takes what was found into the line, to be changed") func searchTaken() {
    var harness = Harness.console(history: ["SET b 2"])
    harness.press(.control("r"))
    harness.type("b")
    harness.press(.end)
    harness.write("0")
    #expect(harness.line == "SET b 20")
  }

  @Test(
    "what carries a secret is in no history, and its secret not on the screen",
    arguments: [
      "AUTH sesame", "auth ada sesame", "ACL SETUSER ada >sesame", "CONFIG SET requirepass sesame",
      "HELLO 3 AUTH ada sesame", "MIGRATE host 6379 k 0 5000 AUTH sesame", "5 AUTH sesame",
      "CONFIG SET maxmemory 0 masterauth sesame", "PING\nAUTH sesame",
    ])
  func secrets(line: String) {
    var harness = Harness.console()
    harness.run(line)
    if case .console(.assess)? = harness.requests(.console).last {
      harness.answer(.console, .console(.impact(CommandImpact(lines: [Array("Changes the server".utf8)]))))
      harness.advance(200)
      #expect(!harness.text.contains("sesame"), "\(harness.text)")
      harness.press(.tab, .enter)
    }
    while harness.state.console.running != nil { harness.reply() }
    #expect(!harness.sent.isEmpty)
    #expect(!harness.text.contains("sesame"), "\(harness.text)")
    #expect(harness.text.contains("***"))
    #expect(harness.remembered.isEmpty)
    #expect(harness.state.console.history.isEmpty)
    harness.press(.backTab, .character("g"), .character("y"), .character("c"))
    #expect(
      !harness.effects.contains { effect in
        if case .copy(let bytes) = effect { String(decoding: bytes, as: UTF8.self).contains("sesame") } else { false }
      })
  }

  @Test("bytes in the history that nobody could have typed are no trouble") func hostileHistory() {
    var harness = Harness.console(history: ["GET \u{1b}[31mred\r\n\u{202e}x", "\u{301}", "SET a \u{0}"])
    harness.press(.control("r"))
    harness.type("red")
    #expect(harness.row("search:").contains(#"\x1b[31mred"#))
    harness.press(.enter, .left, .left, .right, .backspace, .up, .up, .up, .down)
    for key in [Key.home, .right, .end, .alt("b"), .control("w"), .control("_")] {
      harness.press(key)
      _ = harness.frame()
    }
  }
}
