/// Keeps right-to-left text from reordering its neighbours.
///
/// Terminals that apply the bidirectional algorithm (Unicode Standard Annex 9) to a row move numbers and further
/// right-to-left text that follow a Hebrew or Arabic name with nothing but blanks and lines between, and may take the
/// whole row for a right-to-left one. A blank that counts as left-to-right stands between and in front.
package enum BidiFence {
  /// What is drawn instead of the blank: the braille cell without a dot, which is blank and strongly left-to-right.
  /// The marks made for this, U+200E and the isolates, are format characters: terminals show or drop them.
  package static let sign: UInt32 = 0x2800

  /// The columns of a row, counted from its start, whose blank is to be drawn as ``sign``.
  package static func columns(of row: ArraySlice<Cell>) -> [Int] {
    guard row.contains(where: isRightToLeft) else { return [] }
    var columns: [Int] = []
    var isOpening = true
    var lastBlank: Int?
    var fence: Int?
    var isAfter = false
    for (column, cell) in row.enumerated() where !cell.isContinuation {
      if isRightToLeft(cell) {
        if let fence { columns.append(fence) } else if isOpening, let lastBlank { columns.append(lastBlank) }
        (isAfter, isOpening, fence) = (true, false, nil)
      } else if cell.glyph == .blank {
        lastBlank = column
        // One blank may part two words of a name; two, or one before a line, end it.
        if isAfter, fence == nil, column + 1 == row.count || isEdge(row[row.startIndex + column + 1]) { fence = column }
      } else if isNumber(cell), isAfter {
        if let fence { columns.append(fence) }
        if fence != nil { (isAfter, fence) = (false, nil) }
      } else if cell.glyph.base.properties.isAlphabetic {
        (isAfter, isOpening, fence) = (false, false, nil)
      }
    }
    return columns
  }

  private static func isEdge(_ cell: Cell) -> Bool {
    cell.glyph == .blank || (0x2500..<0x2580).contains(cell.glyph.base.value)
  }

  private static func isNumber(_ cell: Cell) -> Bool { cell.glyph.base.properties.numericType == .decimal }

  /// The blocks of the scripts that are written from the right: Hebrew to Arabic, their presentation forms, and the
  /// right-to-left part of the supplementary plane.
  private static func isRightToLeft(_ cell: Cell) -> Bool {
    switch cell.glyph.base.value {
    case 0x590..<0x900, 0xFB1D..<0xFE00, 0xFE70..<0xFEFF, 0x10800..<0x11000, 0x1E800..<0x1F000: true
    default: false
    }
  }
}
