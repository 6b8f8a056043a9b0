import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("Console: from Enter to the reply") struct ConsoleRunTests {
  @Test("Enter sends the line, and its reply stands in the pane with the time it took")
  func enter() {
    var harness = Harness.console()
    harness.run("SET greeting 'hello you'")
    #expect(harness.sent.map(\.words) == [["SET", "greeting", "hello you"].map { Array($0.utf8) }])
    #expect(harness.line == "")
    #expect(harness.row("greeting").contains("db0> SET greeting 'hello you'"))
    #expect(harness.text.contains("waiting"))
    harness.reply()
    #expect(harness.text.contains("0.12 ms"))
    #expect(harness.row("OK").hasPrefix("│ OK"))
    #expect(!harness.text.contains("waiting"))
  }

  @Test("what is typed into the line does not wait for the list") func listUnderWay() {
    var harness = Harness.console()
    harness.state.holdingSince = harness.state.now
    harness.run("GET a")
    #expect(harness.sentLines == ["GET a"])
  }

  @Test("an empty line sends nothing, nor does one of blanks") func nothing() {
    var harness = Harness.console()
    harness.press(.enter)
    harness.run("   ")
    harness.run("# a comment")
    #expect(harness.requests(.console).isEmpty)
    #expect(!harness.state.console.pane.isShown)
  }

  @Test("several lines go one after the other, each when the one before is answered") func lines() {
    var harness = Harness.console()
    harness.run("SET a 1\n\n# then\nINCR a\nGET a")
    #expect(harness.sentLines == ["SET a 1"])
    harness.reply()
    #expect(harness.sentLines == ["SET a 1", "INCR a"])
    harness.reply(["(integer) 2"])
    harness.reply(["\"2\""])
    #expect(harness.sentLines == ["SET a 1", "INCR a", "GET a"])
    #expect(harness.state.console.running == nil)
    #expect(harness.remembered == ["SET a 1\n\n# then\nINCR a\nGET a"])
  }

  @Test("the first error ends several lines, and the rest stands in the line again") func stopsAtAnError() {
    var harness = Harness.console()
    harness.run("SET a 1\nLPUSH a x\nDEL a\nDEL b")
    harness.reply()
    harness.reply(["WRONGTYPE Operation against a key"], isError: true)
    #expect(harness.sentLines == ["SET a 1", "LPUSH a x"])
    #expect(harness.line == "DEL a\nDEL b")
    #expect(harness.text.contains("what was not sent stands in the line again"))
    harness.press(.enter)
    #expect(harness.sentLines.last == "DEL a")
  }

  @Test("Esc ends several lines, also where the command that runs is then answered", arguments: [true, false])
  func stopsByEsc(isUnblocked: Bool) {
    var harness = Harness.console()
    harness.run("BLPOP queue 0\nDEL queue")
    harness.press(.escape)
    #expect(harness.requests(.consoleControl) == [.console(.cancel)])
    if isUnblocked { harness.reply(["(nil)"]) } else { harness.report(.unknown(why: Array("cancelled".utf8))) }
    #expect(harness.sentLines == ["BLPOP queue 0"])
    #expect(harness.line == "DEL queue")
  }

  @Test(
    "where a quote has no partner nothing is sent, the place is said, and the line stays",
    arguments: [
      ("SET a \"one", "the quote at column 7 is never closed"),
      ("SET a 'one'two", "the quote at column 11 has text right behind it"),
      ("SET é \"x", "the quote at column 7"), ("GET a\nSET b \"x", "line 2: the quote at column 7"),
    ])
  func unbalanced(text: String, told: String) {
    var harness = Harness.console()
    harness.run(text)
    #expect(harness.requests(.console).isEmpty)
    #expect(harness.line == text)
    #expect(harness.text.contains(told), "\(harness.text)")
    #expect(harness.remembered.isEmpty)
  }

  @Test("a number before a command sends it so often") func counts() {
    var harness = Harness.console()
    harness.run("5 INCR n")
    #expect(harness.sent.map(\.times) == [5])
    #expect(harness.sentLines == ["INCR n"])
    harness.reply((1...5).map { "(integer) \($0)" })
    #expect(harness.row("db0> 5 INCR n").contains("5 lines"))
    harness.run("0 INCR n")
    #expect(harness.text.contains("a count is 1 or more"))
    harness.press(.control("u"))
    harness.run("10001 INCR n")
    #expect(harness.text.contains("at most 10,000 times at once"))
    #expect(harness.sent.count == 1)
  }

  @Test("fewer replies than were asked for are said") func stoppedCount() {
    var harness = Harness.console()
    harness.run("100 INCR n")
    harness.report(
      .replied(replies: 64, errors: 0, firstError: nil), [ReplyLine(parts: [.init(.number, [0x31])])])
    #expect(harness.text.contains("stopped after 64 of 100"))
  }

  @Test("every: it comes again when its time has come, and what changed is marked") func every() {
    var harness = Harness.console()
    harness.run("every 1s INFO")
    #expect(harness.sentLines == ["INFO"])
    harness.reply(["clients:1", "keys:3"])
    #expect(harness.text.contains("every 1s · run 1"))
    harness.advance(900)
    #expect(harness.sent.count == 1)
    harness.advance(100)
    #expect(harness.sent.count == 2)
    harness.reply(["clients:1", "keys:4"])
    #expect(harness.row("keys:4").hasSuffix("•│") || harness.row("keys:4").contains("keys:4"))
    #expect(harness.state.console.entries.count == 1)
    #expect(harness.state.console.entries[0].changed == [1])
    harness.press(.escape)
    #expect(harness.state.console.running == nil)
    harness.advance(5_000)
    #expect(harness.sent.count == 2)
    #expect(harness.state.console.focus == .input, "Esc has only stopped it")
  }

  @Test("Esc while a run of every is under way waits for its reply, and the second time does not")
  func everyStopped() {
    var harness = Harness.console()
    harness.run("every 1s GET a")
    harness.press(.escape)
    #expect(harness.requests(.consoleControl).isEmpty, "to give up a reply would close the connection")
    harness.press(.escape)
    #expect(harness.requests(.consoleControl) == [.console(.cancel)])
    harness.reply(["\"1\""])
    #expect(harness.state.console.running == nil)
    harness.advance(5_000)
    #expect(harness.sent.count == 1)
  }

  @Test("every with a count ends by itself, and waits while the screen is paused") func everyCounted() {
    var harness = Harness.console()
    harness.run("2 every 500ms GET a")
    harness.reply(["\"1\""])
    harness.state.pause = Pause(since: harness.state.now)
    harness.advance(2_000)
    #expect(harness.sent.count == 1)
    #expect(Browser.nextTick(harness.state) > harness.state.now + 10, "nothing to look after")
    harness.state.pause = nil
    harness.advance(10)
    #expect(harness.sent.count == 2)
    harness.reply(["\"1\""])
    #expect(harness.state.console.running == nil)
    harness.advance(2_000)
    #expect(harness.sent.count == 2)
  }

  @Test("whoever has scrolled back is not moved by the next run") func everyKeepsItsPlace() {
    var harness = Harness.console()
    harness.run("every 1s INFO")
    harness.reply((0..<80).map { "line \($0)" })
    harness.press(.pageDown)
    let top = harness.state.console.pane.viewport.top
    #expect(top > 0)
    harness.advance(1_000)
    harness.reply((0..<80).map { "line \($0)" })
    #expect(harness.state.console.pane.viewport.top == top)
  }

  @Test("one at a time: Enter while a command is under way keeps the line") func oneAtATime() {
    var harness = Harness.console()
    harness.run("BLPOP queue 0")
    harness.run("GET a")
    #expect(harness.sentLines == ["BLPOP queue 0"])
    #expect(harness.line == "GET a")
    #expect(harness.text.contains("a command is under way"))
    harness.reply(["(nil)"])
    #expect(harness.line == "GET a")
    harness.press(.enter)
    #expect(harness.sentLines.last == "GET a")
  }

  @Test("what was not sent comes back into the line, and why stands in the pane") func notSent() {
    var harness = Harness.console()
    harness.run("SET a 1")
    harness.report(.notSent(why: Array("the connection is closed".utf8), nextStep: "Enter tries again"))
    #expect(harness.line == "SET a 1")
    #expect(harness.text.contains("not sent: the connection is closed. Enter tries again."))
    // Unless something else is being typed.
    harness.press(.control("u"))
    harness.run("SET a 2")
    harness.write("GET")
    harness.report(.notSent(why: Array("closed".utf8), nextStep: "Enter tries again"))
    #expect(harness.line == "GET")
  }

  @Test("a reply that cannot come any more is said to be unknown") func unknown() {
    var harness = Harness.console()
    harness.run("SET a 1")
    harness.report(.unknown(why: Array("cancelled: the server may have carried it out".utf8)))
    #expect(harness.text.contains("the server may have carried it out"))
    #expect(harness.line == "", "it is not to be sent twice without looking")
  }

  @Test("errors are explained: what was meant, what is due, which rule is missing") func explained() {
    var harness = Harness.console()
    harness.run("HGTE a f")
    harness.reply(["ERR unknown command 'HGTE', with args beginning with: 'a' 'f'"], isError: true)
    #expect(harness.text.contains("did you mean HGET?"))
    harness.run("HGET a")
    harness.reply(["ERR wrong number of arguments for 'hget' command"], isError: true)
    #expect(harness.text.contains("HGET key field"))
    harness.run("CONFIG GET maxmemory")
    harness.reply(["NOPERM User default has no permissions to run the 'config|get' command"], isError: true)
    #expect(harness.text.contains("the missing rule: +config|get"))
  }

  @Test("however much the console is told meanwhile, the answer finds its command") func manyNotices() {
    var harness = Harness.console()
    harness.run("BLPOP queue 0")
    for number in 0..<300 {
      harness.send(.notice(.console(.push([ReplyLine(parts: [.init(.string, Array("push \(number)".utf8))])]))))
    }
    harness.reply(["(nil)"])
    #expect(harness.state.console.running == nil)
    harness.run("GET a")
    #expect(harness.sentLines.last == "GET a")
    #expect(harness.state.console.entries.count <= 201)
  }
}
