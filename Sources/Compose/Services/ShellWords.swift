/// Splits the variables of a Dockerfile into words, by quotes and backslashes only: nothing is replaced.
enum ShellWords {
  /// Nil where a quote is not closed.
  static func split(_ text: some StringProtocol) -> [String]? {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var quote: UInt8?
    var isEscaped = false
    for byte in text.utf8 {
      if isEscaped {
        // In double quotes a backslash is itself before all that has no meaning there.
        if quote != nil, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { word?.append(UInt8(ascii: "\\")) }
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
        word = word ?? []
        isEscaped = true
      } else if let open = quote {
        if byte == open { quote = nil } else { word?.append(byte) }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        word = word ?? []
        quote = byte
      } else if [9, 10, 13, 32].contains(byte) {
        if let done = word { words.append(done) }
        word = nil
      } else if word == nil {
        word = [byte]
      } else {
        word?.append(byte)
      }
    }
    guard quote == nil, !isEscaped else { return nil }
    if let done = word { words.append(done) }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }
}
