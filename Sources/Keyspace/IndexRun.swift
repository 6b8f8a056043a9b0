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

  /// - Parameter type: nil: was not read, and stays as it is.
  /// - Parameter isStale: it is to be read again.
  mutating func record(_ index: Int, type: UInt8?, deadline: Deadline, isStale: Bool = false) {
    if facts == nil { facts = FactColumns(count: names.count) }
    facts?.set(index, type: type, deadline: deadline)
    if isStale { facts?.markStale(index) }
  }

  /// The server was asked about a key and did not tell.
  mutating func markUntold(_ index: Int) {
    if facts == nil { facts = FactColumns(count: names.count) }
    facts?.markUntold(index)
  }

  mutating func unlearn(_ index: Int) { facts?.forget(index) }

  /// What is known of all its keys is to be read again.
  mutating func markStale() {
    guard facts != nil else { return }
    for index in 0..<names.count where !isGone(index) { facts?.markStale(index) }
  }

  mutating func forgetFacts() { facts = nil }

  /// The deadline of a key as the fact columns have it.
  func rawDeadline(_ index: Int) -> Int64 { facts?.deadlines[index] ?? FactColumns.unknownDeadline }

  var known: Int { facts?.known ?? 0 }

  var dated: Int { facts?.dated ?? 0 }

  var untold: Int { facts?.untold ?? 0 }

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
  /// Keys with known type and deadline.
  private(set) var known = 0

  /// Keys with known deadline.
  var dated: Int { blocks.reduce(0) { $0 + $1.dated } }

  /// Keys that the server did not tell anything of.
  var untold: Int { blocks.reduce(0) { $0 + $1.untold } }

  /// Keys that are to be read again although something is known of them.
  var stale: Int { blocks.reduce(0) { $0 + ($1.facts?.stale ?? 0) } }

  init() {}

  init(blocks: [IndexBlock]) {
    self.blocks = blocks
    live = blocks.reduce(0) { $0 + $1.live }
    known = blocks.reduce(0) { $0 + $1.known }
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
    known = blocks.reduce(0) { $0 + $1.known }
  }

  var residentBytes: Int { blocks.reduce(0) { $0 + $1.residentBytes } }
}
