internal import Keyspace
internal import Requests

/// The sweep that learns types and deadlines.
struct FactsSweep {
  /// Asked for by the list, and not asked to stop.
  var isWanted = false
  /// The list needs types too, not deadlines alone.
  var needsTypes = true
  /// Counts what was wanted: a loop that is not the newest ends.
  var run = 0
  /// How often the expiry monitor was opened, and how often it was told how far it is.
  var expiries = 0
  var progresses = 0
  /// What the monitor looked at last, and the worker still keeps in order.
  var parked: ExpiryWatch?
  /// The deadlines that were read completely last: of which keys, and when that began, monotonic ms.
  private var lastReading: (query: ExpiryQuery, at: Int64)?
  /// Its loop runs.
  var isLooping = false
  /// Keys of its pass that the server did not tell.
  var untold = 0
  /// There may be more to read since its pass began.
  var hasMore = false
  /// There was one in this database: its progress is told.
  var isKnown = false
  /// The list that is shown depends on types or deadlines: learning one changes it.
  var shapesRows = false
  /// No batch goes out before, monotonic µs.
  private(set) var restsUntil: Int64 = 0
  /// When the last batch was answered, monotonic µs.
  private var answeredAt: Int64 = 0

  /// Keys in one batch.
  static let batchLength = 300
  /// Batches on their way at the same time: the server has the next one at hand when it is done with one.
  static let lanes = 3

  init() {}

  /// In another database: nothing of the old one but its numbers, which are not given twice.
  init(after old: FactsSweep) {
    (run, expiries, progresses) = (old.run + 1, old.expiries, old.progresses)
  }

  /// What was read before does not count as fresh.
  mutating func forgetReadings() {
    parked = nil
    lastReading = nil
  }

  mutating func note(reading query: ExpiryQuery, at begun: Int64) {
    // One of a folder is no more than what one of everything told.
    if let known = reading(covering: query), known >= begun { return }
    lastReading = (query, begun)
  }

  /// When all that a query wants was last read.
  func reading(covering query: ExpiryQuery) -> Int64? {
    guard let lastReading, lastReading.query.scope.isEverything || lastReading.query == query,
      lastReading.query.sweepLimit == query.sweepLimit
    else { return nil }
    return lastReading.at
  }

  /// Takes in how long a batch took, in monotonic µs, and leaves the server alone for as long as it was held, where
  /// that was more than 5 ms: not counted are the way there and back, and the time that it was busy with the batch
  /// before.
  mutating func note(sentAt: Int64, receivedAt: Int64, roundTrip: Int) {
    let begun = max(sentAt + Int64(min(roundTrip, 1_000_000)), answeredAt)
    let held = receivedAt - begun
    answeredAt = receivedAt
    guard held > 5000 else { return }
    // What was left of an earlier rest went by while the server was busy with this.
    restsUntil = min(max(restsUntil, begun) + 2 * held, receivedAt + Int64(Store.longestRest))
  }
}
