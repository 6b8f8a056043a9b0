package import Keyspace
package import Values

/// What keys are that are about to be edited or destroyed.
package struct Survey: Sendable, Equatable {
  /// In the order in which they were asked about.
  package var facts: [KeyFacts]
  /// DUMP of those that are about to be destroyed and small enough: they must be that still.
  package var dumps: [KeyName: [UInt8]]
  /// Why no copy can be kept and put back; nil: nothing is in the way.
  package var copyDenial: Denial?
  package var clock: ServerClock

  package init(
    facts: [KeyFacts] = [], dumps: [KeyName: [UInt8]] = [:], copyDenial: Denial? = nil,
    clock: ServerClock = ServerClock()
  ) {
    self.facts = facts
    self.dumps = dumps
    self.copyDenial = copyDenial
    self.clock = clock
  }
}
