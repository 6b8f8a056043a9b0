/// A run of which a list shows some names: those that are not gone and match the query.
struct SelectedRun: Sendable {
  struct Block: Sendable {
    let names: NameBlock
    /// The names that are shown; nil: all.
    let mask: RankedMask?
    let count: Int
  }

  private(set) var blocks: [Block] = []
  /// The shown names before each block, and at the end all of them.
  private(set) var starts: [Int] = [0]

  var count: Int { starts[blocks.count] }

  mutating func append(_ names: NameBlock, mask: BitMask?) {
    let ranked = mask.map { RankedMask($0) }
    let count = ranked?.setBits ?? names.count
    guard count > 0 else { return }
    blocks.append(Block(names: names, mask: count == names.count ? nil : ranked, count: count))
    starts.append(starts[starts.count - 1] + count)
  }

  /// With another choice of the last block's names.
  func replacingLast(mask: BitMask) -> SelectedRun {
    guard let last = blocks.last else { return self }
    var run = self
    run.blocks.removeLast()
    run.starts.removeLast()
    run.append(last.names, mask: mask)
    return run
  }

  var end: Place { Place(block: blocks.count, index: 0) }

  /// How many shown names come before a place.
  func rank(_ place: Place) -> Int {
    guard place.block < blocks.count else { return count }
    return starts[place.block] + (blocks[place.block].mask?.rank(place.index) ?? place.index)
  }

  /// The place of the shown name with so many shown names before it; `rank` is below `count`.
  func place(rank: Int) -> Place {
    let block = starts.partitioningIndex { $0 > rank } - 1
    let left = rank - starts[block]
    return Place(block: block, index: blocks[block].mask?.select(left) ?? left)
  }

  /// The first place at or after `from` whose name is not before `name` (with `past`: nor an extension of it). The
  /// name there need not be shown.
  func firstPlace(notBefore name: UnsafeBufferPointer<UInt8>, past: Bool = false, from: Place? = nil) -> Place {
    let from = from ?? Place(block: 0, index: 0)
    guard from.block < blocks.count else { return from }
    let isNear = unsafe blocks[from.block].names.withNames { names in
      unsafe !names.isBefore(names.count - 1, name, past: past)
    }
    if isNear {
      let index = unsafe blocks[from.block].names.withNames { names in
        unsafe names.firstIndex(notBefore: name, past: past, from: from.index)
      }
      return Place(block: from.block, index: index)
    }
    // The last block that begins before the name, at least the one to begin with.
    let later = blocks[(from.block + 1)...].partitioningIndex { block in
      unsafe block.names.withNames { unsafe !$0.isBefore(0, name, past: past) }
    }
    let block = later - 1
    let index = unsafe blocks[block].names.withNames { names in
      unsafe names.firstIndex(notBefore: name, past: past, from: block == from.block ? from.index : 0)
    }
    return index == blocks[block].names.count ? Place(block: later, index: 0) : Place(block: block, index: index)
  }

  @inline(__always)
  func withName<Result>(at place: Place, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    unsafe blocks[place.block].names.withNames { unsafe body($0[place.index]) }
  }

  func name(at place: Place) -> KeyName { blocks[place.block].names.name(at: place.index) }
}

/// The shown names of an index in byte order, as one sequence: those of the main run and those that came since.
struct NameOrder: Sendable {
  let main: SelectedRun
  let recent: SelectedRun

  var count: Int { main.count + recent.count }

  /// The name at a position (0..<count). Without recent names one step, else about 20 comparisons.
  func name(at position: Int) -> KeyName {
    if recent.count == 0 { return main.name(at: main.place(rank: position)) }
    // How many of the first `position` names are recent ones.
    var low = max(0, position - main.count)
    var high = min(position, recent.count)
    while low < high {
      let middle = (low + high) / 2
      if recentName(middle, isBeforeMain: position - middle - 1) { low = middle + 1 } else { high = middle }
    }
    let inMain = position - low
    let isRecent = inMain == main.count || (low < recent.count && recentName(low, isBeforeMain: inMain))
    return isRecent ? recent.name(at: recent.place(rank: low)) : main.name(at: main.place(rank: inMain))
  }

  private func recentName(_ recentRank: Int, isBeforeMain mainRank: Int) -> Bool {
    unsafe recent.withName(at: recent.place(rank: recentRank)) { left in
      unsafe main.withName(at: main.place(rank: mainRank)) { unsafe compareNames(left, $0) < 0 }
    }
  }

  /// One value for each name, in the order of names, from those of the main run's and the recent ones.
  func merge(_ mainValues: ArraySlice<Int64>, _ recentValues: ArraySlice<Int64>) -> [Int64] {
    guard recent.count > 0 else { return Array(mainValues) }
    var merged: [Int64] = []
    merged.reserveCapacity(count)
    var passed = 0
    var place = Place(block: 0, index: 0)
    for rank in 0..<recent.count {
      place = unsafe recent.withName(at: recent.place(rank: rank)) { name in
        unsafe main.firstPlace(notBefore: name, from: place)
      }
      let before = main.rank(place)
      merged.append(contentsOf: mainValues[mainValues.startIndex + passed..<mainValues.startIndex + before])
      merged.append(recentValues[recentValues.startIndex + rank])
      passed = before
    }
    merged.append(contentsOf: mainValues[(mainValues.startIndex + passed)...])
    return merged
  }

  /// How many names come before `name`.
  func position(notBefore name: KeyName) -> Int {
    unsafe name.bytes.withUnsafeBufferPointer { bytes in
      unsafe main.rank(main.firstPlace(notBefore: bytes)) + recent.rank(recent.firstPlace(notBefore: bytes))
    }
  }

  /// Where the names stand that begin with `prefix`, which is not empty.
  func positions(under prefix: KeyName) -> Range<Int> {
    let end = unsafe prefix.bytes.withUnsafeBufferPointer { bytes in
      unsafe main.rank(main.firstPlace(notBefore: bytes, past: true))
        + recent.rank(recent.firstPlace(notBefore: bytes, past: true))
    }
    return position(notBefore: prefix)..<end
  }
}
