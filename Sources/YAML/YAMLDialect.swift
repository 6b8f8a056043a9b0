/// How much of YAML a file may use.
package enum YAMLDialect: Sendable {
  /// What people write by hand: one document without tags, anchors and aliases.
  case plain
  /// All that a Compose file may have: several documents, anchors, aliases, merge keys (`<<`) and tags.
  case full

  /// So many values may aliases stand for in one file: a few lines of them could stand for gigabytes.
  static let expansionLimit = 100_000
}
