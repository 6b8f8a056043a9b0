// libFuzzer target for the escape rule, compiled into one module with Sources/Canvas (.ci/fuzz).

/// The first byte is the width of a column, the rest a name or a value that a server holds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDisplay(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = input.first else { return 0 }
  let cells = Int(first) % 100
  let bytes = Array(input[1...])
  for context in [Escape.Context.name, .value] {
    let text = Escape.display(bytes, context: context)
    checkSame(text, bytes, context)
    checkVisible(text, context)
    checkLimit(text, bytes, context, cells)
    checkCutting(text, cells)
    checkFrame(text, cells)
  }
  // Whatever is typed, decoding does not trap, and what it gives can be shown and typed again.
  let typed = Escape.typed(bytes)
  check(Escape.typed(Escape.string(typed)) == typed, "typed bytes do not come back")
  return 0
}

/// Cells and text say the same, and typed they are the bytes again.
private func checkSame(_ text: DisplayText, _ bytes: [UInt8], _ context: Escape.Context) {
  let string = Escape.string(bytes, context: context)
  check(Escape.typed(string) == bytes, "typed(string(bytes)) is not bytes")
  check(text.string == string, "cells and text differ")
  check(text.width == text.elements.reduce(0) { $0 + $1.glyph.width }, "the width is not that of the glyphs")
  check(TextWidth.cells(string) == text.width, "the text's width is not that of the cells")
  check(DisplayText(string).string == string, "escaped text is escaped once more")
}

/// Asked of Unicode itself, not of the table that the rule is made from.
private func checkVisible(_ text: DisplayText, _ context: Escape.Context) {
  for element in text.elements {
    let glyph = element.glyph
    for scalar in glyph.drawn { check(isVisible(scalar), "U+\(String(scalar.value, radix: 16)) would be drawn") }
    for scalar in [glyph.base] + glyph.tail where !isVisible(scalar) || isSelector(scalar) {
      check(context == .value, "an invisible character in a name")
      check(scalar == "\u{200D}" || scalar == "\u{FE0F}", "no part of an emoji sequence")
    }
    check(glyph.width == 1 || glyph.width == 2, "a glyph of \(glyph.width) cells")
    check(glyph.drawn.count <= 3, "a pile of marks")
  }
}

private func isSelector(_ scalar: Unicode.Scalar) -> Bool { (0xFE00...0xFE0F).contains(scalar.value) }

private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
  case .spaceSeparator: scalar == " "
  default: true
  }
}

/// With a limit no more is read than is asked for, and what is cut is cut as if all had been read.
private func checkLimit(_ text: DisplayText, _ bytes: [UInt8], _ context: Escape.Context, _ cells: Int) {
  let limited = Escape.display(bytes, context: context, limit: cells)
  // The last piece may be the escapes of one code point: four bytes of four cells.
  check(limited.width <= cells + 16, "\(limited.width) cells for \(cells)")
  check(limited.width > cells || limited == text, "less than was asked for")
  check(text.elements.starts(with: limited.elements), "not the beginning of the whole")
  check(limited.truncated(to: cells) == text.truncated(to: cells), "cut otherwise than the whole")
}

private func checkCutting(_ text: DisplayText, _ cells: Int) {
  check(text.prefix(cells: cells).width <= cells, "prefix is too wide")
  check(text.dropFirst(cells: cells).width == max(0, text.width - cells), "dropFirst is not the rest")
  check(text.truncated(to: cells).width <= cells, "truncated is too wide")
  check(text.middleTruncated(to: cells).width <= cells, "middleTruncated is too wide")
  guard cells > 0 else { return }
  for lines in [text.wrapped(to: cells), text.wrappedAtBlanks(to: cells)] {
    check(lines.allSatisfy { $0.width <= cells }, "a wrapped line is too wide")
    if cells > 1 { check(lines.flatMap(\.elements) == text.elements, "wrapping lost something") }
  }
}

/// Drawn over the edges of a frame, beside and over itself.
private func checkFrame(_ text: DisplayText, _ cells: Int) {
  var frame = Frame(size: Size(width: 20, height: 2))
  frame.put(text, x: 10 - cells, y: 0)
  frame.put(text, x: cells % 7, y: 1, maxWidth: cells)
  frame.put(text, endX: cells % 23, y: 1, maxWidth: 5)
  check(frame.isWellFormed, "half a glyph in the frame")
}

private func check(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { fatalError(what()) }
}
