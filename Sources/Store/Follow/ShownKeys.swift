internal import Keyspace

/// Keys that were read for the screen lately: they are tracked, and read again there, so that nobody else need ask about
/// them a second time.
struct ShownKeys: Sendable {
  private var readAt: [KeyName: Int64] = [:]

  private static let memory: Int64 = 10_000
  /// More than any screen has rows.
  private static let most = 2_000

  /// - Parameter now: monotonic ms.
  mutating func note(_ names: [KeyName], at now: Int64) {
    if readAt.count > Self.most { readAt = readAt.filter { now - $0.value < Self.memory } }
    for name in names { readAt[name] = now }
  }

  /// - Parameter within: ms.
  func hold(_ name: KeyName, at now: Int64, within: Int64 = 1_000) -> Bool {
    readAt[name].map { now - $0 < min(within, Self.memory) } ?? false
  }
}
