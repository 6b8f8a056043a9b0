/// The rows of a list in an order that is not that of the names, without an object a row: four bytes each, and four more
/// a key to find its row again.
///
/// Keys stand for themselves by their positions in the order of names. In a tree each level is ordered by itself, its
/// folders among its keys.
struct SortedRows: Sendable {
  /// The key position of each row; of a folder the first one in it. The top bit marks a folder.
  private(set) var items: [UInt32] = []
  /// The row of each key; ``hidden`` where it lies in a closed folder.
  private var rowsOfKeys: [UInt32]
  /// The rows of folders, ascending, and the keys in each.
  private var folderRows: [UInt32] = []
  private var folderCounts: [UInt32] = []
  /// The same by their first keys; outer folders first.
  private var folders: [FolderPlace] = []
  /// The closed ones: their keys follow one another.
  private var closed: [FolderPlace] = []
  private var spans: [TreeLayout.Span] = []

  private struct FolderPlace {
    var position: UInt32
    var row: UInt32
  }

  private static let folderBit: UInt32 = 1 << 31
  private static let hidden = UInt32.max

  var rowCount: Int { items.count }

  /// - Parameters:
  ///   - layout: the tree by name; nil: a flat list.
  ///   - values: of each key in the order of names (``SortValues``).
  init(layout: TreeLayout?, values: [Int64], sort: ListSort) {
    precondition(values.count < Int(Self.folderBit), "more than 2^31 keys")
    rowsOfKeys = Array(repeating: Self.hidden, count: values.count)
    items.reserveCapacity(layout?.rowCount ?? values.count)
    if let layout {
      let top = Level(depth: 0, labelStart: 0, entries: 0..<layout.positions.count)
      append(top, LevelWalk(layout: layout, keyCount: values.count), values, sort)
    } else {
      spans.append(TreeLayout.Span(firstEntry: 0, depth: 0, labelStart: 0, opened: 0))
      var children = Children()
      children.addKeys(0..<values.count, values)
      children.sort(sort)
      for reference in children.references { append(key: reference) }
    }
    folders.sort { ($0.position, $0.row) < ($1.position, $1.row) }
    closed.sort { $0.position < $1.position }
  }

  // MARK: - Building

  private mutating func append(key position: UInt32) {
    rowsOfKeys[Int(position)] = UInt32(items.count)
    items.append(position)
  }

  private mutating func begin(_ level: Level, opened: Int) {
    if let last = spans.last, last.firstEntry == items.count { spans.removeLast() }
    spans.append(
      TreeLayout.Span(firstEntry: items.count, depth: level.depth, labelStart: level.labelStart, opened: opened))
  }

  /// A level of which some rows stand already.
  private struct OpenLevel {
    let level: Level
    let references: [UInt32]
    let folders: [LevelWalk.Folder]
    var next = 0
  }

  /// Not by recursion: a name may lie in any number of folders.
  private mutating func append(_ top: Level, _ walk: LevelWalk, _ values: [Int64], _ sort: ListSort) {
    begin(top, opened: 0)
    var open = [Self.sorted(top, walk, values, sort)]
    while var current = open.popLast() {
      var inner: (level: Level, keys: Int)?
      while inner == nil, current.next < current.references.count {
        let reference = current.references[current.next]
        current.next += 1
        guard reference & Self.folderBit != 0 else {
          append(key: reference)
          continue
        }
        let folder = current.folders[Int(reference & ~Self.folderBit)]
        append(folder)
        inner = folder.inner.map { ($0, folder.keys.count) }
      }
      if let inner {
        open.append(current)
        begin(inner.level, opened: inner.keys)
        open.append(Self.sorted(inner.level, walk, values, sort))
      } else if let parent = open.last {
        begin(parent.level, opened: 0)
      }
    }
  }

  private mutating func append(_ folder: LevelWalk.Folder) {
    let (row, position) = (UInt32(items.count), UInt32(folder.keys.lowerBound))
    folders.append(FolderPlace(position: position, row: row))
    folderRows.append(row)
    folderCounts.append(UInt32(folder.keys.count))
    if folder.inner == nil { closed.append(FolderPlace(position: position, row: row)) }
    items.append(position | Self.folderBit)
  }

  private static func sorted(_ level: Level, _ walk: LevelWalk, _ values: [Int64], _ sort: ListSort) -> OpenLevel {
    var children = Children()
    var found: [LevelWalk.Folder] = []
    walk.forEachChild(of: level) { child in
      switch child {
      case .keys(let positions): children.addKeys(positions, values)
      case .folder(let folder):
        children.addFolder(number: found.count, folder.keys, values, sort.key)
        found.append(folder)
      }
    }
    children.sort(sort)
    return OpenLevel(level: level, references: children.references, folders: found)
  }

  /// What a level holds, with what it is ordered by.
  private struct Children {
    var values: [Int64] = []
    /// A key's position; a folder's number in the level with the top bit.
    var references: [UInt32] = []

    mutating func addKeys(_ positions: Range<Int>, _ all: [Int64]) {
      values.append(contentsOf: all[positions])
      references.reserveCapacity(references.count + positions.count)
      for position in positions { references.append(UInt32(position)) }
    }

    mutating func addFolder(number: Int, _ keys: Range<Int>, _ all: [Int64], _ key: ListSort.Key) {
      if key == .name {
        values.append(all[keys.lowerBound])
      } else {
        var value = FolderValue(key)
        for position in keys { value.add(all[position]) }
        values.append(value.result)
      }
      references.append(UInt32(number) | SortedRows.folderBit)
    }

    mutating func sort(_ sort: ListSort) {
      normalize(isReversed: sort.isReversed)
      RadixSort.sort(&values, &references)
    }

    /// Small numbers without gaps for what has no number, so that sorting takes few steps.
    private mutating func normalize(isReversed: Bool) {
      var (low, high) = (Int64.max, Int64.min)
      for value in values where value < SortValues.last {
        low = min(low, value)
        high = max(high, value)
      }
      if low > high { (low, high) = (0, 0) }
      let last = high &- low &+ 1
      for place in values.indices {
        let value = values[place]
        guard value != SortValues.unknown else {
          values[place] = last &+ 1
          continue
        }
        let number = value == SortValues.last ? last : value &- low
        values[place] = isReversed ? last &- number : number
      }
    }
  }

  // MARK: - Rows

  /// As ``TreeLayout/item(row:keyCount:)``.
  func item(row: Int) -> (item: TreeLayout.Item, depth: Int, labelStart: Int) {
    let nextSpan = spans.partitioningIndex { $0.firstEntry > row }
    let span = spans[nextSpan - 1]
    let position = Int(items[row] & ~Self.folderBit)
    guard items[row] & Self.folderBit != 0 else { return (.leaf(position: position), span.depth, span.labelStart) }
    let number = folderRows.partitioningIndex { $0 >= UInt32(row) }
    let isExpanded = nextSpan < spans.count && spans[nextSpan].firstEntry == row + 1 && spans[nextSpan].opened > 0
    return (
      .folder(position: position, count: Int(folderCounts[number]), isExpanded: isExpanded), span.depth,
      span.labelStart
    )
  }

  /// The row of the key at a position; nil: it is hidden.
  func row(ofKey position: Int) -> Int? {
    let row = rowsOfKeys[position]
    return row == Self.hidden ? nil : Int(row)
  }

  /// The row of the closed folder that the key at a position would lie in, or lies in: the last that begins there or
  /// before.
  func row(ofClosedFolderAt position: Int) -> Int? {
    guard position >= 0 else { return nil }
    let next = closed.partitioningIndex { $0.position > UInt32(position) }
    return next > 0 ? Int(closed[next - 1].row) : nil
  }

  /// The rows of folders whose first key is at a position, outer ones first.
  func rows(ofFoldersAt position: Int) -> some Sequence<Int> {
    let first = folders.partitioningIndex { $0.position >= UInt32(position) }
    return folders[first...].prefix { $0.position == UInt32(position) }.map { Int($0.row) }
  }
}

/// The keys and folders of one folder, or of all.
struct Level {
  var depth: Int
  var labelStart: Int
  /// Of a ``TreeLayout``, those of open folders within included.
  var entries: Range<Int>
}

/// Finds the levels of a layout.
struct LevelWalk {
  enum Child {
    case keys(Range<Int>)
    case folder(Folder)
  }

  struct Folder {
    var keys: Range<Int>
    /// nil: it is closed.
    var inner: Level?
  }

  private let layout: TreeLayout
  private let keyCount: Int

  init(layout: TreeLayout, keyCount: Int) {
    self.layout = layout
    self.keyCount = keyCount
  }

  /// Calls `body` with what stands in a level, in the order of names.
  func forEachChild(of level: Level, _ body: (Child) -> Void) {
    var entry = level.entries.lowerBound
    while entry < level.entries.upperBound {
      let first = layout.position(of: entry)
      let next = entry + 1 < layout.positions.count ? layout.position(of: entry + 1) : keyCount
      guard layout.isFolder(entry) else {
        body(.keys(first..<next))
        entry += 1
        continue
      }
      guard let span = layout.spanOpened(by: entry) else {
        body(.folder(Folder(keys: first..<next)))
        entry += 1
        continue
      }
      let keys = first..<first + span.opened
      var end = entry + 1
      end = (end..<level.entries.upperBound).partitioningIndex { layout.position(of: $0) >= keys.upperBound }
      let inner = Level(depth: span.depth, labelStart: span.labelStart, entries: entry + 1..<end)
      body(.folder(Folder(keys: keys, inner: inner)))
      entry = end
    }
  }
}
