extension Frame {
  /// The rows as text, each padded to the full width of the frame.
  package func textRows() -> [String] {
    (0..<size.height).map { y in
      row(y).reduce(into: "") { text, cell in
        if !cell.isContinuation { text += cell.glyph.string }
      }
    }
  }

  /// The rows as text without the blanks at their ends.
  package func trimmedRows() -> [String] {
    textRows().map { row in
      guard let last = row.lastIndex(where: { $0 != " " }) else { return "" }
      return String(row[...last])
    }
  }

  /// One letter of `Role.letter` for each cell. A selected cell in the role `.text` has the letter of `.selection`.
  package func roleRows() -> [String] {
    (0..<size.height).map { y in
      String(
        row(y).map { cell in
          cell.isSelected && cell.role == .text ? Role.selection.letter : cell.role.letter
        })
    }
  }
}
