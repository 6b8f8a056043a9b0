import YAML

/// A value of a Compose file after interpolation, with where it stands.
struct ComposeNode: Equatable {
  /// Where something stands, and the folder that relative paths in it start from.
  struct Place: Equatable {
    let file: String
    let folder: String
    let position: Position

    func complaint(_ message: String) -> Complaint { Complaint(file: file, position: position, message: message) }
  }

  struct Text: Equatable {
    var text: String
    /// Those that are in it, with what they stood for.
    var variables: [Variable] = []
    /// What stands in the file, where that is not a text for Compose but a number, `true`, `false` or a date.
    var written: String?
  }

  struct Entry: Equatable {
    var key: String
    var place: Place
    var value: ComposeNode
  }

  enum Content: Equatable {
    case scalar(Text)
    case sequence([ComposeNode])
    case mapping([Entry])
    case null
  }

  var place: Place
  var content: Content
  /// `!reset` and `!override` say how it goes over what was before.
  var tag: String?

  subscript(key: String) -> ComposeNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.last { $0.key == key }?.value
  }

  var entries: [Entry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  var text: Text? {
    guard case .scalar(let text) = content else { return nil }
    return text
  }

  var string: String? { text?.text }

  /// What stands in a list, or the one thing that stands in its place.
  var items: [ComposeNode] {
    switch content {
    case .sequence(let items): items
    case .scalar, .mapping: [self]
    case .null: []
    }
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar: "a text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .null: "nothing"
    }
  }

  /// Values in it, itself included.
  var size: Int {
    switch content {
    case .scalar, .null: 1
    case .sequence(let items): items.reduce(1) { $0 + $1.size }
    case .mapping(let entries): entries.reduce(1) { $0 + $1.value.size }
    }
  }

  /// What it is for Compose, where it only looks like a text; nil: a text.
  var typed: PlainValue? { text?.written.map { PlainValue($0) } }

  func complaint(_ message: String) -> Complaint { place.complaint(message) }
}
