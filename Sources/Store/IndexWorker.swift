internal import CPlatform
internal import Keyspace
internal import RESP
internal import Values

/// Owns the index of the current database and does the heavy work on it, on a thread of its own.
actor IndexWorker {
  /// What an index holds after a change.
  struct Status: Sendable {
    var keys = 0
    /// Names of the generation that is being scanned.
    var scannedKeys = 0
    /// Of that one names were left out, because it holds as many as it may.
    var isFull = false
    /// The index holds names that it is not about.
    var hasOthers = false
    var residentBytes = 0
    /// Keys of which each fact is known, and of these, those of which it is to be read again.
    var known = FactTally()
    var stale = FactTally()
    /// Keys of which the server did not tell a fact.
    var untold = FactTally()
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
  var next: KeyIndex?
  /// Which names each of the two is about, and whether it had to leave some out.
  private var scope = IndexScope()
  private var nextScope = IndexScope()
  private var isFull = false
  private var isNextFull = false
  private var hasOthers = false
  /// What the server was asked for apart from the scan.
  private var found = NameCounter()
  /// Where the sweep stands.
  var cursor = SweepCursor()
  var version = 0
  /// Names of this version need no gathering.
  var gatheredVersion = 0
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
      keys: index.count, scannedKeys: next?.count ?? index.count, isFull: next == nil ? isFull : isNextFull,
      hasOthers: hasOthers, residentBytes: index.residentBytes + (next?.residentBytes ?? 0), known: index.known,
      stale: index.stale, untold: index.untold, version: version,
      expiryVersion: expiryVersion + index.loggedDeadlines, expiryKnown: expiry?.order.known ?? 0)
  }

  /// Forgets everything: another database.
  func reset(_ scope: IndexScope, generation: Int) -> Status {
    self.generation = generation
    (self.scope, isFull, isNextFull, hasOthers, found) = (scope, false, false, false, NameCounter())
    expiryVersion += index.loggedDeadlines
    index = KeyIndex()
    next = nil
    expiry = nil
    version += 1
    gatheredVersion = version
    return status
  }

  /// Begins the second generation, or begins it again.
  func beginRescan(_ scope: IndexScope, generation: Int) -> Status {
    guard generation == self.generation else { return status }
    next = KeyIndex()
    (nextScope, isNextFull) = (scope, false)
    return status
  }

  /// Throws the second generation away.
  func endRescan(generation: Int) -> Status {
    if generation == self.generation { next = nil }
    return status
  }

  /// Begins to count what the server is asked for apart.
  func beginSearch(generation: Int) {
    guard generation == self.generation else { return }
    found = NameCounter()
  }

  /// Adds the names of a SCAN reply (its second element), as far as there is room.
  func insert(_ names: ReplyView, generation: Int) -> Status {
    guard generation == self.generation, names.count > 0 else { return status }
    insert(Self.page(of: names))
    return status
  }

  func insert(_ page: NamePage) {
    whileLending {
      if next != nil {
        if next?.insert(page, upTo: nextScope.limit) == true { isNextFull = true }
      } else {
        if index.insert(page, upTo: scope.limit) { isFull = true }
        version += 1
      }
    }
  }

  /// Adds the names of a SCAN reply that the user has asked for apart, of which there may be a quarter more.
  ///
  /// - Returns: also how many such names there were so far, and whether some were left out now.
  func insertFound(_ names: ReplyView, generation: Int) -> (status: Status, found: Int, isFull: Bool) {
    guard generation == self.generation, names.count > 0 else { return (status, found.count, false) }
    let page = Self.page(of: names)
    found.add(page)
    let before = index.count
    let isFull = whileLending {
      _ = next?.insert(page, upTo: nextScope.widerLimit)
      return index.insert(page, upTo: scope.widerLimit)
    }
    if index.count != before {
      version += 1
      hasOthers = hasOthers || scope.pattern != nil && !page.names.allSatisfy { scope.isAbout($0) }
    }
    return (status, found.count, isFull)
  }

  private static func page(of names: ReplyView) -> NamePage {
    var page = NamePage()
    page.reserve(names: names.count, bytes: names.count * 32)
    names.withEachChildBytes { name in
      _ = unsafe name.withUnsafeBytes { unsafe page.append($0) }
    }
    return page
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
    if expiry != nil || !cursor.target.facts.isEmpty { finished.adoptFacts(of: index) }
    takeInDeadlines()
    index = finished
    (scope, isFull, hasOthers) = (nextScope, isNextFull, false)
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
    var isNew = false
    // The user has asked for these himself.
    if addsNew { isNew = !add(there.map(\.name), isAsked: true).isEmpty }
    let seconds = MonotonicClock.seconds()
    for fact in there {
      let values = FactValues(
        type: fact.type.value.flatMap { $0 }, deadline: fact.deadline.value ?? .unknown, size: fact.size.value,
        usedAt: fact.idleSeconds.value.map { Int(seconds) - $0 })
      index.record(fact.name, values, at: seconds)
      next?.record(fact.name, values, at: seconds)
    }
    if showsFacts || isNew { version += 1 }
    return status
  }

  /// Adds names of keys that are there, where it is about them and there is room.
  ///
  /// - Returns: those that the index did not have.
  private func add(_ names: [KeyName], isAsked: Bool) -> [KeyName] {
    func add(_ name: KeyName, to index: inout KeyIndex, _ scope: IndexScope, _ isFull: inout Bool) -> Bool {
      guard scope.isAbout(name) else { return false }
      let hasRoom = index.count < (isAsked ? scope.widerLimit : scope.limit)
      if hasRoom { index.insert([name]) } else { isFull = true }
      return hasRoom
    }
    return names.filter { name in
      guard !index.contains(name) else { return false }
      if var second = next {
        next = nil
        _ = add(name, to: &second, nextScope, &isNextFull)
        next = second
      }
      return add(name, to: &index, scope, &isFull)
    }
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
    let appeared = add(facts.filter { $0.type.value.flatMap { $0 } != nil }.map(\.name), isAsked: false)
    if !appeared.isEmpty { version += 1 }
    let vanished = facts.filter { fact in
      fact.isGone && (index.contains(fact.name) || next?.contains(fact.name) == true)
    }.map(\.name)
    return (learn(facts, addsNew: false, showsFacts: showsFacts, generation: generation), appeared, vanished)
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

  /// Adds names and tells which of them were not there before, in their order: for `keyglass ls`.
  func insertNew(_ names: [KeyName]) -> [KeyName] {
    var page: Set<KeyName> = []
    let new = names.filter { !index.contains($0) && page.insert($0).inserted }
    index.insert(NamePage(new))
    return new
  }
}
