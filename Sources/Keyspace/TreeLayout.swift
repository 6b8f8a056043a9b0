/// The rows of a tree, without an object a row: runs of leaves and single folders, eight bytes each.
///
/// Entries stand in row order and each covers a range of key positions that begins where the one before ends; an open
/// folder covers none, its keys belong to the entries that follow.
struct TreeLayout: Sendable {
  /// The first row of each entry; a folder is one row, an entry of leaves one row a key.
  private(set) var firstRows: [UInt32] = []
  /// The first key position of each entry; the top bit marks a folder.
  private(set) var positions: [UInt32] = []
  private(set) var rowCount = 0

  /// Entries of one depth that follow one another.
  struct Span: Sendable {
    var firstEntry: Int
    var depth: Int
    var labelStart: Int
    /// The keys of the folder whose open row is the entry before; 0 where the span goes on after a sub-folder.
    var opened: Int
  }
  private(set) var spans: [Span] = []

  private static let folderBit: UInt32 = 1 << 31

  mutating func begin(depth: Int, labelStart: Int, opened: Int) {
    if let last = spans.last, last.firstEntry == firstRows.count { spans.removeLast() }
    spans.append(Span(firstEntry: firstRows.count, depth: depth, labelStart: labelStart, opened: opened))
  }

  mutating func appendLeaves(at position: Int, count: Int) {
    append(position: position, flag: 0, rows: count)
  }

  mutating func appendFolder(at position: Int) {
    append(position: position, flag: Self.folderBit, rows: 1)
  }

  private mutating func append(position: Int, flag: UInt32, rows: Int) {
    precondition(position < Int(Self.folderBit) && rowCount + rows <= Int(UInt32.max), "more than 2^31 keys")
    firstRows.append(UInt32(rowCount))
    positions.append(UInt32(position) | flag)
    rowCount += rows
  }

  enum Item {
    case leaf(position: Int)
    /// Any key in it tells its prefix.
    case folder(position: Int, count: Int, isExpanded: Bool)
  }

  /// What stands in a row, its depth, and where its label begins.
  func item(row: Int, keyCount: Int) -> (item: Item, depth: Int, labelStart: Int) {
    let entry = firstRows.partitioningIndex { $0 > row } - 1
    let nextSpan = spans.partitioningIndex { $0.firstEntry > entry }
    let span = spans[nextSpan - 1]
    let position = position(of: entry)
    guard isFolder(entry) else {
      return (.leaf(position: position + row - Int(firstRows[entry])), span.depth, span.labelStart)
    }
    let opened = spanOpened(by: entry)?.opened ?? 0
    let next = entry + 1 < positions.count ? self.position(of: entry + 1) : keyCount
    let count = opened > 0 ? opened : next - position
    return (.folder(position: position, count: count, isExpanded: opened > 0), span.depth, span.labelStart)
  }

  func position(of entry: Int) -> Int { Int(positions[entry] & ~Self.folderBit) }

  func isFolder(_ entry: Int) -> Bool { positions[entry] & Self.folderBit != 0 }

  /// The first span within a folder; nil: it is closed.
  func spanOpened(by entry: Int) -> Span? {
    let next = spans.partitioningIndex { $0.firstEntry > entry }
    guard next < spans.count, spans[next].firstEntry == entry + 1, spans[next].opened > 0 else { return nil }
    return spans[next]
  }
}
