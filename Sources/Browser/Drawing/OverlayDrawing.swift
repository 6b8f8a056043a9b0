import Canvas
import Requests

extension Painter {
  mutating func drawOverlay() {
    if state.overlay != state.composeScreen {
      switch state.composeScreen {
      case .compose: drawCompose()
      case .servers: drawServers()
      default: break
      }
      // What lies beneath is not clicked on.
      targets = []
    }
    switch state.overlay {
    case nil: break
    case .help(let viewport):
      drawLines(HelpScreen.lines(state), title: "Keys", viewport: viewport, hint: "Esc closes")
    case .inspection(_, _, let viewport):
      drawLines(InspectionScreen.lines(state), title: "All that is known", viewport: viewport, hint: "Esc closes")
    case .databases(let facts, let viewport): drawDatabases(facts, viewport)
    case .menu(let menu): draw(menu)
    case .form(let form): draw(form)
    case .dialog(let dialog): draw(dialog)
    case .names(let form, let viewport):
      if case .bulkTTL(let bulk) = form.subject { drawNames(of: bulk, viewport) }
    case .log(let log, let viewport, let opened):
      drawLog(log, viewport)
      if let opened { draw(opened) }
    case .servers: drawServers()
    case .compose: drawCompose()
    }
  }

  /// An empty box in the middle of the screen; returns its inside.
  mutating func window(_ size: Size, title: String, hint: String) -> Rect {
    let bounds = frame.bounds
    let area = bounds.centered(
      Size(width: min(size.width, bounds.width), height: min(size.height, bounds.height)))
    frame.fill(area, role: .dialog)
    frame.box(
      area, role: state.isProduction ? .borderProd : .dialogBorder, glyphs: glyphs, title: text(title, .titleFocus),
      right: productionName, bottomRight: text(hint, .textDim))
    return area.inset()
  }

  private mutating func drawLines(_ lines: [DisplayText], title: String, viewport: Viewport, hint: String) {
    let width = min(frame.size.width - 4, max(44, (lines.map(\.width).max() ?? 0) + 4))
    let height = min(frame.size.height - 4, lines.count + 2)
    let hint = lines.count > height - 2 ? "j k scroll, " + hint : hint
    let inner = window(Size(width: width, height: height), title: title, hint: hint)
    let top = min(viewport.top, max(0, lines.count - inner.height))
    for row in 0..<min(inner.height, lines.count - top) {
      frame.put(lines[top + row], x: inner.x + 1, y: inner.y + row, maxWidth: inner.width - 2)
    }
    frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
  }

  private mutating func drawDatabases(_ facts: [DatabaseFacts]?, _ viewport: Viewport) {
    let rows = facts ?? []
    // Only the one that is selected is counted where INFO is missing.
    let denial = facts == nil ? nil : state.header.server?.infoDenial
    let note = denial.map { denied + text(" \($0.short): other databases are not listed", .warn) }
    let inner = window(
      Size(width: 62, height: min(frame.size.height - 4, max(1, rows.count) + (note == nil ? 3 : 4))),
      title: "Databases",
      hint: "Enter switches, or type a number, Esc closes")
    let ends = [inner.x + 20, inner.x + 38, inner.x + 56]
    frame.put("DATABASE", role: .textDim, x: inner.x + 3, y: inner.y)
    for (end, word) in zip(ends, ["KEYS", "WITH A TTL", "AVERAGE TTL"]) {
      frame.put(word, role: .textDim, endX: end, y: inner.y)
    }
    guard facts != nil else {
      frame.put("asking the server", role: .textDim, x: inner.x + 3, y: inner.y + 1)
      return
    }
    if let note { frame.put(note, x: inner.x + 3, y: inner.maxY - 1, maxWidth: inner.width - 4) }
    var viewport = viewport
    viewport.show(count: rows.count, height: inner.height - 1)
    for line in 0..<min(inner.height - 1, rows.count - viewport.top) {
      let index = viewport.top + line
      let y = inner.y + 1 + line
      if index == viewport.cursor { markRow(inner, y: y) }
      targets.append((area: Rect(x: inner.x, y: y, width: inner.width, height: 1), target: .row(index)))
      let row = rows[index]
      frame.put("db\(row.number)", role: row.number == state.database ? .accent : .text, x: inner.x + 3, y: y)
      frame.put(Format.count(row.keys), endX: ends[0], y: y)
      frame.put(
        row.volatileKeys.map { Format.count($0) } ?? "?", role: row.volatileKeys == nil ? .textDim : .text,
        endX: ends[1], y: y)
      let average = row.averageTTL.map { $0 > 0 ? TTLState.remaining(Int64($0)).cell.text : "-" } ?? "?"
      frame.put(average, role: .textDim, endX: ends[2], y: y)
    }
  }

  private mutating func draw(_ menu: Menu) {
    let width = max(30, (menu.items.map { $0.title.count }.max() ?? 0) + 12, menu.title.count + 6)
    let inner = window(
      Size(width: width, height: menu.items.count + 2), title: menu.title, hint: "Esc closes")
    for (index, item) in menu.items.enumerated() where index < inner.height {
      let y = inner.y + index
      if index == menu.viewport.cursor { markRow(inner, y: y) }
      targets.append((area: Rect(x: inner.x, y: y, width: inner.width, height: 1), target: .row(index)))
      frame.put(String(item.key), role: .footerKey, x: inner.x + 3, y: y)
      frame.put(item.title, x: inner.x + 6, y: y, maxWidth: inner.width - 7)
      if item.isChosen { frame.put(glyphs.mark, role: .mark, x: inner.x + 1, y: y) }
    }
  }

  mutating func markRow(_ inner: Rect, y: Int) {
    frame.select(Rect(x: inner.x, y: y, width: inner.width, height: 1))
    frame.put(glyphs.cursor, role: .cursor, x: inner.x, y: y)
    frame.cursor = Frame.Cursor(x: inner.x, y: y, visible: state.setup.isPlain)
  }
}
