/// The looks of all roles.
package struct Theme: Sendable {
  /// The kind of terminal background that a theme is made for.
  package enum Background: String, Sendable {
    case dark
    case light
    case any
  }

  /// What a theme says about one role; what is nil comes from the role's dotted prefixes, at last from `text`.
  package struct Rule: Equatable, Sendable {
    package var fg: Color?
    package var bg: Color?
    package var ansiFg: Color?
    package var ansiBg: Color?
    package var attributes: Attributes?
    package var mono: Attributes?

    package init(
      fg: Color? = nil, bg: Color? = nil, ansiFg: Color? = nil, ansiBg: Color? = nil, attributes: Attributes? = nil,
      mono: Attributes? = nil
    ) {
      self.fg = fg
      self.bg = bg
      self.ansiFg = ansiFg
      self.ansiBg = ansiBg
      self.attributes = attributes
      self.mono = mono
    }
  }

  package let name: String
  package let background: Background
  /// By `Role.code`.
  private var styles: [Style]
  private var selectedStyles: [Style]

  /// - Parameter rules: by role name or dotted prefix.
  package init(name: String, background: Background = .any, rules: [String: Rule]) {
    self.name = name
    self.background = background
    styles = Array(repeating: Style(), count: 128)
    selectedStyles = styles
    let selection = Theme.style(of: Role.selection.rawValue, rules: rules)
    for role in Role.allCases {
      let style = Theme.style(of: role.rawValue, rules: rules)
      styles[Int(role.code)] = style
      selectedStyles[Int(role.code)] = Theme.overlay(
        selection, on: style, role: role, namesForeground: rules["selection"]?.fg != nil)
    }
  }

  /// Whether it names a colour that is none of a palette's.
  package var usesDirectColors: Bool {
    styles.contains { style in
      [style.fg, style.bg].contains { if case .rgb = $0 { true } else { false } }
    }
  }

  package func style(for role: Role) -> Style { styles[Int(role.code)] }

  /// How a cell looks, selected or not.
  package func style(for role: Role, isSelected: Bool) -> Style {
    isSelected ? selectedStyles[Int(role.code)] : styles[Int(role.code)]
  }

  /// The rule of a theme that inherits: what the heir does not say stays, the fallback for 16 colours too.
  package static func merge(_ heir: Rule, over ancestor: Rule) -> Rule {
    Rule(
      fg: heir.fg ?? ancestor.fg, bg: heir.bg ?? ancestor.bg,
      ansiFg: heir.ansiFg ?? heir.fg.flatMap(fallback) ?? ancestor.ansiFg ?? ancestor.fg.flatMap(fallback),
      ansiBg: heir.ansiBg ?? heir.bg.flatMap(fallback) ?? ancestor.ansiBg ?? ancestor.bg.flatMap(fallback),
      attributes: heir.attributes ?? ancestor.attributes, mono: heir.mono ?? ancestor.mono)
  }

  private static func style(of name: String, rules: [String: Rule]) -> Style {
    var chain: [Rule] = []
    var rest = Substring(name)
    while true {
      if let rule = rules[String(rest)] { chain.append(rule) }
      guard let dot = rest.lastIndex(of: ".") else { break }
      rest = rest[..<dot]
    }
    if Role(rawValue: name)?.isAccented == true, let accent = rules["accent"] {
      chain.insert(accent, at: rules[name] == nil ? 0 : 1)
    }
    if name != "text", !name.hasPrefix("text."), let text = rules["text"] { chain.append(text) }
    func first<Value>(_ field: (Rule) -> Value?) -> Value? {
      for rule in chain { if let value = field(rule) { return value } }
      return nil
    }
    return Style(
      fg: first(\.fg) ?? .default, bg: first(\.bg) ?? .default, attributes: first(\.attributes) ?? [],
      ansiFg: first { $0.ansiFg ?? $0.fg.flatMap(fallback) } ?? .default,
      ansiBg: first { $0.ansiBg ?? $0.bg.flatMap(fallback) } ?? .default, mono: first(\.mono) ?? [])
  }

  /// A colour of the terminal's own palette is its own fallback for 16 colours.
  private static func fallback(_ color: Color) -> Color? {
    switch color {
    case .default, .ansi: color
    case .indexed(let number): number < 16 ? .ansi(number) : nil
    case .rgb: nil
    }
  }

  /// A selected cell: the background of the selection. A selection by reverse video, or one that names its foreground,
  /// takes the role's colours away, because text may not be readable there; bold and the like stay. Bars and the cursor
  /// sign are no text and keep their colour; reversed, a full block would be a hole, so they stay as they are.
  private static func overlay(_ selection: Style, on style: Style, role: Role, namesForeground: Bool) -> Style {
    let isReverse = selection.attributes.contains(.reverse)
    var result = selection
    result.attributes.formUnion(style.attributes.subtracting([.reverse, .dim]))
    result.mono.formUnion(style.mono.subtracting([.reverse, .dim]))
    let isNoText = role == .cursor || role.isBar
    if isNoText { result.mono = style.mono }
    if isReverse {
      if isNoText { return style }
    } else if !namesForeground || isNoText {
      result.fg = style.fg
      result.ansiFg = style.ansiFg
    }
    return result
  }

  /// Without any colour, and without a file: what is used when no theme can be read.
  package static let mono = Theme(
    name: "mono",
    rules: Dictionary(
      uniqueKeysWithValues: [
        ("text.dim", .dim), ("text.strong", .bold), ("accent", .bold), ("cursor", .bold), ("border.focus", .bold),
        ("title", .bold),
        ("header.endpoint", .bold), ("header.database", .reverse), ("selection", .reverse), ("mark", .bold),
        ("match", .underline), ("warn", .bold), ("danger", [.bold, .reverse]), ("ttl.near", .bold),
        ("ttl.urgent", [.bold, .underline]), ("ttl.due", [.bold, .underline]), ("ttl.gone", .dim), ("bar.empty", .dim),
        ("footer.key", .bold), ("folder", .bold), ("escape", .underline), ("input", .underline),
        ("dialog.button", .reverse), ("stale", [.bold, .reverse]), ("readonly", .bold),
      ].map { (name: String, attributes: Attributes) in
        (name, Rule(attributes: attributes, mono: attributes))
      }))
}

extension Role {
  /// Takes from `accent` what it does not say itself, before its dotted prefixes: one colour for all that stands out.
  fileprivate var isAccented: Bool {
    switch self {
    case .borderFocus, .titleFocus, .footerKey, .cursor, .dialogBorder: true
    default: false
    }
  }

  fileprivate var isBar: Bool {
    switch self {
    case .barFill, .barWarn, .barDanger, .barEmpty, .graph: true
    default: false
    }
  }
}
