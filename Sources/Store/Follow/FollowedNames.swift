internal import Keyspace

/// Names that the server says were written, until each was verified; each waits once, however often it is told.
///
/// Bounded whatever is told: beyond the rate or the room nothing is taken any more.
struct FollowedNames: Sendable {
  enum Excess: Sendable, Equatable {
    /// More names in a second than the limit.
    case tooFast
    /// More names wait than may.
    case backlog
  }

  /// Names a second.
  let limit: Int
  /// In the order in which they are to be verified.
  private var queue: [KeyName] = []
  private var waiting: Set<KeyName> = []
  private var bytes = 0
  private var rate: NameRate
  /// Why nothing is taken any more.
  private(set) var excess: Excess?

  /// Bytes that waiting names may have together: names can be long.
  static let mostBytes = 16 << 20

  init(limit: Int, at now: Int64) {
    self.limit = limit
    rate = NameRate(at: now)
  }

  /// Names that wait.
  var count: Int { queue.count }
  /// So many may wait: what the rate allows in two seconds.
  var mostWaiting: Int { 2 * limit }

  /// Takes `count` names that were told at the same time, monotonic ms.
  mutating func note(_ names: some Sequence<KeyName>, count: Int, at now: Int64) {
    guard excess == nil else { return }
    guard rate.add(count, at: now) <= limit else { return give(up: .tooFast) }
    for name in names where waiting.insert(name).inserted {
      bytes += name.bytes.count
      guard queue.count < mostWaiting, bytes <= Self.mostBytes else { return give(up: .backlog) }
      queue.append(name)
    }
  }

  /// The next names to verify, at most so many.
  mutating func take(_ most: Int) -> [KeyName] {
    let names = Array(queue.prefix(most))
    queue.removeFirst(names.count)
    for name in names {
      waiting.remove(name)
      bytes -= name.bytes.count
    }
    return names
  }

  /// Names that were taken, and could not be verified: they are the next again.
  mutating func putBack(_ names: [KeyName]) {
    guard excess == nil else { return }
    let missing = names.filter { waiting.insert($0).inserted }
    queue.insert(contentsOf: missing, at: 0)
    bytes += missing.reduce(0) { $0 + $1.bytes.count }
  }

  /// Names a second, smoothed.
  mutating func perSecond(at now: Int64) -> Int { rate.smoothed(at: now) }

  private mutating func give(up excess: Excess) {
    self.excess = excess
    (queue, waiting, bytes) = ([], [], 0)
  }
}
