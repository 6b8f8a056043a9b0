/// What was learned of the keys of one block: type and deadline, in columns as long as the block.
struct FactColumns: Sendable {
  /// 0: not known; else a code of the index's `TypeCodes`.
  private(set) var types: [UInt8]
  private(set) var deadlines: [Int64]
  /// Keys of which both are known, among those that are not gone.
  private(set) var known = 0

  init(count: Int) {
    types = Array(repeating: 0, count: count)
    deadlines = Array(repeating: Self.unknownDeadline, count: count)
  }

  init(types: [UInt8], deadlines: [Int64]) {
    self.types = types
    self.deadlines = deadlines
    for i in types.indices where isKnown(i) { known += 1 }
  }

  static let unknownDeadline = Int64.min
  static let persistentDeadline = Int64.max

  func isKnown(_ index: Int) -> Bool {
    types[index] != 0 && deadlines[index] != Self.unknownDeadline
  }

  mutating func set(_ index: Int, type: UInt8, deadline: Deadline) {
    let before = isKnown(index)
    types[index] = type
    switch deadline {
    case .unknown: deadlines[index] = Self.unknownDeadline
    case .persistent: deadlines[index] = Self.persistentDeadline
    case .at(let time): deadlines[index] = min(max(time, .min + 1), .max - 1)
    }
    known += (isKnown(index) ? 1 : 0) - (before ? 1 : 0)
  }

  mutating func forget(_ index: Int) {
    set(index, type: 0, deadline: .unknown)
  }

  func deadline(_ index: Int) -> Deadline {
    switch deadlines[index] {
    case Self.unknownDeadline: .unknown
    case Self.persistentDeadline: .persistent
    case let time: .at(time)
    }
  }

  var residentBytes: Int { types.capacity + deadlines.capacity * 8 }
}

/// One byte for each type that the server named; modules' types get theirs as they come.
struct TypeCodes: Sendable {
  private var others: [String] = []

  /// The code of a type; types beyond 247 modules' share the last code.
  mutating func code(for type: KeyType) -> UInt8 {
    if let code = existingCode(for: type) { return code }
    if others.count < 247 { others.append(type.word) }
    return UInt8(7 + others.count)
  }

  /// The code of a type, nil if no key of that type was recorded.
  func existingCode(for type: KeyType) -> UInt8? {
    guard case .other(let word) = type else { return type.code }
    return others.firstIndex(of: word).map { UInt8(8 + $0) }
  }

  /// The type of a code; nil for 0.
  func type(of code: UInt8) -> KeyType? {
    switch code {
    case 0: nil
    case 1: .string
    case 2: .list
    case 3: .hash
    case 4: .set
    case 5: .sortedSet
    case 6: .stream
    case 7: .json
    default: .other(others[Int(code) - 8])
    }
  }
}
