import Canvas
import Commands
import Requests

extension Painter {
  /// What came back, in rows: commands, their replies, what there is to say of them.
  mutating func drawConsole(in area: Rect) {
    let isFocused = state.console.focus == .pane
    frame.fill(area)
    frame.box(
      area, role: border(isFocused: isFocused), glyphs: glyphs, title: consoleTitle(isFocused),
      right: consoleState, bottomRight: consolePosition)
    let inner = area.inset(dx: 2, dy: 1)
    if let detail = state.console.pane.detail {
      draw(detail.view, in: inner, headed: true)
      frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: state.setup.isPlain)
      return
    }
    let queue = state.consoleQueueHeight
    let body = Rect(x: inner.x, y: inner.y, width: inner.width, height: max(0, inner.height - queue))
    let rows = state.consoleRows
    let viewport = state.console.pane.viewport
    for line in 0..<max(0, min(body.height, rows.count - viewport.top)) {
      guard let row = rows[viewport.top + line] else { break }
      let y = body.y + line
      let isCursor = isFocused && viewport.top + line == viewport.cursor
      if isCursor {
        frame.select(Rect(x: area.x + 1, y: y, width: area.width - 2, height: 1))
        frame.put(glyphs.cursor, role: .cursor, x: area.x + 1, y: y)
        frame.cursor = Frame.Cursor(x: area.x + 1, y: y, visible: state.setup.isPlain)
      }
      draw(row, in: body, y: y)
    }
    if queue > 0 { drawQueue(in: Rect(x: inner.x, y: body.maxY, width: inner.width, height: queue)) }
  }

  private func consoleTitle(_ isFocused: Bool) -> DisplayText {
    var title = text("console", isFocused ? .titleFocus : .title)
    if let detail = state.console.pane.detail {
      title += text("  ") + outside(detail.title, .accent, cells: 40)
      title += text("  as replied", .textDim)
    }
    if state.console.pane.stays { title += text("  stays", .textDim) }
    return title
  }

  /// What is under way.
  private var consoleState: DisplayText {
    guard let id = state.console.running, let index = state.console.index(of: id) else { return DisplayText() }
    let entry = state.console.entries[index]
    if case .streaming(let status) = entry.status {
      var parts = [
        text("\(Format.rate(status.rate))/s", status.rate > 0 ? .ok : .textDim),
        text("\(Format.count(status.messages)) received", .text),
      ]
      if status.droppedMessages > 0 {
        parts.append(text("\(Format.count(status.droppedMessages)) dropped", .warn))
      }
      return joined(parts) + stopHint
    }
    if let every = entry.every {
      return text("every \(Self.interval(every))", .ok)
        + text(" \(glyphs.dot.string) run \(Format.count(entry.runs))", .textDim) + stopHint
    }
    let seconds = max(0, state.now - entry.sentAt) / 1_000
    return text(seconds > 0 ? "waiting for \(seconds) s" : "waiting", .warn) + stopHint
  }

  private var stopHint: DisplayText {
    text(state.console.focus == nil ? "  : and Esc stop" : "  Esc stops", .textDim)
  }

  static func interval(_ milliseconds: Int) -> String {
    milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }

  private var consolePosition: DisplayText {
    let count = state.consoleRows.count
    guard state.console.pane.detail == nil, count > state.consoleHeight else { return DisplayText() }
    let top = state.console.pane.viewport.top
    return text(
      "\(Format.count(top + 1))-\(Format.count(min(count, top + state.consoleHeight))) of \(Format.count(count))",
      .textDim)
  }

  // MARK: - Rows

  private mutating func draw(_ row: ConsoleRow, in body: Rect, y: Int) {
    switch row {
    case .command(let index, let line): drawCommand(state.console.entries[index], line: line, in: body, y: y)
    case .reply(let index, let line):
      let entry = state.console.entries[index]
      guard let shown = entry.line(line) else {
        frame.put(
          entry.isForgotten ? "(this reply is kept no more: send the command again)" : "reading", role: .textDim,
          x: body.x, y: y, maxWidth: body.width)
        return
      }
      let cells = state.console.pane.column + body.width
      let content = reply(shown, cells: cells).dropFirst(cells: state.console.pane.column)
      frame.put(content.truncated(to: body.width, ellipsis: glyphs.ellipsis), x: body.x, y: y)
      if entry.changed.contains(line) { frame.put(glyphs.changed, role: .changed, x: body.maxX, y: y) }
    case .note(let index, let note, let part):
      let note = state.console.entries[index].notes[note]
      let parts = ConsoleRows.parts(of: note, width: body.width)
      guard parts.indices.contains(part) else { return }
      let role: Role =
        switch note.tone {
        case .plain: .textDim
        case .warning: .warn
        case .error: .danger
        }
      frame.put(parts[part].with(role: role), x: body.x, y: y)
    }
  }

  private mutating func drawCommand(_ entry: ConsoleEntry, line: Int, in body: Rect, y: Int) {
    let lines = ConsoleRows.commandLines(of: entry)
    guard lines.indices.contains(line) else { return }
    var facts = DisplayText()
    if line == 0, entry.runs > 0, case .replied(let errors) = entry.status {
      facts = text(Self.duration(entry.microseconds), .textDim)
      if entry.lines.count > 1 { facts += text("  \(Format.count(entry.lines.count)) lines", .textDim) }
      if errors > 1 { facts += text("  \(Format.count(errors)) errors", .danger) }
    }
    let prompt = line == 0 ? text(Self.prompt(entry), .textDim) : text("  ")
    let command = prompt + DisplayText(lines[line], role: .textStrong)
    let room = body.width - (facts.isEmpty ? 0 : facts.width + 2)
    frame.put(command.truncated(to: room, ellipsis: glyphs.ellipsis), x: body.x, y: y)
    if !facts.isEmpty { frame.put(facts, endX: body.maxX, y: y) }
  }

  private static func prompt(_ entry: ConsoleEntry) -> String {
    "db\(entry.database)\(entry.isInTransaction ? " multi" : "")> "
  }

  /// `0.12 ms`, `1.25 s`.
  static func duration(_ microseconds: Int) -> String {
    if microseconds < 10_000 { return "\(microseconds / 1_000).\(twoDigits(microseconds % 1_000 / 10)) ms" }
    if microseconds < 1_000_000 { return "\(microseconds / 1_000).\(microseconds % 1_000 / 100) ms" }
    return "\(microseconds / 1_000_000).\(twoDigits(microseconds % 1_000_000 / 10_000)) s"
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// What MULTI has queued, the newest last.
  private mutating func drawQueue(in area: Rect) {
    guard let queue = state.console.session.queue else { return }
    for x in (area.x - 1)..<(area.maxX + 1) { frame.put(glyphs.border.horizontal, role: .border, x: x, y: area.y) }
    let title =
      state.console.session.isAborted
      ? text(" MULTI: a command was refused, EXEC will refuse all; DISCARD ends it ", .danger)
      : text(" MULTI: \(Format.count(queue.count)) queued; EXEC runs them, DISCARD drops them ", .warn)
    frame.put(title.truncated(to: area.width - 2, ellipsis: glyphs.ellipsis), x: area.x, y: area.y)
    let shown = queue.suffix(area.height - 1)
    for (line, words) in shown.enumerated() {
      let number = queue.count - shown.count + line + 1
      let row = text("\(number)  ", .textDim) + text(CommandText.line(words))
      frame.put(row.truncated(to: area.width, ellipsis: glyphs.ellipsis), x: area.x, y: area.y + 1 + line)
    }
  }
}

extension State {
  /// Rows at the bottom of the pane for what MULTI has queued.
  var consoleQueueHeight: Int {
    guard let queue = console.session.queue, let pane = layout.console, pane.height >= 8 else { return 0 }
    return min(queue.count, max(1, (pane.height - 4) / 2)) + 1
  }
}
