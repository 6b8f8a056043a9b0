internal import Keyspace
internal import Requests

/// What outlives one opening of the expiry monitor.
struct ExpiryMemory {
  /// How often it was opened: the number of the one that is open.
  private(set) var openings = 0
  /// How often it was told how far it is.
  private(set) var progresses = 0
  /// What was looked at last, and the worker still keeps in order.
  var parked: ExpiryWatch?
  /// The deadlines that were read completely last: of which keys, and when that began, monotonic ms.
  private var lastReading: (query: ExpiryQuery, at: Int64)?

  /// What was read so long ago is read again when the monitor opens, in ms.
  static let freshness: Int64 = 120_000

  mutating func nextOpening() -> Int {
    openings += 1
    return openings
  }

  mutating func nextProgress() -> Int {
    progresses += 1
    return progresses
  }

  /// What was read before is of another server or database, or may have changed unheard.
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

  /// The same keys, still in order and fresh.
  func parked(_ query: ExpiryQuery, now: Int64) -> ExpiryWatch? {
    guard let parked, parked.query == query, parked.phase == .done, let readAt = parked.readAt,
      now - readAt < Self.freshness
    else { return nil }
    return parked
  }
}
