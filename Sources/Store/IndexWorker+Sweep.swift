internal import Keyspace

/// The sweep's side of the index: which keys are to be read, and what was read of them.
extension IndexWorker {
  /// Begins to pass over the keys of a target that are to be read.
  func beginSweep(_ target: SweepTarget, generation: Int) {
    guard generation == self.generation else { return }
    cursor = SweepCursor(target)
    whileLending { index.condense() }
  }

  /// Nothing is swept any more.
  func endSweep() { cursor = SweepCursor(SweepTarget(facts: [])) }

  /// What of these facts was read longer ago is to be read again.
  func markStale(_ facts: FactSet, readBefore seconds: Int32, generation: Int) -> Status {
    guard generation == self.generation else { return status }
    index.markStale(facts, readBefore: seconds)
    return status
  }

  /// The keys of a target, and those of them of which all its facts are known and need not be read again.
  func sweepCount(_ target: SweepTarget, generation: Int) -> (keys: Int, known: Int) {
    guard generation == self.generation else { return (0, 0) }
    return whileLending {
      index.condense()
      return index.sweepCount(target)
    }
  }

  /// The next keys of this pass; nil when it is over.
  func unknownKeys(limit: Int, generation: Int) -> UnknownKeys? {
    generation == self.generation ? index.unknownKeys(at: &cursor, limit: limit) : nil
  }

  /// Takes in what a sweep read of keys, in their order: gone ones leave, others are noted.
  ///
  /// - Parameter showsFacts: as in `learn(_:addsNew:showsFacts:generation:)`.
  /// - Returns: more than 0 where something was learned of the keys.
  func learn(
    _ swept: [SweptKey], of keys: UnknownKeys, showsFacts: Bool, generation: Int
  ) -> (status: Status, learned: Int) {
    guard generation == self.generation else { return (status, 0) }
    let before = status
    let seconds = MonotonicClock.seconds()
    index.record(swept, of: keys, at: seconds)
    next?.record(swept, of: keys, at: seconds)
    if showsFacts || index.count != before.keys { version += 1 }
    let now = status
    let learned = FactSet.each.reduce(before.keys - now.keys) { sum, fact in
      sum + max(0, now.known[fact] - before.known[fact]) + max(0, before.stale[fact] - now.stale[fact])
    }
    return (now, learned)
  }
}
