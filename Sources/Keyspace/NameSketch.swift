/// Tells in one memory access that a name is surely new (a Bloom filter of one word a name): so names that SCAN
/// repeats are found out when they come, without searching the index for every name.
struct NameSketch: Sendable {
  private var words: [UInt64]
  /// More names than this make it answer 'maybe' too often.
  let capacity: Int

  /// - Parameter capacity: names; 16 bits are kept for each.
  init(capacity: Int) {
    words = Array(repeating: 0, count: max(64, capacity / 4))
    self.capacity = words.count * 4
  }

  /// Adds names by their ``nameHash(_:)``. Returns the places of those that may have been there before; that the others
  /// are new is certain. A loop that does nothing else lets the processor wait for many words of memory at once.
  @discardableResult
  mutating func insert(_ hashes: [UInt64]) -> [Int] {
    var doubtful: [Int] = []
    let count = UInt64(words.count)
    unsafe words.withUnsafeMutableBufferPointer { words in
      for (place, hash) in hashes.enumerated() {
        // The word is chosen by the high bits; four bits in it by the low ones.
        let word = Int(hash.multipliedFullWidth(by: count).high)
        let bits: UInt64 =
          1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63)
        let before = unsafe words[word]
        unsafe words[word] = before | bits
        if before & bits == bits { doubtful.append(place) }
      }
    }
    return doubtful
  }

  var residentBytes: Int { words.capacity * 8 }
}

/// Mixes eight bytes at a time. Made collisions only make searches slower, never wrong.
func nameHash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let raw = UnsafeRawBufferPointer(name)
  var state = UInt64(raw.count) &* 0x9E37_79B9_7F4A_7C15
  var offset = 0
  while offset + 8 <= raw.count {
    state = unsafe mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    offset += 8
  }
  var tail: UInt64 = 0
  while offset < raw.count {
    tail = unsafe tail << 8 | UInt64(raw[offset])
    offset += 1
  }
  return mix(mix(state ^ tail))
}

@inline(__always)
private func mix(_ value: UInt64) -> UInt64 {
  let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low
}
