/// The keys of a scope that have a deadline, in the order of their deadlines; keys of one deadline by name.
///
/// Deadlines stand sorted in chunks, twelve bytes a key, with references into the blocks of names that the key index
/// has anyway. So a count up to some time, which all that a screen shows is made of, is a search, and a change of one
/// key is one small chunk written anew: nothing is sorted as time passes. A copy is a snapshot and costs next to nothing.
package struct ExpiryIndex: Sendable {
  /// A key, and when it expires.
  package struct Entry: Equatable, Sendable {
    package let name: KeyName
    /// Ms of the server's clock.
    package let deadline: Int64
  }

  package let target: SweepTarget
  var chunks: [ExpiryChunk] = []
  /// The keys before each chunk, and at the end all of them.
  var starts: [Int] = [0]
  /// What the references refer to.
  var blocks = BlockTable()
  /// Keys of the scope that have no deadline.
  package internal(set) var persistent = 0 {
    didSet { persistentChanges += 1 }
  }
  /// Counts the changes of which keys those are.
  package internal(set) var persistentChanges = 0
  /// When these deadlines had been read, server time: all of them but the late ones.
  var readAt: Int64?
  /// Keys that got another deadline after that, and when that was taken in.
  var late: [KeyName: Int64] = [:]
  /// Deadlines that are not known any more, because their keys changed: they count until they are read again.
  var displaced: [KeyName: Int64] = [:]

  /// An index of nothing.
  package init(target: SweepTarget = SweepTarget()) {
    self.target = target
  }

  /// Keys with a deadline.
  package var count: Int { starts[chunks.count] }

  /// Keys of which it is known whether they have a deadline.
  package var known: Int { count + persistent }

  /// How many keys expire before a server time.
  package func count(before time: Int64) -> Int {
    let chunk = chunks.partitioningIndex { $0.last >= time }
    guard chunk < chunks.count else { return count }
    return starts[chunk] + chunks[chunk].deadlines.partitioningIndex { $0 >= time }
  }

  /// The key at a position (0..<count).
  package subscript(position: Int) -> Entry {
    let chunk = starts.partitioningIndex { $0 > position } - 1
    let index = position - starts[chunk]
    let reference = chunks[chunk].references[index]
    return Entry(name: blocks.name(reference), deadline: chunks[chunk].deadlines[index])
  }

  /// Where a key stands that expires at a time; nil: it is not there with that deadline.
  package func position(of name: KeyName, deadline: Int64) -> Int? {
    guard let (chunk, index) = place(of: name, deadline: deadline) else { return nil }
    return starts[chunk] + index
  }

  /// Where a key of this name and deadline stands, or would stand.
  package func position(atOrAfter name: KeyName, deadline: Int64) -> Int {
    let (chunk, index) = insertionPlace(of: name, deadline: deadline)
    return chunk < chunks.count ? starts[chunk] + index : count
  }

  /// A server time at which a key was known to expire at this deadline; nil: it is not there with that.
  package func seenAt(_ name: KeyName, deadline: Int64) -> Int64? {
    guard let readAt, place(of: name, deadline: deadline) != nil else { return nil }
    return late[name] ?? readAt
  }

  /// More late keys than this are not remembered one by one.
  static let mostLate = 10_000

  /// All deadlines were read by then; nil: when they were is not known.
  package mutating func noteRead(at serverTime: Int64?) {
    readAt = serverTime
    late = [:]
  }

  /// Some keys of a range, at most `limit`, spread evenly over it: what they are like tells what all are like.
  package func sample(_ range: Range<Int>, limit: Int) -> [KeyName] {
    guard range.count > limit else { return range.map { self[$0].name } }
    return (0..<limit).map { self[range.lowerBound + $0 * range.count / limit].name }
  }

  /// Bytes held in memory beside the key index.
  package var residentBytes: Int {
    chunks.reduce(0) { $0 + $1.residentBytes } + starts.capacity * 8
  }

  // MARK: - Places

  func place(of name: KeyName, deadline: Int64) -> (chunk: Int, index: Int)? {
    let (chunk, index) = insertionPlace(of: name, deadline: deadline)
    guard chunk < chunks.count, index < chunks[chunk].count, chunks[chunk].deadlines[index] == deadline,
      blocks.compare(chunks[chunk].references[index], with: name) == 0
    else { return nil }
    return (chunk, index)
  }

  /// The first place that is not before this key; behind the last chunk where all are before it.
  func insertionPlace(of name: KeyName, deadline: Int64) -> (chunk: Int, index: Int) {
    let chunk = chunks.partitioningIndex { chunk in
      chunk.last > deadline
        || chunk.last == deadline && blocks.compare(chunk.references[chunk.count - 1], with: name) >= 0
    }
    guard chunk < chunks.count else { return (chunk, 0) }
    let found = chunks[chunk]
    let index = (0..<found.count).partitioningIndex { index in
      found.deadlines[index] > deadline
        || found.deadlines[index] == deadline && blocks.compare(found.references[index], with: name) >= 0
    }
    return (chunk, index)
  }
}

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

/// Blocks of names by number, so that a name is four bytes: the block's number and the index in it.
struct BlockTable: Sendable {
  private(set) var blocks: [NameBlock] = []
  private var numbers: [ObjectIdentifier: UInt32] = [:]

  /// Numbers of blocks, as many as two bytes have.
  static let limit = 65_536

  var count: Int { blocks.count }

  /// The number of a block, which is entered where it is new.
  mutating func number(of block: NameBlock) -> UInt32 {
    if let number = numbers[ObjectIdentifier(block)] { return number }
    let number = UInt32(blocks.count)
    numbers[ObjectIdentifier(block)] = number
    blocks.append(block)
    return number
  }

  static func reference(_ number: UInt32, _ index: Int) -> UInt32 { number << 16 | UInt32(index) }

  func name(_ reference: UInt32) -> KeyName { blocks[Int(reference >> 16)].name(at: Int(reference & 0xFFFF)) }

  /// Less than, equal to or greater than 0, as memcmp.
  func compare(_ reference: UInt32, with name: KeyName) -> Int {
    unsafe name.bytes.withUnsafeBufferPointer { right in
      unsafe blocks[Int(reference >> 16)].withNames { names in
        unsafe Int(compareNames(names[Int(reference & 0xFFFF)], right))
      }
    }
  }

  func compare(_ left: UInt32, _ right: UInt32) -> Int {
    unsafe blocks[Int(left >> 16)].withNames { lefts in
      unsafe blocks[Int(right >> 16)].withNames { rights in
        unsafe Int(compareNames(lefts[Int(left & 0xFFFF)], rights[Int(right & 0xFFFF)]))
      }
    }
  }
}
