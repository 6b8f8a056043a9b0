import Canvas

/// The pane that shows what a Compose command writes: it follows the end until one scrolls up.
extension State {
  mutating func closeComposePane() {
    if compose.running?.isCancelled == false { cancelCompose() }
    compose.run = nil
    compose.isPaneFocused = false
    compose.isPaneZoomed = false
    fitCompose()
  }

  mutating func scrollCompose(_ move: Move) {
    guard var run = compose.run else { return }
    let pane = ComposePane(run, size: composeLayout.paneSize)
    let height = composeLayout.paneSize.height
    var position = run.top.map { pane.position($0) } ?? pane.last
    switch move {
    case .up: position = pane.moved(position, by: -1)
    case .down: position = pane.moved(position, by: 1)
    case .halfUp: position = pane.moved(position, by: -max(1, height / 2))
    case .halfDown: position = pane.moved(position, by: max(1, height / 2))
    case .pageUp: position = pane.moved(position, by: -max(1, height - 1))
    case .pageDown: position = pane.moved(position, by: max(1, height - 1))
    case .first: position = ComposePane.Position()
    case .last: position = pane.last
    }
    // At the end it follows again.
    run.top =
      position < pane.last ? ComposePane.Position(line: position.line + run.output.dropped, row: position.row) : nil
    compose.run = run
  }

  /// What was scrolled to may be gone, or fit by now.
  mutating func fitComposePane() {
    guard let run = compose.run, let top = run.top else { return }
    let pane = ComposePane(run, size: composeLayout.paneSize)
    let position = pane.position(top)
    compose.run?.top =
      position < pane.last ? ComposePane.Position(line: position.line + run.output.dropped, row: position.row) : nil
  }
}

/// Which rows of a command's output a pane of some size shows. Costs no more than what is on the screen.
struct ComposePane {
  /// Of a line among those that are kept.
  typealias Position = ComposeRun.Position

  let run: ComposeRun
  let size: Size

  init(_ run: ComposeRun, size: Size) { (self.run, self.size) = (run, size) }

  /// - Parameter top: its line counted from the first that was ever written.
  func position(_ top: Position) -> Position {
    let line = top.line - run.output.dropped
    guard line >= 0, line < run.output.count else { return line < 0 ? Position() : last }
    return Position(line: line, row: min(top.row, rowCount(line) - 1))
  }

  /// The rows of a line, escaped.
  func rows(_ line: Int) -> [DisplayText] {
    let bytes = run.output[line]
    guard run.isWrapped else { return [Escape.display(bytes, limit: size.width)] }
    return Escape.display(bytes).wrapped(to: max(1, size.width))
  }

  func rowCount(_ line: Int) -> Int { run.isWrapped ? rows(line).count : 1 }

  /// The top at which the end is at the bottom.
  var last: Position { moved(Position(line: run.output.count, row: 0), by: -max(1, size.height)) }

  func moved(_ position: Position, by rows: Int) -> Position {
    var (position, left) = (position, rows)
    while left > 0, position.line < run.output.count {
      let below = rowCount(position.line) - position.row
      guard left >= below else {
        position.row += left
        break
      }
      left -= below
      position = Position(line: position.line + 1)
    }
    while left < 0 {
      if position.row > 0 {
        let step = min(position.row, -left)
        position.row -= step
        left += step
      } else if position.line > 0 {
        position = Position(line: position.line - 1, row: rowCount(position.line - 1) - 1)
        left += 1
      } else {
        break
      }
    }
    return position
  }
}
