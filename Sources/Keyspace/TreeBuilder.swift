import CPlatform

/// Lays out a tree. Walks leaves once to find the next folder, and steps over a folder's keys by searching; so the
/// cost is that of the leaves and folders of open levels, not of all keys.
struct TreeBuilder {
  private let runs: [SelectedRun]
  private let separator: [UInt8]
  /// In the order in which the walk meets them.
  private let expanded: [KeyName]
  private var nextExpanded = 0
  private var layout = TreeLayout()
  private var frames: [Frame] = []
  /// How far the walk got in each run, as place and as rank.
  private var places: Places
  private var ranks: InlineArray<2, Int>

  /// A place in each of the two runs: no allocation on the way.
  private typealias Places = InlineArray<2, Place>

  /// An open level.
  private struct Frame {
    var depth: Int
    var labelStart: Int
    /// Where the level's keys end in each run.
    var ends: Places
    /// The next folder in each run.
    var next: InlineArray<2, NextFolder>
  }

  private enum NextFolder {
    case notSought
    case none
    /// A key in it and its prefix's length.
    case found(Place, Int)
  }

  init(order: NameOrder, query: ListQuery) {
    runs = [order.main, order.recent]
    separator = query.separator
    expanded = query.expanded.sorted()
    places = Places(repeating: Place(block: 0, index: 0))
    ranks = InlineArray(repeating: 0)
  }

  /// Nil if it was cancelled.
  consuming func build(isCancelled: () -> Bool) -> TreeLayout? {
    open(depth: 0, labelStart: 0, ends: [runs[0].end, runs[1].end], opened: 0)
    var steps = 0
    while !frames.isEmpty {
      steps += 1
      if appendNearFolders() || steps % 4096 == 0, isCancelled() { return nil }
      let top = frames.count - 1
      for run in runs.indices {
        guard case .notSought = frames[top].next[run] else { continue }
        guard let next = nextFolder(in: run, frames[top], isCancelled) else { return nil }
        frames[top].next[run] = next
      }
      if let (run, place, length) = smallestFolder(frames[top].next) {
        let names = runs[run].blocks[place.block].names
        unsafe names.withNames { names in
          let prefix = unsafe UnsafeBufferPointer(rebasing: names[place.index][..<length])
          unsafe appendFolder(prefix)
        }
      } else {
        appendLeaves(to: frames[top].ends)
        frames.removeLast()
        if let parent = frames.last {
          layout.begin(depth: parent.depth, labelStart: parent.labelStart, opened: 0)
        }
      }
    }
    return layout
  }

  /// The common case in one go: closed folders, and leaves between them, that lie within one block of the only run.
  /// Returns whether it got on.
  private mutating func appendNearFolders() -> Bool {
    guard let frame = frames.last, runs[1].count == 0, !separator.isEmpty else { return false }
    guard case .notSought = frame.next[0], places[0] != frame.ends[0] else { return false }
    let start = places[0]
    let block = runs[0].blocks[start.block]
    var index = start.index
    func shown(before index: Int) -> Int { block.mask?.rank(index) ?? index }
    unsafe block.names.withNames { names in
      let end = unsafe start.block == frame.ends[0].block ? frame.ends[0].index : names.count
      while let folder = unsafe firstFolder(in: names, block.mask, index..<end, labelStart: frame.labelStart) {
        let prefix = unsafe UnsafeBufferPointer(rebasing: names[folder.index][..<folder.length])
        let next = unsafe names.firstIndex(notBefore: prefix, past: true, from: folder.index)
        if unsafe next == names.count || isExpanded(prefix) { break }
        let leaves = shown(before: folder.index) - shown(before: index)
        if leaves > 0 { layout.appendLeaves(at: ranks[0], count: leaves) }
        layout.appendFolder(at: ranks[0] + leaves)
        ranks[0] += shown(before: next) - shown(before: index)
        index = next
      }
    }
    places[0].index = index
    return index > start.index
  }

  private mutating func open(depth: Int, labelStart: Int, ends: Places, opened: Int) {
    layout.begin(depth: depth, labelStart: labelStart, opened: opened)
    let next = InlineArray<2, NextFolder>(repeating: .notSought)
    frames.append(Frame(depth: depth, labelStart: labelStart, ends: ends, next: next))
  }

  private mutating func appendLeaves(to ends: Places) {
    let position = ranks[0] + ranks[1]
    let count = move(to: ends)
    if count > 0 { layout.appendLeaves(at: position, count: count) }
  }

  /// Moves on and returns how many keys were passed.
  private mutating func move(to ends: Places) -> Int {
    var passed = 0
    for run in runs.indices where places[run] != ends[run] {
      let rank = runs[run].rank(ends[run])
      passed += rank - ranks[run]
      places[run] = ends[run]
      ranks[run] = rank
    }
    return passed
  }

  private mutating func appendFolder(_ prefix: UnsafeBufferPointer<UInt8>) {
    let top = frames.count - 1
    var starts = places
    var ends = places
    for run in runs.indices {
      starts[run] = unsafe runs[run].firstPlace(notBefore: prefix, from: places[run])
      ends[run] = unsafe runs[run].firstPlace(notBefore: prefix, past: true, from: starts[run])
      if starts[run] != ends[run] { frames[top].next[run] = .notSought }
    }
    appendLeaves(to: starts)
    layout.appendFolder(at: ranks[0] + ranks[1])
    if unsafe isExpanded(prefix) {
      let count = runs.indices.reduce(0) { $0 + runs[$1].rank(ends[$1]) - ranks[$1] }
      open(depth: frames[top].depth + 1, labelStart: prefix.count, ends: ends, opened: count)
    } else {
      _ = move(to: ends)
    }
  }

  /// Folders come in ascending order, so the open ones are passed once.
  private mutating func isExpanded(_ prefix: UnsafeBufferPointer<UInt8>) -> Bool {
    while nextExpanded < expanded.count {
      let order = unsafe expanded[nextExpanded].bytes.withUnsafeBufferPointer { unsafe compareNames($0, prefix) }
      if order >= 0 { return order == 0 }
      nextExpanded += 1
    }
    return false
  }

  /// The first key from here to the level's end whose label contains the separator; nil if it was cancelled.
  private func nextFolder(in run: Int, _ frame: Frame, _ isCancelled: () -> Bool) -> NextFolder? {
    guard !separator.isEmpty else { return NextFolder.none }
    var place = places[run]
    while place != frame.ends[run], place.block < runs[run].blocks.count {
      if place.index == 0, isCancelled() { return nil }
      let block = runs[run].blocks[place.block]
      let end = place.block == frame.ends[run].block ? frame.ends[run].index : block.names.count
      let found = unsafe block.names.withNames { names -> (index: Int, length: Int)? in
        unsafe firstFolder(in: names, block.mask, place.index..<end, labelStart: frame.labelStart)
      }
      if let found { return .found(Place(block: place.block, index: found.index), found.length) }
      if place.block == frame.ends[run].block { break }
      place = Place(block: place.block + 1, index: 0)
    }
    return NextFolder.none
  }

  private func firstFolder(
    in names: borrowing Names, _ mask: RankedMask?, _ range: Range<Int>, labelStart: Int
  ) -> (index: Int, length: Int)? {
    unsafe separator.withUnsafeBufferPointer { separator in
      var index = mask?.mask.firstSet(from: range.lowerBound) ?? range.lowerBound
      while index < range.upperBound {
        let name = unsafe names[index]
        if let base = name.baseAddress, name.count > labelStart {
          let found = unsafe kg_find(
            base + labelStart, name.count - labelStart, separator.baseAddress, separator.count)
          if found >= 0 { return (index, labelStart + found + separator.count) }
        }
        index += 1
        if let mask { index = mask.mask.firstSet(from: index) }
      }
      return nil
    }
  }

  /// Of the runs' next folders, the one that comes first.
  private func smallestFolder(_ next: InlineArray<2, NextFolder>) -> (run: Int, place: Place, length: Int)? {
    var smallest: (run: Int, place: Place, length: Int)?
    for run in next.indices {
      guard case .found(let place, let length) = next[run] else { continue }
      guard let other = smallest else {
        smallest = (run, place, length)
        continue
      }
      let isBefore = unsafe runs[run].withName(at: place) { own in
        unsafe runs[other.run].withName(at: other.place) { name in
          unsafe kg_compare(own.baseAddress, length, name.baseAddress, other.length) < 0
        }
      }
      if isBefore { smallest = (run, place, length) }
    }
    return smallest
  }
}
