import Canvas
import Values

enum JSONDisplay {
  /// A pretty line with its colours; every byte of the text is kept and goes through the escape rule.
  static func line(_ pieces: [JSONPiece]) -> DisplayText {
    var text = DisplayText()
    for piece in pieces { text.append(Escape.display(piece.bytes, context: .value, role: role(of: piece.kind))) }
    return text
  }

  private static func role(of kind: JSONPiece.Kind) -> Role {
    switch kind {
    case .key: .jsonKey
    case .string: .jsonString
    case .number: .jsonNumber
    case .literal: .jsonLiteral
    case .punctuation, .indent: .textDim
    }
  }
}
