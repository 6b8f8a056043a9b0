/// A block of names with what was learned of them since.
struct IndexBlock: Sendable {
  let names: NameBlock
  /// Keys that are no more; made when the first one goes.
  private(set) var gone: BitMask?
  private(set) var facts: FactColumns?
  /// Keys that are not gone.
  private(set) var live: Int

  init(names: NameBlock, facts: FactColumns? = nil) {
    self.names = names
    self.facts = facts
    live = names.count
  }

  static let empty = IndexBlock(names: .empty)

  func isGone(_ index: Int) -> Bool { gone?[index] ?? false }

  mutating func markGone(_ index: Int) {
    if gone == nil { gone = BitMask(count: names.count) }
    gone?[index] = true
    facts?.forget(index)
    live -= 1
  }

  /// - Parameters:
  ///   - typeCode: of the type that was read; nil: it was not.
  ///   - seconds: when it was read, monotonic.
  mutating func record(_ index: Int, _ values: FactValues, typeCode: UInt8?, at seconds: Int32) {
    if facts == nil { facts = FactColumns(count: names.count) }
    facts?.set(index, values, typeCode: typeCode, at: seconds)
  }

  /// Something is to be read again although it is known.
  mutating func markStale(_ index: Int, _ stale: FactSet) { facts?.markStale(index, stale) }

  /// The server was asked about a key and did not tell.
  mutating func markUntold(_ index: Int, _ untold: FactSet) {
    if facts == nil { facts = FactColumns(count: names.count) }
    facts?.markUntold(index, untold)
  }

  mutating func unlearn(_ index: Int) { facts?.forget(index) }

  /// What was read of its keys before `seconds` is to be read again.
  mutating func markStale(_ stale: FactSet, readBefore seconds: Int32) {
    let gone = gone
    facts?.markStale(stale, readBefore: seconds) { gone?[$0] ?? false }
  }

  mutating func forgetFacts() { facts = nil }

  /// The deadline of a key as the fact columns have it.
  func rawDeadline(_ index: Int) -> Int64 { facts?.deadlines[index] ?? FactColumns.unknownDeadline }

  /// Keys of which each fact is known.
  var known: FactTally { facts?.known ?? FactTally() }

  /// Keys of which the deadline is known.
  var dated: Int { facts?.known[.deadline] ?? 0 }

  var untold: FactTally { facts?.untold ?? FactTally() }

  var stale: FactTally { facts?.stale ?? FactTally() }

  var residentBytes: Int {
    names.residentBytes + (facts?.residentBytes ?? 0) + (gone.map { $0.words.capacity * 8 } ?? 0)
  }
}

/// Where a name stands in a run.
struct Place: Equatable, Sendable {
  var block: Int
  var index: Int
}

/// Names in ascending order without repeats, in blocks of which none is empty.
struct IndexRun: Sendable {
  private(set) var blocks: [IndexBlock] = []
  /// Keys that are not gone.
  private(set) var live = 0
  /// Keys of which each fact is known.
  private(set) var known = FactTally()

  /// Keys with known deadline.
  var dated: Int { known[.deadline] }

  /// Keys of which the server did not tell a fact.
  var untold: FactTally { blocks.reduce(into: FactTally()) { $0 += $1.untold } }

  /// Keys of which a fact is to be read again although it is known.
  var stale: FactTally { blocks.reduce(into: FactTally()) { $0 += $1.stale } }

  init() {}

  init(blocks: [IndexBlock]) {
    self.blocks = blocks
    live = blocks.reduce(0) { $0 + $1.live }
    known = blocks.reduce(into: FactTally()) { $0 += $1.known }
  }

  /// The place of a name that is there and not gone.
  func place(of name: UnsafeBufferPointer<UInt8>) -> Place? {
    let block = unsafe blockIndex(for: name)
    guard block >= 0 else { return nil }
    let index = unsafe blocks[block].names.withNames { names -> Int? in
      let index = unsafe names.firstIndex(notBefore: name)
      return unsafe index < names.count && compareNames(names[index], name) == 0 ? index : nil
    }
    guard let index, !blocks[block].isGone(index) else { return nil }
    return Place(block: block, index: index)
  }

  /// The last block whose first name is not after `name`; -1 if even the first block begins after it.
  func blockIndex(for name: UnsafeBufferPointer<UInt8>) -> Int {
    blocks.partitioningIndex { block in
      unsafe block.names.withNames { unsafe compareNames($0[0], name) > 0 }
    } - 1
  }

  /// Changes one block in place and keeps the sums right; a block that is mostly gone is written anew.
  mutating func change(block: Int, _ body: (inout IndexBlock) -> Void) {
    live -= blocks[block].live
    known -= blocks[block].known
    body(&blocks[block])
    if blocks[block].live == 0 {
      blocks.remove(at: block)
      return
    }
    if blocks[block].live < blocks[block].names.count / 2 {
      var builder = RunBuilder()
      builder.append(blocks[block], 0..<blocks[block].names.count)
      blocks.replaceSubrange(block...block, with: builder.finish().blocks)
    }
    live += blocks[block].live
    known += blocks[block].known
  }

  /// Changes what is known of the keys of every block; none goes.
  mutating func changeAll(_ body: (inout IndexBlock) -> Void) {
    for block in blocks.indices { body(&blocks[block]) }
    known = blocks.reduce(into: FactTally()) { $0 += $1.known }
  }

  var residentBytes: Int { blocks.reduce(0) { $0 + $1.residentBytes } }
}
