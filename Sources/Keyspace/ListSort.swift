/// The order of a list. What is not known of a key puts it behind all others, in both directions; equal ones are in the
/// order of their names.
package struct ListSort: Hashable, Sendable {
  package enum Key: Hashable, Sendable, CaseIterable {
    /// Bytewise.
    case name
    /// Soonest first; what never expires comes behind what does.
    case ttl
    /// Biggest first.
    case size
    /// What was not used for longest first.
    case idle
    /// Strings, lists, hashes, sets, sorted sets, streams, JSON, others.
    case kind
    /// How well a fuzzy filter fits, best first. Only in a flat list.
    case match
  }

  package var key: Key
  /// The other way round.
  package var isReversed: Bool

  package init(_ key: Key = .name, isReversed: Bool = false) {
    self.key = key
    self.isReversed = isReversed
  }

  /// As the index stands.
  package var isByName: Bool { self == ListSort() }

  /// What has to be known of keys.
  package var facts: FactSet {
    switch key {
    case .name, .match: []
    case .ttl: .deadline
    case .size: .size
    case .idle: .idle
    case .kind: .type
    }
  }
}
