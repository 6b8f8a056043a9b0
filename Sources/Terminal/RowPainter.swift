import CTerminal
import Canvas

/// Turns a row of a frame into what curses puts on the screen. Keeps its buffers from row to row.
struct RowPainter {
  private var cells: [cchar_t] = []
  private var scalars: [UInt32] = []

  mutating func paint(_ row: ArraySlice<Cell>, at y: Int, palette: inout Palette) {
    cells.removeAll(keepingCapacity: true)
    for cell in row where !cell.isContinuation {
      let look = palette.look(of: cell)
      let glyph = cell.glyph
      scalars.removeAll(keepingCapacity: true)
      if RowPainter.isDrawable(glyph) {
        scalars.append(glyph.base.value)
        if !glyph.isSimple { scalars.append(contentsOf: glyph.drawn.dropFirst().map(\.value)) }
        append(look)
      } else {
        // The locale or ncurses sees another width, or none: a question mark keeps what follows in its column.
        scalars.append(0x3F)
        append(look)
        if glyph.width == 2 {
          scalars[0] = 0x20
          append(look)
        }
      }
    }
    unsafe kg_put_row(Int32(y), cells, Int32(cells.count))
  }

  private mutating func append(_ look: Look) {
    var cell = cchar_t()
    unsafe kg_cell(&cell, scalars, Int32(scalars.count), look.attributes, look.pair)
    cells.append(cell)
  }

  /// Whether ncurses gives the glyph the columns that the frame gave it, and no more for its marks.
  private static func isDrawable(_ glyph: Glyph) -> Bool {
    let base = glyph.base.value
    guard base >= 0x20 && base < 0x7F || Int(kg_width(base)) == glyph.width else { return false }
    return glyph.isSimple || glyph.drawn.dropFirst().allSatisfy { kg_width($0.value) == 0 }
  }
}
