internal import Keyspace

/// Names of the index that are gone: they leave it a little later, so that a row on the screen is seen to go, unless they
/// are there again by then.
struct DepartedNames: Sendable {
  /// When each was found to be gone, monotonic ms.
  private var since: [KeyName: Int64] = [:]

  /// Ms that they stay: the screen shows for two seconds that a key is gone, and then forgets it by itself.
  static let delay: Int64 = 2_500

  mutating func add(_ names: [KeyName], at now: Int64) {
    for name in names where since[name] == nil { since[name] = now }
  }

  /// They are there again.
  mutating func remove(_ names: [KeyName]) {
    guard !since.isEmpty else { return }
    for name in names { since[name] = nil }
  }

  /// Takes those whose time has come.
  mutating func takeDue(at now: Int64) -> [KeyName] {
    let due = since.filter { now - $0.value >= Self.delay }.map(\.key)
    remove(due)
    return due
  }

  mutating func takeAll() -> [KeyName] {
    defer { since = [:] }
    return Array(since.keys)
  }
}
