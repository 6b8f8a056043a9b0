/// A JSON text (RFC 8259) as tokens that keep the bytes that were written.
///
/// Numbers stay text, and order, duplicate names and escapes stay as they are: only the white space between tokens is
/// laid out anew. A number that went through a floating point type would be shown as another number.
package struct JSONText: Sendable {
  /// How deep arrays and objects may nest; deeper text is not taken for JSON.
  package static let maximumDepth = 512

  private let bytes: [UInt8]
  private let tokens: [JSONToken]

  /// The tokens of `bytes`; nil when they are not one JSON text in strict UTF-8.
  package static func parse(_ bytes: [UInt8]) -> JSONText? {
    guard let tokens = JSONGrammar.tokens(of: bytes), TextLines.isText(bytes) else { return nil }
    return JSONText(bytes: bytes, tokens: tokens)
  }

  /// An object or an array: a bare number or string is better shown as text.
  package var isContainer: Bool { tokens.first?.kind == .open }

  /// One line for each member and element, indented by `indent` spaces a level; empty containers stay on one line.
  package func prettyLines(indent: Int = 2) -> [[JSONPiece]] {
    var lines: [[JSONPiece]] = []
    var line: [JSONPiece] = []
    var depth = 0
    func breakLine() {
      lines.append(line)
      line = depth == 0 ? [] : [JSONPiece(.indent, [UInt8](repeating: 0x20, count: depth * indent))]
    }
    for (index, token) in tokens.enumerated() {
      let text = Array(bytes[token.range])
      switch token.kind {
      case .open:
        line.append(JSONPiece(.punctuation, text))
        depth += 1
        if tokens[index + 1].kind != .close { breakLine() }
      case .close:
        depth -= 1
        if tokens[index - 1].kind != .open { breakLine() }
        line.append(JSONPiece(.punctuation, text))
      case .comma:
        line.append(JSONPiece(.punctuation, text))
        breakLine()
      case .colon:
        line.append(JSONPiece(.punctuation, Array(": ".utf8)))
      case .scalar(let kind):
        line.append(JSONPiece(kind, text))
      }
    }
    lines.append(line)
    return lines
  }
}

struct JSONToken: Sendable {
  enum Kind: Sendable, Equatable {
    case open
    case close
    case comma
    case colon
    case scalar(JSONPiece.Kind)
  }

  var kind: Kind
  var range: Range<Int>
}
