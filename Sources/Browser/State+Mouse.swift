import Canvas
import Keyspace

/// What stands under the mouse.
enum MouseTarget: Equatable {
  case row(Int)
  case button(Int)
}

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
    guard isMouseOn, !Layout.isTooSmall(size), holdingSince == nil, awaited == nil else { return }
    switch event.kind {
    case .wheelUp: scroll(.up, at: event)
    case .wheelDown: scroll(.down, at: event)
    case .press:
      if overlay != nil {
        clickInOverlay(event)
      } else if layout.console?.contains(x: event.x, y: event.y) == true {
        clickInConsole(event)
      } else if prompt == nil, console.focus == nil {
        click(event)
      }
    }
  }

  /// A button is pressed and a row chosen as Enter does it, with all that keeps Enter from doing it.
  private mutating func clickInOverlay(_ event: MouseEvent) {
    var painter = Painter(state: self, glyphs: .unicode, frame: Frame(size: size))
    painter.drawOverlay()
    guard let target = painter.targets.first(where: { $0.area.contains(x: event.x, y: event.y) })?.target else {
      return
    }
    switch (target, overlay) {
    case (.row(let index), .menu(var menu)?):
      menu.viewport.cursor = index
      overlay = .menu(menu)
    case (.row(let index), .databases(let facts, var viewport)?):
      viewport.cursor = index
      overlay = .databases(facts, viewport)
    case (.row(let index), .servers?): servers.viewport.cursor = index
    case (.row(let index), .compose?):
      guard compose.confirmation == nil, prompt == nil else { return }
      let isSelected = compose.viewport.cursor == index && !compose.isPaneFocused
      compose.viewport.cursor = index
      compose.isPaneFocused = false
      // A click selects, once more opens: nothing is connected to by the first.
      guard isSelected else { return }
    case (.button(let index), .dialog(var dialog)?):
      guard now - dialog.openedAt >= Self.dialogGuard else { return }
      dialog.focus = index
      overlay = .dialog(dialog)
    case (.button(let index), .form(var form)?):
      if case .sending = form.status { return }
      guard now >= form.quietUntil else { return }
      form.focus = form.fields.count + index
      overlay = .form(form)
    default: return
    }
    handleInOverlay(.enter)
  }

  private mutating func scroll(_ move: Move, at event: MouseEvent) {
    switch overlay {
    case nil: break
    case .form, .dialog: return
    case .compose? where composeLayout.pane?.contains(x: event.x, y: event.y) == true:
      guard compose.confirmation == nil else { return }
      for _ in 0..<Self.wheelRows { scrollCompose(move) }
      return
    default:
      for _ in 0..<Self.wheelRows { handleInOverlay(move == .up ? .up : .down) }
      return
    }
    message = nil
    if isServerShown, layout.console?.contains(x: event.x, y: event.y) != true {
      for _ in 0..<Self.wheelRows { moveInServer(move) }
      return
    }
    if let pane = layout.console, pane.contains(x: event.x, y: event.y) {
      for _ in 0..<Self.wheelRows { scrollConsole(move) }
      return
    }
    let isList = layout.list?.contains(x: event.x, y: event.y) ?? false
    let isValue = layout.value?.contains(x: event.x, y: event.y) ?? false
    for _ in 0..<Self.wheelRows {
      if isList {
        isMemoryShown ? moveInMemory(move) : moveInList(move)
      } else if isValue, value.key != nil {
        moveInValue(move)
      }
    }
  }

  private mutating func click(_ event: MouseEvent) {
    message = nil
    guard !isServerShown else { return clickInServer(event) }
    if let area = layout.list, area.contains(x: event.x, y: event.y) {
      if isMemoryShown { return clickInMemory(line: event.y - area.y - 3) }
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
