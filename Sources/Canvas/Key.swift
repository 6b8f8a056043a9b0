/// A key press as the program understands it, whatever bytes the terminal sent for it.
///
/// The spelling of `tmuxName` is that of tmux's `send-keys`, which scripts and key bindings use.
/// What a terminal cannot tell apart is one case: `C-m` is `enter`, `C-i` is `tab`, `C-[` is `escape`,
/// and `C-h` is `backspace`, so `control` never carries one of `m i [ h`.
package enum Key: Hashable, Sendable {
  /// A printable character without a modifier, the space included.
  case character(Character)
  /// Ctrl with a lower-case ASCII letter, a space (NUL) or one of `\ ] ^ _`.
  case control(Character)
  /// Alt (Meta, or Escape in the same burst) with a printable character.
  case alt(Character)
  /// `F1` is `function(1)`.
  case function(Int)
  case up, down, left, right
  case shiftUp, shiftDown, shiftLeft, shiftRight
  case home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete, insert
  /// Alt with Backspace, in whichever of its two forms the terminal sends that.
  case altBackspace
}

extension Key {
  /// The key for a tmux key name: `j`, `Down`, `C-c`, `^c`, `M-x`, `BTab`, `S-Up`, `PPage`, `F5`, `Space` …
  ///
  /// Names of more than one character are read without regard to case; `nil` for a name that tmux would send as text.
  package init?(tmuxName name: String) {
    if name.count == 1, let character = name.first {
      guard Key.isPrintable(character) else { return nil }
      self = .character(character)
      return
    }
    let lowered = name.lowercased()
    if let named = Key.named[lowered] {
      self = named
    } else if lowered.hasPrefix("c-") {
      self.init(controlWith: name.dropFirst(2))
    } else if lowered.hasPrefix("m-") {
      guard let character = Key.single(name.dropFirst(2)), Key.isPrintable(character) else { return nil }
      self = .alt(character)
    } else if lowered.hasPrefix("^"), name.count == 2 {
      self.init(controlWith: name.dropFirst())
    } else if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), (1...24).contains(number),
      lowered == "f\(number)"
    {
      self = .function(number)
    } else {
      return nil
    }
  }

  /// The name that `init(tmuxName:)` reads back as this key.
  package var tmuxName: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(" "): "C-Space"
    case .control(let character): "C-\(character)"
    case .alt(" "): "M-Space"
    case .alt(let character): "M-\(character)"
    case .function(let number): "F\(number)"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .shiftUp: "S-Up"
    case .shiftDown: "S-Down"
    case .shiftLeft: "S-Left"
    case .shiftRight: "S-Right"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PPage"
    case .pageDown: "NPage"
    case .enter: "Enter"
    case .escape: "Escape"
    case .tab: "Tab"
    case .backTab: "BTab"
    case .backspace: "BSpace"
    case .delete: "DC"
    case .insert: "IC"
    case .altBackspace: "M-BSpace"
    }
  }

  /// How the key is printed for people: `j`, `⏎`, `^C`, `Tab`, `↓`, `PgUp`.
  package var title: String {
    switch self {
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .shiftUp: "S-↑"
    case .shiftDown: "S-↓"
    case .shiftLeft: "S-←"
    case .shiftRight: "S-→"
    case .enter: "⏎"
    default: plainTitle
    }
  }

  /// `title` in ASCII only (apart from what a character key itself is), for `--plain` and locales without UTF-8.
  package var plainTitle: String {
    switch self {
    case .control(" "): "^Space"
    case .control(let character): "^" + character.uppercased()
    case .alt(let character): character == " " ? "M-Space" : "M-\(character)"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .escape: "Esc"
    case .backTab: "S-Tab"
    case .backspace: "Bksp"
    case .delete: "Del"
    case .insert: "Ins"
    case .altBackspace: "M-Bksp"
    default: tmuxName
    }
  }

  /// The key of Ctrl with this one character or with `Space`.
  private init?(controlWith rest: Substring) {
    guard let single = Key.single(rest), let character = single.lowercased().first else { return nil }
    switch character {
    case "m": self = .enter
    case "i": self = .tab
    case "h": self = .backspace
    case "[": self = .escape
    case "@": self = .control(" ")
    // There is no other byte for it.
    case "/": self = .control("_")
    case "a"..."z" where character.isASCII, " ", "\\", "]", "^", "_": self = .control(character)
    default: return nil
    }
  }

  /// The character that a name is, `Space` spelled out or not.
  private static func single(_ name: Substring) -> Character? {
    if name.lowercased() == "space" { return " " }
    return name.count == 1 ? name.first : nil
  }

  /// Whether a character can be typed as itself: it holds no control.
  private static func isPrintable(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
  }

  /// Every name that is not built from a character or a number, and tmux's other spellings.
  private static let named: [String: Key] = [
    "space": .character(" "),
    "up": .up, "down": .down, "left": .left, "right": .right,
    "s-up": .shiftUp, "s-down": .shiftDown, "s-left": .shiftLeft, "s-right": .shiftRight,
    "home": .home, "end": .end,
    "ppage": .pageUp, "pageup": .pageUp, "pgup": .pageUp,
    "npage": .pageDown, "pagedown": .pageDown, "pgdn": .pageDown,
    "enter": .enter, "escape": .escape, "tab": .tab, "btab": .backTab, "s-tab": .backTab,
    "bspace": .backspace, "m-bspace": .altBackspace, "dc": .delete, "delete": .delete, "ic": .insert, "insert": .insert,
  ]
}
