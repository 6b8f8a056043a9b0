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
