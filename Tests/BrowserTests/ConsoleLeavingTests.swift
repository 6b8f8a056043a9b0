import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("Console: leaving, databases, transactions") struct ConsoleLeavingTests {
  @Test("Esc: the choice, the opened reply, what runs, the pane, the console, one after the other") func escapeOrder() {
    var harness = Harness.console()
    harness.run("GET a", replying: ["\"1\""])
    harness.run("BLPOP q 0")
    harness.write("CONFIG ")
    harness.press(.tab)
    #expect(harness.state.console.completion != nil)
    harness.press(.escape)
    #expect(harness.state.console.completion == nil && harness.requests(.consoleControl).isEmpty)
    harness.press(.escape)
    #expect(harness.requests(.consoleControl) == [.console(.cancel)])
    harness.report(.unknown(why: Array("cancelled".utf8)))
    #expect(harness.line == "CONFIG ", "what was typed stays")
    harness.press(.backTab, .up, .up, .enter)
    harness.answer(.consoleDocument, .console(.document(Array("1".utf8), .element(line: 0))))
    #expect(harness.state.console.pane.detail != nil)
    harness.press(.escape)
    #expect(harness.state.console.pane.detail == nil && harness.state.console.focus == .pane)
    harness.press(.escape)
    #expect(harness.state.console.focus == .input)
    harness.press(.escape)
    #expect(harness.state.console.focus == nil && !harness.state.console.pane.isShown)
    #expect(!harness.effects.contains(.quit(status: 0)))
    harness.press(.character(":"))
    #expect(harness.line == "CONFIG ", "also until the console is opened again")
    #expect(harness.row("GET a").contains("db0> GET a"))
  }

  @Test("^C: what runs, then what was typed, then back; never out of the program") func controlC() {
    var harness = Harness.console()
    harness.run("BLPOP q 0")
    harness.write("half")
    harness.press(.control("c"))
    #expect(harness.requests(.consoleControl) == [.console(.cancel)])
    harness.reply(["(nil)"])
    harness.press(.control("c"))
    #expect(harness.line == "" && harness.state.console.focus == .input)
    harness.press(.control("c"))
    #expect(harness.state.console.focus == nil)
    #expect(!harness.effects.contains(.quit(status: 0)))
  }

  @Test("^D in an empty line leaves it, in another it deletes") func controlD() {
    var harness = Harness.console()
    harness.write("ab")
    harness.press(.home, .control("d"))
    #expect(harness.line == "b")
    harness.press(.control("u"), .end, .control("u"), .control("d"))
    #expect(harness.state.console.focus == nil)
  }

  @Test("the key that was written last gets the cursor") func writtenKey() {
    var harness = Harness.console(["a", "b", "user:1", "user:2"])
    harness.run("SET user:2 x")
    harness.reply(written: ["user:2"])
    harness.press(.escape)
    harness.giveRows()
    #expect(harness.state.list.cursorKey == KeyName("user:2"))
    // Once: whoever moved on is not thrown back.
    harness.press(.character("g"), .character(":"), .escape)
    harness.giveRows()
    #expect(harness.state.list.cursorKey != KeyName("user:2"))
  }

  @Test("what was written in another database does not move the cursor") func writtenElsewhere() {
    var harness = Harness.console(["a", "b"])
    harness.run("SET b x")
    harness.reply(written: ["b"])
    harness.run("SELECT 3")
    harness.reply(session: ConsoleSession(database: 3))
    harness.answer(.database, .selected(database: 3))
    harness.add(["a", "b"])
    harness.press(.escape)
    harness.giveRows()
    #expect(harness.state.list.cursorKey == KeyName("a"))
  }

  @Test("with s the pane stays beside the browser, whose keys work again") func stays() {
    var harness = Harness.console()
    harness.run("GET a", replying: ["\"1\""])
    harness.press(.backTab, .character("s"), .escape, .escape)
    #expect(harness.state.console.focus == nil)
    #expect(harness.row("db0> GET a").contains("db0> GET a"))
    #expect(harness.text.contains("stays"))
    harness.press(.character("j"))
    #expect(harness.state.list.cursorKey == KeyName("b"))
    harness.press(.character(":"), .backTab, .character("s"), .escape, .escape)
    #expect(!harness.state.console.pane.isShown)
  }

  @Test("q in the pane goes back at once; a zoom ends with that") func leavesFromThePane() {
    var harness = Harness.console()
    harness.run("GET a", replying: ["\"1\""])
    harness.press(.backTab, .character("+"))
    #expect(!harness.text.contains("Keys"))
    harness.press(.character("q"))
    #expect(harness.state.console.focus == nil)
    #expect(harness.text.contains("Keys"))
  }

  @Test("what goes on stays to be seen, and goes with the next visit once it has ended") func leftRunning() {
    var harness = Harness.console()
    harness.run("BLPOP q 0")
    harness.press(.backTab, .character("q"))
    #expect(harness.state.console.pane.isShown)
    harness.reply(["1) \"q\"", "2) \"x\""])
    #expect(harness.row("\"x\"").contains("2) \"x\""))
    harness.press(.character(":"), .escape)
    #expect(!harness.state.console.pane.isShown)
  }

  // MARK: - Databases

  @Test("SELECT moves the whole screen") func select() {
    var harness = Harness.console()
    harness.run("SELECT 3")
    harness.reply(session: ConsoleSession(database: 3))
    #expect(harness.requests(.database) == [.select(database: 3)])
    #expect(harness.text.contains("db3>"))
    harness.answer(.database, .selected(database: 3))
    #expect(harness.state.database == 3)
    harness.run("PING")
    #expect(harness.sent.last?.database == 3)
    #expect(harness.state.console.focus == .input)
  }

  @Test("lines behind a SELECT are for its database, before the screen is there") func selectInLines() {
    var harness = Harness.console()
    harness.run("SELECT 3\nSET a 1\nSELECT 0")
    harness.reply(session: ConsoleSession(database: 3))
    #expect(harness.sent.last?.database == 3)
    harness.reply(session: ConsoleSession(database: 3))
    harness.answer(.database, .selected(database: 3))
    harness.reply(session: ConsoleSession(database: 0))
    harness.answer(.database, .selected(database: 0))
    #expect(harness.state.database == 0 && harness.state.console.session.database == 0)
  }

  @Test("the browser's own move takes the console along, but not out of a transaction") func browserMoves() {
    var harness = Harness.console()
    harness.press(.escape, .character("b"))
    harness.type("2")
    harness.press(.enter)
    harness.answer(.database, .selected(database: 2))
    harness.press(.character(":"))
    harness.run("MULTI")
    #expect(harness.sent.last?.database == 2)
    harness.reply(session: .inTransaction([], database: 2))
    harness.press(.escape, .character("b"))
    harness.type("5")
    harness.press(.enter)
    harness.answer(.database, .selected(database: 5))
    harness.press(.character(":"))
    #expect(harness.text.contains("db2 multi 0>"))
    harness.run("SET a 1")
    #expect(harness.sent.last?.database == 2 && harness.sent.last?.isInTransaction == true)
    harness.reply(["QUEUED"], session: .inTransaction(["SET a 1"], database: 2))
    harness.run("EXEC")
    harness.reply(["1) OK"], session: ConsoleSession(database: 2))
    #expect(harness.text.contains("db5>"), "outside a transaction it is the database of the screen")
    harness.run("PING")
    #expect(harness.sent.last?.database == 5)
  }

  @Test("a SELECT that comes back late closes no form") func selectUnderAForm() {
    var harness = Harness.console()
    harness.tell([("a", .string, nil)])
    harness.run("SELECT 3")
    harness.press(.backTab, .character("q"), .character("t"))
    harness.type("90")
    harness.reply(session: ConsoleSession(database: 3))
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.fields[0].area.text == "90")
  }

  // MARK: - Transactions

  @Test("MULTI shows what is queued until EXEC, numbered and escaped") func queue() {
    var harness = Harness.console()
    harness.run("MULTI")
    harness.reply(session: .inTransaction([]))
    #expect(harness.text.contains("db0 multi 0>"))
    harness.run("SET a 1")
    harness.reply(["QUEUED"], session: .inTransaction(["SET a 1"]))
    harness.run("INCR a")
    harness.reply(["QUEUED"], session: .inTransaction(["SET a 1", "INCR a\u{1b}"]))
    let text = harness.text
    #expect(text.contains("MULTI: 2 queued; EXEC runs them, DISCARD drops them"))
    #expect(harness.row("1  SET a 1").contains("1  SET a 1"))
    #expect(harness.row("2  INCR").contains(#"\x1b"#))
    #expect(text.contains("db0 multi 2>"))
    #expect(text.contains("db0 multi> INCR a"))
    harness.run("EXEC")
    harness.reply(["1) OK", "2) (integer) 2"], session: ConsoleSession(database: 0))
    #expect(!harness.text.contains("queued; EXEC"))
  }

  @Test("a refused command is said where it counts: EXEC will refuse all") func aborted() {
    var harness = Harness.console()
    harness.run("MULTI")
    harness.reply(session: .inTransaction([]))
    harness.run("NOSUCH")
    harness.reply(
      ["ERR unknown command 'NOSUCH'"], isError: true, session: .inTransaction([], isAborted: true))
    #expect(harness.text.contains("EXEC will refuse all"))
  }

  @Test("a long queue shows its newest, and a low screen none at the cost of the replies") func longQueue() {
    var harness = Harness.console(size: Size(width: 80, height: 24))
    harness.run("MULTI")
    let commands = (0..<400).map { "SET key:\($0) 1" }
    harness.reply(session: .inTransaction(commands))
    #expect(harness.text.contains("400  SET key:399 1"))
    for height in 10...24 {
      harness.send(.resize(Size(width: 80, height: height)))
      #expect(harness.text.contains("multi 400>"))
    }
  }

  @Test("watched keys are seen in the prompt") func watching() {
    var harness = Harness.console()
    harness.run("WATCH a")
    var session = ConsoleSession(database: 0)
    session.isWatching = true
    harness.reply(session: session)
    #expect(harness.text.contains("db0 watch>"))
  }

  @Test("a lost connection takes the transaction along, and that is said") func lost() {
    var harness = Harness.console()
    harness.run("MULTI")
    harness.reply(session: .inTransaction([]))
    harness.send(
      .notice(.console(.lost(why: "the server closed it", session: .inTransaction(["SET a 1"])))))
    #expect(harness.text.contains("the open transaction (1 queued) is gone with it, nothing"))
    #expect(harness.text.contains("db0>"))
    harness.run("PING")
    #expect(harness.sent.last?.isInTransaction == false)
  }
}
