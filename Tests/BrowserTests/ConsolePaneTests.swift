import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Console: the pane") struct ConsolePaneTests {
  /// A short reply and a long one, whose first lines are at hand; the keys go to the pane, the cursor is on the last row.
  private func pane(_ setup: Setup = Setup(endpointName: "127.0.0.1:6379", previewDelay: nil)) -> Harness {
    var harness = Harness.console(setup: setup)
    harness.run("GET a", replying: ["\"hello\""])
    harness.run("LRANGE big 0 -1")
    harness.reply((0..<120).map { "\($0 + 1)) \"item \($0)\"" }, count: 5_000)
    harness.press(.backTab)
    harness.forgetEffects()
    return harness
  }

  private func answerLines(_ harness: inout Harness) {
    guard case .console(.lines(let range))? = harness.requests(.consoleLines).last else {
      Issue.record("no lines were asked for")
      return
    }
    harness.answer(
      .consoleLines,
      .console(
        .lines(
          ReplyPage(
            reply: range.reply, start: range.lines.lowerBound,
            lines: range.lines.map { ReplyLine(parts: [.init(.string, Array("item \($0)".utf8))]) }))))
  }

  @Test("a long reply is shown from its beginning, and read as one goes") func moving() {
    var harness = pane()
    #expect(harness.text.contains("5,000 lines"))
    #expect(harness.row("item 0\"").contains("1) \"item 0\""))
    harness.press(.character("G"))
    answerLines(&harness)
    #expect(harness.text.contains("item 4999"))
    #expect(harness.row("▌item 4999").contains("item 4999"))
    harness.press(.character("g"))
    #expect(harness.row("GET a").contains("▌db0> GET a"))
    harness.press(.down, .character("j"), .character("k"))
    #expect(harness.row("▌\"hello\"").contains("hello"))
    harness.press(.control("d"), .control("u"), .pageDown, .pageUp, .home, .end)
    #expect(harness.state.console.pane.viewport.cursor == 5_002)
  }

  @Test("lines are asked for once, and an answer for another place is of no harm") func asking() {
    var harness = pane()
    harness.press(.character("G"))
    #expect(harness.requests(.consoleLines).count == 1)
    harness.press(.up, .up)
    #expect(harness.requests(.consoleLines).count == 1)
    answerLines(&harness)
    harness.press(.character("g"), .pageDown, .pageDown)
    answerLines(&harness)
    #expect(!harness.text.contains("reading"))
  }

  @Test("a reply that is kept no more says so, and the cursor stays on a row") func forgotten() {
    var harness = pane()
    harness.press(.character("G"))
    guard case .console(.lines(let range))? = harness.requests(.consoleLines).last else { return }
    harness.answer(
      .consoleLines, .console(.lines(ReplyPage(reply: range.reply, start: range.lines.lowerBound, lines: []))))
    #expect(harness.text.contains("kept no more"))
    #expect(harness.state.console.pane.viewport.cursor < harness.state.consoleRows.count)
    harness.forgetEffects()
    harness.press(.enter)
    #expect(harness.requests(.consoleDocument).isEmpty)
    harness.press(.up, .down)
    #expect(harness.requests(.consoleLines).isEmpty, "nothing is asked for over and over")
  }

  @Test("/ searches from the cursor on, n and N go on, and what is not found is said") func search() {
    var harness = pane()
    harness.press(.character("g"), .character("/"))
    harness.type("item 7")
    harness.forgetEffects()
    harness.press(.enter)
    let ids = harness.state.console.entries.map(\.id)
    #expect(
      harness.requests(.consoleLines) == [
        .console(.find(Array("item 7".utf8), in: ids, from: ReplyPlace(reply: ids[0], line: 0), forward: true))
      ])
    harness.answer(.consoleLines, .console(.found(ReplyPlace(reply: ids[1], line: 7))))
    #expect(harness.row("▌8) \"item 7\"").contains("item 7"))
    harness.press(.character("n"))
    #expect(
      harness.requests(.consoleLines).last
        == .console(.find(Array("item 7".utf8), in: ids, from: ReplyPlace(reply: ids[1], line: 8), forward: true)))
    harness.answer(.consoleLines, .console(.found(ReplyPlace(reply: ids[1], line: 70))))
    harness.press(.character("N"))
    #expect(
      harness.requests(.consoleLines).last
        == .console(.find(Array("item 7".utf8), in: ids, from: ReplyPlace(reply: ids[1], line: 69), forward: false)))
    harness.answer(.consoleLines, .console(.found(nil)))
    #expect(harness.text.contains("item 7 is not found from here on"))
  }

  @Test("a search that takes the place of lines under way leaves none of them out") func searchWhileReading() {
    var harness = pane()
    harness.press(.character("G"), .character("/"))
    harness.type("x")
    harness.press(.enter)
    harness.answer(.consoleLines, .console(.found(nil)))
    answerLines(&harness)
    #expect(harness.text.contains("item 4999"))
  }

  @Test("n before any search says what to do; there is nothing to search in an empty pane") func searchNothing() {
    var harness = pane()
    harness.press(.character("n"))
    #expect(harness.text.contains("nothing was searched for yet"))
    var empty = Harness.console()
    empty.press(.backTab)
    #expect(empty.text.contains("nothing has come back yet"))
    #expect(empty.state.console.focus == .input)
  }

  @Test("Enter opens what stands on the line, whole") func open() {
    var harness = pane()
    harness.press(.character("g"), .down, .enter)
    #expect(
      harness.requests(.consoleDocument) == [
        .console(.document(reply: harness.state.console.entries[0].id, .element(line: 0)))
      ])
    harness.answer(.consoleDocument, .console(.document(Array("hello\nyou\u{1b}".utf8), .element(line: 0))))
    #expect(harness.text.contains(#"you\x1b"#))
    #expect(harness.text.contains("GET a"))
    harness.press(.character("h"))
    #expect(harness.state.console.pane.detail == nil)
  }

  @Test("on a command there is nothing to open") func openNothing() {
    var harness = pane()
    harness.press(.character("g"), .enter)
    #expect(harness.requests(.consoleDocument).isEmpty)
    #expect(harness.text.contains("stand on a line of a reply"))
  }

  @Test("o shows it as text, JSON, hex; the whole reply as JSON, in $PAGER, in a file") func showAs() {
    var harness = pane()
    let id = harness.state.console.entries[0].id
    harness.press(.character("g"), .down, .character("o"))
    for words in ["as text", "as JSON", "as hex", "whole reply as JSON", "$PAGER", "to a file"] {
      #expect(harness.text.contains(words), "\(words)")
    }
    harness.press(.character("j"))
    harness.answer(.consoleDocument, .console(.document(Array(#"{"a":[1,2]}"#.utf8), .element(line: 0))))
    #expect(harness.row(#""a": ["#).contains(#""a": ["#))
    harness.press(.escape, .character("o"), .character("h"))
    harness.answer(.consoleDocument, .console(.document(Array("hello".utf8), .element(line: 0))))
    #expect(harness.text.contains("68 65 6c 6c 6f"))
    harness.press(.escape, .character("o"), .character("J"))
    #expect(harness.requests(.consoleDocument).last == .console(.document(reply: id, .json)))
    harness.answer(.consoleDocument, .console(.document(Array(#"["x"]"#.utf8), .json)))
    #expect(harness.text.contains(#""x""#))
    harness.press(.escape, .character("o"), .character("p"))
    #expect(harness.requests(.consoleDocument).last == .console(.document(reply: id, .text)))
    harness.answer(.consoleDocument, .console(.document(Array("all of it\n".utf8), .text)))
    harness.advance(200)
    #expect(harness.effects.contains(.pager(document: Array("all of it\n".utf8))))
  }

  @Test("in what was opened: other forms, a search, wrapping, the pager") func detail() {
    var harness = pane()
    harness.press(.character("g"), .down, .enter)
    let text = (0..<90).map { "line \($0)" }.joined(separator: "\n")
    harness.answer(.consoleDocument, .console(.document(Array(text.utf8), .element(line: 0))))
    harness.press(.character("/"))
    harness.type("line 77")
    harness.press(.enter)
    #expect(harness.text.contains("line 77"))
    harness.press(.character("N"), .character("n"), .character("z"), .character("g"))
    #expect(harness.row("line 0").contains("line 0"))
    harness.press(.character("G"))
    #expect(harness.text.contains("line 89"))
    harness.press(.character("o"), .character("h"))
    #expect(harness.text.contains("6c 69  6e 65"))
    harness.press(.character("o"), .character("j"))
    #expect(harness.text.contains("this is not a JSON object or array"))
    harness.press(.character(":"))
    #expect(harness.state.console.focus == .input && harness.state.console.pane.detail == nil)
  }

  @Test("a document that comes after one has left opens nothing in the browser") func lateDocument() {
    var harness = pane()
    harness.press(.character("g"), .down, .enter, .character("q"))
    harness.answer(.consoleDocument, .console(.document(Array("hello".utf8), .element(line: 0))))
    #expect(harness.state.console.focus == nil)
    #expect(harness.state.console.pane.detail == nil)
  }

  @Test("the name of a file is asked for; its end says which form") func file() {
    var harness = pane()
    let id = harness.state.console.entries[0].id
    for (path, form) in [("/tmp/r.json", ReplyForm.json), ("/tmp/r.txt", .text), ("/tmp/r", .raw)] {
      harness.press(.character("g"), .down, .character("o"), .character("f"))
      #expect(harness.text.contains("a new file: .json as JSON, .txt as shown, else the bytes"))
      harness.type(path)
      harness.press(.enter)
      #expect(harness.requests(.consoleDocument).last == .console(.save(reply: id, form, path: path)))
      harness.answer(.consoleDocument, .console(.saved(path: path, bytes: 2_048)))
      #expect(harness.text.contains("2,048 bytes written to \(path)"))
    }
    harness.forgetEffects()
    harness.press(.character("o"), .character("f"), .escape)
    harness.press(.character("o"), .character("f"), .enter)
    #expect(harness.requests(.consoleDocument).isEmpty)
  }

  @Test("y copies the line, the reply, JSON, the command") func copying() {
    var harness = pane()
    let id = harness.state.console.entries[0].id
    harness.press(.character("g"), .down)
    for (key, form) in [("v", ReplyForm.element(line: 0)), ("r", .raw), ("j", .json)] {
      harness.press(.character("y"), .character(Character(key)))
      #expect(harness.requests(.consoleDocument).last == .console(.document(reply: id, form)))
      harness.answer(.consoleDocument, .console(.document(Array("copied \(key)".utf8), form)))
      #expect(harness.effects.contains(.copy(Array("copied \(key)".utf8))))
    }
    harness.press(.character("y"), .character("c"))
    #expect(harness.effects.contains(.copy(Array("GET a".utf8))))
  }

  @Test("long lines are scrolled sideways, and stay whole where they are wrapped alone") func sideways() {
    var harness = Harness.console(size: Size(width: 60, height: 30))
    let text = String(repeating: "0123456789", count: 20)
    harness.run("GET long", replying: [text])
    harness.press(.backTab)
    #expect(harness.row("0123456789").contains("…"))
    for _ in 0..<10 { harness.press(.shiftRight) }
    #expect(harness.row("│▌0123456789").contains("012345678"))
    for _ in 0..<20 { harness.press(.shiftRight) }
    _ = harness.frame()
    for _ in 0..<40 { harness.press(.shiftLeft) }
    #expect(harness.state.console.pane.column == 0)
  }

  @Test("+ gives the pane the screen; the keys of the browser do nothing behind it") func zoom() {
    var harness = pane()
    harness.press(.character("+"))
    #expect(harness.state.layout.list == nil && harness.state.layout.value == nil)
    #expect(harness.state.consoleHeight > 28)
    harness.press(.character("d"), .character("e"), .character("a"), .character("u"))
    #expect(harness.state.overlay == nil)
    #expect(harness.requests(.write).isEmpty && harness.requests(.survey).isEmpty)
    harness.press(.character("+"))
    #expect(harness.state.layout.list != nil)
  }

  @Test("the wheel scrolls it, a click goes to a row, another opens what stands there") func mouse() throws {
    var harness = pane(Setup(endpointName: "127.0.0.1:6379", usesMouse: true, previewDelay: nil))
    let area = try #require(harness.state.layout.console)
    harness.send(.mouse(MouseEvent(.wheelDown, x: area.x + 5, y: area.y + 2)))
    #expect(harness.state.console.pane.viewport.cursor == 5)
    harness.send(.mouse(MouseEvent(.press, x: area.x + 5, y: area.y + 3)))
    #expect(harness.state.console.pane.viewport.cursor == harness.state.console.pane.viewport.top + 2)
    harness.send(.mouse(MouseEvent(.press, x: area.x + 5, y: area.y + 3)))
    #expect(!harness.requests(.consoleDocument).isEmpty)
  }

  @Test("the help names its keys") func help() {
    var harness = pane()
    harness.press(.character("?"), .character("G"))
    harness.press(.escape)
    #expect(harness.state.console.focus == .pane)
  }

  @Test("only so many entries are kept, and the Store is told which") func entries() {
    var harness = Harness.console()
    for number in 0..<260 {
      harness.run("GET \(number)", replying: ["(nil)"])
      if number % 20 == 0 { _ = harness.frame() }
    }
    #expect(harness.state.console.entries.count == 200)
    #expect(harness.sent.last?.oldest == harness.state.console.entries[0].id)
    #expect(harness.row("db0> GET 259").contains("GET 259"))
  }
}
