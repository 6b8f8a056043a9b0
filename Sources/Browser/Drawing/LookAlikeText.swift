import Canvas

extension LookAlike.Doubt {
  /// `the a in it is U+0430 CYRILLIC SMALL LETTER A, no ASCII character`
  var words: String {
    switch self {
    case .foreign(let scalar, let like): "the \(like) in it is \(Self.name(scalar)), no ASCII character"
    case .blankAtStart: "begins with a blank"
    case .blankAtEnd: "ends with a blank"
    case .composed(let text):
      "a character in it is written as \(text.unicodeScalars.count) code points, where one looks the same"
    case .duplicate(let scalar): "holds \(Self.name(scalar)), which looks like another code point"
    }
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return scalar.properties.name.map { "\(code) \($0)" } ?? code
  }
}

extension Painter {
  /// Why the name may be taken for another, for the lines under it; nil where it may not.
  func doubt(_ name: [UInt8]) -> DisplayText? {
    guard let doubt = LookAlike.doubt(name) else { return nil }
    var line = DisplayText()
    line.append(glyphs.lookAlike, role: .warn)
    return line + text(" look-alike: \(doubt.words)", .warn)
  }
}
