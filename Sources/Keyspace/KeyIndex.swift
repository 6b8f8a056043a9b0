import CPlatform

/// What is known of one database's key names: sorted runs that are shared, never changed in place, so that a copy is
/// a snapshot and costs next to nothing.
///
/// Names come in pages, in any order and possibly repeated (SCAN does both). A page is sorted into a small run; runs of
/// like size are merged; once the recent ones hold a quarter as many names as the main run, they are merged into it.
/// A name so takes part in about 12 small merges and 5 big ones, 28 bytes plus its own bytes are moved each time.
/// All costs are amortised: a single `insert` may take as long as copying the whole index, so insert on a worker.
/// A name lives in at most one run, therefore every count is exact at any time.
package struct KeyIndex: Sendable {
  /// Nearly everything.
  private(set) var main = IndexRun()
  /// What came since the last big merge, each run less than half as big as the one before it.
  private(set) var recent: [IndexRun] = []
  private(set) var codes = TypeCodes()
  /// All names, while pages are coming in.
  private var sketch: NameSketch?

  /// Recent names are not merged into the main run below this.
  private static let smallestFold = 65_536
  /// Making the sketch costs as much as searching the index for so small a part of its names.
  private static let sketchedPart = 64

  package init() {}

  /// The keys of the index: each counted once, those that are gone not counted.
  package var count: Int { recent.reduce(main.live) { $0 + $1.live } }

  /// Keys of which type and deadline are known.
  package var knownFacts: Int { recent.reduce(main.known) { $0 + $1.known } }

  /// Bytes held in memory, shared or not.
  package var residentBytes: Int {
    recent.reduce(main.residentBytes) { $0 + $1.residentBytes } + (sketch?.residentBytes ?? 0)
  }

  package func contains(_ name: KeyName) -> Bool { location(of: name) != nil }

  /// Adds the names of one SCAN reply. Names that are there already keep what is known of them.
  package mutating func insert(_ page: NamePage) {
    let fresh = recent.reduce(page.count) { $0 + $1.live }
    if sketch != nil || fresh * Self.sketchedPart >= count { prepareSketch(for: page.count) }
    let run = unsafe page.run { name in
      let mayBeThere = unsafe sketch?.insert(name) ?? true
      return unsafe !mayBeThere || location(of: name) == nil
    }
    if run.live > 0 { add(run) }
  }

  /// Adds names learned otherwise: by following new keys, or because the user created one.
  package mutating func insert(_ names: [KeyName]) {
    insert(NamePage(names))
  }

  /// Takes names out (deleted or expired), with what was known of them. Names that are not there are ignored.
  package mutating func remove(_ names: [KeyName]) {
    for name in names {
      guard let location = location(of: name) else { continue }
      change(location) { $0.markGone($1) }
    }
    recent.removeAll { $0.blocks.isEmpty }
  }

  /// Merges everything into one run: at the end of a scan. The time of copying all names; memory does not double
  /// unless a list or a copy still holds the runs.
  package mutating func settle() {
    sketch = nil
    guard !recent.isEmpty else { return }
    fold()
    // The merges leave holes that malloc keeps; worth the milliseconds only where there are many.
    if count >= 1_000_000 { kg_memory_release_free() }
  }

  // MARK: - Runs

  private mutating func add(_ run: IndexRun) {
    recent.append(run)
    while let last = recent.last, recent.count >= 2, recent[recent.count - 2].live <= 2 * last.live {
      let right = recent.removeLast()
      let left = recent.removeLast()
      recent.append(IndexRun.merging(left, right))
    }
    let waiting = recent.reduce(0) { $0 + $1.live }
    if waiting > max(Self.smallestFold, main.live / 4) { fold() }
  }

  private mutating func fold() {
    var runs: [IndexRun] = []
    swap(&runs, &recent)
    var big = IndexRun()
    swap(&big, &main)
    let small = IndexRun.merging(consume runs)
    main = IndexRun.merging(consume big, consume small)
  }

  /// Makes the sketch, or a bigger one, from all names that are there.
  private mutating func prepareSketch(for more: Int) {
    let needed = count + more
    if let sketch, needed <= sketch.capacity { return }
    var bigger = NameSketch(capacity: needed * 2)
    for run in [main] + recent {
      for block in run.blocks {
        unsafe block.names.withNames { names in
          for i in unsafe 0..<names.count { _ = unsafe bigger.insert(names[i]) }
        }
      }
    }
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
}
