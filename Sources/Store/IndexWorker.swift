internal import CPlatform
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
    /// Keys of which type and deadline are known.
    var knownFacts = 0
    var residentBytes = 0
    /// Keys of which the deadline is known, and those of which it is to be read again.
    var knownDeadlines = 0
    var staleFacts = 0
    /// Keys that the server did not tell anything of.
    var untoldFacts = 0
    /// Counts the changes of what lists show.
    var version = 0
    /// Counts the changes of the order by deadline.
    var expiryVersion = 0
    /// Keys in that order, and those of its scope that have no deadline.
    var expiryKnown = 0

    func isNotOlder(than other: Status) -> Bool {
      version >= other.version && expiryVersion >= other.expiryVersion
    }
  }

  // Below the priority of what the user waits for.
  private let thread = WorkerThread.start(niceness: 5)
  nonisolated let desk = SnapshotDesk()
  var index = KeyIndex()
  /// The second generation, scanned beside the first (`R`).
  private var next: KeyIndex?
  /// Where the sweep stands.
  private var cursor = SweepCursor()
  private var version = 0
  /// Names of this version need no gathering.
  private var gatheredVersion = 0
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
      keys: index.count, nextKeys: next?.count ?? 0, knownFacts: index.knownFacts,
      residentBytes: index.residentBytes + (next?.residentBytes ?? 0),
      knownDeadlines: index.knownDeadlines, staleFacts: index.staleFacts, untoldFacts: index.untoldFacts,
      version: version,
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
    gatheredVersion = version
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
    insert(page)
    return status
  }

  func insert(_ page: NamePage) {
    whileLending {
      if next != nil {
        next?.insert(page)
      } else {
        index.insert(page)
        version += 1
      }
    }
  }

  /// The scan is over: a second generation takes the place of the first. What that had learned of the keys that are
  /// still there stays for those who look at what expires when, and is to be read again.
  func finish(generation: Int) -> Status {
    guard generation == self.generation else { return status }
    whileLending { settle() }
    version += 1
    gatheredVersion = version
    // The merges leave holes that malloc keeps, and what was lent only goes now.
    if index.count >= 1_000_000 { kg_memory_release_free() }
    return status
  }

  private func settle() {
    guard var finished = next else { return index.settle() }
    next = nil
    finished.settle()
    if expiry != nil { finished.adoptFacts(of: index) }
    takeInDeadlines()
    index = finished
    if let watched = expiry {
      expiryVersion += 1
      expiry?.order = index.remakeExpiryIndex(watched.order)
    }
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
    let record = there.map { ($0.name, $0.type.value.flatMap { $0 }, $0.deadline.value ?? .unknown) }
    index.record(record)
    next?.record(record)
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

  // MARK: - Snapshots

  /// A snapshot for a list; nil if the task was cancelled.
  nonisolated func snapshot(_ wish: SnapshotDesk.Wish) async -> SnapshotDesk.Snapshot? {
    await desk.snapshot(wish) {
      // Before the pages that wait: the user waits for this.
      Task(priority: .userInitiated) { await self.serve() }
    }
  }

  /// Hands out what is waited for.
  func serve() {
    guard let wish = desk.wish else { return }
    guard wish == .current || index.gatheringCost <= Self.quickGathering else {
      desk.serve(lent, isCurrent: false)
      return
    }
    // In place, so that the next list finds it done.
    whileLending { index.gather() }
    gatheredVersion = version
    desk.serve(lent, isCurrent: true)
  }

  /// So many names are gathered for a list that is wanted soon: some ten milliseconds.
  private static let quickGathering = 131_072

  private var lent: SnapshotDesk.Snapshot { SnapshotDesk.Snapshot(index: index.gathered(), version: gatheredVersion) }

  /// Work that may take long: meanwhile lists are made of the index as it was gathered last.
  func whileLending<Result>(_ work: () -> Result) -> Result {
    desk.publish(lent)
    defer { desk.withdraw() }
    return work()
  }

  // MARK: - Sweep

  /// Begins to pass over the keys of a target that are to be read.
  func beginSweep(_ target: SweepTarget, generation: Int) {
    guard generation == self.generation else { return }
    cursor = SweepCursor(target)
    whileLending { index.condense() }
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
    index.record(swept, of: keys)
    next?.record(swept, of: keys)
    if showsFacts || index.count != before.keys { version += 1 }
    let now = status
    let learned =
      (before.keys - now.keys) + max(0, now.knownFacts - before.knownFacts)
      + max(0, now.knownDeadlines - before.knownDeadlines) + max(0, before.staleFacts - now.staleFacts)
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
