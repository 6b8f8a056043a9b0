import Keyspace
import Requests

/// What has to be read of all keys for what is on the screen.
extension State {
  /// Asks for it where that is something else than before.
  mutating func askForSweep() {
    var wanted = SweepWish(facts: list.query.facts)
    // The list waits behind it; where that is sorted by size every key is read anyway.
    if let memory {
      let isWhole = memory.isExact || list.query.sort.facts.contains(.size)
      wanted = SweepWish(facts: .size, sampleAbove: isWhole ? nil : setup.sweepLimit)
    }
    guard wanted != sweepAsked else { return }
    sweepAsked = wanted
    ask(.sweep, .sweep(wanted.facts, sampleAbove: wanted.sampleAbove))
  }
}

/// As in ``Request/sweep(_:sampleAbove:)``.
struct SweepWish: Equatable, Sendable {
  var facts: FactSet = []
  var sampleAbove: Int?
}
