import Keyspace

/// How many keys expire when, as of one moment: what `ls --histogram` prints.
struct HistogramReport: Equatable, Sendable {
  struct Stampede: Equatable, Sendable {
    let scale: ExpiryTimeline.Scale
    /// Server time, ms.
    let range: Range<Int64>
    let count: Int
    /// How many of the names were looked at.
    let sample: Int
    /// The folder that dominates, and how many of all are in it: where only some names were looked at, as many as the
    /// share of those lets expect.
    let folder: PrefixCount?
    /// The second, minute or hour of it in which half of them or more expire.
    var moment: Range<Int64>?
    var momentCount = 0

    init(
      scale: ExpiryTimeline.Scale, range: Range<Int64>, count: Int, sample: Int, folder: PrefixCount?,
      densest: (range: Range<Int64>, count: Int)? = nil
    ) {
      if let densest, 2 * densest.count >= count { (moment, momentCount) = densest }
      (self.scale, self.range, self.count, self.sample) = (scale, range, count, sample)
      self.folder = folder.map { folder in
        let part = Double(folder.count) / Double(max(1, sample))
        return PrefixCount(prefix: folder.prefix, count: Int((part * Double(count)).rounded()))
      }
    }
  }

  /// Ms of the server's clock.
  let serverTime: Int64
  let distribution: ExpiryDistribution
  /// One for each scale, in their order.
  let timelines: [ExpiryTimeline]
  /// By scale and time.
  private(set) var stampedes: [Stampede] = []
  /// The folders of the first level that hold most keys without a TTL; the empty prefix: keys in no folder.
  let withoutTTL: [PrefixCount]
  /// Else these counts may be too low.
  let isExact: Bool
  /// Keys of which the deadline was not told.
  var unread = 0

  init(
    serverTime: Int64, distribution: ExpiryDistribution, timelines: [ExpiryTimeline], withoutTTL: [PrefixCount],
    isExact: Bool
  ) {
    self.serverTime = serverTime
    self.distribution = distribution
    self.timelines = timelines
    self.withoutTTL = withoutTTL
    self.isExact = isExact
  }

  var keys: Int { distribution.total + distribution.due + unread }

  /// Takes in a stampede, unless it is no moment (all that is beyond the last day), or what makes it one was noted at a
  /// finer scale.
  mutating func note(_ stampede: Stampede) {
    let finer = stampedes.filter { $0.scale != stampede.scale && stampede.range.contains($0.range.lowerBound) }
    guard stampede.range.upperBound != .max, 2 * finer.reduce(0, { $0 + $1.count }) < stampede.count else { return }
    stampedes.append(stampede)
  }
}
