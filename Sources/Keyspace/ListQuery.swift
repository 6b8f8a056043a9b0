/// What a list of keys shows, and how.
package struct ListQuery: Equatable, Sendable {
  package enum Layout: Hashable, Sendable {
    case tree
    case flat
  }

  package enum Expiry: Hashable, Sendable {
    case any
    /// Only keys without a deadline.
    case persistent
    /// Only keys with a deadline.
    case volatile
    /// Only keys of which so much time is left at ``ListQuery/serverTime``.
    case ttl(TTLCondition)
    /// No key: what was asked for excludes itself.
    case impossible
  }

  package var layout: Layout
  /// Parts folder names from the rest, in the tree; any byte string. An empty one makes no folders.
  package var separator: [UInt8]
  package var filter: NameFilter?
  /// Only keys of this type; keys whose type is not known are left out.
  package var kind: KeyType?
  package var expiry: Expiry
  /// When this is asked, in ms of the server's clock; only ``Expiry/ttl(_:)`` depends on it.
  package var serverTime: Int64 = 0
  package var sort = ListSort()
  /// The open folders: their prefixes, each with the separator at its end.
  package var expanded: Set<KeyName>

  /// Not all keys are listed.
  package var isNarrowed: Bool { filter != nil || kind != nil || expiry != .any }

  /// Which keys it picks, or their order, depends on more than their names.
  var dependsOnFacts: Bool { kind != nil || expiry != .any || !sort.facts.isEmpty }

  /// The rows that are found first are those that come first, or good enough to begin with.
  package var hasFirstRows: Bool { isNarrowed && (sort.isByName || sort.key == .match) }

  /// A fuzzy filter without another order than that of the names lists its keys flat, the best first.
  package var ranked: ListQuery {
    guard sort.isByName, filter?.ranksNames == true else { return self }
    var query = self
    query.sort = ListSort(.match)
    query.layout = .flat
    return query
  }

  /// Asks for the same rows, whatever time it is.
  package func isSame(as other: ListQuery) -> Bool {
    var other = other
    other.serverTime = serverTime
    return self == other
  }

  package init(
    layout: Layout = .tree, separator: [UInt8] = [UInt8(ascii: ":")], filter: NameFilter? = nil,
    kind: KeyType? = nil, expiry: Expiry = .any, expanded: Set<KeyName> = []
  ) {
    self.layout = layout
    self.separator = separator
    self.filter = filter
    self.kind = kind
    self.expiry = expiry
    self.expanded = expanded
  }
}

extension ListQuery {
  /// What has to be known of keys to make the list.
  package var facts: FactSet {
    var facts = sort.facts
    guard expiry != .impossible else { return facts }
    if kind != nil { facts.insert(.type) }
    if expiry != .any { facts.insert(.deadline) }
    return facts
  }
}

extension ListQuery.Expiry {
  package init(_ condition: TTLCondition) {
    switch condition {
    case .persistent: self = .persistent
    case .left(nil, nil): self = .volatile
    case .left: self = .ttl(condition)
    }
  }

  /// Both at once.
  package func and(_ other: Self) -> Self {
    switch (self, other) {
    case (.any, let only), (let only, .any): only
    case (.volatile, .ttl(let condition)), (.ttl(let condition), .volatile): .ttl(condition)
    case (.ttl(let one), .ttl(let other)): one.and(other).map { Self($0) } ?? .impossible
    default: self == other ? self : .impossible
    }
  }
}
