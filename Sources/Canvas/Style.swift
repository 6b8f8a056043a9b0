/// What a terminal can do to text besides colouring it.
package struct Attributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = Attributes(rawValue: 1)
  package static let dim = Attributes(rawValue: 2)
  package static let italic = Attributes(rawValue: 4)
  package static let underline = Attributes(rawValue: 8)
  package static let reverse = Attributes(rawValue: 16)

  /// The names in theme files.
  package static let named: [(name: String, attributes: Attributes)] = [
    ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
  ]
}

/// How a role looks, on every kind of terminal.
package struct Style: Hashable, Sendable {
  package var fg: Color
  package var bg: Color
  package var attributes: Attributes
  /// Instead of `fg` and `bg` where there are 16 colours: `.default` or `.ansi`.
  package var ansiFg: Color
  package var ansiBg: Color
  /// Instead of everything where there is no colour.
  package var mono: Attributes

  package init(
    fg: Color = .default, bg: Color = .default, attributes: Attributes = [], ansiFg: Color = .default,
    ansiBg: Color = .default, mono: Attributes = []
  ) {
    self.fg = fg
    self.bg = bg
    self.attributes = attributes
    self.ansiFg = ansiFg
    self.ansiBg = ansiBg
    self.mono = mono
  }

  /// The colours and attributes for a terminal of that depth: named fallbacks for 16 colours (never the nearest match,
  /// since nobody knows what the user's 16 colours look like), the nearest fixed colour for 256.
  package func resolved(for depth: ColorDepth) -> (fg: Color, bg: Color, attributes: Attributes) {
    switch depth {
    case .mono: (.default, .default, mono)
    case .ansi: (ansiFg, ansiBg, attributes)
    case .indexed: (fg.nearestIndexed, bg.nearestIndexed, attributes)
    case .direct: (fg, bg, attributes)
    }
  }
}
