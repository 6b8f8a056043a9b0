/// What was learned of the keys of one block: type and deadline, in columns as long as the block.
struct FactColumns: Sendable {
  /// A code of the index's `TypeCodes`, 0 where the type is not known, 0x7F where the server told nothing when it was
  /// asked; the top bit marks facts that are to be read again.
  private(set) var types: [UInt8]
  private(set) var deadlines: [Int64]
  /// Keys of which both are known, among those that are not gone.
  private(set) var known = 0
  /// Keys of which the deadline is known.
  private(set) var dated = 0
  /// Keys that are to be read again.
  private(set) var stale = 0
  /// Keys that the server did not tell anything of.
  private(set) var untold = 0

  init(count: Int) {
    types = Array(repeating: 0, count: count)
    deadlines = Array(repeating: Self.unknownDeadline, count: count)
  }

  init(types: [UInt8], deadlines: [Int64]) {
    self.types = types
    self.deadlines = deadlines
    for i in types.indices { count(i, by: 1) }
  }

  static let unknownDeadline = Int64.min
  static let persistentDeadline = Int64.max
  private static let staleBit: UInt8 = 0x80
  private static let untoldCode: UInt8 = 0x7F

  /// The code of a key's type; 0: not known.
  @inline(__always)
  func type(_ index: Int) -> UInt8 {
    let code = types[index] & ~Self.staleBit
    return code == Self.untoldCode ? 0 : code
  }

  func isUntold(_ index: Int) -> Bool { types[index] == Self.untoldCode }

  func isKnown(_ index: Int) -> Bool { type(index) != 0 && isDated(index) }

  func isDated(_ index: Int) -> Bool { deadlines[index] != Self.unknownDeadline }

  func isStale(_ index: Int) -> Bool { types[index] & Self.staleBit != 0 }

  /// - Parameter type: nil: was not read, and stays as it is.
  mutating func set(_ index: Int, type: UInt8?, deadline: Deadline) {
    count(index, by: -1)
    types[index] = type ?? self.type(index)
    deadlines[index] = Self.raw(deadline)
    count(index, by: 1)
  }

  mutating func forget(_ index: Int) {
    set(index, type: 0, deadline: .unknown)
  }

  /// The server was asked about a key and did not tell: it need not be asked again, and nothing is known of it, unless
  /// that was learned meanwhile.
  mutating func markUntold(_ index: Int) {
    guard isStale(index) || type(index) == 0 && !isDated(index) else { return }
    set(index, type: Self.untoldCode, deadline: .unknown)
  }

  /// What is known of a key counts on, but is to be read again.
  mutating func markStale(_ index: Int) {
    guard !isStale(index), type(index) != 0 || isDated(index) else { return }
    types[index] |= Self.staleBit
    stale += 1
  }

  private mutating func count(_ index: Int, by step: Int) {
    if isKnown(index) { known += step }
    if isDated(index) { dated += step }
    if isStale(index) { stale += step }
    if isUntold(index) { untold += step }
  }

  func deadline(_ index: Int) -> Deadline { Self.deadline(raw: deadlines[index]) }

  static func deadline(raw: Int64) -> Deadline {
    switch raw {
    case unknownDeadline: .unknown
    case persistentDeadline: .persistent
    case let time: .at(time)
    }
  }

  static func raw(_ deadline: Deadline) -> Int64 {
    switch deadline {
    case .unknown: unknownDeadline
    case .persistent: persistentDeadline
    case .at(let time): min(max(time, .min + 1), .max - 1)
    }
  }

  var residentBytes: Int { types.capacity + deadlines.capacity * 8 }
}

/// Seven bits for each type that the server named; modules' types get theirs as they come.
struct TypeCodes: Sendable {
  private var others: [String] = []

  private static let mostOthers = 119

  /// The code of a type; types beyond 119 modules' share the last code.
  mutating func code(for type: KeyType) -> UInt8 {
    if let code = existingCode(for: type) { return code }
    if others.count < Self.mostOthers { others.append(type.word) }
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
