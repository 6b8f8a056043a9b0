/// Keys that follow one another in the order of their deadlines; never empty.
struct ExpiryChunk: Sendable {
  private(set) var deadlines: [Int64]
  private(set) var references: [UInt32]

  /// A full chunk is split in two.
  static let capacity = 2_048

  init(deadlines: [Int64], references: [UInt32]) {
    self.deadlines = deadlines
    self.references = references
  }

  var count: Int { deadlines.count }
  var last: Int64 { deadlines[deadlines.count - 1] }
  var residentBytes: Int { deadlines.capacity * 8 + references.capacity * 4 + 64 }

  mutating func insert(_ deadline: Int64, _ reference: UInt32, at index: Int) {
    // By a part of them, not to twice as many.
    if count >= min(deadlines.capacity, references.capacity) {
      deadlines.reserveCapacity(count + count / 16 + 8)
      references.reserveCapacity(count + count / 16 + 8)
    }
    deadlines.insert(deadline, at: index)
    references.insert(reference, at: index)
  }

  mutating func remove(at index: Int) {
    deadlines.remove(at: index)
    references.remove(at: index)
  }

  /// Keeps the first half and returns the other.
  mutating func split() -> ExpiryChunk {
    let half = count / 2
    let rest = ExpiryChunk(deadlines: Array(deadlines[half...]), references: Array(references[half...]))
    self = ExpiryChunk(deadlines: Array(deadlines[..<half]), references: Array(references[..<half]))
    return rest
  }
}
