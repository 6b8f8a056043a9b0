import Canvas

extension Painter {
  /// The part of the cursor's line that has room: the character under the cursor is always whole in it, and a wide one
  /// that is cut by an edge is a blank.
  /// - Returns: also the cursor's cell in it, and the cells that are hidden at the left.
  func window(of field: TextField, room: Int) -> (shown: DisplayText, cursor: Int, hidden: Int) {
    // What is typed is text under the escape rule already: nothing is doubled, nothing invisible gets through.
    let (line, before) = field.currentLine
    let column = DisplayText(before).width
    let text = DisplayText(line, role: .input)
    let under = DisplayText(line[before.endIndex...].prefix(1)).elements.first?.glyph.width ?? 1
    let hidden = max(0, column + under - room)
    return (text.dropFirst(cells: hidden).prefix(cells: room), column - hidden, hidden)
  }
}
