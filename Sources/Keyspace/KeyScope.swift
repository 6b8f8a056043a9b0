/// Which keys of a database something is about: all, those of a folder, those of a filter, or those of both.
package struct KeyScope: Equatable, Sendable {
  /// What the names begin with: bytes, never a pattern. Empty: anything.
  package var prefix: [UInt8]
  package var filter: NameFilter?

  package init(prefix: [UInt8] = [], filter: NameFilter? = nil) {
    self.prefix = prefix
    self.filter = filter
  }

  package var isEverything: Bool { prefix.isEmpty && filter == nil }

  package func contains(_ name: KeyName) -> Bool {
    name.bytes.starts(with: prefix) && filter?.matches(name) ?? true
  }
}
