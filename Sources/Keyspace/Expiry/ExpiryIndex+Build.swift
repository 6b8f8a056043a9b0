extension ExpiryIndex {
  /// The keys of a target, as the key index knows them now: one pass over its columns and one sorting.
  ///
  /// - Parameter displaced: deadlines of an older expiry index that the key index does not know any more.
  init(_ index: KeyIndex, target: SweepTarget, displaced: [KeyName: Int64] = [:]) {
    self.init(target: target)
    var collected = CollectedDeadlines()
    var matcher = TargetMatcher(target)
    var runs = 0
    for run in [index.main] + index.recent {
      let before = collected.deadlines.count
      for block in run.blocks where block.dated > 0 {
        guard let facts = block.facts else { continue }
        let number = blocks.number(of: block.names)
        persistent += collected.add(facts, number: number, mask: matcher.matches(in: block.names))
      }
      if collected.deadlines.count > before { runs += 1 }
    }
    collected.sort()
    // Names ascend within a run; the sorting leaves equal deadlines in the order in which they came.
    if runs > 1 { collected.sortTies(blocks) }
    cut(collected)
    for (name, deadline) in displaced where target.contains(name) {
      guard let location = index.location(of: name) else { continue }
      let block = index.block(at: location)
      guard block.rawDeadline(location.place.index) == FactColumns.unknownDeadline else { continue }
      self.displaced[name] = deadline
      if deadline == FactColumns.persistentDeadline {
        persistent += 1
      } else {
        add(block.names, location.place.index, deadline)
      }
    }
    if !self.displaced.isEmpty { recount() }
  }

  private mutating func cut(_ collected: CollectedDeadlines) {
    // Room to grow: a chunk is split only when its keys have become a third more.
    let size = ExpiryChunk.capacity * 3 / 4
    for start in stride(from: 0, to: collected.deadlines.count, by: size) {
      let end = min(start + size, collected.deadlines.count)
      chunks.append(
        ExpiryChunk(
          deadlines: Array(collected.deadlines[start..<end]), references: Array(collected.references[start..<end])))
    }
    recount()
  }

  mutating func recount() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    var sum = 0
    for chunk in chunks {
      sum += chunk.count
      starts.append(sum)
    }
  }
}

/// Deadlines on their way into an ``ExpiryIndex``.
private struct CollectedDeadlines {
  var deadlines: [Int64] = []
  var references: [UInt32] = []

  /// Takes the deadlines of a block's keys. Returns how many have none.
  mutating func add(_ facts: FactColumns, number: UInt32, mask: BitMask?) -> Int {
    var persistent = 0
    let all = facts.deadlines.values
    deadlines.reserveCapacity(deadlines.count + (mask == nil ? facts.known[.deadline] : 0))
    references.reserveCapacity(references.count + (mask == nil ? facts.known[.deadline] : 0))
    var index = mask?.firstSet(from: 0) ?? 0
    while index < all.count {
      let deadline = all[index]
      if deadline == FactColumns.persistentDeadline {
        persistent += 1
      } else if deadline != FactColumns.unknownDeadline {
        deadlines.append(deadline)
        references.append(BlockTable.reference(number, index))
      }
      index = mask?.firstSet(from: index + 1) ?? index + 1
    }
    return persistent
  }

  /// By deadline: equal ones stay in their order.
  mutating func sort() { RadixSort.sort(&deadlines, &references) }

  /// Puts keys of one deadline into the order of their names.
  mutating func sortTies(_ blocks: BlockTable) {
    var start = 0
    while start < deadlines.count {
      var end = start + 1
      while end < deadlines.count, deadlines[end] == deadlines[start] { end += 1 }
      if end - start > 1 { references[start..<end].sort { blocks.compare($0, $1) < 0 } }
      start = end
    }
  }
}
