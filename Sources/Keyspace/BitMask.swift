/// One bit for each name of a block, to count and to find set bits quickly.
struct BitMask: Equatable, Sendable {
  private(set) var words: [UInt64]
  let count: Int

  init(count: Int, repeating value: Bool = false) {
    self.count = count
    words = Array(repeating: value ? .max : 0, count: (count + 63) / 64)
    if value, count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
  }

  subscript(index: Int) -> Bool {
    @inline(__always) get { words[index / 64] >> UInt64(index % 64) & 1 == 1 }
    @inline(__always) set {
      if newValue {
        words[index / 64] |= 1 << UInt64(index % 64)
      } else {
        words[index / 64] &= ~(1 << UInt64(index % 64))
      }
    }
  }

  static func all(of block: IndexBlock) -> BitMask { BitMask(count: block.names.count, repeating: true) }

  var setBits: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  mutating func subtract(_ other: BitMask) {
    for i in words.indices { words[i] &= ~other.words[i] }
  }

  mutating func removeAll(from index: Int) {
    guard index < count else { return }
    words[index / 64] &= (1 << UInt64(index % 64)) - 1
    for word in (index / 64 + 1)..<words.count { words[word] = 0 }
  }

  /// Clears the set bits that `isKept` denies; it is asked about each of them once, in order.
  @inline(__always)
  mutating func keep(where isKept: (Int) -> Bool) {
    for word in words.indices {
      var open = words[word]
      var kept = open
      while open != 0 {
        let bit = open.trailingZeroBitCount
        open &= open - 1
        if !isKept(word * 64 + bit) { kept &= ~(1 << UInt64(bit)) }
      }
      words[word] = kept
    }
  }

  /// The first set bit at or after `index`; `count` if there is none.
  func firstSet(from index: Int) -> Int {
    guard index < count else { return count }
    var word = index / 64
    var bits = words[word] & (.max << UInt64(index % 64))
    while bits == 0 {
      word += 1
      if word == words.count { return count }
      bits = words[word]
    }
    return word * 64 + bits.trailingZeroBitCount
  }
}

/// A mask that does not change any more, with sums every 512 bits: rank and select in a few steps.
struct RankedMask: Sendable {
  let mask: BitMask
  /// Set bits before each group of eight words.
  private let sums: [UInt32]
  let setBits: Int

  init(_ mask: BitMask) {
    self.mask = mask
    var sums: [UInt32] = []
    sums.reserveCapacity(mask.words.count / 8 + 1)
    var sum = 0
    for (i, word) in mask.words.enumerated() {
      if i % 8 == 0 { sums.append(UInt32(sum)) }
      sum += word.nonzeroBitCount
    }
    self.sums = sums
    setBits = sum
  }

  /// How many bits are set before `index` (0...count).
  func rank(_ index: Int) -> Int {
    guard index < mask.count else { return setBits }
    let word = index / 64
    var sum = Int(sums[word / 8])
    for i in (word / 8 * 8)..<word { sum += mask.words[i].nonzeroBitCount }
    return sum + (mask.words[word] & ((1 << UInt64(index % 64)) - 1)).nonzeroBitCount
  }

  /// The index of the set bit with so many set bits before it; `rank` is below `setBits`.
  func select(_ rank: Int) -> Int {
    var group = sums.partitioningIndex { $0 > rank } - 1
    var left = rank - Int(sums[group])
    group *= 8
    while mask.words[group].nonzeroBitCount <= left {
      left -= mask.words[group].nonzeroBitCount
      group += 1
    }
    var bits = mask.words[group]
    for _ in 0..<left { bits &= bits - 1 }
    return group * 64 + bits.trailingZeroBitCount
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element satisfies `predicate`, in a collection whose satisfying elements all come last.
  func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
