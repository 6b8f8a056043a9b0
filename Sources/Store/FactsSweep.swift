internal import Keyspace

/// The sweep that learns facts of all keys, or of a random part of them.
struct FactsSweep {
  /// Asked for by the browser, and not asked to stop.
  var wanted: FactSet = []
  var isWanted: Bool { !wanted.isEmpty }
  /// Of more keys than this, only about so many are read; nil: all.
  var sampleLimit: Int?
  var sample = KeySample.all
  /// While there is a sample: its keys, and those that are read.
  var sampled: (keys: Int, known: Int)?
  /// A pass to the end of all that SCAN has told.
  var isDone = false
  /// Counts what was wanted: a loop that is not the newest ends.
  var run = 0
  /// Its loop runs.
  var isLooping = false
  /// There may be more to read since its pass began.
  var hasMore = false
  /// The server keeps no idle times.
  var isIdleUnkept = false
  /// The list that is shown depends on types or deadlines: learning one changes it.
  var shapesRows = false
  /// No batch goes out before, monotonic µs.
  private(set) var restsUntil: Int64 = 0
  /// When the last batch was answered, monotonic µs.
  private var answeredAt: Int64 = 0

  /// Keys in one batch.
  static let batchLength = 300
  /// What was read longer ago is read again, in seconds.
  static let freshness: Int32 = 300
  /// Batches on their way at the same time: the server has the next one at hand when it is done with one.
  static let lanes = 3

  /// - Parameter run: of the sweep that ends with this.
  init(after run: Int = 0) { self.run = run + 1 }

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
