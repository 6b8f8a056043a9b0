extension Frame {
  /// Draws a frame around the area, inside its edges: `area.inset()` is what it holds. Titles stand in the border and
  /// give way where there is no room: first the right one goes, then the left one is cut.
  package mutating func box(
    _ area: Rect, role: Role, glyphs: GlyphSet = .unicode, title: DisplayText = DisplayText(),
    right: DisplayText = DisplayText(), bottomRight: DisplayText = DisplayText()
  ) {
    guard area.width >= 2, area.height >= 2 else { return }
    let border = glyphs.border
    let (lastX, lastY) = (area.maxX - 1, area.maxY - 1)
    for x in (area.x + 1)..<max(area.x + 1, lastX) {
      put(border.horizontal, role: role, x: x, y: area.y)
      put(border.horizontal, role: role, x: x, y: lastY)
    }
    for y in (area.y + 1)..<max(area.y + 1, lastY) {
      put(border.vertical, role: role, x: area.x, y: y)
      put(border.vertical, role: role, x: lastX, y: y)
    }
    put(border.topLeft, role: role, x: area.x, y: area.y)
    put(border.topRight, role: role, x: lastX, y: area.y)
    put(border.bottomLeft, role: role, x: area.x, y: lastY)
    put(border.bottomRight, role: role, x: lastX, y: lastY)
    drawTitles(left: title, right: right, in: area, y: area.y, glyphs: glyphs)
    drawTitles(left: DisplayText(), right: bottomRight, in: area, y: lastY, glyphs: glyphs)
  }

  /// `─ left ──── right ─`: a blank on both sides of each, one line sign to the corner.
  private mutating func drawTitles(left: DisplayText, right: DisplayText, in area: Rect, y: Int, glyphs: GlyphSet) {
    let room = area.width - 4
    var leftRoom = room
    if !right.isEmpty, right.width + 2 <= room {
      let fits = left.isEmpty || left.width + 2 + 1 + right.width + 2 <= room
      if fits {
        put(" " + right + " ", endX: area.maxX - 2, y: y)
        leftRoom = room - right.width - 3
      }
    }
    guard !left.isEmpty, leftRoom >= 3 else { return }
    put(" " + left.truncated(to: leftRoom - 2, ellipsis: glyphs.ellipsis) + " ", x: area.x + 2, y: y)
  }
}

extension DisplayText: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self.init(value)
  }
}
