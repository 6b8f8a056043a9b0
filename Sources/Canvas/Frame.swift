/// One picture of the screen: cells with roles, and where the hardware cursor stands. Drawing beyond the edges is
/// clipped; a wide glyph is never cut in half.
package struct Frame: Equatable, Sendable {
  /// Where the hardware cursor stands. It is placed even when it does not show: screen readers follow it.
  package struct Cursor: Equatable, Sendable {
    package var x: Int
    package var y: Int
    package var visible: Bool

    package init(x: Int, y: Int, visible: Bool) {
      self.x = x
      self.y = y
      self.visible = visible
    }
  }

  package let size: Size
  package var cursor: Cursor?
  private var cells: [Cell]

  /// A blank frame in the role `.text`.
  package init(size: Size) {
    self.size = Size(width: max(0, size.width), height: max(0, size.height))
    cells = Array(repeating: Cell(), count: self.size.width * self.size.height)
  }

  package var bounds: Rect { Rect(size) }

  /// The cell at a place inside the frame.
  package subscript(x: Int, y: Int) -> Cell {
    precondition(bounds.contains(x: x, y: y), "cell outside the frame")
    return cells[y * size.width + x]
  }

  /// The cells of one row, left to right.
  package func row(_ y: Int) -> ArraySlice<Cell> {
    cells[(y * size.width)..<((y + 1) * size.width)]
  }

  // MARK: - Text

  /// Draws text in one row.
  ///
  /// - Parameter maxWidth: the most cells to use; the rest of the row unless said.
  /// - Returns: the cells used.
  @discardableResult
  package mutating func put(_ text: DisplayText, x: Int, y: Int, maxWidth: Int = .max) -> Int {
    guard y >= 0, y < size.height, maxWidth > 0 else { return 0 }
    var used = 0
    for element in text.elements {
      let width = element.glyph.width
      if width > maxWidth - used {
        // Half a wide glyph fits: a blank keeps what follows in its column.
        if used < maxWidth { used += place(.blank, role: element.role, x: x + used, y: y) }
        break
      }
      used += place(element.glyph, role: element.role, x: x + used, y: y)
      if x + used >= size.width { break }
    }
    return used
  }

  /// Draws text of our own, or text that has been escaped already.
  @discardableResult
  package mutating func put(
    _ text: some StringProtocol, role: Role = .text, x: Int, y: Int, maxWidth: Int = .max
  ) -> Int {
    put(DisplayText(text, role: role), x: x, y: y, maxWidth: maxWidth)
  }

  /// Draws one glyph.
  @discardableResult
  package mutating func put(_ glyph: Glyph, role: Role = .text, x: Int, y: Int) -> Int {
    guard y >= 0, y < size.height else { return 0 }
    return place(glyph, role: role, x: x, y: y)
  }

  /// Draws text so that it ends before the column `endX`; where it is wider than allowed, its head stays.
  @discardableResult
  package mutating func put(_ text: DisplayText, endX: Int, y: Int, maxWidth: Int = .max) -> Int {
    let shown = text.prefix(cells: maxWidth)
    return put(shown, x: endX - shown.width, y: y)
  }

  /// Draws text of our own so that it ends before the column `endX`.
  @discardableResult
  package mutating func put(
    _ text: some StringProtocol, role: Role = .text, endX: Int, y: Int, maxWidth: Int = .max
  ) -> Int {
    put(DisplayText(text, role: role), endX: endX, y: y, maxWidth: maxWidth)
  }

  // MARK: - Areas

  /// Makes the cells of the area blanks in that role, not selected.
  package mutating func fill(_ area: Rect, role: Role = .text) {
    let area = area.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { set(Cell(role: role), x: x, y: y) }
    }
  }

  /// Lays the selection over the area. What is drawn there later stays selected.
  package mutating func select(_ area: Rect) {
    let area = area.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { cells[y * size.width + x].isSelected = true }
    }
  }

  /// Gives the cells of the area another role, from the one that each has.
  package mutating func recolor(_ area: Rect, _ role: (Role) -> Role) {
    let area = area.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { cells[y * size.width + x].role = role(cells[y * size.width + x].role) }
    }
  }

  /// Whether every wide glyph has its right half, no right half stands alone, and the cursor is inside.
  package var isWellFormed: Bool {
    if let cursor, !bounds.contains(x: cursor.x, y: cursor.y) { return false }
    for y in 0..<size.height {
      var isHalf = false
      for cell in row(y) {
        if cell.isContinuation != isHalf { return false }
        if cell.isContinuation, cell.glyph != .blank { return false }
        isHalf = !cell.isContinuation && cell.glyph.width == 2
      }
      if isHalf { return false }
    }
    return true
  }

  // MARK: - Cells

  /// Puts a glyph into its cells; where half of it lies outside the frame, the other half is a blank. Returns its width.
  private mutating func place(_ glyph: Glyph, role: Role, x: Int, y: Int) -> Int {
    if glyph.width == 1 || x < 0 || x + 1 >= size.width {
      let shown = glyph.width == 1 ? glyph : .blank
      for column in x..<(x + glyph.width) where column >= 0 && column < size.width {
        put(Cell(shown, role: role), x: column, y: y)
      }
      return glyph.width
    }
    put(Cell(glyph, role: role), x: x, y: y)
    var half = Cell(role: role)
    half.isContinuation = true
    // The right half last: setting the left one has cut what stood there.
    put(half, x: x + 1, y: y)
    return 2
  }

  /// Sets a cell and keeps the selection that lies over it.
  private mutating func put(_ cell: Cell, x: Int, y: Int) {
    var cell = cell
    cell.isSelected = cells[y * size.width + x].isSelected
    set(cell, x: x, y: y)
  }

  private mutating func set(_ cell: Cell, x: Int, y: Int) {
    let index = y * size.width + x
    let old = cells[index]
    if old.isContinuation, !cell.isContinuation { cells[index - 1].glyph = .blank }
    if old.glyph.width == 2 { cells[index + 1].isContinuation = false }
    cells[index] = cell
  }
}
