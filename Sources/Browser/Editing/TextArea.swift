package import Canvas

/// Text to be typed: one line, or several. What is typed is text under the escape rule; in several lines a line feed is
/// itself.
package struct TextArea: Sendable, Equatable {
  var field: TextField
  package var isMultiline: Bool { field.isMultiline }

  /// The bytes as they are typed, with the cursor at their end.
  package init(_ bytes: [UInt8] = [], isMultiline: Bool = false) {
    field = TextField(Self.typing(bytes, isMultiline: isMultiline), isMultiline: isMultiline)
  }

  /// How these bytes are typed.
  private static func typing(_ bytes: [UInt8], isMultiline: Bool) -> String {
    guard isMultiline else { return Escape.string(bytes, context: .value) }
    return bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      .map { Escape.string($0, context: .value) }.joined(separator: "\n")
  }

  /// What was typed, as bytes. No escape reaches over a line's end.
  package var bytes: [UInt8] { Escape.typed(field.text) }

  package var text: String { field.text }

  /// Without their line feeds.
  var lines: [Substring] { field.text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// From here on several lines can be typed.
  package mutating func allowLines() { field.allowLines() }

  /// A line's end at the cursor.
  package mutating func insertLineEnd() { field.insert("\n") }

  /// Bytes from outside at the cursor, as one step for undo. In one line a line feed is `\x0a`.
  package mutating func paste(_ bytes: [UInt8]) {
    field.insert(Self.typing(Self.withLineFeeds(bytes), isMultiline: isMultiline))
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

  /// The same for a field of one line: the end of a line that was copied whole is not meant.
  static func oneLine(_ pasted: [UInt8]) -> [UInt8] {
    let text = withLineFeeds(pasted)
    return text.last == 0x0a && text.count > 1 ? text.dropLast() : text
  }

  /// Takes the key if it edits or moves; false leaves it to the caller.
  package mutating func handle(_ key: Key, kills: inout KillBuffer) -> Bool {
    guard isMultiline else { return field.handle(key, kills: &kills) }
    switch key {
    case .enter: insertLineEnd()
    case .up, .control("p"): field.moveLine(by: -1)
    case .down, .control("n"): field.moveLine(by: 1)
    case .pageUp: field.moveLine(by: -10)
    case .pageDown: field.moveLine(by: 10)
    default: return field.handle(key, kills: &kills)
    }
    return true
  }
}
