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

  /// Adds a name and returns whether it may have been there before; false is certain.
  mutating func insert(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let hash = unsafe Self.hash(name)
    let word = Int(hash.multipliedFullWidth(by: UInt64(words.count)).high)
    // The word is chosen by the high bits; four bits in it by the low ones.
    let bits: UInt64 =
      1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63)
    let before = words[word]
    words[word] = before | bits
    return before & bits == bits
  }

  var residentBytes: Int { words.capacity * 8 }

  /// Mixes eight bytes at a time. Made collisions only make the sketch say 'maybe': slower, never wrong.
  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
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
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
