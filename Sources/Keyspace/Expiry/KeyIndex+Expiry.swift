extension KeyIndex {
  /// The keys of a target in the order of their deadlines. From now on the changes are kept that ``update(_:)`` wants.
  package mutating func makeExpiryIndex(_ target: SweepTarget) -> ExpiryIndex {
    keep(DeadlineLog())
    return ExpiryIndex(self, target: target)
  }

  /// An expiry index of this key index in place of one of another that knew some of the same keys: what it had still to
  /// read again counts on.
  package mutating func remakeExpiryIndex(_ old: ExpiryIndex) -> ExpiryIndex {
    keep(DeadlineLog())
    var expiry = ExpiryIndex(self, target: old.target, displaced: old.displaced)
    expiry.persistentChanges += old.persistentChanges + 1
    (expiry.readAt, expiry.late) = (old.readAt, old.late)
    return expiry
  }

  /// Brings an expiry index that was made of this index up to date, at this server time. Returns whether anything was
  /// changed.
  @discardableResult
  package mutating func update(_ expiry: inout ExpiryIndex, at serverTime: Int64? = nil) -> Bool {
    guard let log = takeLog() else {
      expiry = makeExpiryIndex(expiry.target)
      return true
    }
    keep(DeadlineLog())
    guard log.count > 0 else { return false }
    if expiry.wantsRebuilding(for: log, of: self) {
      var displaced = expiry.displaced
      for entry in log.entries {
        let name = entry.names.name(at: entry.index)
        displaced[name] = entry.isUnlearned ? displaced[name] ?? entry.before : nil
      }
      let changes = expiry.persistentChanges
      expiry = ExpiryIndex(self, target: expiry.target, displaced: displaced)
      expiry.persistentChanges += changes + 1
      // Which of them are new is not looked at.
      expiry.noteRead(at: serverTime)
    } else {
      expiry.apply(log, at: serverTime)
    }
    return true
  }

  /// A key as it stands in an expiry index that was brought up to date; nil: it does not.
  package func entry(of name: KeyName, in expiry: ExpiryIndex) -> ExpiryIndex.Entry? {
    let deadline = expiry.displaced[name] ?? FactColumns.raw(facts(of: name).deadline)
    return expiry.position(of: name, deadline: deadline).map { expiry[$0] }
  }

  /// No expiry index is kept any more.
  package mutating func dropExpiryIndex() { keep(nil) }

  /// The names of the folders that hold most keys of a target without a deadline, fullest first.
  ///
  /// - Parameter depth: bytes of the names that are not looked at: the folder they are all in.
  package func persistentFolders(
    of target: SweepTarget, separator: [UInt8], depth: Int, limit: Int
  ) -> [PrefixCount] {
    var counts: [KeyName: Int] = [:]
    var matcher = TargetMatcher(target)
    for run in [main] + recent {
      for block in run.blocks where block.dated > 0 {
        guard let facts = block.facts else { continue }
        let mask = matcher.matches(in: block.names)
        var current: (prefix: [UInt8], count: Int)?
        func close() {
          if let current { counts[KeyName(current.prefix), default: 0] += current.count }
        }
        var index = mask?.firstSet(from: 0) ?? 0
        let deadlines = facts.deadlines.values
        while index < deadlines.count {
          if deadlines[index] == FactColumns.persistentDeadline {
            // Neighbours are mostly in one folder.
            let isSame = unsafe block.names.withNames { names in
              guard let current else { return false }
              return unsafe names[index].starts(with: current.prefix)
            }
            if isSame {
              current?.count += 1
            } else {
              let name = block.names.name(at: index).bytes
              if let end = name.firstEnd(of: separator, from: depth) {
                close()
                current = (Array(name[..<end]), 1)
              }
            }
          }
          index = mask?.firstSet(from: index + 1) ?? index + 1
        }
        close()
      }
    }
    return Array(
      PrefixCount.ranked(counts.map { PrefixCount(prefix: $0.key, count: $0.value) }).prefix(limit))
  }

  /// The keys of a target: with a filter one search over all names.
  package func count(of target: SweepTarget) -> Int {
    guard !target.scope.isEverything || !target.sample.isAll else { return count }
    var index = self
    index.gather()
    var matcher = TargetMatcher(target)
    var sum = 0
    for block in ([index.main] + index.recent).flatMap(\.blocks) {
      guard var mask = matcher.matches(in: block.names) else { return count }
      if let gone = block.gone { mask.subtract(gone) }
      sum += mask.setBits
    }
    return sum
  }
}
