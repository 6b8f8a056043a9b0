package import Keyspace
package import Requests

/// The expiry monitor (`T`): what is about to vanish.
package struct MonitorState: Sendable {
  package enum Pane: Sendable, Equatable {
    case keys
    case timeline
  }

  /// The folder that it is about, its separator at the end; empty: the whole database.
  package let prefix: [UInt8]
  /// What the Store told last; nil until then.
  package var report: ExpiryReport?
  /// How far it is, which may be newer.
  package var progress = ExpiryProgress()
  package var pane = Pane.keys
  package var scale = ExpiryTimeline.Scale.second
  package var isLogarithmic = false
  /// The chosen bucket of the timeline, as a range of deadlines: the keys are those of it.
  package var bucket: Range<Int64>?
  package var viewport = Viewport()
  /// The cursor is a key, not a row number.
  package var cursor: ExpiryIndex.Entry?
  /// Until the cursor was moved it stays on the first row.
  var isTouched = false

  /// What is drawn, as of the last tick.
  package var timeline: ExpiryTimeline?
  package var distribution: ExpiryDistribution?
  /// The biggest of the stampedes that the timeline shows, and all buckets that are one.
  package var stampede: Stampede?
  package var stampedeBuckets: [Int] = []
  /// Where the timeline shows none: the first scale that does, with its biggest.
  package var elsewhere: Stampede?
  /// What is in the chosen bucket.
  package var chosen: Stampede?
  /// Positions in the order that the list shows.
  package var rows = 0..<0

  package init(prefix: [UInt8]) { self.prefix = prefix }

  var order: ExpiryIndex? { report?.order }

  /// Deadlines are being read that were not, or that are to be read again.
  package var isReading: Bool {
    switch progress.phase {
    case .reading, .rereading: true
    case .done: progress.version > (report?.progress.version ?? -1)
    case .denied: false
    }
  }

  /// The entries on the screen, from the first visible row.
  package func visible(height: Int) -> [ExpiryIndex.Entry] {
    guard let order else { return [] }
    let first = rows.lowerBound + viewport.top
    let end = min(rows.upperBound, first + height)
    return first < end ? (first..<end).map { order[$0] } : []
  }

  /// The entry of a row of the list.
  func entry(at row: Int) -> ExpiryIndex.Entry? {
    guard let order, row >= 0, row < rows.count else { return nil }
    return order[rows.lowerBound + row]
  }
}

/// Many keys that expire together, and the folder that most of them are in.
package struct Stampede: Sendable, Equatable {
  package var scale: ExpiryTimeline.Scale
  package var range: Range<Int64>
  package var count: Int
  /// The second, minute or hour of it in which half of them or more expire.
  package var moment: Range<Int64>?
  package var momentCount = 0
  package var folder: PrefixCount?
  /// Names that were looked at for the folder: all, or a part spread evenly over them.
  package var looked: Int

  /// So many are enough to know which folder dominates.
  static let sampleSize = 1_000

  /// - Parameter known: an older one, which is kept as far as it is of the same keys.
  init?(
    _ bucket: Int, of timeline: ExpiryTimeline, in order: ExpiryIndex, separator: [UInt8], known: Stampede?
  ) {
    let range = timeline.range(of: bucket)
    let positions = order.count(before: range.lowerBound)..<order.count(before: range.upperBound)
    guard !positions.isEmpty else { return nil }
    scale = timeline.scale
    self.range = range
    count = positions.count
    if let densest = timeline.densest(in: bucket, countBefore: { order.count(before: $0) }), 2 * densest.count >= count
    {
      (moment, momentCount) = densest
    }
    if let known, known.range == range, abs(known.count - count) * 20 <= count, known.looked >= Self.sampleSize {
      (folder, looked) = (known.folder, known.looked)
      return
    }
    let names = order.sample(positions, limit: Self.sampleSize)
    looked = names.count
    folder = PrefixCount.dominant(in: names, separator: separator, depth: order.target.scope.prefix.count)
  }
}
