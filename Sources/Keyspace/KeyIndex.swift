import CPlatform

/// What is known of one database's key names: sorted runs that are shared, never changed in place, so that a copy is
/// a snapshot and costs next to nothing.
///
/// Names come in pages, in any order and possibly repeated (SCAN does both). They wait unsorted until 65,536 of them
/// are sorted into a run; 16 such runs are merged into one, and 16 of those into the main run. So a name takes part in
/// one sorting and two or three merges. Lists, facts and ``settle()`` want fewer runs and no waiting names:
/// ``gather()`` and ``condense()`` see to that.
/// All costs are amortised: a single `insert` may take as long as copying the whole index, so insert on a worker.
/// A name stands in at most one place, therefore every count is exact at any time.
package struct KeyIndex: Sendable {
  /// Nearly everything.
  private(set) var main = IndexRun()
  /// What came since the last big merge.
  private(set) var recent: [IndexRun] = []
  /// What came last, in no order.
  private(set) var pending = PendingNames()
  private(set) var codes = TypeCodes()
  /// Changes of deadlines; nil: nobody wants to know.
  private var log: DeadlineLog?
  /// All names, while pages are coming in.
  private var sketch: NameSketch?

  /// So many names of a page are looked at together.
  private static let portion = 1024
  /// So many runs of like size are merged into one.
  private static let fanIn = 16
  /// Recent names are not merged into the main run below this.
  private static let smallestFold = 65_536
  /// Making the sketch costs as much as searching the index for so small a part of its names.
  private static let sketchedPart = 64
  /// The sketch has room for so many names at least (2 MB).
  private static let smallestSketch = 1 << 20

  package init() {}

  private var waiting: Int { recent.reduce(pending.count) { $0 + $1.live } }

  /// The keys of the index: each counted once, those that are gone not counted.
  package var count: Int { main.live + waiting }

  /// Keys of which each fact is known.
  package var known: FactTally { recent.reduce(into: main.known) { $0 += $1.known } }

  /// Bytes held in memory, shared or not.
  package var residentBytes: Int {
    recent.reduce(main.residentBytes) { $0 + $1.residentBytes } + pending.residentBytes + (sketch?.residentBytes ?? 0)
  }

  package func contains(_ name: KeyName) -> Bool { location(of: name) != nil || isPending(name) }

  /// Adds the names of one SCAN reply. Names that are there already keep what is known of them.
  package mutating func insert(_ page: NamePage) {
    prepareSketch(for: page.count)
    for start in stride(from: 0, to: page.count, by: Self.portion) {
      insert(page, start..<min(start + Self.portion, page.count))
    }
  }

  /// Names between those that may be there already are taken in together.
  private mutating func insert(_ page: NamePage, _ names: Range<Int>) {
    if !pending.hasRoom(bytes: page.bytes(of: names).count) { flush() }
    let hashes = page.hashes(of: names)
    var first = 0
    for place in sketch?.insert(hashes) ?? Array(hashes.indices) {
      pending.append(page, from: names.lowerBound, hashes, first..<place)
      let isThere = unsafe page.withName(at: names.lowerBound + place) { name in
        unsafe pending.contains(name, hash: hashes[place]) || location(of: name) != nil
      }
      first = isThere ? place + 1 : place
    }
    pending.append(page, from: names.lowerBound, hashes, first..<hashes.count)
  }

  /// Adds names learned otherwise: by following new keys, or because the user created one.
  package mutating func insert(_ names: [KeyName]) {
    insert(NamePage(names))
  }

  /// Takes names out (deleted or expired), with what was known of them. Names that are not there are ignored.
  package mutating func remove(_ names: [KeyName]) {
    for name in names {
      guard let location = sortedLocation(of: name) else { continue }
      change(logging: location, isGone: true) { $0.markGone($1) }
    }
    recent.removeAll { $0.blocks.isEmpty }
  }

  /// Merges everything into one run: at the end of a scan. The time of copying all names; memory does not double
  /// unless a list or a copy still holds the runs.
  package mutating func settle() {
    sketch = nil
    flush()
    pending = PendingNames()
    guard !recent.isEmpty else { return }
    fold()
    // The merges leave holes that malloc keeps; worth the milliseconds only where there are many.
    if count >= 1_000_000 { kg_memory_release_free() }
  }

  /// Makes one run of the recent names, and merges that into the main one once it is a quarter as big: what a list
  /// needs, which would else do it for itself each time.
  package mutating func gather() {
    flush()
    if waiting > max(Self.smallestFold, main.live / 4) {
      fold()
    } else if recent.count > 1 {
      mergeRecent(from: 0)
    }
  }

  /// Names that ``gather()`` would have to sort or merge, and those that it would merge them with.
  package var gatheringCost: Int {
    guard !isGathered else { return 0 }
    return waiting > max(Self.smallestFold, main.live / 4) ? waiting + main.live : waiting
  }

  /// No name waits, and there are no more runs than a list can be made of.
  var isGathered: Bool { pending.isEmpty && recent.count <= 1 }

  /// What lists can be made of without merging anything: all names that were there at the last ``gather()``, and some of
  /// those that came since. Costs nothing, and keeps none of what grows in place, so that inserting names goes on as
  /// fast beside it; what is learned of keys is copied by the block as long as it is held.
  package func gathered() -> KeyIndex {
    var part = KeyIndex()
    part.main = main
    part.recent = Array(recent.prefix(1))
    part.codes = codes
    return part
  }

  /// Leaves few runs to search, each less than half as big as the one before it: before many single names are sought.
  package mutating func condense() {
    flush()
    while let last = recent.last, recent.count >= 2, recent[recent.count - 2].live <= 2 * last.live {
      mergeRecent(from: recent.count - 2)
    }
    if waiting > max(Self.smallestFold, main.live / 4) { fold() }
  }

  // MARK: - Runs

  /// Sorts the pending names into a run.
  private mutating func flush() {
    guard !pending.isEmpty else { return }
    recent.append(unsafe NameSorter.run(of: pending))
    pending.removeAll()
    let small = recent.reversed().prefix { $0.live < Self.fanIn * PendingNames.capacity / 2 }.count
    if small >= Self.fanIn { mergeRecent(from: recent.count - small) }
    if recent.count >= 2 * Self.fanIn { fold() }
  }

  private mutating func mergeRecent(from first: Int) {
    let runs = Array(recent[first...])
    recent.removeSubrange(first...)
    recent.append(IndexRun.merging(consume runs))
  }

  private mutating func fold() {
    var runs: [IndexRun] = []
    swap(&runs, &recent)
    var big = IndexRun()
    swap(&big, &main)
    let small = IndexRun.merging(consume runs)
    main = IndexRun.merging(consume big, consume small)
  }

  /// Makes the sketch, or a bigger one, from all names that are there. Pending names need none.
  private mutating func prepareSketch(for more: Int) {
    let needed = count + more
    if let sketch {
      if needed <= sketch.capacity { return }
    } else if needed <= PendingNames.capacity || (waiting + more) * Self.sketchedPart < count {
      return
    }
    var bigger = NameSketch(capacity: max(Self.smallestSketch, needed * 4))
    for run in [main] + recent {
      for block in run.blocks {
        bigger.insert(
          unsafe block.names.withNames { names in
            unsafe (0..<names.count).map { unsafe nameHash(names[$0]) }
          })
      }
    }
    bigger.insert((0..<pending.count).map { unsafe pending.withName(at: $0) { unsafe nameHash($0) } })
    sketch = bigger
  }

  // MARK: - Places

  /// Where a living name stands; run −1 is the main run.
  struct Location {
    var run: Int
    var place: Place
  }

  func location(of name: KeyName) -> Location? {
    unsafe name.bytes.withUnsafeBufferPointer { unsafe location(of: $0) }
  }

  private func location(of name: UnsafeBufferPointer<UInt8>) -> Location? {
    if let place = unsafe main.place(of: name) { return Location(run: -1, place: place) }
    for (i, run) in recent.enumerated() {
      if let place = unsafe run.place(of: name) { return Location(run: i, place: place) }
    }
    return nil
  }

  private func isPending(_ name: KeyName) -> Bool {
    unsafe name.bytes.withUnsafeBufferPointer { unsafe pending.contains($0, hash: nameHash($0)) }
  }

  /// Where a living name stands, which is sorted in for that where necessary.
  mutating func sortedLocation(of name: KeyName) -> Location? {
    if let location = location(of: name) { return location }
    guard isPending(name) else { return nil }
    flush()
    return location(of: name)
  }

  func block(at location: Location) -> IndexBlock {
    let run = location.run < 0 ? main : recent[location.run]
    return run.blocks[location.place.block]
  }

  /// Changes the block of a location in place; the body gets the block and the index in it.
  mutating func change(_ location: Location, _ body: (inout IndexBlock, Int) -> Void) {
    let place = location.place
    if location.run < 0 {
      main.change(block: place.block) { body(&$0, place.index) }
    } else {
      recent[location.run].change(block: place.block) { body(&$0, place.index) }
    }
  }

  /// The type's code in the fact columns, a new one for a module's type that was not met before.
  mutating func noteCode(for type: KeyType) -> UInt8 { codes.code(for: type) }

  /// Changes every block in place.
  mutating func changeAllBlocks(_ body: (inout IndexBlock) -> Void) {
    main.changeAll(body)
    for run in recent.indices { recent[run].changeAll(body) }
  }

  /// Takes the changes that were logged, to be added to or read; ``keep(_:)`` gives them back.
  mutating func takeLog() -> DeadlineLog? {
    defer { log = nil }
    return log
  }

  mutating func keep(_ log: DeadlineLog?) { self.log = log }

  /// Changes of deadlines that wait for ``update(_:)``.
  package var loggedDeadlines: Int { log?.count ?? 0 }

  /// Takes codes that were added to a copy.
  mutating func keep(_ codes: TypeCodes) { self.codes = codes }

  /// Lets go of runs whose last key went.
  mutating func dropEmptyRuns() {
    if recent.contains(where: \.blocks.isEmpty) { recent.removeAll { $0.blocks.isEmpty } }
  }
}
