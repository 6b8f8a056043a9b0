import Canvas
package import Values

/// A string, or a window of one, as text, JSON or hex.
package struct StringView: Sendable, Equatable {
  package enum Format: Sendable, Equatable {
    case text
    case json
    case hex
  }

  /// Length of the whole string in bytes.
  package var length: Int
  /// Where `bytes` begin in it.
  package private(set) var offset: Int
  package private(set) var bytes: [UInt8]
  package private(set) var format: Format
  package private(set) var isWrapped: Bool
  /// Cells a line may take when wrapped.
  private(set) var width: Int
  /// First visible row: of the loaded ones in text and JSON; of the whole string in hex.
  package var top = 0
  /// Cells scrolled away at the left, when not wrapped.
  package var column = 0
  /// The hit of a search, as bytes of the whole string.
  package var match: Range<Int>?
  /// The line of pretty JSON that a search hit.
  var matchedLine: Int?
  /// A window asked for by a jump.
  var request: ValueWindow?
  private(set) var json: [[JSONPiece]] = []
  /// Lines of text, as ranges of `bytes`.
  private(set) var lines: [Range<Int>] = []
  /// Row on which each line begins; one more at the end: the number of rows.
  private(set) var firstRow: [Int] = [0]

  /// Bytes of a line that is shown in one piece.
  static let longestLine = 4_096
  /// Bytes read at a time, and kept at most three times.
  package static let window = 65_536
  /// A string up to this length is read whole to be shown as JSON.
  package static let jsonLimit = 1 << 20

  package init(page: StringPage, width: Int, format: Format? = nil, isWrapped: Bool = true) {
    length = page.length
    offset = page.offset
    bytes = page.bytes
    self.width = width
    self.isWrapped = isWrapped
    self.format = format ?? StringView.guess(page)
    layOut()
  }

  package var isWhole: Bool { offset == 0 && bytes.count >= length }
  package var end: Int { offset + bytes.count }

  /// Rows that can be scrolled through: all of a hex view, the loaded ones of the others.
  package var rowCount: Int {
    format == .hex ? (length + hexWidth - 1) / hexWidth : firstRow[firstRow.count - 1]
  }

  /// Digits of an offset in the hex view.
  var offsetDigits: Int { max(4, String(length, radix: 16).count) }

  /// Bytes a hex row: sixteen with their characters beside, or eight where the pane is narrow.
  var hexWidth: Int {
    let full = offsetDigits + 2 + HexRow.width * 3 + 2 + HexRow.width
    return width >= full ? HexRow.width : HexRow.width / 2
  }

  private static func guess(_ page: StringPage) -> Format {
    switch Plausible(page.bytes, offset: page.offset, length: page.length) {
    case .json: .json
    case .text: .text
    case .binary: .hex
    }
  }

  /// Shows in another format; false when the bytes are not JSON.
  package mutating func show(as format: Format) -> Bool {
    if format == .json {
      guard isWhole, let json = JSONText.parse(bytes), json.isContainer else { return false }
    }
    guard format != self.format else { return true }
    let at = topOffset
    self.format = format
    column = 0
    layOut()
    jump(to: format == .json ? 0 : at)
    return true
  }

  package mutating func setWrapped(_ wrapped: Bool) {
    let at = topOffset
    isWrapped = wrapped
    column = 0
    layOut()
    jump(to: at)
  }

  package mutating func setWidth(_ width: Int) {
    guard width != self.width else { return }
    let at = topOffset
    self.width = width
    layOut()
    jump(to: at)
  }

  /// Takes another window: joined to the loaded one where they touch, in place of it otherwise.
  package mutating func take(_ page: StringPage) {
    var at = topOffset
    // The answer to a jump, not to what was read ahead before it: to the window's own end of the string.
    if case .bytes(page.offset, _)? = request {
      at = page.offset == 0 ? 0 : page.length
      request = nil
    }
    length = page.length
    let limit = max(Self.jsonLimit, 3 * Self.window)
    if page.offset == end, bytes.count + page.bytes.count <= limit {
      bytes += page.bytes
    } else if page.offset + page.bytes.count == offset, bytes.count + page.bytes.count <= limit {
      bytes = page.bytes + bytes
      offset = page.offset
    } else {
      offset = page.offset
      bytes = page.bytes
    }
    layOut()
    jump(to: at)
  }

  /// Offset in the string of the first visible row.
  package var topOffset: Int {
    switch format {
    case .hex: return top * hexWidth
    case .json: return 0
    case .text:
      guard !lines.isEmpty else { return offset }
      return offset + lines[line(ofRow: top).line].lowerBound
    }
  }

  /// Scrolls so that this byte is on the first row.
  package mutating func jump(to position: Int) {
    switch format {
    case .hex: top = position / hexWidth
    case .json: top = min(top, max(0, rowCount - 1))
    case .text:
      let index = lines.lastIndex { offset + $0.lowerBound <= position } ?? 0
      top = firstRow[index]
    }
  }

  /// Keeps the last page full.
  mutating func clamp(height: Int) { top = min(max(0, top), max(0, rowCount - height)) }

  /// Asks for all of it, in place of what is loaded.
  mutating func readWhole() {
    bytes = []
    offset = 0
    layOut()
    request = .bytes(offset: 0, length: length)
  }

  /// Scrolls so that this byte is on the screen, in the middle of a long line too.
  mutating func show(_ position: Int) {
    jump(to: position)
    guard format == .text, let line = lines.last(where: { offset + $0.lowerBound <= position }) else { return }
    let cells = Escape.display(bytes[line.lowerBound..<max(line.lowerBound, position - offset)]).width
    if isWrapped {
      top += cells / max(1, width)
    } else {
      column = cells < width ? 0 : cells - width / 2
    }
  }

  /// The line that a row belongs to, and which of its rows it is.
  func line(ofRow row: Int) -> (line: Int, part: Int) {
    var low = 0
    var high = max(0, firstRow.count - 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if firstRow[middle] <= row { low = middle } else { high = middle - 1 }
    }
    return (low, row - firstRow[low])
  }

  /// A line of text or JSON, ready to be drawn; what a search hit stands out.
  func displayLine(_ index: Int) -> DisplayText {
    if format == .json {
      let line = JSONDisplay.line(json[index])
      return index == matchedLine ? line.with(role: .match) : line
    }
    let line = lines[index]
    guard let match, match.upperBound > offset + line.lowerBound, match.lowerBound < offset + line.upperBound else {
      return Escape.display(bytes[line])
    }
    let hit = (match.lowerBound - offset..<match.upperBound - offset).clamped(to: line)
    return Escape.display(bytes[line.lowerBound..<hit.lowerBound])
      + Escape.display(bytes[hit], role: .match) + Escape.display(bytes[hit.upperBound..<line.upperBound])
  }

  private mutating func layOut() {
    json = []
    lines = []
    firstRow = [0]
    switch format {
    case .hex: return
    case .json: json = JSONText.parse(bytes)?.prettyLines(indent: 2) ?? []
    case .text: lines = TextLines.ranges(of: bytes).flatMap(pieces)
    }
    let count = format == .json ? json.count : lines.count
    firstRow.reserveCapacity(count + 1)
    for index in 0..<count {
      let rows = isWrapped && mayWrap(index) ? max(1, displayLine(index).wrapped(to: max(1, width)).count) : 1
      firstRow.append(firstRow[index] + rows)
    }
  }

  /// A line too long to be one: cut into pieces that fill whole rows where every byte is a cell, so that any part of
  /// it can be scrolled to and only what is seen of it is measured. No character is cut.
  private func pieces(of line: Range<Int>) -> [Range<Int>] {
    guard line.count > Self.longestLine else { return [line] }
    let step = max(1, Self.longestLine / max(1, width)) * max(1, width)
    var pieces: [Range<Int>] = []
    var start = line.lowerBound
    while start < line.upperBound {
      var end = min(start + step, line.upperBound)
      while end < line.upperBound, end > start + step - 4, bytes[end] & 0xc0 == 0x80 { end -= 1 }
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }

  /// Cheap test that spares most lines the measuring: an escaped byte takes at most four cells.
  private func mayWrap(_ index: Int) -> Bool {
    let count = format == .json ? json[index].reduce(0) { $0 + $1.bytes.count } : lines[index].count
    return count * 4 > width
  }
}
