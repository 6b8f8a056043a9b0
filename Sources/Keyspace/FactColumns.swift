/// What was learned of the keys of one block, in columns beside its names.
struct FactColumns: Sendable {
  /// Names of the block; while it is being built, those so far.
  private(set) var count: Int
  /// A code of the index's `TypeCodes`, 0 where the type is not known.
  private(set) var types = FactColumn<UInt8>(unknown: 0)
  private(set) var deadlines = FactColumn(unknown: Self.unknownDeadline)
  /// Bytes.
  private(set) var sizes = FactColumn<Int64>(unknown: -1)
  /// When keys were last used, monotonic seconds.
  private(set) var uses = FactColumn(unknown: Int32.min)
  /// Which facts are to be read again (``FactSet``), and four bits higher those that the server did not tell when it was
  /// asked.
  private var marks = FactColumn<UInt8>(unknown: 0)
  /// Keys of which each fact is known, is to be read again, or was not told.
  private(set) var known = FactTally()
  private(set) var stale = FactTally()
  private(set) var untold = FactTally()
  /// None of each fact that is not to be read again was read before, monotonic seconds.
  private var readSince = SIMD4<Int32>(repeating: .max)

  init(count: Int) { self.count = count }

  static let unknownDeadline = Int64.min
  static let persistentDeadline = Int64.max

  /// The code of a key's type; 0: not known.
  @inline(__always)
  func type(_ index: Int) -> UInt8 { types[index] }

  func isDated(_ index: Int) -> Bool { deadlines[index] != Self.unknownDeadline }

  func known(_ index: Int) -> FactSet {
    var facts: FactSet = []
    if types[index] != 0 { facts.insert(.type) }
    if deadlines[index] != Self.unknownDeadline { facts.insert(.deadline) }
    if sizes[index] >= 0 { facts.insert(.size) }
    if uses[index] != .min { facts.insert(.idle) }
    return facts
  }

  private func stale(_ index: Int) -> FactSet { FactSet(rawValue: marks[index] & 0xF) }

  private func untold(_ index: Int) -> FactSet { FactSet(rawValue: marks[index] >> 4) }

  /// Something is known of the key, or the server was asked in vain.
  func isTouched(_ index: Int) -> Bool { !known(index).isEmpty || marks[index] != 0 }

  /// Whether one of these facts is to be read.
  func needsReading(_ index: Int, _ facts: FactSet) -> Bool {
    !facts.isDisjoint(with: stale(index)) || !facts.subtracting(known(index)).subtracting(untold(index)).isEmpty
  }

  /// - Parameter seconds: when it was read, monotonic.
  mutating func set(_ index: Int, _ values: FactValues, typeCode: UInt8?, at seconds: Int32 = 0) {
    tally(index, by: -1)
    var read: FactSet = []
    if let typeCode {
      types.set(typeCode, at: index, of: count)
      read.insert(.type)
    }
    if let deadline = values.deadline {
      deadlines.set(Self.raw(deadline), at: index, of: count)
      read.insert(.deadline)
    }
    if let size = values.size {
      sizes.set(Int64(size), at: index, of: count)
      read.insert(.size)
    }
    if let usedAt = values.usedAt {
      uses.set(Int32(clamping: max(usedAt, Int(Int32.min) + 1)), at: index, of: count)
      read.insert(.idle)
    }
    mark(index, stale: stale(index).subtracting(read), untold: untold(index).subtracting(read))
    for place in 0..<4 where read.rawValue >> UInt8(place) & 1 == 1 {
      readSince[place] = min(readSince[place], seconds)
    }
    tally(index, by: 1)
  }

  mutating func forget(_ index: Int) {
    tally(index, by: -1)
    types.set(0, at: index, of: count)
    deadlines.set(Self.unknownDeadline, at: index, of: count)
    sizes.set(-1, at: index, of: count)
    uses.set(.min, at: index, of: count)
    mark(index, stale: [], untold: [])
    tally(index, by: 1)
  }

  /// The server was asked for these facts and did not tell: it need not be asked again, and they are not known, unless
  /// that was learned meanwhile.
  mutating func markUntold(_ index: Int, _ facts: FactSet) {
    let open = facts.intersection(stale(index).union(FactSet.all.subtracting(known(index))))
    guard !open.isEmpty else { return }
    tally(index, by: -1)
    if open.contains(.type) { types.set(0, at: index, of: count) }
    if open.contains(.deadline) { deadlines.set(Self.unknownDeadline, at: index, of: count) }
    if open.contains(.size) { sizes.set(-1, at: index, of: count) }
    if open.contains(.idle) { uses.set(.min, at: index, of: count) }
    mark(index, stale: stale(index).subtracting(open), untold: untold(index).union(open))
    tally(index, by: 1)
  }

  /// What is known of these facts counts on, but is to be read again.
  mutating func markStale(_ index: Int, _ facts: FactSet) {
    let fresh = facts.intersection(known(index)).subtracting(stale(index))
    guard !fresh.isEmpty else { return }
    mark(index, stale: stale(index).union(fresh), untold: untold(index))
    stale.add(1, to: fresh)
  }

  /// The same of all keys, for facts of which some may have been read before `seconds`.
  mutating func markStale(_ facts: FactSet, readBefore seconds: Int32, isGone: (Int) -> Bool) {
    var old: FactSet = []
    for (place, fact) in FactSet.each.enumerated() where facts.contains(fact) && readSince[place] < seconds {
      old.insert(fact)
      readSince[place] = .max
    }
    guard !old.isEmpty else { return }
    for index in 0..<count where !isGone(index) { markStale(index, old) }
  }

  private mutating func mark(_ index: Int, stale: FactSet, untold: FactSet) {
    marks.set(stale.rawValue | untold.rawValue << 4, at: index, of: count)
  }

  private mutating func tally(_ index: Int, by step: Int) {
    known.add(step, to: known(index))
    let marks = marks[index]
    guard marks != 0 else { return }
    stale.add(step, to: FactSet(rawValue: marks & 0xF))
    untold.add(step, to: FactSet(rawValue: marks >> 4))
  }

  /// What is known of a key; the deadline nil where it is not.
  func values(_ index: Int, codes: TypeCodes) -> FactValues {
    let known = known(index)
    return FactValues(
      type: codes.type(of: types[index]), deadline: known.contains(.deadline) ? deadline(index) : nil,
      size: known.contains(.size) ? Int(sizes[index]) : nil, usedAt: known.contains(.idle) ? Int(uses[index]) : nil)
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

  var residentBytes: Int {
    types.residentBytes + deadlines.residentBytes + sizes.residentBytes + uses.residentBytes + marks.residentBytes
  }
}

// MARK: - Building

extension FactColumns {
  /// Takes one more name; what is known of it stands in another block.
  mutating func append(_ other: FactColumns, _ index: Int) {
    types.append(other.types[index], at: count)
    deadlines.append(other.deadlines[index], at: count)
    sizes.append(other.sizes[index], at: count)
    uses.append(other.uses[index], at: count)
    marks.append(other.marks[index], at: count)
    readSince = pointwiseMin(readSince, other.readSince)
    count += 1
    tally(count - 1, by: 1)
  }

  /// Takes names of which nothing is known, so that there are `count`.
  mutating func pad(to count: Int) { self.count = max(self.count, count) }

  /// What is known of the first `count` names, which leave; nil: nothing is.
  mutating func removeFirst(_ count: Int) -> FactColumns? {
    guard self.count > 0 else { return nil }
    pad(to: count)
    var first = FactColumns(count: count)
    (first.types, first.deadlines) = (types.removeFirst(count), deadlines.removeFirst(count))
    (first.sizes, first.uses) = (sizes.removeFirst(count), uses.removeFirst(count))
    first.marks = marks.removeFirst(count)
    first.readSince = readSince
    for index in 0..<count { first.tally(index, by: 1) }
    known -= first.known
    stale -= first.stale
    untold -= first.untold
    self.count -= count
    let isEmpty = first.known == FactTally() && first.untold == FactTally()
    return isEmpty ? nil : first
  }
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
