package import Keyspace

/// How far a sweep is that learns something of every key (``Request/sweep(_:filter:sampleAbove:)``).
package struct SweepProgress: Sendable, Equatable {
  package var facts: FactSet
  /// Keys of which all of it is known, and read within the last minutes.
  package var known: Int
  /// Keys of which the server was asked and did not tell.
  package var untold = 0
  /// Keys that it is about: all that the filter picks, or those of the sample.
  package var total: Int
  /// The keys that the sample was picked from; nil: all are read.
  package var sampledFrom: Int?
  /// Everything was asked for once.
  package var isDone: Bool
  /// The server keeps no idle times, by its policy (`maxmemory-policy` with LFU).
  package var isUnkept: Bool

  package init(
    facts: FactSet, known: Int = 0, total: Int = 0, sampledFrom: Int? = nil, isDone: Bool = false,
    isUnkept: Bool = false
  ) {
    self.facts = facts
    self.known = known
    self.total = total
    self.sampledFrom = sampledFrom
    self.isDone = isDone
    self.isUnkept = isUnkept
  }
}
