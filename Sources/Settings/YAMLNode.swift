import Canvas

/// A piece of a YAML document with the place where it starts.
struct YAMLNode: Equatable {
  struct Entry: Equatable {
    let key: String
    let position: Position
    let value: YAMLNode
    /// A key of this name stands in the mapping before.
    var isRepeated = false
  }

  enum Content: Equatable {
    /// Raw text; types are what the reader makes of it.
    case scalar(String)
    case sequence([YAMLNode])
    case mapping([Entry])
    /// Nothing, `~` or `null` without quotes. With a place: a comment starts where the value should be, which happens
    /// when a colour such as `#ff5555` is not quoted.
    case null(comment: Position?)
  }

  let position: Position
  let content: Content

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar(let text): "'\(shown(text))'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .null: "nothing"
    }
  }
}

/// Text from a file as it stands in a message: escaped, and not longer than a line.
func shown(_ text: some StringProtocol) -> String {
  Escape.display(Array(text.utf8), limit: 60).truncated(to: 60).string
}
