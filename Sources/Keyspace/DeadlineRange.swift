/// The deadlines that a list shows at one time of the server, as an index holds them, and how long what it found stays
/// true: keys enter and leave such a list by time alone.
struct DeadlineRange {
  /// Any deadline is shown, known or not, or none.
  let isEverything: Bool
  private let lower: Int64
  private let upper: Int64
  private let condition: TTLCondition?
  /// The nearest deadlines at the ends of the range, outside and inside; where there is none, the one that is furthest.
  private var lastBefore = Int64.min
  private var first = Int64.max
  private var last = Int64.min
  private var firstBehind = Int64.max

  /// - Parameter expiry: not `.impossible`, which no range of deadlines is.
  init(_ expiry: ListQuery.Expiry, at serverTime: Int64) {
    isEverything = expiry == .any
    switch expiry {
    case .any, .impossible: (lower, upper, condition) = (.min, .max, nil)
    case .persistent, .ttl(.persistent):
      (lower, upper, condition) = (FactColumns.persistentDeadline, FactColumns.persistentDeadline, nil)
    case .volatile:
      (lower, upper, condition) = (FactColumns.unknownDeadline + 1, FactColumns.persistentDeadline - 1, nil)
    case .ttl(.left(let above, let below)):
      lower = max(above.map { Self.sum(serverTime, Self.sum($0, 1)) } ?? .min, FactColumns.unknownDeadline + 1)
      upper = min(below.map { Self.sum(serverTime, Self.sum($0, -1)) } ?? .max, FactColumns.persistentDeadline - 1)
      condition = .left(above: above, below: below)
    }
  }

  /// Whether a key with this deadline, which is known, is shown.
  @inline(__always)
  mutating func admits(_ deadline: Int64) -> Bool {
    if deadline < lower {
      lastBefore = max(lastBefore, deadline)
      return false
    }
    if deadline > upper {
      firstBehind = min(firstBehind, deadline)
      return false
    }
    first = min(first, deadline)
    last = max(last, deadline)
    return true
  }

  /// The times of the server at which the same keys are shown, of those that were asked about.
  var validity: Range<Int64> {
    guard case .left(let above, let below) = condition else { return .min ..< .max }
    // A key is shown from its deadline − below + 1 on, and until its deadline − above.
    var since = Int64.min
    var until = Int64.max
    if let above {
      if first != .max { until = min(until, Self.sum(first, -above)) }
      if lastBefore != .min { since = max(since, Self.sum(lastBefore, -above)) }
    }
    if let below {
      if firstBehind != .max { until = min(until, Self.sum(firstBehind, 1 - below)) }
      if last != .min { since = max(since, Self.sum(last, 1 - below)) }
    }
    return since..<max(since, until)
  }

  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right > 0 ? .max : .min) : sum
  }
}
