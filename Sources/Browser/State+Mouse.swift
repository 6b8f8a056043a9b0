import Canvas
import Keyspace

extension State {
  /// Rows for one step of the wheel, as in most terminal programs.
  private static let wheelRows = 3

  mutating func toggleMouse() {
    isMouseOn.toggle()
    outbox.append(.mouse(isOn: isMouseOn))
    say(
      isMouseOn
        ? "mouse on (m: off): wheel and clicks; Shift with a drag selects text"
        : "mouse off: it selects text as in other programs")
  }

  /// The wheel moves what is under it; a click goes to the row, and on the row that has the cursor it opens.
  mutating func handle(_ event: MouseEvent) {
    // A press was meant for what was there before a question came: only the wheel works over one.
    guard isMouseOn, !Layout.isTooSmall(size), holdingSince == nil, awaited == nil else { return }
    switch event.kind {
    case .wheelUp: scroll(.up, at: event)
    case .wheelDown: scroll(.down, at: event)
    case .press: if overlay == nil, prompt == nil { click(event) }
    }
  }

  private mutating func scroll(_ move: Move, at event: MouseEvent) {
    switch overlay {
    case nil: break
    case .form, .dialog: return
    default:
      for _ in 0..<Self.wheelRows { handleInOverlay(move == .up ? .up : .down) }
      return
    }
    message = nil
    let isList = layout.list?.contains(x: event.x, y: event.y) ?? false
    let isValue = layout.value?.contains(x: event.x, y: event.y) ?? false
    for _ in 0..<Self.wheelRows {
      if isList { moveInList(move) } else if isValue, value.key != nil { moveInValue(move) }
    }
  }

  private mutating func click(_ event: MouseEvent) {
    message = nil
    if let area = layout.list, area.contains(x: event.x, y: event.y) {
      let line = event.y - area.y - 2
      let row = list.viewport.top + line
      let isSelected = focus == .list && row == list.viewport.cursor
      if focus != .list { perform(.otherPane) }
      guard line >= 0, line < listHeight, let rows = list.rows, row < rows.count else { return }
      if !isSelected {
        moveCursor(to: rows[row].id)
      } else if rows[row].isExpanded {
        closeRow()
      } else {
        openRow()
      }
    } else if let area = layout.value, area.contains(x: event.x, y: event.y), value.key != nil {
      if focus != .value { perform(.otherPane) }
      guard value.detail == nil, case .collection(var view) = value.content else { return }
      let line = event.y - area.y - 1 - valueHeadHeight - valueHeadingHeight
      let position = view.viewport.top + line
      guard line >= 0, line < valueHeight, position < view.count else { return }
      if position == view.viewport.cursor {
        openElement()
      } else {
        view.viewport.cursor = position
        value.content = .collection(view)
      }
    }
  }
}
