/// Sorts different names: by one byte at a time, the first in which they differ, until few are left together
/// (radix sort from the front). Of every name eight bytes are at hand, so that names themselves are seldom read.
@unsafe struct NameSorter {
  private struct Key {
    /// Eight bytes of the name from the depth on to which names are known to be alike (``nameWord(_:length:at:)``).
    var word: UInt64
    var start: UInt32
    var length: UInt32
  }

  private let base: UnsafePointer<UInt8>
  private let keys: UnsafeMutablePointer<Key>
  /// As long as the keys.
  private let scratch: UnsafeMutablePointer<Key>
  /// Where the keys of each byte go to.
  private let places: UnsafeMutablePointer<Int>

  /// So few are compared with one another.
  private static let smallGroup = 24
  /// Names made to differ one after another in ever later bytes shall not use up the stack.
  private static let deepest = 256

  /// The names of `pending` as a run. Each is copied once, into its block.
  static func run(of pending: PendingNames) -> IndexRun {
    let count = pending.count
    var blocks: [IndexBlock] = []
    unsafe pending.arena.withUnsafeBufferPointer { arena in
      guard let base = arena.baseAddress else { return }
      unsafe withUnsafeTemporaryAllocation(of: Key.self, capacity: 2 * count) { keys in
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
          guard let first = keys.baseAddress, let places = places.baseAddress else { return }
          let sorter = unsafe NameSorter(base: base, keys: first, scratch: first + count, places: places)
          for index in 0..<count {
            let start = pending.offsets[index]
            let key = Key(word: 0, start: start, length: pending.offsets[index + 1] - start)
            unsafe (first + index).initialize(to: key)
          }
          unsafe sorter.load(0..<count, depth: 0)
          unsafe sorter.sort(0..<count, depth: 0, level: 0)
          unsafe blocks = sorter.blocks(count)
        }
      }
    }
    return IndexRun(blocks: blocks)
  }

  /// The sorted names in blocks, of which none is smaller than half their capacity where there are enough names.
  private func blocks(_ count: Int) -> [IndexBlock] {
    var blocks: [IndexBlock] = []
    var next = 0
    while next < count {
      let most = count - next < NameBlock.capacity ? count : next + NameBlock.capacity / 2
      let start = next
      var bytes = 0
      while next < most, bytes < NameBlock.arenaLimit {
        unsafe bytes += Int(keys[next].length)
        next += 1
      }
      let names = unsafe NameBlock(count: next - start, bytes: bytes) { arena, offsets in
        var end = 0
        for place in start..<next {
          let name = unsafe name(keys[place])
          if let from = name.baseAddress { unsafe (arena + end).initialize(from: from, count: name.count) }
          end += name.count
          unsafe (offsets + (place - start) + 1).initialize(to: UInt32(end))
        }
      }
      blocks.append(IndexBlock(names: names))
    }
    return blocks
  }

  private func name(_ key: Key) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: base + Int(key.start), count: Int(key.length))
  }

  /// Takes the words at a depth.
  private func load(_ range: Range<Int>, depth: Int) {
    for i in range {
      unsafe keys[i].word = nameWord(base + Int(keys[i].start), length: Int(keys[i].length), at: depth)
    }
  }

  /// - Parameters:
  ///   - range: keys of names that are alike up to `depth`, with the words from there on.
  ///   - level: calls of this function above this one.
  private func sort(_ range: Range<Int>, depth: Int, level: Int) {
    var range = range
    var depth = depth
    while range.count > 1 {
      if unsafe range.count <= Self.smallGroup || level == Self.deepest {
        unsafe sortByComparing(range)
        return
      }
      var difference: UInt64 = 0
      let first = unsafe keys[range.lowerBound].word
      for i in range { unsafe difference |= keys[i].word ^ first }
      guard difference == 0 else {
        let shift = UInt64(56 - difference.leadingZeroBitCount / 8 * 8)
        unsafe distribute(range, shift: shift)
        unsafe sortGroups(range, shift: shift, depth: depth, level: level)
        return
      }
      // Those that end here differ in the number of zeros at their end; they come before those that go on.
      depth += 8
      let ended = unsafe moveEndedForward(range, depth: depth)
      unsafe sortByComparing(range.lowerBound..<ended)
      range = ended..<range.upperBound
      unsafe load(range, depth: depth)
    }
  }

  private func sortByComparing(_ range: Range<Int>) {
    var group = unsafe UnsafeMutableBufferPointer(start: keys + range.lowerBound, count: range.count)
    unsafe group.sort { left, right in
      left.word == right.word
        ? unsafe compareNames(name(left), name(right)) < 0 : left.word < right.word
    }
  }

  /// Orders keys by one byte of their words.
  private func distribute(_ range: Range<Int>, shift: UInt64) {
    for byte in 0..<256 { unsafe places[byte] = 0 }
    for i in range { unsafe places[Int(keys[i].word >> shift & 0xFF)] += 1 }
    var place = range.lowerBound
    for byte in 0..<256 {
      let count = unsafe places[byte]
      unsafe places[byte] = place
      place += count
    }
    for i in range {
      let byte = unsafe Int(keys[i].word >> shift & 0xFF)
      unsafe scratch[places[byte]] = keys[i]
      unsafe places[byte] += 1
    }
    unsafe (keys + range.lowerBound).update(from: scratch + range.lowerBound, count: range.count)
  }

  /// Sorts each group of keys that have a byte in common.
  private func sortGroups(_ range: Range<Int>, shift: UInt64, depth: Int, level: Int) {
    var start = range.lowerBound
    while start < range.upperBound {
      let bits = unsafe keys[start].word >> shift
      var end = start + 1
      while unsafe end < range.upperBound && keys[end].word >> shift == bits { end += 1 }
      unsafe sort(start..<end, depth: depth, level: level + 1)
      start = end
    }
  }

  /// Returns where the keys begin whose names go on at `depth`.
  private func moveEndedForward(_ range: Range<Int>, depth: Int) -> Int {
    var end = range.lowerBound
    for i in range where unsafe Int(keys[i].length) <= depth {
      let other = unsafe keys[end]
      unsafe keys[end] = keys[i]
      unsafe keys[i] = other
      end += 1
    }
    return end
  }
}
