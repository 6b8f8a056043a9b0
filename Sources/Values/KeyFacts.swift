package import Keyspace

/// What the list shows of one key, as read in one batch.
package struct KeyFacts: Sendable, Equatable {
  package var name: KeyName
  /// `.known(nil)`: the key does not exist (any more).
  package var type: Fact<KeyType?>
  package var deadline: Fact<Deadline>
  /// Bytes by MEMORY USAGE with its default samples.
  package var size: Fact<Int>
  /// Seconds since the last access, when it was asked for; ``KeyInspection/idleSeconds``.
  package var idleSeconds: Fact<Int> = .unknown

  package init(
    name: KeyName, type: Fact<KeyType?> = .unknown, deadline: Fact<Deadline> = .unknown, size: Fact<Int> = .unknown
  ) {
    self.name = name
    self.type = type
    self.deadline = deadline
    self.size = size
  }

  /// The server said that there is no such key.
  package var isGone: Bool { type == .known(nil) }
}

/// All that is known of a key (`i`), each read before anything that would change it (idle time first).
package struct KeyInspection: Sendable, Equatable {
  package var name: KeyName
  package var type: Fact<KeyType?> = .unknown
  package var encoding: Fact<String> = .unknown
  /// Bytes by MEMORY USAGE.
  package var memory: Fact<Int> = .unknown
  /// Seconds since the last access; `.known(nil)` under an LFU policy, where the server does not keep it.
  package var idleSeconds: Fact<Int?> = .unknown
  /// Access frequency, logarithmic; `.known(nil)` unless the server runs an LFU policy.
  package var frequency: Fact<Int?> = .unknown
  package var deadline: Fact<Deadline> = .unknown
  /// Elements, fields, members, entries, or bytes of a string.
  package var length: Fact<Int> = .unknown
  package var references: Fact<Int> = .unknown

  package init(name: KeyName) { self.name = name }
}
