/// How many keys expire when, in buckets of equal length from now on.
///
/// Buckets stand on the clock, not on the moment of asking: a bucket by seconds is a second of the server's clock, and
/// stays that while time passes. The first one is under way: what of it has passed holds no key any more.
package struct ExpiryTimeline: Equatable, Sendable {
  package enum Scale: Int, CaseIterable, Sendable {
    /// The next 60 s by second.
    case second
    /// The next hour by minute.
    case minute
    /// The next day by hour.
    case hour
    /// 30 days by day; the last bucket holds all that is beyond.
    case day

    /// Of one bucket, in ms.
    package var length: Int64 {
      switch self {
      case .second: 1_000
      case .minute: 60_000
      case .hour: 3_600_000
      case .day: 86_400_000
      }
    }

    package var buckets: Int {
      switch self {
      case .second, .minute: 60
      case .hour: 24
      case .day: 30
      }
    }
  }

  package let scale: Scale
  /// Server time, ms: where the first bucket begins.
  package let start: Int64
  /// Keys in each bucket.
  package let counts: [Int]
  /// When it was asked, server time.
  private let serverTime: Int64

  /// - Parameters:
  ///   - serverTime: now, in ms of the server's clock.
  ///   - localOffset: ms by which local time is ahead of UTC; days begin at local midnight.
  ///   - countBefore: how many keys have a deadline before a server time.
  package init(_ scale: Scale, serverTime: Int64, localOffset: Int64 = 0, countBefore: (Int64) -> Int) {
    self.scale = scale
    self.serverTime = serverTime
    start = Self.start(of: scale, at: serverTime, localOffset: localOffset)
    var before = countBefore(serverTime + 1)
    var counts: [Int] = []
    for index in 1...scale.buckets {
      let isOpen = scale == .day && index == scale.buckets
      let next = countBefore(isOpen ? .max : start + Int64(index) * scale.length)
      counts.append(max(0, next - before))
      before = next
    }
    self.counts = counts
  }

  /// Where the bucket of a moment begins.
  package static func start(of scale: Scale, at serverTime: Int64, localOffset: Int64 = 0) -> Int64 {
    let offset = scale == .day ? localOffset : 0
    let shifted = serverTime + offset
    return shifted - shifted.remainder(floor: scale.length) - offset
  }

  /// The deadlines of a bucket, server time; the last bucket of the days has no end.
  package func range(of bucket: Int) -> Range<Int64> {
    let begin = start + Int64(bucket) * scale.length
    return begin..<(scale == .day && bucket == counts.count - 1 ? .max : begin + scale.length)
  }

  /// The bucket that a deadline lies in; nil: before the first or behind the last one.
  package func bucket(of deadline: Int64) -> Int? {
    guard deadline >= start else { return nil }
    let index = Int((deadline - start) / scale.length)
    if index < counts.count { return index }
    return scale == .day ? counts.count - 1 : nil
  }

  package var total: Int { counts.reduce(0, +) }

  /// Buckets in which so many keys expire at once that it may hurt: more than a set share of all that the timeline
  /// shows, at least three times as many as a bucket holds on average, twice as many as the bucket before it would hold,
  /// and more than a handful. So an even flow of short TTLs is none, although it all lies in the first buckets.
  package func stampedes(_ rule: StampedeRule) -> [Int] {
    let total = total
    // What lies far ahead is not average.
    let span = scale == .day ? max(7, (counts.lastIndex { $0 > 0 } ?? 0) + 1) : counts.count
    return counts.indices.filter { bucket in
      let count = counts[bucket]
      guard count >= rule.fewest, Double(count) > rule.share * Double(total), count * span >= 3 * total else {
        return false
      }
      // The last of the days is many days. What is left of the first bucket, the finer scale shows whole.
      if scale == .day, bucket == counts.count - 1 { return false }
      guard bucket > 0 else { return scale == .second }
      return Double(count) >= 2 * density(of: bucket - 1)
    }
  }

  /// Keys that a bucket would hold if all of it were as full as what is left of it.
  private func density(of bucket: Int) -> Double {
    guard bucket == 0 else { return Double(counts[bucket]) }
    let left = max(scale.length / 10, start + scale.length - serverTime)
    return Double(counts[0]) * Double(scale.length) / Double(left)
  }
}

/// What counts as a stampede.
package struct StampedeRule: Equatable, Sendable {
  /// Of the keys that the timeline shows, 0…1.
  package var share: Double
  /// Fewer keys never are one.
  package var fewest: Int

  package init(share: Double = 0.08, fewest: Int = 20) {
    self.share = share
    self.fewest = fewest
  }
}

extension Int64 {
  /// The remainder of a division that rounds down.
  fileprivate func remainder(floor divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
