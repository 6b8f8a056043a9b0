import Keyspace
import Requests

/// What is asked of a sweep (``Request/sweep(_:filter:sampleAbove:)``).
struct SweepWish: Equatable, Sendable {
  var facts: FactSet = []
  var filter: NameFilter?
  var sampleAbove: Int?
}

/// What has to be read of all keys for what is on the screen.
extension State {
  /// Asks for it where that is something else than before.
  mutating func askForSweep() {
    var wanted = SweepWish(facts: list.query.facts)
    // What is not listed need not be read.
    if !wanted.facts.isEmpty { wanted.filter = list.query.filter }
    // The list waits behind it; where that is sorted by size every key is read anyway.
    if let memory {
      let isWhole = memory.isExact || list.query.sort.facts.contains(.size)
      wanted = SweepWish(facts: .size, sampleAbove: isWhole ? nil : setup.sweepLimit)
    }
    guard wanted != sweepAsked else { return }
    // Each letter would begin it anew.
    if prompt?.subject == .filter, wanted.facts == sweepAsked.facts { return }
    sweepAsked = wanted
    ask(.sweep, .sweep(wanted.facts, filter: wanted.filter, sampleAbove: wanted.sampleAbove))
  }
}
