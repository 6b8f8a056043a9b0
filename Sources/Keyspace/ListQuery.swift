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
  }

  package var layout: Layout
  /// Parts folder names from the rest, in the tree; any byte string. An empty one makes no folders.
  package var separator: [UInt8]
  package var filter: NameFilter?
  /// Only keys of this type; keys whose type is not known are left out.
  package var kind: KeyType?
  package var expiry: Expiry
  /// The open folders: their prefixes, each with the separator at its end.
  package var expanded: Set<KeyName>

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
