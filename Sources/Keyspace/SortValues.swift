/// What keys are ordered by, as numbers that ascend in the first direction of a ``ListSort``.
enum SortValues {
  /// Nothing is known of the key.
  static let unknown = Int64.max
  /// Behind all others that are known: what never expires.
  static let last = Int64.max - 1

  /// Of a key of a block.
  @inline(__always)
  static func value(_ key: ListSort.Key, of facts: FactColumns, _ index: Int) -> Int64 {
    switch key {
    case .name, .match: unknown
    case .ttl:
      switch facts.deadlines[index] {
      case FactColumns.unknownDeadline: unknown
      case FactColumns.persistentDeadline: last
      case let deadline: min(deadline, last - 1)
      }
    // Biggest first.
    case .size: facts.sizes[index] < 0 ? unknown : -facts.sizes[index]
    case .idle: facts.uses[index] == .min ? unknown : Int64(facts.uses[index])
    case .kind: facts.types[index] == 0 ? unknown : Int64(facts.types[index])
    }
  }
}

/// What a folder is ordered by: made from the keys in it.
struct FolderValue {
  private let key: ListSort.Key
  private var value = SortValues.unknown
  private var sum: Int64 = 0
  private var known = 0
  private var keys = 0

  init(_ key: ListSort.Key) { self.key = key }

  @inline(__always)
  mutating func add(_ other: Int64) {
    keys += 1
    guard other != SortValues.unknown else { return }
    known += 1
    switch key {
    case .size:
      // A server may say any number.
      let (total, overflow) = sum.addingReportingOverflow(other)
      sum = overflow ? .min : total
    // A folder was last used when the last of its keys was.
    case .idle: value = known == 1 ? other : max(value, other)
    // What expires first.
    default: value = min(value, other)
    }
  }

  /// Folders of many kinds come before their keys, by name; what a folder takes is reckoned from those keys of which
  /// that is known.
  var result: Int64 {
    switch key {
    case .kind, .name, .match: 0
    // A server may say any number.
    case .size:
      known == 0
        ? SortValues.unknown : Int64(min(0, max(-0x1p61, Double(sum) * Double(keys) / Double(known))))
    case .ttl, .idle: value
    }
  }
}
