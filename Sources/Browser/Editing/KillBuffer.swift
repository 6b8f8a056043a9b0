/// What was killed last, for ^Y. Kills of keys that follow each other are one, as in readline.
package struct KillBuffer: Sendable, Equatable {
  private(set) var text = ""
  /// This key has killed; the one before it had.
  private var hasKilled = false
  private var joins = false

  /// Another key, or a paste, is about to be handled.
  mutating func nextKey() { (joins, hasKilled) = (hasKilled, false) }

  /// - Parameter isBefore: it stood before the cursor, not behind it.
  mutating func take(_ killed: String, isBefore: Bool) {
    guard !killed.isEmpty else {
      hasKilled = joins
      return
    }
    text = !joins ? killed : isBefore ? killed + text : text + killed
    hasKilled = true
  }
}
