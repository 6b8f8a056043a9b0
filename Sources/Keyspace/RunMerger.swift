extension IndexRun {
  /// One run of several that have no living name in common, in a single pass.
  static func merging(_ runs: consuming [IndexRun]) -> IndexRun {
    runs.removeAll { $0.blocks.isEmpty }
    if runs.count > 2 {
      let blocks = runs.map(\.blocks)
      // It would live to the end of the function, and with it all blocks.
      _ = consume runs
      return RunMerger(blocks: consume blocks).merge()
    }
    guard let last = runs.popLast() else { return IndexRun() }
    guard let first = runs.popLast() else { return last }
    return merging(first, last)
  }
}

/// Merges many runs with a tree of losers: each step gives the smallest name, after one comparison for each level.
///
/// Names are compared by codes that say how a name goes on from where it first differs from the last one given
/// ("offset-value coding"). So bytes that neighbours have in common are not compared again, and most comparisons are
/// of two numbers. For the codes names go on in zeros without end; where only those differ, the shorter comes first.
private struct RunMerger {
  /// How far a run was read.
  @unsafe private struct Cursor {
    /// The current name.
    var name: UnsafePointer<UInt8>
    var length = 0
    /// 16 bits that are the smaller, the more bytes are as in the name given last; then the six bytes behind those.
    var code = RunMerger.ended
    /// The current block, which the merger keeps.
    var arena: UnsafePointer<UInt8>
    var offsets: UnsafePointer<UInt32>
    var count = 0
    var index = 0
    var block = 0
    /// No names of the block are gone, and none has facts.
    var isPlain = true
  }

  /// Each run's blocks; let go as soon as they are read, so that memory does not double unless someone else holds them.
  private var blocks: [[IndexBlock]]
  private var builder = RunBuilder()

  /// The code of a run that has no more names.
  private static let ended = UInt64.max
  /// As many common bytes as a code can tell.
  private static let farthest = 0xFFFE

  init(blocks: consuming [[IndexBlock]]) {
    self.blocks = blocks
  }

  consuming func merge() -> IndexRun {
    let count = blocks.count
    unsafe withUnsafeTemporaryAllocation(of: Cursor.self, capacity: count) { buffer in
      unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { losers in
        guard let cursors = buffer.baseAddress, let losers = losers.baseAddress else { return }
        for run in 0..<count {
          let names = unsafe blocks[run][0].names.pointers
          unsafe (cursors + run).initialize(to: Cursor(name: names.arena, arena: names.arena, offsets: names.offsets))
          unsafe open(0, of: run, &cursors[run])
          unsafe advance(run, &cursors[run])
        }
        var winner = unsafe Self.play(1, cursors, losers, count: count)
        while unsafe cursors[winner].code != Self.ended {
          unsafe give(winner, cursors[winner])
          unsafe advance(winner, &cursors[winner])
          var node = (winner + count) / 2
          while node > 0 {
            let other = unsafe losers[node]
            if unsafe Self.isFirst(&cursors[other], &cursors[winner]) {
              unsafe losers[node] = winner
              winner = other
            }
            node /= 2
          }
        }
      }
    }
    return builder.finish()
  }

  /// Fills the tree below a node, with the loser of each node; leaf `run` is node `count + run`. Returns the winner.
  private static func play(
    _ node: Int, _ cursors: UnsafeMutablePointer<Cursor>, _ losers: UnsafeMutablePointer<Int>, count: Int
  ) -> Int {
    if node >= count { return node - count }
    let left = unsafe play(2 * node, cursors, losers, count: count)
    let right = unsafe play(2 * node + 1, cursors, losers, count: count)
    let isLeft = unsafe isFirst(&cursors[left], &cursors[right])
    unsafe (losers + node).initialize(to: isLeft ? right : left)
    return isLeft ? left : right
  }

  private mutating func give(_ run: Int, _ cursor: Cursor) {
    if unsafe cursor.isPlain {
      unsafe builder.append(name: UnsafeBufferPointer(start: cursor.name, count: cursor.length))
    } else {
      unsafe builder.append(blocks[run][cursor.block], cursor.index..<cursor.index + 1)
    }
  }

  // MARK: - Reading

  /// Stands before the first name of a block.
  private func open(_ block: Int, of run: Int, _ cursor: inout Cursor) {
    let opened = blocks[run][block]
    let names = unsafe opened.names.pointers
    unsafe cursor.arena = names.arena
    unsafe cursor.offsets = names.offsets
    unsafe cursor.block = block
    unsafe cursor.count = opened.names.count
    unsafe cursor.index = -1
    unsafe cursor.isPlain = opened.gone == nil && opened.facts == nil
  }

  /// Goes on to the next living name, and codes it by the one before.
  @inline(__always)
  private mutating func advance(_ run: Int, _ cursor: inout Cursor) {
    let (last, lastLength, lastBlock) = unsafe (cursor.name, cursor.length, cursor.block)
    repeat {
      unsafe cursor.index += 1
      while unsafe cursor.index == cursor.count {
        guard unsafe cursor.block + 1 < blocks[run].count else {
          unsafe cursor.code = Self.ended
          blocks[run] = []
          return
        }
        unsafe open(cursor.block + 1, of: run, &cursor)
        unsafe cursor.index = 0
      }
    } while unsafe !cursor.isPlain && blocks[run][cursor.block].isGone(cursor.index)
    let start = unsafe Int(cursor.offsets[cursor.index])
    unsafe cursor.name = cursor.arena + start
    unsafe cursor.length = Int(cursor.offsets[cursor.index + 1]) - start
    let common = unsafe Self.commonBytes(last, lastLength, cursor.name, cursor.length, from: 0)
    unsafe cursor.code = Self.code(cursor, common: common)
    for read in unsafe lastBlock..<cursor.block { blocks[run][read] = .empty }
  }

  // MARK: - Comparing

  /// Whether the left one's name comes first, both coded by the same name; codes the other one anew by it.
  @inline(__always)
  private static func isFirst(_ left: inout Cursor, _ right: inout Cursor) -> Bool {
    let difference = unsafe left.code ^ right.code
    // Different numbers of common bytes: the codes stay right.
    if difference >> 48 != 0 { return unsafe left.code < right.code }
    let common = unsafe farthest - Int(left.code >> 48)
    guard difference == 0 else {
      let isLeft = unsafe left.code < right.code
      let more = (difference.leadingZeroBitCount - 16) / 8
      if more > 0 {
        if isLeft {
          unsafe right.code = code(right, common: common + more)
        } else {
          unsafe left.code = code(left, common: common + more)
        }
      }
      return isLeft
    }
    return unsafe isFirst(&left, &right, common: common)
  }

  /// The same where the codes are equal.
  @inline(never)
  private static func isFirst(_ left: inout Cursor, _ right: inout Cursor, common: Int) -> Bool {
    if unsafe left.code == ended { return true }
    let more = unsafe commonBytes(left.name, left.length, right.name, right.length, from: common)
    let isLeft =
      if more == .max {
        unsafe left.length < right.length
      } else {
        unsafe nameWord(left.name, length: left.length, at: more) < nameWord(right.name, length: right.length, at: more)
      }
    if isLeft {
      unsafe right.code = code(right, common: more)
    } else {
      unsafe left.code = code(left, common: more)
    }
    return isLeft
  }

  /// The code of a name that has so many bytes in common with another.
  @inline(__always)
  private static func code(_ cursor: Cursor, common: Int) -> UInt64 {
    let common = min(common, farthest)
    let word = unsafe nameWord(cursor.name, length: cursor.length, at: common)
    return UInt64(farthest - common) << 48 | word >> 16
  }

  /// How many bytes two names have in common, which are alike up to `from`; `.max` if only zeros at the end differ.
  @inline(__always)
  private static func commonBytes(
    _ left: UnsafePointer<UInt8>, _ leftLength: Int, _ right: UnsafePointer<UInt8>, _ rightLength: Int, from: Int
  ) -> Int {
    var offset = from
    while offset < max(leftLength, rightLength) {
      let ahead = unsafe nameWord(left, length: leftLength, at: offset)
      let difference = unsafe ahead ^ nameWord(right, length: rightLength, at: offset)
      if difference != 0 { return offset + difference.leadingZeroBitCount / 8 }
      offset += 8
    }
    return .max
  }
}
