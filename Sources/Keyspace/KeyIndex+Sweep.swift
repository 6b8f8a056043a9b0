/// Some keys of which type or deadline is to be read, for one batch of questions. The names stay readable whatever
/// becomes of the index meanwhile.
package struct UnknownKeys: Sendable {
  /// All of them stand in this block.
  let names: NameBlock
  /// Which of its names, ascending.
  let indices: [UInt32]
  /// Where the block stood when they were taken.
  let run: Int
  let block: Int
  /// What is to be read of them.
  package let facts: FactSet

  package var count: Int { indices.count }

  package subscript(position: Int) -> KeyName { names.name(at: Int(indices[position])) }

  /// Calls `body` with each name in order; the bytes are valid during the call only.
  package func withEachName(_ body: (Span<UInt8>) -> Void) {
    unsafe names.withNames { names in
      for index in indices { body(unsafe names[Int(index)].span) }
    }
  }
}

/// What the server said of one key of a sweep.
package enum SweptKey: Sendable, Equatable {
  /// Nothing, because the key or a command is denied.
  case unknown
  /// There is no such key.
  case gone
  case known(FactValues)

  package var isKnown: Bool { if case .known = self { true } else { false } }

  package static func known(_ type: KeyType?, _ deadline: Deadline) -> SweptKey {
    .known(FactValues(type: type, deadline: deadline))
  }
}

/// Where a sweep stands that passes over the keys that are to be read: in which run, behind which name.
///
/// While the index changes, a pass may miss keys, never ask for one twice that stays where it is; so pass again until
/// one finds nothing.
package struct SweepCursor: Sendable {
  package let target: SweepTarget
  fileprivate var run = 0
  fileprivate var after: KeyName?
  private var matcher: TargetMatcher
  /// Of the block that was looked at last.
  private var matched: (block: NameBlock, mask: BitMask?)?

  package init(_ target: SweepTarget = SweepTarget()) {
    self.target = target
    matcher = TargetMatcher(target)
  }

  /// The names of the target in a block; nil: all.
  fileprivate mutating func mask(of block: NameBlock) -> BitMask? {
    if let matched, matched.block === block { return matched.mask }
    let mask = matcher.matches(in: block)
    matched = (block, mask)
    return mask
  }
}

extension KeyIndex {
  /// The next keys that are to be read, at most `limit` (above 0). Nil at the end of the pass.
  package func unknownKeys(at cursor: inout SweepCursor, limit: Int) -> UnknownKeys? {
    while cursor.run <= recent.count {
      let run = cursor.run == 0 ? main : recent[cursor.run - 1]
      if let (block, indices) = run.unknownKeys(at: &cursor, limit: limit), let last = indices.last {
        let names = run.blocks[block].names
        cursor.after = names.name(at: Int(last))
        return UnknownKeys(
          names: names, indices: indices, run: cursor.run, block: block, facts: cursor.target.facts)
      }
      cursor.run += 1
      cursor.after = nil
    }
    return nil
  }

  /// Notes what was read of keys, in their order; gone ones leave. Those that do not stand where they were taken are
  /// sought by name.
  ///
  /// - Parameter seconds: when that was, monotonic; only for ``markStale(_:readBefore:)``.
  package mutating func record(_ swept: [SweptKey], of keys: UnknownKeys, at seconds: Int32 = 0) {
    guard stands(keys) else {
      recordByName(swept, of: keys, at: Array(swept.indices), seconds)
      return
    }
    var codes = codes
    var log = takeLog()
    var moved: [Int] = []
    let place = Place(block: keys.block, index: 0)
    change(Location(run: keys.run - 1, place: place)) { block, _ in
      for (position, key) in swept.enumerated() {
        let index = Int(keys.indices[position])
        guard !block.isGone(index) else {
          moved.append(position)
          continue
        }
        let before = block.rawDeadline(index)
        switch key {
        case .unknown:
          block.markUntold(index, keys.facts)
          log?.note(keys.names, index, from: before, to: block.rawDeadline(index))
        case .gone:
          block.markGone(index)
          log?.note(keys.names, index, from: before, to: FactColumns.unknownDeadline, isGone: true)
        case .known(let values):
          block.record(index, values, typeCode: values.type.map { codes.code(for: $0) }, at: seconds)
          // What was asked for and not told is not asked for again.
          block.markUntold(index, keys.facts)
          log?.note(keys.names, index, from: before, to: block.rawDeadline(index))
        }
      }
    }
    keep(codes)
    keep(log)
    dropEmptyRuns()
    if !moved.isEmpty { recordByName(swept, of: keys, at: moved, seconds) }
  }

  /// What is known of these facts, of all keys, is to be read again, and counts until then.
  ///
  /// - Parameter seconds: only where some of a block may have been read before, monotonic.
  package mutating func markStale(_ facts: FactSet = .all, readBefore seconds: Int32 = .max) {
    changeAllBlocks { $0.markStale(facts, readBefore: seconds) }
  }

  /// Keys of which each fact is known that is to be read again.
  package var stale: FactTally { recent.reduce(into: main.stale) { $0 += $1.stale } }

  /// Keys of which the server was asked for a fact and did not tell it; a sweep does not ask again.
  package var untold: FactTally { recent.reduce(into: main.untold) { $0 += $1.untold } }

  /// The keys of a target, and those of them of which all its facts are known and need not be read again. One pass over
  /// what belongs to the target.
  package func sweepCount(_ target: SweepTarget) -> (keys: Int, known: Int) {
    var matcher = TargetMatcher(target)
    var (keys, known) = (0, 0)
    for block in ([main] + recent).flatMap(\.blocks) {
      guard var mask = matcher.matches(in: block.names) ?? (block.facts == nil ? nil : .all(of: block)) else {
        keys += block.live
        continue
      }
      if let gone = block.gone { mask.subtract(gone) }
      keys += mask.setBits
      guard let facts = block.facts else { continue }
      mask.keep { !facts.needsReading($0, target.facts) }
      known += mask.setBits
    }
    return (keys, known)
  }

  private func stands(_ keys: UnknownKeys) -> Bool {
    guard keys.run <= recent.count else { return false }
    let blocks = keys.run == 0 ? main.blocks : recent[keys.run - 1].blocks
    return keys.block < blocks.count && blocks[keys.block].names === keys.names
  }

  private mutating func recordByName(
    _ swept: [SweptKey], of keys: UnknownKeys, at positions: [Int], _ seconds: Int32
  ) {
    var gone: [KeyName] = []
    for position in positions {
      switch swept[position] {
      case .unknown:
        if let location = sortedLocation(of: keys[position]) {
          change(logging: location) { $0.markUntold($1, keys.facts) }
        }
      case .gone: gone.append(keys[position])
      case .known(let values): record(keys[position], values, at: seconds)
      }
    }
    remove(gone)
  }
}

extension IndexRun {
  /// The next keys that are to be read behind the cursor, at most `limit` and all of one block.
  fileprivate func unknownKeys(at cursor: inout SweepCursor, limit: Int) -> (block: Int, indices: [UInt32])? {
    let target = cursor.target
    var (block, index) = cursor.after.map { start(after: $0) } ?? (0, 0)
    while block < blocks.count {
      let current = blocks[block]
      if target.mayNeedReading(current) {
        let mask = cursor.mask(of: current.names)
        var indices: [UInt32] = []
        indices.reserveCapacity(limit)
        index = mask?.firstSet(from: index) ?? index
        while index < current.names.count, indices.count < limit {
          if !current.isGone(index), current.facts?.needsReading(index, target.facts) ?? true {
            indices.append(UInt32(index))
          }
          index = mask?.firstSet(from: index + 1) ?? index + 1
        }
        if !indices.isEmpty { return (block, indices) }
      }
      block += 1
      index = 0
    }
    return nil
  }

  /// The place of the first name behind another one, which need not be there.
  private func start(after name: KeyName) -> (block: Int, index: Int) {
    unsafe name.bytes.withUnsafeBufferPointer { name in
      let block = unsafe max(0, blockIndex(for: name))
      guard block < blocks.count else { return (block, 0) }
      let index = unsafe blocks[block].names.withNames { names -> Int in
        let index = unsafe names.firstIndex(notBefore: name)
        return unsafe index < names.count && compareNames(names[index], name) == 0 ? index + 1 : index
      }
      return (block, index)
    }
  }
}
