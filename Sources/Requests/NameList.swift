package import Keyspace

/// The exact names of some keys of the index.
package struct NameList: Sendable, Equatable {
  /// In byte order, each once; empty where there are more than were wanted.
  package var names: [KeyName]
  /// How many there are.
  package var count: Int
  /// All keys were looked at. False: the scan is not over, or of some it is not known whether they belong to them.
  package var isComplete: Bool

  package init(names: [KeyName], count: Int, isComplete: Bool) {
    self.names = names
    self.count = count
    self.isComplete = isComplete
  }
}
