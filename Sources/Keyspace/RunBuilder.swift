/// Builds a run from names that come in ascending order, with their facts.
///
/// Blocks are closed at half their capacity while the rest waits in the builder: so a later insertion into the middle
/// of a run ends with a block of some size, and the blocks behind it are taken over whole.
struct RunBuilder {
  private var blocks: [IndexBlock] = []
  private var arena: [UInt8] = []
  private var offsets: [UInt32] = [0]
  /// Of the pending names up to the last that has any.
  private var facts = FactColumns(count: 0)

  private static let goodSize = NameBlock.capacity / 4

  private var pending: Int { offsets.count - 1 }

  /// Room for so many more names and bytes: optional.
  mutating func reserve(names: Int, bytes: Int) {
    arena.reserveCapacity(arena.count + bytes)
    offsets.reserveCapacity(offsets.count + names)
  }

  /// Appends one name.
  @inline(__always)
  mutating func append(name: UnsafeBufferPointer<UInt8>) {
    unsafe arena.append(contentsOf: name)
    offsets.append(UInt32(arena.count))
    closeFullBlock()
  }

  /// Appends names that have no facts and of which none is gone.
  mutating func append(_ names: borrowing Names, _ range: Range<Int>) {
    var next = range.lowerBound
    while next < range.upperBound {
      let end = min(range.upperBound, next + NameBlock.capacity - pending)
      let start = unsafe names.start(of: next)
      let shift = arena.count
      let bytes = unsafe UnsafeBufferPointer(rebasing: names.arena[start..<names.start(of: end)])
      unsafe arena.append(contentsOf: bytes)
      for i in next..<end {
        unsafe offsets.append(UInt32(names.start(of: i + 1) - start + shift))
      }
      next = end
      closeFullBlock()
    }
  }

  /// Appends those names of a block's range that are not gone, with their facts.
  mutating func append(_ block: IndexBlock, _ range: Range<Int>) {
    unsafe block.names.withNames { names in
      guard block.gone != nil || block.facts != nil else {
        unsafe append(names, range)
        return
      }
      for i in range where !block.isGone(i) {
        if let known = block.facts {
          facts.pad(to: pending)
          facts.append(known, i)
        }
        unsafe append(name: names[i])
      }
    }
  }

  /// Appends all of a block, as it is where possible: then nothing is copied.
  mutating func appendWhole(_ block: IndexBlock) {
    let isGood = block.gone == nil && block.names.count >= Self.goodSize
    guard isGood, pending == 0 || pending >= Self.goodSize else {
      append(block, 0..<block.names.count)
      return
    }
    close(pending)
    blocks.append(block)
  }

  consuming func finish() -> IndexRun {
    close(pending)
    return IndexRun(blocks: blocks)
  }

  @inline(__always)
  private mutating func closeFullBlock() {
    if arena.count >= NameBlock.arenaLimit {
      close(pending)
    } else if pending >= NameBlock.capacity {
      close(NameBlock.capacity / 2)
    }
  }

  /// Makes a block, without spare room, of the first `count` pending names.
  private mutating func close(_ count: Int) {
    guard count > 0 else { return }
    let end = Int(offsets[count])
    let names = NameBlock(arena: arena[..<end], offsets: offsets[...count])
    blocks.append(IndexBlock(names: names, facts: facts.removeFirst(count)))
    arena.removeFirst(end)
    offsets.removeFirst(count)
    for i in offsets.indices { offsets[i] -= UInt32(end) }
  }
}
