internal import Keyspace

/// Keys that the server said have changed, until they are told: at once after a rest, together while they come fast.
struct ChangedKeys {
  /// Ms between two notices.
  private static let pause: Int64 = 10

  /// What was said so far, for answers that were under way meanwhile.
  private(set) var history = ChangeHistory()
  private var names: Set<KeyName> = []
  private var isFlush = false
  private var isWaiting = false
  private var toldAt = Int64.min / 2

  /// - Parameters:
  ///   - changed: nil: all keys.
  ///   - now: ms.
  /// - Returns: after how many ms to tell them; nil: somebody waits for that already.
  mutating func add(_ changed: [KeyName]?, at now: Int64) -> Int64? {
    if let changed {
      history.note(changed)
      names.formUnion(changed)
    } else {
      history.noteEverything()
      isFlush = true
    }
    guard !isWaiting else { return nil }
    isWaiting = true
    return max(0, toldAt + Self.pause - now)
  }

  mutating func take(at now: Int64) -> (names: [KeyName], isFlush: Bool) {
    defer {
      names = []
      (isFlush, isWaiting, toldAt) = (false, false, now)
    }
    return (Array(names), isFlush)
  }
}
