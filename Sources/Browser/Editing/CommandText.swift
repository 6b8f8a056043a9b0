import Canvas

/// A command as redis-cli would take it: words that need it stand in quotes.
enum CommandText {
  /// Bytes of a word that are shown.
  private static let longestWord = 160

  static func line(_ words: [[UInt8]]) -> String { words.map(word).joined(separator: " ") }

  /// One word. Its text holds nothing that the escape rule would not let through.
  static func word(_ bytes: [UInt8]) -> String {
    let cut = bytes.count > longestWord
    let shown = cut ? Array(bytes.prefix(longestWord)) : bytes
    let tail = cut ? "…(\(Format.count(bytes.count)) bytes)" : ""
    let isPlain = !shown.isEmpty && shown.allSatisfy { $0 > 0x20 && $0 < 0x7f && !Self.special.contains($0) }
    if isPlain { return String(decoding: shown, as: UTF8.self) + tail }
    var text = "\""
    if let string = String(validating: shown, as: UTF8.self) {
      for character in string { text += quoted(character) }
    } else {
      for byte in shown { text += byte > 0x7e ? hex(byte) : quoted(Character(Unicode.Scalar(byte))) }
    }
    return text + "\"" + tail
  }

  private static let special: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")]

  private static func quoted(_ character: Character) -> String {
    switch character {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    // A line feed behind a carriage return is one Character.
    case "\r\n": return "\\r\\n"
    default: return Escape.string(Array(String(character).utf8), context: .value)
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.count < 2 ? "0" + digits : digits)
  }
}
