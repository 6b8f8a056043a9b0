import Canvas
import Requests

extension Painter {
  mutating func draw(_ dialog: Dialog) {
    let width = editingWidth
    var box = EditingBox()
    for line in dialog.lines {
      for part in outside(line, .text, cells: 4 * width).wrapped(to: width).prefix(4) { box.add(part) }
    }
    box.addCommands(dialog.commands, width: width, limit: 2, ellipsis: glyphs.ellipsis)
    if dialog.more > 0 { box.add(text("and \(Format.count(dialog.more)) more like these", .textDim)) }
    if let demanded = dialog.demanded {
      let label = "type \(demanded) to confirm: "
      let typed = DisplayText(dialog.field.text, role: .input).prefix(cells: max(4, width - label.count))
      box.lines.append(
        .input(
          text(label, .warn) + typed, cursor: label.count + DisplayText(dialog.field.textBeforeCursor).width,
          isFocused: true))
    }
    box.lines.append(
      .buttons(dialog.buttons.enumerated().map { (title: $1.title, isFocused: $0 == dialog.focus) }))
    draw(box, title: text(dialog.title, .danger), border: .danger)
  }

  /// `@`: what was sent, newest first.
  mutating func drawLog(_ log: [LoggedCommand]?, _ viewport: Viewport) {
    let entries = log ?? []
    let inner = window(
      Size(width: frame.size.width - 4, height: frame.size.height - 4), title: "Commands sent",
      hint: "j k scroll  R reads again  Esc closes")
    frame.put("TIME", role: .textDim, x: inner.x + 1, y: inner.y)
    frame.put("CONN", role: .textDim, x: inner.x + 11, y: inner.y)
    frame.put("MS", role: .textDim, endX: inner.x + 26, y: inner.y)
    frame.put("COMMAND", role: .textDim, x: inner.x + 28, y: inner.y)
    let height = inner.height - 1
    let top = min(viewport.top, max(0, entries.count - height))
    for row in 0..<max(0, min(height, entries.count - top)) {
      draw(entries[top + row], x: inner.x + 1, y: inner.y + 1 + row, width: inner.width - 2)
    }
    if entries.isEmpty {
      frame.put(log == nil ? "reading" : "nothing was sent yet", role: .textDim, x: inner.x + 1, y: inner.y + 1)
    }
    frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
  }

  private mutating func draw(_ entry: LoggedCommand, x: Int, y: Int, width: Int) {
    let seconds = entry.wall / 1_000
    let local = DateText.utc(milliseconds: (seconds + state.setup.localOffset(seconds)) * 1_000) ?? ""
    frame.put(text(local.dropFirst(11).prefix(8), .textDim), x: x, y: y)
    frame.put(entry.connection, role: .textDim, x: x + 10, y: y, maxWidth: 7)
    frame.put("\(entry.microseconds / 1_000).\(entry.microseconds / 100 % 10)", role: .textDim, endX: x + 25, y: y)
    var line = text(CommandText.line(entry.words))
    if entry.count > 1 { line += text("  ×\(Format.count(entry.count))", .accent) }
    var outcome = DisplayText()
    switch entry.outcome {
    case .done: break
    case .error(let error): outcome = outside(error, .danger, cells: 60)
    case .failed(let why): outcome = outside(Array(why.utf8), .danger, cells: 60)
    }
    let room = width - 27
    let outcomeRoom = outcome.isEmpty ? 0 : min(outcome.width, room / 2) + 2
    frame.put(line.truncated(to: room - outcomeRoom, ellipsis: glyphs.ellipsis), x: x + 27, y: y)
    if !outcome.isEmpty {
      frame.put(outcome.truncated(to: outcomeRoom - 2, ellipsis: glyphs.ellipsis), endX: x + width, y: y)
    }
  }
}
