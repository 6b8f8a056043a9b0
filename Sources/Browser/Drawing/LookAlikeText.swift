import Canvas
import Keyspace

extension LookAlike.Doubt {
  /// `the a in it is U+0430 CYRILLIC SMALL LETTER A, no ASCII character`
  var words: String {
    switch self {
    case .foreign(let scalar, let like): "the \(like) in it is \(Self.name(scalar)), no ASCII character"
    case .blankAtStart: "begins with a blank"
    case .blankAtEnd: "ends with a blank"
    case .composed(let text):
      "a character in it is written as \(text.unicodeScalars.count) code points, where one looks the same"
    case .partlyDrawn(let text):
      "an emoji in it has \(text.unicodeScalars.count) parts, and only the first is drawn: \(text.unicodeScalars.dropFirst().map(Self.code).joined(separator: " "))"
    case .duplicate(let scalar): "holds \(Self.name(scalar)), which looks like another code point"
    }
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let code = code(scalar)
    return scalar.properties.name.map { "\(code) \($0)" } ?? code
  }
}

extension Painter {
  /// Why a name may be taken for another, for the lines under it; nil where it may not.
  func doubt(_ name: [UInt8], context: Escape.Context = .name) -> DisplayText? {
    LookAlike.doubt(name, context: context).map { lookAlikeLine($0.words) } ?? twin(of: name)
  }

  /// That another name on the screen looks like this one.
  private func twin(of name: [UInt8]) -> DisplayText? {
    let names = state.visibleKeys.map(\.bytes)
    guard let twin = LookAlike.twin(of: name, among: names) else { return nil }
    let words = LookAlike.doubt(twin).map { ": \($0.words)" } ?? ""
    return lookAlikeLine("another name on the screen looks the same\(words)")
  }

  func lookAlikeLine(_ words: String) -> DisplayText {
    var line = DisplayText()
    line.append(glyphs.lookAlike, role: .warn)
    return line + text(" look-alike: \(words)", .warn)
  }
}
