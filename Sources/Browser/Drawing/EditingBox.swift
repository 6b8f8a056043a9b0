import Canvas

/// The box of a form or a dialog: text, a rule with a word in it, what will run, buttons. Its lines are put together
/// first, so that the box has the height that they need.
struct EditingBox {
  enum Line {
    case text(DisplayText)
    /// Good to know, and the first to go where the screen is too low.
    case aside(DisplayText)
    /// One of several of a kind, of which the first stays longer.
    case detail(DisplayText)
    case rule(String)
    /// A line of typing, with the cursor at this cell of it; nil: it has no cursor.
    case input(DisplayText, cursor: Int?, isFocused: Bool)
    case buttons([(title: String, isFocused: Bool)])
  }

  var lines: [Line] = []

  mutating func add(_ text: DisplayText) { lines.append(.text(text)) }

  /// Wrapped to this many cells.
  mutating func add(_ text: DisplayText, width: Int) { lines += text.wrappedAtBlanks(to: width).map { .text($0) } }

  mutating func addAside(_ text: DisplayText, width: Int) {
    lines += text.wrappedAtBlanks(to: width).map { .aside($0) }
  }

  /// Buttons, in as many rows as they need.
  mutating func addButtons(_ buttons: [(title: String, isFocused: Bool)], width: Int) {
    var row: [(title: String, isFocused: Bool)] = []
    var used = 0
    for button in buttons {
      if !row.isEmpty, used + button.title.count > width {
        lines.append(.buttons(row))
        (row, used) = ([], 0)
      }
      row.append(button)
      used += button.title.count + 2
    }
    lines.append(.buttons(row))
  }

  /// As many lines as there is room for: asides go first, then what stands in the middle. The buttons stay.
  func fitting(_ room: Int) -> [Line] {
    var lines = lines
    func drop(_ isGone: (Line) -> Bool) {
      while lines.count > room, let index = lines.lastIndex(where: isGone) { lines.remove(at: index) }
    }
    drop { if case .aside = $0 { true } else { false } }
    drop { if case .detail = $0 { true } else { false } }
    // What is typed, and the buttons, stay; of the rest the beginning.
    drop { if case .text = $0 { true } else { false } }
    return lines
  }

  /// What will run, wrapped; at most so many lines of each command.
  mutating func addCommands(_ commands: [[[UInt8]]], width: Int, limit: Int, ellipsis: Glyph) {
    guard !commands.isEmpty else { return }
    lines.append(.rule("will run"))
    for (position, command) in commands.enumerated() {
      let wrapped = DisplayText(CommandText.line(command), role: .accent).wrapped(to: width)
      for (index, line) in wrapped.prefix(limit).enumerated() {
        var line = line
        if index == limit - 1, wrapped.count > limit {
          line = line.prefix(cells: width - 1)
          line.append(ellipsis, role: .textDim)
        }
        lines.append(position == 0 && index == 0 ? .text(line) : .detail(line))
      }
    }
  }
}

extension Painter {
  /// Cells inside a box for editing.
  var editingWidth: Int { min(frame.size.width - 4, 96) - 4 }

  /// Draws the box in the middle of the screen; where it is too high, its beginning and its buttons stay.
  mutating func draw(_ box: EditingBox, title: DisplayText, border: Role) {
    let bounds = frame.bounds
    let height = min(bounds.height - 2, box.lines.count + 2)
    let area = bounds.centered(Size(width: editingWidth + 4, height: height))
    frame.fill(area, role: .dialog)
    let border = state.isProduction ? Role.borderProd : border
    frame.box(area, role: border, glyphs: glyphs, title: title, right: productionName)
    let room = area.height - 2
    frame.cursor = Frame.Cursor(x: area.x, y: area.y, visible: false)
    for (row, line) in box.fitting(room).prefix(room).enumerated() {
      draw(line, in: area, y: area.y + 1 + row, border: border)
    }
    // Buttons are drawn in their order, in as many rows as they need.
    targets = targets.enumerated().map { (area: $1.area, target: .button($0)) }
  }

  private mutating func draw(_ line: EditingBox.Line, in area: Rect, y: Int, border: Role) {
    let x = area.x + 2
    switch line {
    case .text(let text), .aside(let text), .detail(let text): frame.put(text, x: x, y: y, maxWidth: area.width - 4)
    case .rule(let word):
      for x in (area.x + 1)..<(area.maxX - 1) { frame.put(glyphs.border.horizontal, role: border, x: x, y: y) }
      frame.put(glyphs.border.leftTee, role: border, x: area.x, y: y)
      frame.put(glyphs.border.rightTee, role: border, x: area.maxX - 1, y: y)
      frame.put(text(" \(word) ", .textDim), x: area.x + 2, y: y)
    case .input(let shown, let cursor, let isFocused):
      frame.put(shown, x: x, y: y, maxWidth: area.width - 4)
      if let cursor, isFocused { frame.cursor = Frame.Cursor(x: min(x + cursor, area.maxX - 2), y: y, visible: true) }
    case .buttons(let buttons):
      var x = x
      for button in buttons {
        let end = x + frame.put(text(button.title, button.isFocused ? .footerKey : .text), x: x, y: y)
        targets.append((area: Rect(x: x, y: y, width: end - x, height: 1), target: .button(0)))
        if button.isFocused {
          frame.select(Rect(x: x, y: y, width: end - x, height: 1))
          frame.cursor = Frame.Cursor(x: x, y: y, visible: state.setup.isPlain)
        }
        x = end + 2
      }
    }
  }
}
