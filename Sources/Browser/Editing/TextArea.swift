package import Canvas

/// Text to be typed: one line, or several. What is typed is text under the escape rule; in several lines a line feed is
/// itself.
package struct TextArea: Sendable, Equatable {
  package private(set) var lines: [TextField]
  /// The line that the cursor is in.
  package private(set) var row: Int
  package private(set) var isMultiline: Bool

  /// The bytes as they are typed, with the cursor at their end.
  package init(_ bytes: [UInt8] = [], isMultiline: Bool = false) {
    self.isMultiline = isMultiline
    let parts: [ArraySlice<UInt8>] =
      isMultiline ? bytes.split(separator: 0x0a, omittingEmptySubsequences: false) : [bytes[...]]
    lines = parts.map { TextField(Escape.string($0, context: .value)) }
    row = lines.count - 1
  }

  /// What was typed, as bytes.
  package var bytes: [UInt8] { Array(lines.map { Escape.typed($0.text) }.joined(separator: [0x0a])) }

  package var text: String { lines[0].text }
  package var current: TextField { lines[row] }

  /// From here on several lines can be typed.
  package mutating func allowLines() { isMultiline = true }

  /// A line's end at the cursor.
  package mutating func insertLineEnd() { breakLine() }

  /// Bytes from outside at the cursor. In one line a line feed is `\x0a`.
  package mutating func paste(_ bytes: [UInt8]) {
    let bytes = Self.withLineFeeds(bytes)
    guard isMultiline else {
      lines[row].insert(Escape.string(bytes, context: .value))
      return
    }
    for (index, part) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
      if index > 0 { breakLine() }
      lines[row].insert(Escape.string(part, context: .value))
    }
  }

  /// What was pasted, with line feeds for its line ends: terminals send a carriage return for each.
  package static func withLineFeeds(_ pasted: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(pasted.count)
    for (index, byte) in pasted.enumerated() {
      if byte == 0x0a, index > 0, pasted[index - 1] == 0x0d { continue }
      result.append(byte == 0x0d ? 0x0a : byte)
    }
    return result
  }

  /// Takes the key if it edits or moves; false leaves it to the caller.
  package mutating func handle(_ key: Key) -> Bool {
    guard isMultiline else { return lines[row].handle(key) }
    switch key {
    case .enter: breakLine()
    case .up, .control("p"): move(to: row - 1)
    case .down, .control("n"): move(to: row + 1)
    case .pageUp: move(to: row - 10)
    case .pageDown: move(to: row + 10)
    case .backspace where lines[row].cursor == 0:
      guard row > 0 else { return true }
      let rest = lines.remove(at: row).characters
      row -= 1
      let end = lines[row].characters.count
      lines[row] = TextField(lines[row].characters + rest, cursor: end)
    case .delete where lines[row].cursor == lines[row].characters.count:
      guard row + 1 < lines.count else { return true }
      let rest = lines.remove(at: row + 1).characters
      lines[row] = TextField(lines[row].characters + rest, cursor: lines[row].cursor)
    case .left where lines[row].cursor == 0 && row > 0:
      row -= 1
      lines[row] = TextField(lines[row].characters, cursor: lines[row].characters.count)
    case .right where lines[row].cursor == lines[row].characters.count && row + 1 < lines.count:
      row += 1
      lines[row] = TextField(lines[row].characters, cursor: 0)
    default: return lines[row].handle(key)
    }
    return true
  }

  private mutating func breakLine() {
    let line = lines[row]
    lines[row] = TextField(Array(line.characters[..<line.cursor]), cursor: line.cursor)
    lines.insert(TextField(Array(line.characters[line.cursor...]), cursor: 0), at: row + 1)
    row += 1
  }

  private mutating func move(to target: Int) {
    let column = lines[row].cursor
    row = min(max(0, target), lines.count - 1)
    lines[row] = TextField(lines[row].characters, cursor: min(column, lines[row].characters.count))
  }
}

/// A value as a document for `$EDITOR`, and back: line feeds and tabs are themselves, all else follows the escape rule.
package enum Document {
  private static let kept: Set<UInt8> = [0x09, 0x0a]

  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    map(bytes) { Array(Escape.string($0, context: .value).utf8) }
  }

  package static func decode(_ document: [UInt8]) -> [UInt8] { map(document) { Escape.typed(Array($0)) } }

  private static func map(_ bytes: [UInt8], _ change: (ArraySlice<UInt8>) -> [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    for index in bytes.indices where kept.contains(bytes[index]) {
      result += change(bytes[start..<index])
      result.append(bytes[index])
      start = index + 1
    }
    return result + change(bytes[start...])
  }
}
