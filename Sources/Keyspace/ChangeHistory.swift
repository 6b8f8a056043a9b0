/// Which keys were said to have changed since a question was asked: an answer that was on its way meanwhile may be of
/// before the change, and is not the last word then.
package struct ChangeHistory: Sendable {
  /// A moment: how many changes had been told by then.
  package typealias Moment = Int

  /// Names remembered one by one; beyond that everything asked before counts as changed.
  private static let limit = 10_000

  package private(set) var now: Moment = 0
  private var last: [KeyName: Moment] = [:]
  /// What was asked before counts as changed, whatever its name.
  private var everything: Moment = 0

  package init() {}

  package mutating func note(_ names: some Sequence<KeyName>) {
    now += 1
    for name in names { last[name] = now }
    if last.count > Self.limit { forget() }
  }

  /// Everything may have changed.
  package mutating func noteEverything() {
    now += 1
    forget()
  }

  package func hasChanged(_ name: KeyName, since asked: Moment) -> Bool {
    asked < everything || (last[name] ?? 0) > asked
  }

  private mutating func forget() {
    last = [:]
    everything = now
  }
}
