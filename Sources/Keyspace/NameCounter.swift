/// Counts names that come in pages and repeat themselves. It keeps 64 bits of each, so that of ten million names there is
/// one chance in four hundred thousand that one is missed.
package struct NameCounter: Sendable {
  private var hashes: Set<UInt64> = []

  package init() {}

  /// Names counted so far, each once.
  package var count: Int { hashes.count }

  package mutating func add(_ page: NamePage) {
    for hash in page.hashes(of: 0..<page.count) { hashes.insert(hash) }
  }
}
