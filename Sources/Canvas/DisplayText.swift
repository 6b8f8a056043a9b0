/// A run of glyphs with roles: the only kind of text that a frame takes besides Keyglass's own literals.
package struct DisplayText: Equatable, Sendable {
  package struct Element: Equatable, Sendable {
    package var glyph: Glyph
    package var role: Role

    package init(_ glyph: Glyph, role: Role) {
      self.glyph = glyph
      self.role = role
    }
  }

  package private(set) var elements: [Element] = []
  /// The sum of the widths of the glyphs, in cells.
  package private(set) var width = 0

  package init() {}

  /// Text of our own, or text that has been escaped already: backslashes stay as they are. Anything invisible in it is
  /// escaped all the same, so that a slip cannot harm the terminal.
  package init(_ text: some StringProtocol, role: Role = .text) {
    append(text, role: role)
  }

  package var isEmpty: Bool { elements.isEmpty }

  /// The text as it is seen, without roles.
  package var string: String { elements.reduce(into: "") { $0 += $1.glyph.string } }

  package mutating func append(_ glyph: Glyph, role: Role = .text) {
    elements.append(Element(glyph, role: role))
    width += glyph.width
  }

  package mutating func append(_ other: DisplayText) {
    elements += other.elements
    width += other.width
  }

  package mutating func append(_ text: some StringProtocol, role: Role = .text) {
    let bytes = Array(text.utf8)
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return append(ascii: bytes, role: role) }
    append(Escape.display(escaped: bytes, role: role))
  }

  /// Printable ASCII.
  mutating func append(ascii bytes: [UInt8], role: Role) {
    for byte in bytes { elements.append(Element(Glyph(Unicode.Scalar(byte)), role: role)) }
    width += bytes.count
  }

  package static func + (left: DisplayText, right: DisplayText) -> DisplayText {
    var result = left
    result.append(right)
    return result
  }

  package static func += (left: inout DisplayText, right: DisplayText) {
    left.append(right)
  }

  /// The same glyphs in another role; escapes stay escapes.
  package func with(role: Role) -> DisplayText {
    var result = self
    for index in result.elements.indices where result.elements[index].role != .escape {
      result.elements[index].role = role
    }
    return result
  }

  init(_ elements: some Sequence<Element>) {
    self.elements = Array(elements)
    width = self.elements.reduce(0) { $0 + $1.glyph.width }
  }
}
