internal import Keyspace
internal import RESP
internal import Values

/// Owns the index of the current database and does the heavy work on it, on a thread of its own.
actor IndexWorker {
  /// What an index holds after a change.
  struct Status: Sendable {
    var keys = 0
    /// Names of the second generation, while there is one.
    var nextKeys = 0
    var residentBytes = 0
    /// Keys of which each fact is known, and of these, those of which it is to be read again.
    var known = FactTally()
    var stale = FactTally()
    /// Keys of which the server did not tell a fact.
    var untold = FactTally()
    /// Counts the changes of what ``rows(_:)`` shows.
    var version = 0
    /// Counts the changes of the order by deadline.
    var expiryVersion = 0
    /// Keys in that order, and those of its scope that have no deadline.
    var expiryKnown = 0

    func isNotOlder(than other: Status) -> Bool {
      version >= other.version && expiryVersion >= other.expiryVersion
    }
  }

  private let thread = WorkerThread.start()
  var index = KeyIndex()
  /// The second generation, scanned beside the first (`R`).
  private var next: KeyIndex?
  /// Where the sweep stands.
  private var cursor = SweepCursor()
  private var version = 0
  /// nil: nobody looks at what expires when.
  var expiry: WatchedExpiry?
  var expiryVersion = 0
  /// Distinguishes what belongs to the index from what was on its way when it was thrown away.
  private(set) var generation = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

  deinit {
    thread.stop()
  }

  var status: Status {
    Status(
      keys: index.count, nextKeys: next?.count ?? 0, residentBytes: index.residentBytes + (next?.residentBytes ?? 0),
      known: index.known, stale: index.stale, untold: index.untold, version: version,
      expiryVersion: expiryVersion + index.loggedDeadlines, expiryKnown: expiry?.order.known ?? 0)
  }

  /// Forgets everything: another database.
  func reset(generation: Int) -> Status {
    self.generation = generation
    expiryVersion += index.loggedDeadlines
    index = KeyIndex()
    next = nil
    expiry = nil
    version += 1
    return status
  }

  /// Begins the second generation, or begins it again.
  func beginRescan(generation: Int) {
    guard generation == self.generation else { return }
    next = KeyIndex()
  }

  /// Adds the names of a SCAN reply (its second element).
  func insert(_ names: ReplyView, generation: Int) -> Status {
    guard generation == self.generation, names.count > 0 else { return status }
    var page = NamePage()
    page.reserve(names: names.count, bytes: names.count * 32)
    names.withEachChildBytes { name in
      _ = unsafe name.withUnsafeBytes { unsafe page.append($0) }
    }
    if next != nil {
      next?.insert(page)
    } else {
      index.insert(page)
      version += 1
    }
    return status
  }

  /// The scan is over: a second generation takes the place of the first. What that had learned of the keys that are
  /// still there stays for those who look at what expires when, and is to be read again.
  func finish(generation: Int) -> Status {
    guard generation == self.generation else { return status }
    if var finished = next {
      next = nil
      finished.settle()
      if expiry != nil || !cursor.target.facts.isEmpty { finished.adoptFacts(of: index) }
      takeInDeadlines()
      index = finished
      if let watched = expiry {
        expiryVersion += 1
        expiry?.order = index.remakeExpiryIndex(watched.order)
      }
    } else {
      index.settle()
    }
    version += 1
    return status
  }

  /// Takes in what was read of keys for the screen. Keys that are gone stay until the screen has shown that and
  /// forgets them.
  ///
  /// - Parameter addsNew: keys that SCAN has not told yet may be among them, and are added.
  /// - Parameter showsFacts: the rows depend on types or deadlines, so this is a change of them.
  func learn(_ facts: [KeyFacts], addsNew: Bool, showsFacts: Bool, generation: Int) -> Status {
    guard generation == self.generation else { return status }
    let there = facts.filter { $0.isThere }
    let new = addsNew ? there.map(\.name).filter { !index.contains($0) } : []
    if !new.isEmpty {
      index.insert(new)
      next?.insert(new)
    }
    let seconds = MonotonicClock.seconds()
    for fact in there {
      let values = FactValues(
        type: fact.type.value.flatMap { $0 }, deadline: fact.deadline.value ?? .unknown, size: fact.size.value)
      index.record(fact.name, values, at: seconds)
      next?.record(fact.name, values, at: seconds)
    }
    if showsFacts || !new.isEmpty { version += 1 }
    return status
  }

  /// What was read of these keys is not true any more. The rows stay as they are until it is read again.
  func unlearn(_ names: [KeyName], generation: Int) -> Status {
    guard generation == self.generation else { return status }
    index.unlearn(names)
    next?.unlearn(names)
    return status
  }

  /// Takes in what was read of names that were written, in this database or another. Keys that are gone stay, as above.
  ///
  /// - Returns: also which keys were not there before, and which of those that were are gone.
  func learnFollowed(
    _ facts: [KeyFacts], showsFacts: Bool, generation: Int
  ) -> (status: Status, appeared: [KeyName], vanished: [KeyName]) {
    guard generation == self.generation else { return (status, [], []) }
    let appeared = facts.filter { $0.type.value.flatMap { $0 } != nil && !index.contains($0.name) }.map(\.name)
    let vanished = facts.filter { fact in
      fact.isGone && (index.contains(fact.name) || next?.contains(fact.name) == true)
    }.map(\.name)
    return (learn(facts, addsNew: true, showsFacts: showsFacts, generation: generation), appeared, vanished)
  }

  /// Those of the names that the index does not have, each once.
  func unlisted(_ names: [KeyName], generation: Int) -> [KeyName] {
    guard generation == self.generation else { return [] }
    return Set(names).filter { !index.contains($0) }.sorted()
  }

  /// Takes out keys that are known to be gone.
  func forget(_ names: [KeyName], generation: Int) -> Status {
    guard generation == self.generation else { return status }
    let before = index.count
    index.remove(names)
    next?.remove(names)
    if index.count != before { version += 1 }
    return status
  }

  /// The list, and the version that it was made from. Empty where the task was cancelled meanwhile.
  func rows(_ query: ListQuery) -> (rows: RowList, version: Int) {
    // Here, so that the next list finds it done.
    index.gather()
    return (RowList(index: index, query: query, isCancelled: { Task.isCancelled }), version)
  }

  /// What is known of the keys of folders.
  ///
  /// - Parameter sample: of which the keys were that a sweep has read at random.
  func facts(under prefixes: [KeyName], filter: NameFilter?, sample: KeySample) -> [FolderFacts] {
    index.gather()
    return prefixes.map { index.facts(under: $0, filter: filter, sample: sample) }
  }

  // MARK: - Sweep

  /// Begins to pass over the keys of a target that are to be read.
  func beginSweep(_ target: SweepTarget, generation: Int) {
    guard generation == self.generation else { return }
    cursor = SweepCursor(target)
    index.condense()
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
    index.condense()
    return index.sweepCount(target)
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

  /// Adds names and tells which of them were not there before, in their order: for `keyglass ls`.
  func insertNew(_ names: [KeyName]) -> [KeyName] {
    var page: Set<KeyName> = []
    let new = names.filter { !index.contains($0) && page.insert($0).inserted }
    index.insert(NamePage(new))
    return new
  }
}
