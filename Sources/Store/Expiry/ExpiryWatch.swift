internal import Keyspace
internal import Requests

/// A place in an order by deadline: before every key that expires then, or at one of them.
struct ExpiryPlace: Sendable {
  var deadline: Int64
  var name = KeyName([])
}

/// What the expiry monitor looks at, and how far its deadlines were read.
struct ExpiryWatch {
  private(set) var id: Int
  let query: ExpiryQuery
  /// What is read: deadlines of the scope, or of a sample of it.
  var target: SweepTarget
  /// Keys of the scope when they were last counted.
  var scopeKeys = 0
  /// Keys of the sample when they were last counted; nil: everything is read.
  var sampleKeys: Int?
  var phase = ExpiryProgress.Phase.reading
  /// Keys that were to be read again when that began.
  var staleAtBegin = 0
  /// When the reading that is under way began, monotonic ms, and the one that is complete.
  var beganAt: Int64
  var readAt: Int64?
  /// What expires before this place in the order was read within the last minute before it.
  var verified = ExpiryPlace(deadline: .min)
  /// The version of the index's order that was told last, and when, monotonic ms.
  var toldVersion = -1
  var toldAt: Int64 = 0
  var isTelling = false
  /// No notice before this, monotonic ms: making a report of it takes its time.
  var restsUntil: Int64 = 0

  /// So many keys make a sample, or all that a lower limit allows.
  static let sampleSize = 200_000
  /// Ms between two notices: while everything is read for the first time, and afterwards.
  static let readingPause: Int64 = 250
  static let pause: Int64 = 100
  /// Deadlines that come within this are read once more, in ms.
  static let near: Int64 = 60_000
  /// How often that is looked after.
  static let rhythm = Duration.milliseconds(500)
  /// A deadline that has passed is asked about by the screen first, in ms.
  static let grace: Int64 = 300
  /// Keys in one round of that.
  static let roundLength = 3_000

  init(id: Int, query: ExpiryQuery, beganAt: Int64) {
    self.id = id
    self.query = query
    self.beganAt = beganAt
    target = SweepTarget(scope: query.scope, facts: .deadline)
  }

  /// The same, opened again.
  mutating func reopen(as id: Int) {
    self.id = id
    (toldVersion, toldAt, restsUntil, isTelling) = (-1, 0, 0, false)
  }

  /// Deadlines are to be read that are not known, or not any more.
  var wantsReading: Bool { if case .denied = phase { false } else { true } }

  /// Takes in how many keys there are. Returns whether another part of them is to be read than before.
  mutating func takeSize(_ keys: Int) -> Bool {
    scopeKeys = keys
    guard keys > query.sweepLimit else {
      guard target.sample.isAll else {
        target.sample = .all
        return true
      }
      return false
    }
    let wanted = min(Self.sampleSize, query.sweepLimit)
    let taken = target.sample.share * Double(keys)
    // The part stays the same while the key space grows or shrinks a little.
    if !target.sample.isAll, (0.8 * Double(wanted)...1.2 * Double(wanted)).contains(taken) { return false }
    target.sample = KeySample(wanted, of: keys)
    return true
  }
}
