/// The lines of a YAML file, to see what libyaml does not tell: comments.
package struct YAMLSource {
  package static let commentMessage =
    "an unquoted '#' starts a comment, so there is no value; expected quotes, such as \"#ff5555\""

  let file: String
  private var lines: [[Unicode.Scalar]]
  /// The text, with what has been changed.
  private(set) var bytes: [UInt8]

  init(_ bytes: [UInt8], file: String) {
    self.file = file
    self.bytes = bytes
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

  /// The first ` #` with three or more hex digits behind a brace or bracket that its line leaves open.
  func unquotedColor(through last: Int) -> Position? {
    for number in 1...max(1, min(last, lines.count)) {
      guard let line = line(number), let comment = comment(in: line), comment.openBrace != nil else { continue }
      let digits = line[(comment.hash + 1)...].prefix { $0.properties.isASCIIHexDigit }
      if digits.count >= 3 { return Position(line: number, column: comment.hash + 1) }
    }
    return nil
  }

  /// Makes `{}` of `{ fg: #ff5555 }`, or `[]`. False where no brace is open at this place.
  mutating func emptyBraces(before hash: Position) -> Bool {
    guard let line = line(hash.line), let brace = comment(in: line)?.openBrace else { return false }
    lines[hash.line - 1] = line[...brace] + [line[brace] == "{" ? "}" : "]"]
    let texts = lines.map { line in line.reduce(into: "") { $0.unicodeScalars.append($1) } }
    bytes = Array(texts.joined(separator: "\n").utf8)
    return true
  }

  /// Where the comment of a line starts, and the first brace or bracket before it that is still open there.
  private func comment(in line: [Unicode.Scalar]) -> (hash: Int, openBrace: Int?)? {
    var quote: Unicode.Scalar?
    var open: [Int] = []
    for (index, scalar) in line.enumerated() {
      if let started = quote {
        if scalar == started { quote = nil }
        continue
      }
      switch scalar {
      case "\"", "'": quote = scalar
      case "{", "[": open.append(index)
      case "}", "]": _ = open.popLast()
      case "#" where index > 0 && (line[index - 1] == " " || line[index - 1] == "\t"): return (index, open.first)
      default: break
      }
    }
    return nil
  }

  private func line(_ number: Int) -> [Unicode.Scalar]? {
    number >= 1 && number <= lines.count ? lines[number - 1] : nil
  }
}
