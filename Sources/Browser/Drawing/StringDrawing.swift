import Canvas
import Values

extension Painter {
  /// A string as text, JSON or hex. `headed`: it is part of a value, and a line above names the way back.
  mutating func draw(_ view: StringView, in body: Rect, headed: Bool) {
    var area = body
    if headed {
      frame.put("h goes back", role: .textDim, x: body.x, y: body.y)
      area = Rect(x: body.x, y: body.y + 1, width: body.width, height: max(0, body.height - 1))
    }
    if view.length == 0 {
      frame.put("(empty)", role: .textDim, x: area.x, y: area.y)
      return
    }
    switch view.format {
    case .hex: drawHex(view, in: area, marksChanges: !headed)
    case .text, .json: drawLines(view, in: area, marksChanges: !headed)
    }
  }

  private mutating func drawLines(_ view: StringView, in area: Rect, marksChanges: Bool) {
    let rows = view.rowCount
    var row = min(view.top, max(0, rows - 1))
    var y = area.y
    while y < area.maxY, row < rows {
      let (index, part) = view.line(ofRow: row)
      let line = view.displayLine(index)
      if view.isWrapped {
        let parts = line.wrapped(to: max(1, area.width))
        if part < parts.count { frame.put(parts[part], x: area.x, y: y) }
      } else {
        let shown = line.dropFirst(cells: view.column).truncated(to: area.width, ellipsis: glyphs.ellipsis)
        frame.put(shown, x: area.x, y: y)
      }
      if marksChanges { markChange(in: view.content(ofLine: index), endX: area.maxX, y: y) }
      row += 1
      y += 1
    }
  }

  /// What is marked are bytes of the value, not of an element that is shown alone.
  private mutating func markChange(in piece: Range<Int>, endX: Int, y: Int) {
    guard state.value.changes.marks(piece, now: state.displayNow) else { return }
    frame.put(glyphs.changed, role: .changed, x: endX, y: y)
  }

  private mutating func drawHex(_ view: StringView, in area: Rect, marksChanges: Bool) {
    let digits = view.offsetDigits
    let width = view.hexWidth
    for line in 0..<area.height {
      let offset = (view.top + line) * width
      guard offset < view.length else { break }
      let y = area.y + line
      let label = String(offset, radix: 16)
      let padded = String(repeating: "0", count: max(0, digits - label.count)) + label
      frame.put(padded, role: .textDim, x: area.x, y: y)
      guard let row = view.hexRow(at: offset) else { continue }
      if marksChanges { markChange(in: offset..<offset + width, endX: area.maxX, y: y) }
      let hexX = area.x + digits + 2
      frame.put(row.hex, x: hexX, y: y, maxWidth: max(0, area.maxX - hexX))
      let asciiX = hexX + width * 3 + 2
      frame.put(row.ascii, role: .jsonString, x: asciiX, y: y, maxWidth: max(0, area.maxX - asciiX))
    }
  }
}

extension StringView {
  /// What a line is, to tell it from what it was: bytes of the whole string, or the number of a line of JSON.
  func content(ofLine index: Int) -> Range<Int> {
    format == .json ? index..<index + 1 : offset + lines[index].lowerBound..<offset + lines[index].upperBound
  }

  /// The loaded bytes of a hex row; nil while its window is being read.
  func hexRow(at position: Int) -> HexRow? {
    let from = position - offset
    guard from >= 0, from < bytes.count else { return nil }
    return HexRow(offset: position, bytes: Array(bytes[from..<min(bytes.count, from + hexWidth)]), width: hexWidth)
  }
}
