/// What can be learned of a key beside its name.
package struct FactSet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let type = FactSet(rawValue: 1)
  package static let deadline = FactSet(rawValue: 2)
  /// Bytes that the key takes in the server's memory.
  package static let size = FactSet(rawValue: 4)
  /// When it was last used.
  package static let idle = FactSet(rawValue: 8)

  package static let all: FactSet = [.type, .deadline, .size, .idle]
  /// In the order of ``FactTally``.
  package static let each: [FactSet] = [.type, .deadline, .size, .idle]
}

/// A number for each fact.
package struct FactTally: Equatable, Sendable {
  private var numbers = SIMD4<Int>(repeating: 0)

  package init() {}

  /// Of one fact.
  package subscript(fact: FactSet) -> Int { numbers[fact.rawValue.trailingZeroBitCount] }

  /// Of the fact of which it is least; 0 of none.
  package func least(of facts: FactSet) -> Int {
    FactSet.each.filter { facts.contains($0) }.map { self[$0] }.min() ?? 0
  }

  mutating func add(_ step: Int, to facts: FactSet) {
    for place in 0..<4 where facts.rawValue >> UInt8(place) & 1 == 1 { numbers[place] += step }
  }

  package static func += (left: inout FactTally, right: FactTally) { left.numbers &+= right.numbers }

  package static func -= (left: inout FactTally, right: FactTally) { left.numbers &-= right.numbers }
}

/// What was read of a key at once; nil: was not read, and stays as it is.
package struct FactValues: Equatable, Sendable {
  package var type: KeyType?
  /// `.unknown`: is not known any more.
  package var deadline: Deadline?
  /// Bytes.
  package var size: Int?
  /// When the key was last used, in seconds of the monotonic clock of this machine; may be below 0.
  package var usedAt: Int?

  package init(type: KeyType? = nil, deadline: Deadline? = nil, size: Int? = nil, usedAt: Int? = nil) {
    self.type = type
    self.deadline = deadline
    self.size = size
    self.usedAt = usedAt
  }
}
