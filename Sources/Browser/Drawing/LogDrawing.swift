import Canvas
import Requests

extension Painter {
  /// `@`: what was sent, newest first.
  mutating func drawLog(_ log: [LoggedCommand]?, _ viewport: Viewport) {
    let entries = log ?? []
    let inner = window(
      Size(width: frame.size.width - 4, height: frame.size.height - 4), title: "Commands sent",
      hint: "j k  \(state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title) whole  Esc closes")
    frame.put("TIME", role: .textDim, x: inner.x + 1, y: inner.y)
    frame.put("CONN", role: .textDim, x: inner.x + 11, y: inner.y)
    frame.put("MS", role: .textDim, endX: inner.x + 26, y: inner.y)
    frame.put("COMMAND", role: .textDim, x: inner.x + 28, y: inner.y)
    let height = inner.height - 1
    let top = min(viewport.top, max(0, entries.count - height))
    for row in 0..<max(0, min(height, entries.count - top)) {
      let y = inner.y + 1 + row
      draw(entries[top + row], x: inner.x + 1, y: y, width: inner.width - 2)
      guard top + row == viewport.cursor else { continue }
      frame.put(glyphs.cursor, role: .cursor, x: inner.x, y: y)
      frame.select(Rect(x: inner.x, y: y, width: inner.width, height: 1))
    }
    if entries.isEmpty {
      frame.put(log == nil ? "reading" : "nothing was sent yet", role: .textDim, x: inner.x + 1, y: inner.y + 1)
    }
    frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
  }

  private mutating func draw(_ entry: LoggedCommand, x: Int, y: Int, width: Int) {
    frame.put(text(time(of: entry), .textDim), x: x, y: y)
    frame.put(entry.connection, role: .textDim, x: x + 10, y: y, maxWidth: 7)
    frame.put("\(entry.microseconds / 1_000).\(entry.microseconds / 100 % 10)", role: .textDim, endX: x + 25, y: y)
    var line = text(CommandText.line(entry.words))
    for (index, command) in entry.carried.enumerated() {
      line += text(index == 0 ? "  " : "; ", .textDim) + text(CommandText.line(command), .accent)
    }
    if entry.count > 1 { line += text("  \(state.setup.isASCII ? "x" : "×")\(Format.count(entry.count))", .accent) }
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

  private func time(of entry: LoggedCommand) -> Substring {
    let seconds = entry.wall / 1_000
    let local = DateText.utc(milliseconds: (seconds + state.setup.localOffset(seconds)) * 1_000) ?? ""
    return local.dropFirst(11).prefix(8)
  }

  /// One command of the log, with all of it that was kept.
  mutating func draw(_ entry: LoggedCommand) {
    let width = editingWidth
    var box = EditingBox()
    let took = "\(entry.microseconds / 1_000).\(entry.microseconds / 100 % 10) ms"
    box.add(text("\(time(of: entry))  \(entry.connection)  \(took) for the whole batch", .textDim))
    if entry.carried.isEmpty {
      box.add(text(CommandText.line(entry.words)), width: width)
    } else {
      box.add(text("\(CommandText.line(entry.words)): checks in one step, and where they hold", .text), width: width)
      for command in entry.carried { box.add(text(CommandText.line(command), .accent), width: width) }
    }
    if entry.count > 1 { box.add(text("and \(Format.count(entry.count - 1)) more like it", .textDim)) }
    switch entry.outcome {
    case .done: box.add(text("answered", .ok))
    case .error(let error): box.add(outside(error, .danger, cells: 4 * width), width: width)
    case .failed(let why): box.add(outside(Array(why.utf8), .danger, cells: 4 * width), width: width)
    }
    draw(box, title: text("Command", .titleFocus), border: .dialogBorder)
  }
}
