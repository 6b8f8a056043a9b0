/// An argument of a command as COMMAND DOCS describes it (https://redis.io/docs/latest/commands/command-docs/).
package struct Argument: Sendable, Equatable {
  package enum ValueType: String, Sendable, Equatable, CaseIterable {
    case key
    case string
    case int
    case double
    case pattern
    /// A Unix time.
    case time
  }

  package indirect enum Kind: Sendable, Equatable {
    case value(name: String, type: ValueType)
    /// The token alone.
    case token
    case oneOf([Argument])
    case block([Argument])
  }

  /// The word that stands before the argument, or is the argument.
  package var token: String?
  package var isOptional: Bool
  package var isMultiple: Bool
  /// Whether each of several has the token before it (`GET a GET b`), not only the first.
  package var repeatsToken: Bool
  package var kind: Kind

  package init(
    _ kind: Kind, token: String? = nil, isOptional: Bool = false, isMultiple: Bool = false,
    repeatsToken: Bool = false
  ) {
    self.kind = kind
    self.token = token
    self.isOptional = isOptional
    self.isMultiple = isMultiple
    self.repeatsToken = repeatsToken
  }
}
