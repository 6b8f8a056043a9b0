import Keyspace
import Requests

/// What has to be read of all keys for what is on the screen.
extension State {
  /// Asks for it where that is something else than before.
  mutating func askForSweep() {
    let wanted = list.query.facts
    guard wanted != sweepAsked else { return }
    sweepAsked = wanted
    ask(.sweep, .sweep(wanted))
  }
}
