package import Keyspace
package import Values

/// What keys are that are about to be edited or destroyed.
package struct Survey: Sendable, Equatable {
  /// In the order in which they were asked about.
  package var facts: [KeyFacts]
  /// What those are that are about to be destroyed: they must be that still.
  package var seen: [KeyName: SeenWhole]
  /// Why no copy can be kept and put back; nil: nothing is in the way.
  package var copyDenial: Denial?
  package var clock: ServerClock

  package init(
    facts: [KeyFacts] = [], seen: [KeyName: SeenWhole] = [:], copyDenial: Denial? = nil,
    clock: ServerClock = ServerClock()
  ) {
    self.facts = facts
    self.seen = seen
    self.copyDenial = copyDenial
    self.clock = clock
  }
}
