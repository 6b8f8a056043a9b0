/// The one place where untrusted bytes become something to look at, and its inverse.
///
/// The rule, the same for showing and typing: printable text is itself; every other byte (controls, invalid UTF-8, each
/// byte of a bidirectional, zero-width or otherwise invisible character) is `\xhh`, lower case. A backslash is shown
/// `\\` exactly where it would read as an escape: before another shown backslash, or before `x` and two hex digits.
/// So `typed(string(bytes)) == bytes` for all bytes.
///
/// Newline and tab are escaped too: views cut values into lines before they call.
package enum Escape {
  /// Where the bytes come from. The difference is in emoji sequences: a value keeps joiners and variation selectors
  /// inside a valid one, a name shows them as escapes, because two names must not look equal.
  package enum Context: Sendable {
    case name
    case value
    /// A name or value in a command that is to be approved: as in a name, and a skin tone is an escape too. All that is
    /// in it is seen.
    case command
  }

  /// What the terminal shows.
  package enum Charset: Sendable {
    case unicode
    /// Nothing else: every byte of another character is an escape, or names would look equal.
    case ascii
  }

  /// Set by the reducer and the drawing while they run, from the state that they are given; so the same state gives the
  /// same text and the same frame.
  @TaskLocal package static var charset = Charset.unicode

  /// The bytes as cells. Escapes have the role `.escape`, all else the given role.
  ///
  /// - Parameter limit: stop as soon as the text is wider than this, in cells; so a long value costs no more than what
  ///   is shown of it, and `truncated(to: limit)` still knows that something was left out.
  /// - Parameter matches: ranges of the bytes, counted from the first one, ascending: what is shown of them has the role
  ///   `.match`, characters as a whole where one of their bytes is in it, escapes byte by byte.
  package static func display(
    _ bytes: some Collection<UInt8>, context: Context = .value, limit: Int? = nil, role: Role = .text,
    matches: [Range<Int>] = []
  ) -> DisplayText {
    let limit = limit.map { max(0, $0) } ?? Int.max
    // A cell comes from one glyph, and a glyph holds at most ten code points of four bytes.
    let enough = limit < 1 << 40 ? (limit + 2) * 4 * Glyph.capacity : Int.max
    let scanner = EscapeScanner(Array(bytes.prefix(enough)), context: context)
    return cells(scanner, limit: limit, role: role, matches: matches)
  }

  /// Text of our own, or text that has been escaped already, as cells: its backslashes stay as they are.
  static func display(escaped text: [UInt8], role: Role) -> DisplayText {
    cells(EscapeScanner(text, context: .value, doublesBackslashes: false), limit: .max, role: role)
  }

  private static func cells(
    _ scanner: EscapeScanner, limit: Int, role: Role, matches: [Range<Int>] = []
  ) -> DisplayText {
    var scanner = scanner
    var text = DisplayText()
    var open = matches[...]
    /// Whether a match has bytes of this range, which is not before those that were asked about.
    func isMatched(_ range: Range<Int>) -> Bool {
      open = open.drop { $0.upperBound <= range.lowerBound }
      return open.first?.overlaps(range) ?? false
    }
    while text.width <= limit {
      let start = scanner.position
      guard let unit = scanner.next() else { break }
      switch unit {
      case .glyph(let glyph):
        text.append(glyph, role: isMatched(start..<scanner.position) ? .match : role)
      case .escaped(let range):
        for place in range {
          text.append(ascii: escaped(scanner.bytes[place]), role: isMatched(place..<place + 1) ? .match : .escape)
        }
      case .doubledBackslash:
        text.append(ascii: [backslash, backslash], role: isMatched(start..<scanner.position) ? .match : .escape)
      }
    }
    return text
  }

  /// The bytes as text for standard output, logs and messages. The same rule, no cells.
  package static func string(_ bytes: some Collection<UInt8>, context: Context = .name) -> String {
    var result: [UInt8] = []
    var scanner = EscapeScanner(Array(bytes), context: context)
    var start = 0
    while let unit = scanner.next() {
      switch unit {
      case .glyph: result += scanner.bytes[start..<scanner.position]
      case .escaped(let range): for byte in scanner.bytes[range] { result += escaped(byte) }
      case .doubledBackslash: result += [backslash, backslash]
      }
      start = scanner.position
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Text that goes on being edited: what is invisible is escaped, and a backslash is always itself.
  package static func visible(_ text: some Collection<UInt8>) -> String {
    var result: [UInt8] = []
    var scanner = EscapeScanner(Array(text), context: .value, doublesBackslashes: false)
    var start = 0
    while let unit = scanner.next() {
      if case .escaped(let range) = unit {
        for byte in scanner.bytes[range] { result += escaped(byte) }
      } else {
        result += scanner.bytes[start..<scanner.position]
      }
      start = scanner.position
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What was typed, as bytes: `\\` is a backslash, `\x` and two hex digits (of either case) a byte, any other
  /// backslash itself.
  package static func typed(_ text: some StringProtocol) -> [UInt8] {
    typed(Array(text.utf8))
  }

  /// The same for text that is at hand as UTF-8.
  package static func typed(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == backslash, index + 1 < text.count {
        if text[index + 1] == backslash {
          result.append(backslash)
          index += 2
          continue
        }
        if text[index + 1] == UInt8(ascii: "x"), index + 3 < text.count,
          let high = hexValue(text[index + 2]), let low = hexValue(text[index + 3])
        {
          result.append(high << 4 | low)
          index += 4
          continue
        }
      }
      result.append(text[index])
      index += 1
    }
    return result
  }

  private static let backslash = UInt8(ascii: "\\")

  private static func escaped(_ byte: UInt8) -> [UInt8] {
    [backslash, UInt8(ascii: "x"), hexDigit(byte >> 4), hexDigit(byte & 0x0F)]
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  static func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
