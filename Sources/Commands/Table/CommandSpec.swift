/// Where the keys of a command stand, as COMMAND says it: word numbers that count the name as 0.
package struct KeyPositions: Sendable, Equatable {
  /// 0: the command has no keys at fixed places.
  package var first: Int
  /// Negative: counted from the end, -1 is the last word.
  package var last: Int
  package var step: Int

  package static let none = KeyPositions(first: 0, last: 0, step: 0)

  package init(first: Int, last: Int, step: Int) {
    self.first = first
    self.last = last
    self.step = step
  }
}

/// What is known of a command or subcommand.
package struct CommandSpec: Sendable, Equatable {
  /// Upper case; a subcommand's stands behind a space: `CONFIG SET`.
  package var name: String
  package var summary: String
  /// The version that had it first.
  package var since: String
  package var group: String
  /// The number of words with the name; negative: at least so many.
  package var arity: Int
  /// As COMMAND names them: `write`, `readonly`, `blocking` …
  package var flags: Set<String>
  package var keys: KeyPositions
  /// What may stand behind the name; nil: not known.
  package var arguments: [Argument]?

  package init(
    name: String, summary: String = "", since: String = "", group: String = "", arity: Int = -1,
    flags: Set<String> = [], keys: KeyPositions = .none, arguments: [Argument]? = nil
  ) {
    self.name = name
    self.summary = summary
    self.since = since
    self.group = group
    self.arity = arity
    self.flags = flags
    self.keys = keys
    self.arguments = arguments
  }

  /// The words of the name.
  var nameWords: Int { name.utf8.count { $0 == UInt8(ascii: " ") } + 1 }
}
