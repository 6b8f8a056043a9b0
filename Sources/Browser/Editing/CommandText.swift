import Canvas
import Commands

/// A command as redis-cli would take it: words that need it stand in quotes.
enum CommandText {
  /// Bytes of a word that are shown.
  private static let longestWord = 160

  static func line(_ words: [[UInt8]]) -> String { words.map { word($0) }.joined(separator: " ") }

  /// One word. Its text holds nothing that the escape rule would not let through, and redis-cli makes the same bytes of
  /// it, as far as they are shown.
  /// - Parameter limit: bytes that are shown.
  static func word(_ bytes: [UInt8], limit: Int = longestWord) -> String {
    let cut = bytes.count > limit
    let shown = cut ? whole(bytes.prefix(limit)) : bytes
    let tail = cut ? "...(\(Format.count(bytes.count)) bytes)" : ""
    let isPlain = !shown.isEmpty && shown.allSatisfy { $0 > 0x20 && $0 < 0x7f && !Self.special.contains($0) }
    if isPlain { return String(decoding: shown, as: UTF8.self) + tail }
    return QuotedWord.doubleQuoted(shown) + tail
  }

  /// Without the beginning of a character at the end.
  private static func whole(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    for length in 0..<4 where String(validating: bytes.dropLast(length), as: UTF8.self) != nil {
      return Array(bytes.dropLast(length))
    }
    return Array(bytes)
  }

  private static let special: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")]
}
