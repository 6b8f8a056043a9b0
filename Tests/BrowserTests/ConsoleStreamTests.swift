import Canvas
import Requests
import Testing

@testable import Browser

@Suite("Console: streams") struct ConsoleStreamTests {
  private func subscribed(_ harness: inout Harness) -> Int {
    harness.run("SUBSCRIBE news")
    harness.report(.streaming)
    return harness.state.console.running ?? 0
  }

  private func tell(_ status: StreamStatus, _ harness: inout Harness) {
    harness.send(.notice(.console(.stream(status))))
  }

  @Test("the newest message is on the screen, with the rate and what was dropped") func follows() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    tell(Harness.stream(id, received: 3, rate: 3), &harness)
    #expect(harness.text.contains("message 2") && harness.text.contains("3/s") && harness.text.contains("3 received"))
    tell(Harness.stream(id, received: 100_000, dropped: 90_000, rate: 50_000), &harness)
    #expect(harness.text.contains("message 99999"))
    #expect(harness.text.contains("90,000 dropped") && harness.text.contains("100,000 received"))
    #expect(!harness.text.contains("message 2 "))
  }

  @Test("the first messages may be here before the word that they are a stream", arguments: [nil, "connection lost"])
  func firstMessages(end: String?) {
    var harness = Harness.console()
    harness.run("SUBSCRIBE news")
    let id = harness.state.console.running ?? 0
    tell(Harness.stream(id, received: 2, end: end), &harness)
    harness.answer(
      .console, .console(.ran(ConsoleReport(id: id, outcome: .streaming, microseconds: 0, session: .init(database: 0))))
    )
    #expect(harness.text.contains("message 1"))
    #expect((harness.state.console.running == nil) == (end != nil))
  }

  @Test("whoever has scrolled back reads on in peace, whatever comes and is dropped") func steady() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    tell(Harness.stream(id, received: 1_000), &harness)
    harness.press(.backTab, .up, .up, .up)
    let shown = harness.frame().trimmedRows().filter { $0.contains("message") }
    tell(Harness.stream(id, received: 1_500), &harness)
    tell(Harness.stream(id, received: 2_000, dropped: 500), &harness)
    #expect(harness.frame().trimmedRows().filter { $0.contains("message") } == shown)
    harness.press(.character("G"))
    tell(Harness.stream(id, received: 2_001, dropped: 501), &harness)
    #expect(harness.text.contains("message 2000"), "at the end it follows again")
  }

  @Test("what stands above the stream does not move either, when the stream drops") func steadyAbove() {
    var harness = Harness.console()
    harness.run("INFO", replying: (0..<60).map { "info \($0)" })
    let id = subscribed(&harness)
    tell(Harness.stream(id, received: 1_000), &harness)
    harness.press(.backTab, .character("g"), .pageDown)
    let shown = harness.frame().trimmedRows().filter { $0.contains("info") }
    #expect(!shown.isEmpty)
    tell(Harness.stream(id, received: 2_000, dropped: 500), &harness)
    #expect(harness.frame().trimmedRows().filter { $0.contains("info") } == shown)
  }

  @Test("lines that were read and then dropped are not made up") func droppedUnderTheReader() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    tell(Harness.stream(id, received: 1_000), &harness)
    harness.press(.backTab, .up, .up)
    tell(Harness.stream(id, received: 50_000, dropped: 40_000), &harness)
    let entry = harness.state.console.entries[0]
    #expect(entry.lines == 40_000..<50_000)
    #expect(harness.state.console.pane.viewport.cursor >= 0)
    guard case .console(.lines(let range))? = harness.requests(.consoleLines).last else {
      Issue.record("the lines that are there now are not asked for")
      return
    }
    #expect(range.lines.lowerBound >= 40_000)
  }

  @Test("Esc ends it, and says after how many messages") func stop() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    tell(Harness.stream(id, received: 3), &harness)
    harness.press(.escape)
    #expect(harness.requests(.consoleControl) == [.console(.endStream)])
    harness.answer(.consoleControl, .console(.stream(Harness.stream(id, received: 4, end: "stopped"))))
    #expect(harness.text.contains("stopped after 4 messages"))
    #expect(harness.state.console.running == nil)
    // What was under way still is no news.
    tell(Harness.stream(id, received: 5, end: "stopped"), &harness)
    #expect(harness.text.contains("stopped after 4 messages") && !harness.text.contains("after 5"))
    harness.run("PING")
    #expect(harness.sentLines.last == "PING")
  }

  @Test("the server ends it: why is said, and nothing is sent again") func lost() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    harness.forgetEffects()
    tell(Harness.stream(id, received: 1, end: "connection lost"), &harness)
    #expect(harness.text.contains("connection lost after 1 message"))
    #expect(harness.sent.isEmpty)
  }

  @Test("messages with bytes of every kind, and channel names too") func hostile() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    let bytes = Array("\u{1b}[2J\u{202e}evil\u{7}".utf8) + [0xff, 0x0a]
    let line = ReplyLine(parts: [
      .init(.time, Array("1767225600250".utf8)), .init(.text, bytes), .init(.sign, Array(" ".utf8)),
      .init(.string, bytes, isQuoted: true),
    ])
    tell(StreamStatus(id: id, received: 1, dropped: 0, rate: 1, tail: [line]), &harness)
    let row = harness.row("evil")
    #expect(row.contains("00:00:00.250"))
    #expect(row.contains(#"\x1b[2J\xe2\x80\xaeevil\x07\xff\x0a"#))
  }

  @Test("a stream that was left goes on beside the browser") func left() {
    var harness = Harness.console()
    let id = subscribed(&harness)
    harness.press(.backTab, .character("q"))
    tell(Harness.stream(id, received: 3), &harness)
    #expect(harness.text.contains("message 2"))
    #expect(harness.state.console.focus == nil)
    harness.press(.character("j"))
    #expect(harness.state.list.viewport.cursor == 1)
  }

  @Test("pushes that nobody subscribed to are shown, and move nobody who reads") func pushes() {
    var harness = Harness.console()
    harness.run("INFO", replying: (0..<60).map { "info \($0)" })
    harness.press(.backTab, .character("g"))
    let top = harness.state.console.pane.viewport.top
    harness.send(.notice(.console(.push([ReplyLine(parts: [.init(.string, Array("invalidate".utf8))])]))))
    #expect(harness.state.console.pane.viewport.top == top)
    harness.press(.character("G"))
    #expect(harness.text.contains("invalidate"))
  }
}
