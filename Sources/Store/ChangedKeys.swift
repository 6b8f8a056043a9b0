internal import Keyspace

/// Keys that the server said have changed, until they are told together.
struct ChangedKeys {
  private var names: Set<KeyName> = []
  private var isFlush = false
  private var isWaiting = false

  /// nil: all keys. True for the first of a burst: somebody has to come back for it.
  mutating func add(_ changed: [KeyName]?) -> Bool {
    if let changed { names.formUnion(changed) } else { isFlush = true }
    defer { isWaiting = true }
    return !isWaiting
  }

  mutating func take() -> (names: [KeyName], isFlush: Bool) {
    defer { self = ChangedKeys() }
    return (Array(names), isFlush)
  }
}
