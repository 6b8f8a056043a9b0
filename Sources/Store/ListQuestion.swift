package import Keyspace
package import Values

/// What `keyglass ls` wants to be told.
package struct ListQuestion: Sendable {
  package enum Facts: Sendable {
    case none
    case deadlines
    /// Type, deadline and size.
    case all
  }

  /// A glob for SCAN MATCH, as the user typed it; nil: all keys.
  package var pattern: [UInt8]?
  package var facts: Facts
  /// Only keys that meet this when they are read.
  package var ttl: TTLCondition?

  package init(pattern: [UInt8]? = nil, facts: Facts = .none, ttl: TTLCondition? = nil) {
    self.pattern = pattern
    self.facts = facts
    self.ttl = ttl
  }
}

/// Keys that the list should tell the deadline of, or choose by it, and that the server did not tell it of.
package struct UntoldKeys: Sendable, Equatable {
  package var count = 0
  /// Why, of the first where it is by the user's rights.
  package var denial: Denial?

  package init() {}

  mutating func note(_ key: KeyFacts) {
    count += 1
    denial = denial ?? key.deadline.denial
  }
}
