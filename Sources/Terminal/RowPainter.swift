import CTerminal
import Canvas

/// Turns a row of a frame into what curses puts on the screen. Keeps its buffers from row to row.
struct RowPainter {
  /// False where the terminal never reorders text and may have no sign for the fence: the console of Linux.
  var usesFences = true
  private var cells: [cchar_t] = []
  private var scalars: [UInt32] = []

  mutating func paint(_ row: ArraySlice<Cell>, at y: Int, palette: inout Palette) {
    cells.removeAll(keepingCapacity: true)
    let fences = usesFences && kg_width(BidiFence.sign) == 1 ? BidiFence.columns(of: row) : []
    for (column, cell) in row.enumerated() where !cell.isContinuation {
      let look = palette.look(of: cell)
      let glyph = cell.glyph
      if fences.contains(column) {
        append(BidiFence.sign, look)
      } else if let signs = RowPainter.flag(glyph, width: kg_width) {
        for sign in signs { append(sign, look) }
      } else if RowPainter.isDrawable(glyph) {
        append(glyph.base.value, marks: glyph.isSimple ? [] : glyph.drawn.dropFirst(), look)
      } else {
        // The locale or ncurses sees another width, or none: a question mark keeps what follows in its column.
        append(0x3F, look)
        if glyph.width == 2 { append(0x20, look) }
      }
    }
    unsafe kg_put_row(Int32(y), cells, Int32(cells.count))
  }

  private mutating func append(_ base: UInt32, marks: ArraySlice<Unicode.Scalar> = [], _ look: Look) {
    scalars.removeAll(keepingCapacity: true)
    scalars.append(base)
    for mark in marks { scalars.append(mark.value) }
    var cell = cchar_t()
    unsafe kg_cell(&cell, scalars, Int32(scalars.count), look.attributes, look.pair)
    cells.append(cell)
  }

  /// The signs of a flag, one cell each. Libraries since Unicode 16 count two for each half, and terminals two for both:
  /// there the letters that the halves stand for are drawn. Nil where the glyph is no flag.
  static func flag(_ glyph: Glyph, width: (UInt32) -> Int32) -> [UInt32]? {
    guard glyph.base.value >= 0x1F1E6 else { return nil }
    let letters = glyph.flagLetters.map(\.value)
    if letters.isEmpty { return nil }
    return width(glyph.base.value) == 1 ? letters.map { $0 + 0x1F1E6 - 0x41 } : letters
  }

  /// Whether ncurses gives the glyph the columns that the frame gave it, and no more for its marks.
  private static func isDrawable(_ glyph: Glyph) -> Bool {
    let base = glyph.base.value
    guard base >= 0x20 && base < 0x7F || Int(kg_width(base)) == glyph.width else { return false }
    return glyph.isSimple || glyph.drawn.dropFirst().allSatisfy { kg_width($0.value) == 0 }
  }
}
