/// The lines of a YAML file, to see what libyaml does not tell: comments.
struct YAMLSource {
  static let commentMessage =
    "an unquoted '#' starts a comment, so there is no value; expected quotes, such as \"#ff5555\""

  let file: String
  private let lines: [[Unicode.Scalar]]

  init(_ bytes: [UInt8], file: String) {
    self.file = file
    lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Array(String(decoding: $0, as: UTF8.self).unicodeScalars)
    }
  }

  /// Where the comment starts that stands in that place instead of a value; nil where there is none.
  func comment(at position: Position) -> Position? {
    guard let line = line(position.line) else { return nil }
    var index = position.column - 1
    while index < line.count, line[index] == " " || line[index] == ":" { index += 1 }
    return index < line.count && line[index] == "#" ? Position(line: position.line, column: index + 1) : nil
  }

  /// The first ` #` with three or more hex digits outside of quotes in these lines.
  func unquotedColor(from first: Int, through last: Int) -> Position? {
    guard first <= last else { return nil }
    for number in first...last {
      guard let line = line(number) else { return nil }
      var quote: Unicode.Scalar?
      for (index, scalar) in line.enumerated() {
        if let open = quote {
          if scalar == open { quote = nil }
        } else if scalar == "\"" || scalar == "'" {
          quote = scalar
        } else if scalar == "#", index > 0, line[index - 1] == " " {
          let digits = line[(index + 1)...].prefix { $0.properties.isASCIIHexDigit }
          if digits.count >= 3 { return Position(line: number, column: index + 1) }
          break
        }
      }
    }
    return nil
  }

  private func line(_ number: Int) -> [Unicode.Scalar]? {
    number >= 1 && number <= lines.count ? lines[number - 1] : nil
  }
}
