import Values

extension StringView {
  /// Moves by rows; to the first and last byte of the string, loaded or not.
  mutating func scroll(_ move: Move, height: Int) {
    switch move {
    case .first where format != .json: goTo(0)
    case .last where format == .text && end < length: wantsEnd()
    default:
      var viewport = Viewport(cursor: top, top: top)
      viewport.scroll(move, count: rowCount, height: height)
      top = viewport.top
    }
  }

  private mutating func goTo(_ position: Int) {
    if format == .hex || offset == 0 { jump(to: position) } else { request = .bytes(offset: 0, length: Self.window) }
  }

  private mutating func wantsEnd() {
    request = .bytes(offset: max(0, length - Self.window), length: Self.window)
  }

  /// The window to read next, if what is visible, or about to be, is not loaded.
  func missingWindow(height: Int) -> ValueWindow? {
    if let request { return request }
    switch format {
    case .json: return nil
    case .hex:
      let from = top * hexWidth
      let to = min(length, (top + height) * hexWidth)
      guard from < to, from < offset || to > end else { return nil }
      return .bytes(offset: max(0, from - Self.window / 4), length: Self.window)
    case .text:
      if end < length, top + 2 * height >= rowCount { return .bytes(offset: end, length: Self.window) }
      if offset > 0, top < height {
        let start = max(0, offset - Self.window)
        return .bytes(offset: start, length: offset - start)
      }
      return nil
    }
  }
}
