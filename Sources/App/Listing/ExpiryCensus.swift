import Keyspace

/// What `ls --histogram` keeps of the keys while it reads them: 8 bytes for each with a TTL, counts, and a bounded
/// number of names.
struct ExpiryCensus: Sendable {
  private let separator: [UInt8]
  private var deadlines: [Int64] = []
  private var persistent = 0
  private var folders: FolderCounts
  private var samples: [BucketSamples]
  private let localOffset: Int64

  /// - Parameter localOffset: ms by which local time is ahead of UTC.
  init(separator: [UInt8], localOffset: Int64, seed: UInt64 = .random(in: 0...(.max))) {
    self.separator = separator
    self.localOffset = localOffset
    folders = FolderCounts(separator: separator)
    samples = ExpiryTimeline.Scale.allCases.map { BucketSamples($0, localOffset: localOffset, seed: seed) }
  }

  var count: Int { deadlines.count + persistent }

  /// Takes in a key; unknown deadlines are not counted.
  ///
  /// - Parameter serverTime: when it was read.
  mutating func add(_ name: KeyName, _ deadline: Deadline, serverTime: Int64) {
    switch deadline {
    case .unknown: break
    case .persistent:
      persistent += 1
      folders.add(name)
    case .at(let time):
      deadlines.append(min(time, .max - 1))
      for scale in samples.indices { samples[scale].add(name, deadline: time, serverTime: serverTime) }
    }
  }

  /// Counts all that was taken in, as of one moment. The census is used up by that: there may be millions of deadlines.
  ///
  /// - Parameters:
  ///   - serverTime: that moment, not before the keys were read.
  ///   - condition: counts only keys that meet it at that moment.
  mutating func report(at serverTime: Int64, condition: TTLCondition? = nil) -> HistogramReport {
    func isMet(_ deadline: Deadline) -> Bool { condition?.isMet(by: deadline, at: serverTime) ?? true }
    if condition != nil { deadlines.removeAll { !isMet(.at($0)) } }
    deadlines.sort()
    if !isMet(.persistent) {
      persistent = 0
      folders = FolderCounts(separator: separator)
    }
    let sorted = deadlines
    deadlines = []
    func countBefore(_ time: Int64) -> Int { sorted.partition { $0 < time } }
    let timelines = ExpiryTimeline.Scale.allCases.map {
      ExpiryTimeline($0, serverTime: serverTime, localOffset: localOffset, countBefore: countBefore)
    }
    var report = HistogramReport(
      serverTime: serverTime,
      distribution: ExpiryDistribution(
        serverTime: serverTime, volatile: sorted.count, persistent: persistent, countBefore: countBefore),
      timelines: timelines, withoutTTL: folders.fullest(5), isExact: folders.isExact)
    for (timeline, samples) in zip(timelines, samples) {
      for bucket in timeline.stampedes(StampedeRule(), countBefore: countBefore) {
        let range = timeline.range(of: bucket)
        let names = samples.items(ofBucketAt: range.lowerBound).filter {
          $0.deadline > serverTime && isMet(.at($0.deadline))
        }.map(\.name)
        report.note(
          HistogramReport.Stampede(
            scale: timeline.scale, range: range, count: timeline.counts[bucket], sample: names.count,
            folder: PrefixCount.dominant(in: names, separator: separator),
            densest: timeline.densest(in: bucket, countBefore: countBefore)))
      }
    }
    return report
  }
}

extension [Int64] {
  /// How many elements of the ascending array are in front, where all for which `isFront` holds stand in front.
  fileprivate func partition(_ isFront: (Int64) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isFront(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
