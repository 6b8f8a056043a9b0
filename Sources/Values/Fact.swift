/// A thing that the server was asked about: not asked yet, told, or refused by the user's rights.
///
/// A refusal is never shown as an empty value or as "no such key".
package enum Fact<Value: Sendable & Equatable>: Sendable, Equatable {
  case unknown
  case known(Value)
  case denied(Denial)

  /// What the server told, if it told.
  package var value: Value? {
    if case .known(let value) = self { value } else { nil }
  }

  package var denial: Denial? {
    if case .denied(let denial) = self { denial } else { nil }
  }
}

/// A command that the server refused to this user (NOPERM), or does not have.
package struct Denial: Sendable, Equatable {
  /// The command as one types it, in capitals: `MEMORY USAGE`.
  package let command: String
  /// The ACL rule that would allow it: `+memory|usage`, `%R~PATTERN` for a key; nil when the server does not know the command at all.
  package let missingRule: String?

  /// It is about the one key, not the command: the user's key patterns do not cover its name.
  package var isOfKey: Bool { missingRule?.first == "%" }

  package init(command: String, missingRule: String?) {
    self.command = command
    self.missingRule = missingRule
  }
}
