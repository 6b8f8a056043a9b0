import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("Console: the question before what is risky") struct ConsoleQuestionTests {
  private static let risky = [
    "FLUSHALL", "flushdb async", "SHUTDOWN NOSAVE", "DEBUG SLEEP 1", "SWAPDB 0 1", "REPLICAOF host 6379",
    "SLAVEOF NO ONE", "CONFIG SET maxmemory 1", "SCRIPT FLUSH", "KEYS *", "MONITOR", "FUNCTION FLUSH", "CLUSTER RESET",
    "CLIENT KILL ID 3", "CLIENT PAUSE 1000", "ACL DELUSER ada", "MODULE LOAD x.so", "SAVE", "FAILOVER",
    "3 FLUSHALL", "every 1s FLUSHDB", "  \"FLUSHALL\"", "'flushall'",
  ]

  private func impact(_ harness: inout Harness, isSlight: Bool = false) {
    harness.answer(
      .console,
      .console(.impact(CommandImpact(isSlight: isSlight, lines: [Array("Deletes all 1,234 keys of db0.".utf8)]))))
  }

  @Test("nothing is sent before the answer, Cancel has the focus, and the line comes back", arguments: risky)
  func asks(line: String) {
    var harness = Harness.console()
    harness.run(line)
    #expect(harness.sent.isEmpty)
    guard case .console(.assess)? = harness.requests(.console).last else {
      Issue.record("\(line) was not asked about")
      return
    }
    impact(&harness)
    #expect(harness.text.contains("Deletes all 1,234 keys of db0."))
    #expect(harness.text.contains("[Cancel]") && harness.text.contains("[Send]") && harness.text.contains("will run"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.sent.isEmpty)
    #expect(harness.state.overlay == nil)
    #expect(harness.line == line)
    #expect(harness.text.contains("not sent: cancelled"))
    #expect(harness.state.console.running == nil)
  }

  @Test("Tab and Enter send it") func sends() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    impact(&harness)
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.sentLines == ["FLUSHALL"])
    harness.reply()
    #expect(harness.row("db0> FLUSHALL").contains("0.12 ms"))
  }

  @Test("keys that were typed before it was drawn, and 150 ms after, answer nothing") func typedAhead() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    impact(&harness)
    harness.press(.tab, .enter)
    harness.advance(149)
    harness.press(.tab, .enter)
    #expect(harness.sent.isEmpty)
    #expect(harness.state.overlay != nil)
    harness.advance(1)
    harness.send(.typed([.tab, .enter]))
    #expect(harness.sentLines == ["FLUSHALL"])
  }

  @Test("nor do keys answer it that waited for the list") func heldKeys() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    harness.state.holdingSince = harness.state.now
    impact(&harness)
    harness.press(.tab, .enter)
    harness.advance(10_000)
    #expect(harness.sent.isEmpty)
    #expect(harness.state.overlay != nil)
  }

  @Test("text that comes in one piece does not answer it") func textOverIt() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    impact(&harness)
    harness.advance(200)
    harness.send(.typed([.character("a"), .tab, .enter]))
    harness.send(.paste(Array("\t\n".utf8)))
    #expect(harness.sent.isEmpty)
    #expect(harness.state.overlay != nil)
  }

  @Test("Esc, q and ^C are Cancel", arguments: [Key.escape, .character("q"), .control("c")])
  func cancels(key: Key) {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    impact(&harness)
    harness.advance(200)
    harness.press(key)
    #expect(harness.sent.isEmpty)
    #expect(harness.line == "FLUSHALL")
    #expect(harness.state.console.focus == .input)
    #expect(harness.state.console.running == nil)
    // The answer to a question that is gone opens nothing.
    impact(&harness)
    #expect(harness.state.overlay == nil)
  }

  @Test("Esc before what it would hit is known") func cancelledEarly() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    harness.press(.escape)
    #expect(harness.line == "FLUSHALL")
    impact(&harness)
    #expect(harness.state.overlay == nil)
    #expect(harness.sent.isEmpty)
  }

  @Test("KEYS where there are few is sent at once") func slight() {
    var harness = Harness.console()
    harness.run("KEYS *")
    impact(&harness, isSlight: true)
    #expect(harness.sentLines == ["KEYS *"])
  }

  @Test("several lines wait for the answer, and Cancel gives back what was not sent") func severalLines() {
    var harness = Harness.console()
    harness.run("SET a 1\nFLUSHDB\nSET b 2")
    harness.reply()
    #expect(harness.sentLines == ["SET a 1"])
    impact(&harness)
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.line == "FLUSHDB\nSET b 2")
    harness.press(.enter)
    impact(&harness)
    harness.advance(200)
    harness.press(.tab, .enter)
    harness.reply()
    harness.reply()
    #expect(harness.sentLines == ["SET a 1", "FLUSHDB", "SET b 2"])
  }

  @Test("inside a transaction it asks as well") func inTransaction() {
    var harness = Harness.console()
    harness.run("MULTI")
    harness.reply(["OK"], session: .inTransaction([]))
    harness.run("FLUSHALL")
    #expect(harness.sentLines == ["MULTI"])
    guard case .console(.assess)? = harness.requests(.console).last else {
      Issue.record("not asked")
      return
    }
  }

  @Test("what it would hit cannot be read: nothing was sent") func cannotBeAssessed() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    harness.answer(
      .console,
      .failed(
        Failure(kind: .connection, what: "reading", why: Array("connection lost".utf8), nextStep: "R tries again")))
    #expect(harness.sent.isEmpty)
    #expect(harness.line == "FLUSHALL")
    #expect(harness.text.contains("not sent: connection lost"))
  }

  @Test("read-only: what the server refuses anyway is not asked about, MONITOR is") func readOnly() {
    var harness = Harness.console(setup: Setup(endpointName: "127.0.0.1:6379", isReadOnly: true, previewDelay: nil))
    harness.run("FLUSHALL")
    #expect(harness.sentLines == ["FLUSHALL"], "the gate before the socket refuses it")
    harness.report(.notSent(why: Array("read-only".utf8), nextStep: "Start without --read-only to send it"))
    harness.press(.control("u"))
    harness.run("MONITOR")
    impact(&harness)
    #expect(harness.text.contains("[Cancel]"))
  }

  @Test("it takes the place of no form that somebody types in") func overAForm() {
    var harness = Harness.console()
    harness.tell([("a", .string, nil)])
    harness.run("FLUSHALL")
    harness.press(.backTab, .character("q"))
    #expect(harness.state.console.focus == nil)
    harness.press(.character("t"))
    harness.type("90")
    guard case .form? = harness.state.overlay else {
      Issue.record("no form")
      return
    }
    impact(&harness)
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.fields[0].area.text == "90")
    #expect(harness.state.console.running == nil)
    #expect(harness.sent.isEmpty)
  }

  @Test("bytes of the server and of the user are escaped in it") func hostile() {
    var harness = Harness.console(size: Size(width: 100, height: 30))
    harness.run("KEYS \"\\x1b[31m*\"")
    harness.answer(
      .console,
      .console(.impact(CommandImpact(lines: [Array("KEYS \u{1b}]0;x\u{7} \u{202e}".utf8), [0xff, 0x0a, 0x00]]))))
    let text = harness.text
    #expect(text.contains(#"\x1b]0;x\x07"#) && text.contains(#"\xe2\x80\xae"#) && text.contains(#"\xff\x0a\x00"#))
  }
}
