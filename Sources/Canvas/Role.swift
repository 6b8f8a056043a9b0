/// What a piece of the screen means. Screens draw roles; a theme alone decides how a role looks.
///
/// The raw value is the dotted name used in theme files. A role without an entry of its own takes the looks of its
/// longest dotted prefix, at last those of `text`.
package enum Role: String, CaseIterable, Sendable {
  /// Ordinary text; every other role falls back to it.
  case text
  case textDim = "text.dim"
  case textStrong = "text.strong"
  case accent
  /// The frame of a pane without the focus.
  case border
  /// The frame of the pane that has the focus.
  case borderFocus = "border.focus"
  /// The same on a production server.
  case borderProd = "border.prod"
  case title
  case titleFocus = "title.focus"
  case header
  case headerEndpoint = "header.endpoint"
  case headerDatabase = "header.database"
  /// The row under the cursor; lies over the other roles.
  case selection
  /// The sign in the first cell of the row under the cursor; keeps its colour when selected.
  case cursor
  case mark
  /// What a search or filter found.
  case match
  /// Something that went well.
  /// What changed on the server within the last two seconds.
  case changed
  case ok
  case warn
  case danger
  case typeStr = "type.str"
  case typeLst = "type.lst"
  case typeHsh = "type.hsh"
  case typeSet = "type.set"
  case typeZst = "type.zst"
  case typeStm = "type.stm"
  case typeJsn = "type.jsn"
  /// A type without a view of its own (`???`).
  case typeOther = "type.other"
  case ttlPersistent = "ttl.persistent"
  /// One minute or more remains.
  case ttlFar = "ttl.far"
  /// Less than one minute remains.
  case ttlNear = "ttl.near"
  /// Less than ten seconds remain.
  case ttlUrgent = "ttl.urgent"
  /// The deadline has passed; the server has not confirmed.
  case ttlDue = "ttl.due"
  /// Confirmed as expired or deleted.
  case ttlGone = "ttl.gone"
  case barFill = "bar.fill"
  case barWarn = "bar.warn"
  case barDanger = "bar.danger"
  case barEmpty = "bar.empty"
  /// A sparkline or histogram.
  case graph
  case footer
  case footerKey = "footer.key"
  case folder
  /// A byte shown as `\xhh`, or a doubled backslash.
  case escape
  /// The name of a hash field, of a stream field, or an index.
  case field
  case jsonKey = "json.key"
  case jsonString = "json.string"
  case jsonNumber = "json.number"
  case jsonLiteral = "json.literal"
  /// A line that the user types into.
  case input
  case dialog
  case dialogBorder = "dialog.border"
  case dialogButton = "dialog.button"
  /// The mark `[STALE]`: the server is not answering.
  case stale
  /// The mark `[RO]`.
  case readonly
}

extension Role {
  /// The letter of the role in a role dump, as ASCII: unique, and small enough to index a table of 128.
  package var code: UInt8 {
    switch self {
    case .text: UInt8(ascii: ".")
    case .textDim: UInt8(ascii: "d")
    case .textStrong: UInt8(ascii: "s")
    case .accent: UInt8(ascii: "a")
    case .border: UInt8(ascii: "b")
    case .borderFocus: UInt8(ascii: "B")
    case .borderProd: UInt8(ascii: "P")
    case .title: UInt8(ascii: "t")
    case .titleFocus: UInt8(ascii: "T")
    case .header: UInt8(ascii: "h")
    case .headerEndpoint: UInt8(ascii: "E")
    case .headerDatabase: UInt8(ascii: "D")
    case .selection: UInt8(ascii: "#")
    case .cursor: UInt8(ascii: "|")
    case .mark: UInt8(ascii: "m")
    case .match: UInt8(ascii: "^")
    case .changed: UInt8(ascii: "c")
    case .ok: UInt8(ascii: "o")
    case .warn: UInt8(ascii: "w")
    case .danger: UInt8(ascii: "X")
    case .typeStr: UInt8(ascii: "S")
    case .typeLst: UInt8(ascii: "L")
    case .typeHsh: UInt8(ascii: "H")
    case .typeSet: UInt8(ascii: "U")
    case .typeZst: UInt8(ascii: "Z")
    case .typeStm: UInt8(ascii: "M")
    case .typeJsn: UInt8(ascii: "J")
    case .typeOther: UInt8(ascii: "O")
    case .ttlPersistent: UInt8(ascii: "p")
    case .ttlFar: UInt8(ascii: "f")
    case .ttlNear: UInt8(ascii: "n")
    case .ttlUrgent: UInt8(ascii: "u")
    case .ttlDue: UInt8(ascii: "!")
    case .ttlGone: UInt8(ascii: "g")
    case .barFill: UInt8(ascii: "=")
    case .barWarn: UInt8(ascii: "%")
    case .barDanger: UInt8(ascii: "&")
    case .barEmpty: UInt8(ascii: "_")
    case .graph: UInt8(ascii: "G")
    case .footer: UInt8(ascii: "e")
    case .footerKey: UInt8(ascii: "K")
    case .folder: UInt8(ascii: "F")
    case .escape: UInt8(ascii: "\\")
    case .field: UInt8(ascii: "i")
    case .jsonKey: UInt8(ascii: "k")
    case .jsonString: UInt8(ascii: "\"")
    case .jsonNumber: UInt8(ascii: "0")
    case .jsonLiteral: UInt8(ascii: "l")
    case .input: UInt8(ascii: "I")
    case .dialog: UInt8(ascii: "q")
    case .dialogBorder: UInt8(ascii: "Q")
    case .dialogButton: UInt8(ascii: "@")
    case .stale: UInt8(ascii: "~")
    case .readonly: UInt8(ascii: "R")
    }
  }

  /// The letter of the role in a role dump, unique among the roles.
  package var letter: Character { Character(Unicode.Scalar(code)) }

  /// Whether a theme file may name it: a role, or a dotted prefix of one (`type`, `bar`).
  package static func isKnown(_ name: some StringProtocol) -> Bool {
    allCases.contains { $0.rawValue == name || $0.rawValue.hasPrefix(name + ".") }
  }
}
