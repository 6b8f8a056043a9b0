/// A strict reader of what a terminal is sent: everything that is not on a short list is a violation.
///
/// The list is what Keyglass sends itself and what ncurses 6.4 sends for the terminals that it is tested with
/// (xterm-256color, screen, linux, vt100), read off their terminfo entries and their real output. An emulator would
/// guess what was meant; this reader does not.
package struct TerminalStream {
  package struct Rules: Sendable {
    /// Not a byte above 0x7E, as in the C locale.
    package var isASCII = false
    /// OSC 52 may put something on the clipboard: only after an explicit copy.
    package var allowsClipboard = false

    package init(isASCII: Bool = false, allowsClipboard: Bool = false) {
      self.isASCII = isASCII
      self.allowsClipboard = allowsClipboard
    }
  }

  package struct Violation: Equatable, Sendable, CustomStringConvertible {
    /// Where it starts in the stream.
    package let offset: Int
    package let what: String
    /// The bytes around it, made printable.
    package let context: String

    package var description: String { "at \(offset): \(what), in …\(context)…" }
  }

  private let bytes: [UInt8]
  private let rules: Rules
  private var position = 0
  private var found: [Violation] = []

  /// All that is wrong in a stream, in order; the stream is to be whole.
  package static func violations(in bytes: [UInt8], rules: Rules = Rules()) -> [Violation] {
    var reader = TerminalStream(bytes: bytes, rules: rules)
    while reader.position < bytes.count { reader.step() }
    return reader.found
  }

  /// Bytes for a message: printable ASCII is itself, all else `\xhh`.
  package static func printable(_ bytes: some Sequence<UInt8>) -> String {
    bytes.reduce(into: "") { text, byte in
      let hex = String(byte, radix: 16)
      text +=
        (0x20..<0x7f).contains(byte) ? String(Unicode.Scalar(byte)) : "\\x" + (hex.count == 1 ? "0" : "") + hex
    }
  }

  private init(bytes: [UInt8], rules: Rules) {
    self.bytes = bytes
    self.rules = rules
  }

  private mutating func report(_ what: String, at offset: Int) {
    let context = bytes[max(0, offset - 24)..<min(bytes.count, offset + 24)]
    found.append(Violation(offset: offset, what: what, context: Self.printable(context)))
  }

  // MARK: - One unit

  private mutating func step() {
    let start = position
    let byte = bytes[start]
    switch byte {
    case 0x1b: escape()
    // Backspace, tab, line feed and return move the cursor; shift out and in switch to line drawing and back.
    case 0x08, 0x09, 0x0a, 0x0d, 0x0e, 0x0f: position += 1
    case 0x07: refuse("BEL", 1)
    case 0..<0x20: refuse("the control 0x\(String(byte, radix: 16))", 1)
    case 0x20..<0x7f: position += 1
    case 0x7f: refuse("DEL", 1)
    case _ where rules.isASCII: refuse("a byte above 0x7e", 1)
    default: character()
    }
  }

  private mutating func refuse(_ what: String, _ length: Int) {
    report(what, at: position)
    position += length
  }

  private mutating func escape() {
    let start = position
    guard start + 1 < bytes.count else { return refuse("an Escape without an end", 1) }
    position += 2
    switch bytes[start + 1] {
    case UInt8(ascii: "["): controlSequence(from: start)
    case UInt8(ascii: "]"): commandString(from: start)
    case UInt8(ascii: "P"): string("DCS", from: start)
    case UInt8(ascii: "X"): string("SOS", from: start)
    case UInt8(ascii: "^"): string("PM", from: start)
    case UInt8(ascii: "_"): string("APC", from: start)
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      // G0 or G1 becomes ASCII or line drawing.
      let isKnown = position < bytes.count && [UInt8(ascii: "B"), UInt8(ascii: "0")].contains(bytes[position])
      if !isKnown { report("a character set", at: start) }
      if isKnown { position += 1 }
    // Keypad modes; the cursor is saved, restored; reverse line feed.
    case UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "7"), UInt8(ascii: "8"), UInt8(ascii: "M"): break
    default:
      // What follows is looked at for itself.
      position -= 1
      report("the sequence ESC \(Self.printable([bytes[start + 1]]))", at: start)
    }
  }

  // MARK: - Sequences

  private mutating func controlSequence(from start: Int) {
    while position < bytes.count, (0x20..<0x40).contains(bytes[position]) { position += 1 }
    guard position < bytes.count, (0x40..<0x7f).contains(bytes[position]) else {
      return report("a CSI that ends with no final byte", at: start)
    }
    let parameters = String(decoding: bytes[(start + 2)..<position], as: UTF8.self)
    let final = Character(Unicode.Scalar(bytes[position]))
    position += 1
    if !Self.isAllowed(parameters, final) { report("CSI \(parameters) \(final)", at: start) }
  }

  /// Cursor motion, erasing, inserting and deleting, repeating the last character (`b`, which ncurses uses on xterm).
  private static let plainFinals: Set<Character> = Set("ABCDGHJKLMPSTXZbd@")
  private static let privateModes: Set<String> = [
    "1", "7", "12", "25", "47", "1049", "2004", "2026", "1000", "1002", "1006",
  ]
  /// Insert mode, local modes, and 34: screen's entry takes the normal cursor with it.
  private static let modes: Set<String> = ["4", "8", "34"]

  private static func isAllowed(_ parameters: String, _ final: Character) -> Bool {
    func areNumbers(_ text: Substring, most: Int) -> Bool {
      let numbers = text.split(separator: ";", omittingEmptySubsequences: false)
      return numbers.count <= most && numbers.allSatisfy { $0.count <= 4 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
    }
    switch final {
    case "h", "l":
      if parameters.hasPrefix("?") {
        return parameters.dropFirst().split(separator: ";", omittingEmptySubsequences: false)
          .allSatisfy { privateModes.contains(String($0)) }
      }
      return modes.contains(parameters)
    case "m": return areNumbers(parameters[...], most: 16)
    case "r": return areNumbers(parameters[...], most: 2)
    // The title is kept and brought back, never set: xterm's entry does that around the other screen.
    case "t": return parameters == "22;0;0" || parameters == "23;0;0"
    // The shape of the Linux console's cursor.
    case "c": return ["?0", "?1", "?8"].contains(parameters)
    default: return plainFinals.contains(final) && areNumbers(parameters[...], most: 2)
    }
  }

  /// OSC: only `52;c;BASE64`, and only where a copy was asked for.
  private mutating func commandString(from start: Int) {
    let body = stringBody()
    let prefix = Array("52;c;".utf8)
    let isCopy = body.starts(with: prefix) && body.dropFirst(prefix.count).allSatisfy(Self.isBase64)
    if !(rules.allowsClipboard && isCopy) { report("OSC \(Self.printable(body.prefix(20)))", at: start) }
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=": true
    default: false
    }
  }

  private mutating func string(_ name: String, from start: Int) {
    _ = stringBody()
    report(name, at: start)
  }

  /// The body of a string, up to and without BEL or ESC `\`; or up to another Escape, which ends it as terminals do.
  private mutating func stringBody() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, bytes[position] != 0x07, bytes[position] != 0x1b { position += 1 }
    let body = bytes[start..<position]
    if position < bytes.count, bytes[position] == 0x07 {
      position += 1
    } else if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\\") {
      position += 2
    }
    return body
  }

  // MARK: - Characters

  private mutating func character() {
    let start = position
    var decoder = UTF8()
    // The longest form has four bytes; what follows them is none of this character's.
    var source = bytes[start..<min(start + 4, bytes.count)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&source) else {
      return refuse((0x80...0x9f).contains(bytes[start]) ? "a raw C1 byte" : "a byte that is no UTF-8", 1)
    }
    if let what = Self.complaint(about: scalar) { report(what, at: start) }
    position += UTF8.width(scalar)
  }

  private static func complaint(about scalar: Unicode.Scalar) -> String? {
    let name = "U+" + String(scalar.value, radix: 16, uppercase: true)
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control: return "the C1 control \(name)"
    case .format: return "the format character \(name)"
    case .lineSeparator, .paragraphSeparator, .spaceSeparator: return "the separator \(name)"
    case .privateUse, .unassigned, .surrogate: return "\(name), which is no character"
    default: break
    }
    // Variation selectors, fillers, the grapheme joiner: marks and letters that show nothing.
    return properties.isDefaultIgnorableCodePoint ? "the invisible \(name)" : nil
  }
}
