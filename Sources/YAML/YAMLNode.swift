internal import Canvas

/// A piece of a YAML document with the place where it starts.
package struct YAMLNode: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package let key: String
    package let position: Position
    package let value: YAMLNode
    /// A key of this name stands in the mapping before.
    package let isRepeated: Bool

    package init(key: String, position: Position, value: YAMLNode, isRepeated: Bool = false) {
      (self.key, self.position, self.value, self.isRepeated) = (key, position, value, isRepeated)
    }
  }

  package enum Content: Equatable, Sendable {
    /// Raw text; types are what the reader makes of it.
    case scalar(String)
    case sequence([YAMLNode])
    case mapping([Entry])
    /// Nothing, `~` or `null` without quotes. With a place: a comment starts where the value should be, which happens
    /// when a colour such as `#ff5555` is not quoted.
    case null(comment: Position?)
  }

  package let position: Position
  package let content: Content
  /// Such as `!override`, or `tag:yaml.org,2002:str` for `!!str`; nil: none, or none is taken (``YAMLDialect``).
  package let tag: String?
  /// A scalar without quotes, which may stand for a number.
  package let isPlain: Bool

  package init(position: Position, content: Content, tag: String? = nil, isPlain: Bool = false) {
    (self.position, self.content, self.tag, self.isPlain) = (position, content, tag, isPlain)
  }

  /// How many lists and mappings lie in each other below it.
  var levels: Int {
    switch content {
    case .scalar, .null: 0
    case .sequence(let items): 1 + (items.map(\.levels).max() ?? 0)
    case .mapping(let entries): 1 + (entries.map(\.value.levels).max() ?? 0)
    }
  }

  /// What it is, for messages.
  package var kind: String {
    switch content {
    case .scalar(let text): "'\(shown(text))'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .null: "nothing"
    }
  }
}

/// Text from a file as it stands in a message: escaped, and not longer than a line.
package func shown(_ text: some StringProtocol) -> String {
  Escape.display(Array(text.utf8), limit: 60).truncated(to: 60).string
}
