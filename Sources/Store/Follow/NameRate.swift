/// How many names come in a second, counted in tenths of one.
struct NameRate: Sendable {
  /// Names in each of the last tenths, found by the tenth's number modulo their count.
  private var tenths = Array(repeating: 0, count: NameRate.smoothing + 1)
  private var newest: Int64
  private let first: Int64

  /// Tenths that ``smoothed(at:)`` looks back on.
  private static let smoothing = 30
  private static let second = 10

  /// - Parameter now: monotonic ms, as everywhere here.
  init(at now: Int64) {
    newest = now / 100
    first = newest
  }

  /// Counts names. Returns how many the last second has had.
  mutating func add(_ count: Int, at now: Int64) -> Int {
    advance(to: now)
    tenths[slot(newest)] += count
    return (0..<Self.second).reduce(0) { $0 + tenths[slot(newest - Int64($1))] }
  }

  /// Names a second, over the last three; 0 only when none came.
  mutating func smoothed(at now: Int64) -> Int {
    advance(to: now)
    // The tenth that runs is not whole yet.
    let sum = tenths.reduce(0, +) - tenths[slot(newest)]
    let span = min(Self.smoothing, max(Self.second, Int(newest - first)))
    return max(sum > 0 ? 1 : 0, (sum * Self.second + span / 2) / span)
  }

  private mutating func advance(to now: Int64) {
    let tenth = max(newest, now / 100)
    for passed in 0..<min(tenth - newest, Int64(tenths.count)) { tenths[slot(tenth - passed)] = 0 }
    newest = tenth
  }

  /// Of tenths before the first too: the clock may have begun just now.
  private func slot(_ tenth: Int64) -> Int {
    let remainder = Int(tenth % Int64(tenths.count))
    return remainder < 0 ? remainder + tenths.count : remainder
  }
}
