import Keyspace

/// Some names of each bucket of a timeline, drawn by lot while all are read: a few hundred show which folder most are in.
struct BucketSamples: Sendable {
  struct Item: Sendable {
    /// Cut after ``nameLength`` bytes.
    var name: KeyName
    var deadline: Int64
  }

  private struct Bucket: Sendable {
    var seen = 0
    var items: [Item] = []

    /// Every name that was added has the same chance to be kept.
    mutating func add(_ name: KeyName, _ deadline: Int64, _ lot: inout Lot) {
      seen += 1
      let place = items.count < size ? items.count : Int.random(in: 0..<seen, using: &lot)
      guard place < size else { return }
      let cut = name.bytes.count > nameLength ? KeyName(name.bytes.prefix(nameLength)) : name
      let item = Item(name: cut, deadline: deadline)
      if place == items.count { items.append(item) } else { items[place] = item }
    }
  }

  /// Names of one bucket.
  static let size = 200
  private static let nameLength = 256
  /// Reading may take so many ms: buckets are kept that come into the timeline by then.
  private static let patience: Int64 = 600_000

  private let scale: ExpiryTimeline.Scale
  private let localOffset: Int64
  private var buckets: [Int64: Bucket] = [:]
  /// Where the first bucket begins that has not passed.
  private var start = Int64.min
  private var lot: Lot

  init(_ scale: ExpiryTimeline.Scale, localOffset: Int64, seed: UInt64) {
    self.scale = scale
    self.localOffset = localOffset
    lot = Lot(state: seed)
  }

  /// - Parameter serverTime: now; never less than it was.
  mutating func add(_ name: KeyName, deadline: Int64, serverTime: Int64) {
    let first = ExpiryTimeline.start(of: scale, at: serverTime, localOffset: localOffset)
    if first > start {
      start = first
      buckets = buckets.filter { $0.key >= first }
    }
    let end = start + Int64(scale.buckets + 1) * scale.length + Self.patience
    guard deadline >= start, deadline < end else { return }
    let place = ExpiryTimeline.start(of: scale, at: deadline, localOffset: localOffset)
    buckets[place, default: Bucket()].add(name, deadline, &lot)
  }

  /// The names drawn of those that expire in a bucket.
  func items(ofBucketAt start: Int64) -> [Item] { buckets[start]?.items ?? [] }
}

/// SplitMix64: good enough to draw names, and costs nothing for each of millions.
private struct Lot: RandomNumberGenerator, Sendable {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
