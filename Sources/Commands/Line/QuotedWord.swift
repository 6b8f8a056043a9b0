import Canvas

/// Bytes as a word of a command line, which `SplitLine` and redis-cli read back as exactly these bytes. No control and
/// nothing invisible stands in the text.
package enum QuotedWord {
  /// The word: bare where it can be, else in quotes.
  ///
  /// - Parameter quote: the quote that the word was begun with (`"` or `'`). It is kept, unless `'` cannot hold the
  ///   bytes.
  package static func text(_ bytes: some Collection<UInt8>, openWith quote: UInt8? = nil) -> String {
    let bytes = Array(bytes)
    if showsItself(bytes) {
      if quote == nil, isBare(bytes) { return String(decoding: bytes, as: UTF8.self) }
      if quote == LineSign.singleQuote, bytes.last != LineSign.backslash { return singleQuoted(bytes) }
    }
    return doubleQuoted(bytes)
  }

  /// In double quotes, whatever it is.
  package static func doubleQuoted(_ bytes: [UInt8]) -> String {
    // Of what is no text only ASCII stays: of a DUMP no byte may be anything else.
    let isText = String(validating: bytes, as: UTF8.self) != nil
    var text = "\""
    var start = 0
    for (index, byte) in bytes.enumerated() {
      guard let sign = isText || byte < 0x7F ? signs[byte] : hex(byte) else { continue }
      // A mark behind a sign belongs to no character of the text: it is escaped.
      text += Escape.string(bytes[start..<index], context: .command) + sign
      start = index + 1
    }
    return text + Escape.string(bytes[start...], context: .command) + "\""
  }

  /// Each byte is seen as itself. Outside double quotes a backslash is.
  private static func showsItself(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: LineSign.backslash).allSatisfy { part in
      Escape.string(part, context: .command).utf8.elementsEqual(part)
    }
  }

  private static func isBare(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy {
        !LineSign.isBlank($0) && $0 != LineSign.doubleQuote && $0 != LineSign.singleQuote
      }
  }

  private static func singleQuoted(_ bytes: [UInt8]) -> String {
    var text = [LineSign.singleQuote]
    for byte in bytes {
      if byte == LineSign.singleQuote { text.append(LineSign.backslash) }
      text.append(byte)
    }
    text.append(LineSign.singleQuote)
    return String(decoding: text, as: UTF8.self)
  }

  /// Bytes that have a sign of their own in double quotes.
  private static let signs: [UInt8: String] = [
    LineSign.doubleQuote: "\\\"", LineSign.backslash: "\\\\", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t",
  ]

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.count < 2 ? "0" + digits : digits)
  }
}
