import Canvas

extension Painter {
  /// The command in the rule, how it goes behind it, and below them what it writes. Only what is seen is looked at.
  mutating func draw(_ run: ComposeRun, in area: Rect, isFocused: Bool) {
    if area.y != state.composeLayout.area.y { drawRule(y: area.y, width: frame.size.width) }
    let size = Size(width: max(1, area.width - 2), height: max(1, area.height - 1))
    let pane = ComposePane(run, size: size)
    let top = run.top.map { pane.position($0) } ?? pane.last
    var y = area.y + 1
    var line = top.line
    var row = top.row
    while y < area.maxY, line < run.output.count {
      for part in pane.rows(line).dropFirst(row) where y < area.maxY {
        frame.put(part.truncated(to: size.width, ellipsis: glyphs.ellipsis), x: area.x + 1, y: y)
        y += 1
      }
      line += 1
      row = 0
    }
    if run.output.count == 0, area.height > 1 {
      frame.put(
        run.isRunning ? "nothing is written yet" : "nothing was written", role: .textDim, x: area.x + 1, y: area.y + 1)
    }
    drawPaneTitle(run, below: run.top == nil ? 0 : run.output.count - line, in: area, isFocused: isFocused)
  }

  /// The command gives way, how it goes stays.
  private mutating func drawPaneTitle(_ run: ComposeRun, below: Int, in area: Rect, isFocused: Bool) {
    let room = area.width - 4
    var right = DisplayText()
    if below > 0 {
      right = text("\(Format.count(below)) more \(below == 1 ? "line" : "lines") below", .warn)
    } else if run.output.dropped > 0 {
      right = text("\(Format.count(run.output.dropped)) older lines dropped", .textDim)
    }
    let status = statusText(of: run)
    if status.width + right.width + 16 > room { right = DisplayText() }
    let left = max(4, room - status.width - 3 - (right.isEmpty ? 0 : right.width + 3))
    let command = Escape.display(
      Array(run.command.line.utf8), context: .command, limit: 1_000, role: isFocused ? .titleFocus : .title
    ).middleTruncated(to: left, ellipsis: glyphs.ellipsis)
    let title = joined([command, status]).truncated(to: room, ellipsis: glyphs.ellipsis)
    frame.put(text(" ") + title + text(" "), x: area.x + 1, y: area.y)
    if !right.isEmpty { frame.put(text(" ") + right + text(" "), endX: area.maxX - 1, y: area.y) }
  }

  private func statusText(of run: ComposeRun) -> DisplayText {
    guard let end = run.end else {
      let seconds = max(0, state.now - run.since) / 1_000
      if run.isCancelled { return text("being stopped, \(seconds) s", .warn) }
      return text("running \(seconds) s", .ok) + text(", ^C stops it", .textDim)
    }
    let seconds = max(0, (run.endedAt ?? run.since) - run.since) / 1_000
    switch end {
    case .exited(status: 0): return text("exit 0 after \(seconds) s", .ok)
    case .exited, .signalled: return text("\(end.words) after \(seconds) s", .danger)
    case .cancelled: return text("stopped after \(seconds) s", .textDim)
    case .notStarted: return outside(Array(end.words.utf8), .danger, cells: 300)
    }
  }
}
