extension DisplayText {
  /// The first glyphs that fit into so many cells. A wide glyph that fits only by half is left out.
  package func prefix(cells: Int) -> DisplayText {
    if width <= cells { return self }
    return DisplayText(elements.prefix(count(fitting: cells)))
  }

  /// What remains behind the first cells, as in horizontal scrolling. A wide glyph that is cut leaves a blank.
  package func dropFirst(cells: Int) -> DisplayText {
    if cells <= 0 { return self }
    if cells >= width { return DisplayText() }
    let whole = count(fitting: cells)
    let used = elements[..<whole].reduce(0) { $0 + $1.glyph.width }
    if used == cells { return DisplayText(elements[whole...]) }
    return DisplayText([Element(.blank, role: elements[whole].role)] + elements[(whole + 1)...])
  }

  /// At most so many cells; where something is cut, the ellipsis ends it.
  package func truncated(to cells: Int, ellipsis: Glyph = GlyphSet.unicode.ellipsis) -> DisplayText {
    if width <= cells { return self }
    guard cells >= ellipsis.width else { return DisplayText() }
    var result = prefix(cells: cells - ellipsis.width)
    result.append(ellipsis, role: result.elements.last?.role ?? elements[0].role)
    return result
  }

  /// At most so many cells, cut in the middle: head and tail stay, because both may tell one name from another.
  package func middleTruncated(to cells: Int, ellipsis: Glyph = GlyphSet.unicode.ellipsis) -> DisplayText {
    if width <= cells { return self }
    let room = cells - ellipsis.width
    guard room >= 2 else { return truncated(to: cells, ellipsis: ellipsis) }
    // The head is the longer part, as in `8f2c1e9b77d04f1c…2a90`.
    let tailRoom = max(1, room / 3)
    var result = prefix(cells: room - tailRoom)
    result.append(ellipsis, role: result.elements.last?.role ?? elements[0].role)
    let tail = suffix(cells: tailRoom)
    result.append(tail)
    return result
  }

  /// Lines of at most so many cells, cut at the cell. Always at least one line; a glyph wider than the line stands
  /// alone as a blank.
  package func wrapped(to cells: Int) -> [DisplayText] {
    guard cells > 0, width > cells else { return [self] }
    var lines: [DisplayText] = []
    var line = DisplayText()
    for element in elements {
      let fitting = element.glyph.width > cells ? Element(.blank, role: element.role) : element
      if line.width + fitting.glyph.width > cells {
        lines.append(line)
        line = DisplayText()
      }
      line.append(fitting.glyph, role: fitting.role)
    }
    lines.append(line)
    return lines
  }

  /// The same for sentences: cut behind a blank where there is one in the line, so that words stay whole. Nothing is left
  /// out, the blank stands at the line's end.
  package func wrappedAtBlanks(to cells: Int) -> [DisplayText] {
    guard cells > 0, width > cells else { return [self] }
    var lines: [DisplayText] = []
    var rest = elements[...]
    while !rest.isEmpty {
      let fitting = Self.count(rest, fitting: cells)
      guard fitting > 0 else { return lines + DisplayText(rest).wrapped(to: cells) }
      var end = rest.startIndex + fitting
      if end < rest.endIndex, let blank = rest[..<end].lastIndex(where: { $0.glyph == .blank }), blank > rest.startIndex
      {
        end = blank + 1
      }
      lines.append(DisplayText(rest[..<end]))
      rest = rest[end...]
    }
    return lines
  }

  private func suffix(cells: Int) -> DisplayText {
    var used = 0
    var start = elements.endIndex
    while start > 0, used + elements[start - 1].glyph.width <= cells {
      start -= 1
      used += elements[start].glyph.width
    }
    return DisplayText(elements[start...])
  }

  private func count(fitting cells: Int) -> Int { Self.count(elements[...], fitting: cells) }

  /// How many glyphs from the start fit.
  private static func count(_ elements: ArraySlice<Element>, fitting cells: Int) -> Int {
    var used = 0
    for (number, element) in elements.enumerated() {
      used += element.glyph.width
      if used > cells { return number }
    }
    return elements.count
  }
}
