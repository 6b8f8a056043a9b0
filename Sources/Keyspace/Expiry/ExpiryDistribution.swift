/// How long the keys of a key space have left.
package struct ExpiryDistribution: Equatable, Sendable {
  package enum Class: Int, CaseIterable, Sendable {
    case tenSeconds
    case minute
    case hour
    case day
    case beyond
    /// Without a TTL.
    case none

    /// Less than so many ms are left, and not less than in the class before; nil: no end.
    package var end: Int64? {
      switch self {
      case .tenSeconds: 10_000
      case .minute: 60_000
      case .hour: 3_600_000
      case .day: 86_400_000
      case .beyond, .none: nil
      }
    }
  }

  /// In the order of the classes.
  package let counts: [Int]
  /// Their deadline has passed, and the server has not confirmed that they are gone: in no class.
  package let due: Int

  /// - Parameters:
  ///   - serverTime: now, in ms of the server's clock.
  ///   - volatile: all keys with a deadline.
  ///   - persistent: all keys without.
  ///   - countBefore: how many keys have a deadline before a server time.
  package init(serverTime: Int64, volatile: Int, persistent: Int, countBefore: (Int64) -> Int) {
    due = countBefore(serverTime + 1)
    var before = due
    counts = Class.allCases.map { kind in
      guard kind != .none else { return persistent }
      let next = kind.end.map { countBefore(serverTime + $0) } ?? volatile
      defer { before = next }
      return max(0, next - before)
    }
  }

  package subscript(kind: Class) -> Int { counts[kind.rawValue] }

  /// Keys in all classes.
  package var total: Int { counts.reduce(0, +) }

  /// Keys with a TTL that has not passed.
  package var volatile: Int { total - self[.none] }

  /// 0…1.
  package func share(of kind: Class) -> Double { total > 0 ? Double(self[kind]) / Double(total) : 0 }
}
