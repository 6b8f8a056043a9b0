package import Canvas

/// What a key asks for.
package enum Action: Hashable, Sendable {
  case move(Move)
  case open
  case close
  case previousKey
  case otherPane
  case cancel
  case leave
  case quit
  case search
  case nextMatch
  case previousMatch
  case kinds
  case layout
  case databases
  case openByName
  case inspect
  case showAs
  case wrap
  case zoom
  case refresh
  case help
  case repaint
  case suspend
}

/// Keys, what they do, and where: the one table that the footer, the help and the manual are made from.
package struct Binding: Sendable {
  package enum Place: Sendable, Equatable {
    case everywhere
    case list
    case value
  }

  package let keys: [Key]
  package let action: Action
  package let place: Place
  /// A word for the footer; nil: not shown there.
  package let hint: String?
  /// A line for help and manual.
  package let title: String

  init(_ keys: [Key], _ action: Action, in place: Place = .everywhere, hint: String? = nil, _ title: String) {
    self.keys = keys
    self.action = action
    self.place = place
    self.hint = hint
    self.title = title
  }
}

package enum Bindings {
  package static let all: [Binding] = [
    Binding([.enter, .character("l"), .right], .open, hint: "open", "open a key or folder; an element of a value"),
    Binding([.character("h"), .left], .close, "close the folder, go to its parent; leave an element or the value"),
    Binding([.character("/")], .search, in: .list, hint: "filter", "filter the list: text, or a glob with * ? ["),
    Binding(
      [.character("/")], .search, in: .value, hint: "search",
      "value: fields, members, #index, @score, or text of a string"),
    Binding([.character("f")], .kinds, in: .list, hint: "type", "only one type, or only with or without a TTL"),
    Binding([.character("v")], .layout, in: .list, hint: "tree/flat", "tree or flat list"),
    Binding([.character("O")], .openByName, hint: "open name", "open a key by its exact name, without any scan"),
    Binding([.character("b")], .databases, hint: "databases", "the databases, with their keys; switch"),
    Binding([.character("i")], .inspect, hint: "info", "all that is known of the key"),
    Binding(
      [.character("o")], .showAs, in: .value, hint: "show as", "show as text, JSON, hex; the other direction; groups"),
    Binding([.character("z")], .wrap, in: .value, hint: "wrap", "wrap long lines"),
    Binding([.character("+")], .zoom, hint: "zoom", "the pane alone on the screen, and back"),
    Binding([.tab, .backTab], .otherPane, hint: "pane", "the other pane"),
    Binding([.character("j"), .down], .move(.down), "down"),
    Binding([.character("k"), .up], .move(.up), "up"),
    Binding([.character("g"), .home], .move(.first), "to the first row"),
    Binding([.character("G"), .end], .move(.last), "to the last row"),
    Binding([.control("d")], .move(.halfDown), "half a screen down"),
    Binding([.control("u")], .move(.halfUp), "half a screen up"),
    Binding([.pageDown], .move(.pageDown), "a screen down"),
    Binding([.pageUp], .move(.pageUp), "a screen up"),
    Binding([.character("n")], .nextMatch, in: .value, "the next match of the search"),
    Binding([.character("N")], .previousMatch, in: .value, "the match before"),
    Binding([.control("o")], .previousKey, "back to the key before"),
    Binding([.character("R"), .function(5)], .refresh, "read again: the key space, or the value"),
    Binding([.control("l")], .repaint, "paint the screen anew"),
    Binding([.control("z")], .suspend, "suspend; fg comes back"),
    Binding([.escape], .cancel, "back one level"),
    Binding([.character("?")], .help, hint: "help", "this help"),
    Binding([.character("q")], .leave, hint: "quit", "back one level; on the main screen, quit"),
    Binding([.character("Q"), .control("c")], .quit, "quit"),
  ]

  /// The action of a key while this pane has the focus.
  static func action(for key: Key, focus: State.Focus) -> Action? {
    let place: Binding.Place = focus == .list ? .list : .value
    return all.first { ($0.place == .everywhere || $0.place == place) && $0.keys.contains(key) }?.action
  }
}
