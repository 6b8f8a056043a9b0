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
  /// shows, far more than in the buckets around it and than chance would have it, and more than a handful. So an even flow
  /// is none, nor where it begins, however much of it lies in few buckets.
  ///
  /// - Parameter countBefore: as for the timeline. An hour or a day is no moment: it is named where a good part of it
  ///   expires within one minute, or one hour, of it.
  package func stampedes(_ rule: StampedeRule, countBefore: (Int64) -> Int) -> [Int] {
    let total = total
    return counts.indices.filter { bucket in
      let count = counts[bucket]
      guard count >= rule.fewest, Double(count) > rule.share * Double(total) else { return false }
      // The last of the days is many days. What is left of the first bucket, the finer scale shows whole.
      if scale == .day, bucket == counts.count - 1 { return false }
      if bucket == 0, scale != .second { return false }
      let around = meanAround(bucket)
      guard Double(count) > 3 * around, Double(count) >= around + 6 * around.squareRoot() else { return false }
      guard scale == .hour || scale == .day else { return true }
      return densest(in: bucket, countBefore: countBefore).map { 4 * $0.count >= count } ?? false
    }
  }

  /// The part of a bucket in which most of its keys expire: a second of a minute, a minute of an hour, an hour of a day;
  /// nil: seconds have no parts, and an empty bucket has none.
  package func densest(in bucket: Int, countBefore: (Int64) -> Int) -> (range: Range<Int64>, count: Int)? {
    guard let finer = Scale(rawValue: scale.rawValue - 1), counts[bucket] > 0 else { return nil }
    let whole = range(of: bucket)
    guard whole.upperBound != .max else { return nil }
    var best: (range: Range<Int64>, count: Int)?
    var before = countBefore(max(whole.lowerBound, serverTime + 1))
    for begin in stride(from: whole.lowerBound, to: whole.upperBound, by: Int(finer.length)) {
      let end = min(begin + finer.length, whole.upperBound)
      let next = max(before, countBefore(end))
      if next - before > best?.count ?? 0 { best = (begin..<end, next - before) }
      before = next
    }
    return best
  }

  /// Keys of a bucket in the neighbourhood of one, on average. What is left of the first counts for all of it.
  private func meanAround(_ bucket: Int) -> Double {
    let near = [-3, -2, -1, 1, 2, 3].map { bucket + $0 }.filter { counts.indices.contains($0) }
    let sum = near.reduce(0.0) { $0 + density(of: $1) }
    return sum / Double(max(1, near.count))
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

  package init(share: Double = 0.02, fewest: Int = 20) {
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
