import Keyspace
import TestSupport
import Testing

/// Whatever happens to an index, it shows what a dictionary would.
@Suite struct IndexPropertyTests {
  /// How many operations on how many names, and how many names an operation takes at most.
  private struct Extent: CustomTestStringConvertible {
    let steps: Int
    let names: Int
    let page: Int

    var testDescription: String { "\(steps) steps with \(names) names" }
  }

  private static let seeds = Campaign.isOn ? 1...12 as ClosedRange<UInt64> : 1...2
  private static let small = Extent(steps: 96, names: 300, page: 80)
  /// More names than a block, so that runs have several, and are folded.
  private static let big = Extent(steps: 40, names: 90_000, page: 6_000)

  @Test(arguments: NamePool.Shape.allCases, seeds)
  func likeTheModel(_ shape: NamePool.Shape, seed: UInt64) {
    var run = Run(shape, seed: seed, names: Self.small.names, page: Self.small.page)
    for step in 0..<Self.small.steps {
      run.step()
      if step % 8 == 7 { run.check() }
    }
    run.finish()
  }

  @Test(.enabled(if: Campaign.isOn), arguments: NamePool.Shape.allCases)
  func likeTheModelWithManyBlocks(_ shape: NamePool.Shape) {
    var run = Run(shape, seed: 99, names: Self.big.names, page: Self.big.page)
    run.insertAll()
    for _ in 0..<Self.big.steps { run.step() }
    run.finish()
  }
}

/// An index and a model to which the same things happen.
private struct Run {
  private let shape: NamePool.Shape
  private let seed: UInt64
  private let page: Int
  private var random: Seeded
  private let pool: NamePool
  private var index = KeyIndex()
  private var model = Model()
  /// A second generation while there is one (`R`).
  private var next: (index: KeyIndex, model: Model)?
  /// Copies that are to stay as they were.
  private var copies: [(index: KeyIndex, model: Model)] = []
  private var steps = 0

  /// No two of modules: those are ordered as the index met them.
  private static let types = Array(KeyIndexTests.types.dropLast())
  /// When everything was read.
  private static let readAt: Int32 = 100

  init(_ shape: NamePool.Shape, seed: UInt64, names: Int, page: Int) {
    self.shape = shape
    self.seed = seed
    self.page = page
    random = Seeded(seed &* 1_000 &+ UInt64(NamePool.Shape.allCases.firstIndex(of: shape) ?? 0))
    pool = NamePool(shape, count: names, &random)
  }

  private var comment: Comment { "\(shape), seed \(seed), step \(steps)" }

  // MARK: - What happens

  mutating func insertAll() {
    for start in stride(from: 0, to: pool.names.count, by: 1_000) {
      insertPage(Array(pool.names[start..<min(start + 1_000, pool.names.count)]))
    }
  }

  mutating func step() {
    steps += 1
    let names = pool.pick(Int.random(in: 0...page, using: &random), &random)
    switch Int.random(in: 0..<26, using: &random) {
    case 0..<6: insertPage(names)
    case 6: insertPage(names + names.reversed())
    case 7:
      change {
        $0.insert(Array(names.prefix(5)))
      } model: {
        $0.insert(Array(names.prefix(5)))
      }
    case 8, 9, 10: remove(names.prefix(random.pick([3, names.count])) + [pool.neighbour(&random)])
    case 11, 12, 13: for name in names { record(name) }
    case 14:
      change {
        $0.unlearn(Array(names.prefix(20)))
      } model: {
        $0.unlearn(Array(names.prefix(20)))
      }
    case 15: index.gather()
    case 16: index.condense()
    case 17: index.settle()
    case 18: if Int.random(in: 0..<8, using: &random) == 0 { forgetFacts() }
    case 19: if copies.count < 4 { copies.append((index, model)) }
    case 20: if next == nil { next = (KeyIndex(), Model()) }
    case 21: if Int.random(in: 0..<3, using: &random) == 0 { finishRescan() }
    case 22: markStale()
    default: sweep()
    }
  }

  /// Something that concerns both generations.
  private mutating func change(_ body: (inout KeyIndex) -> Void, model change: (inout Model) -> Void) {
    body(&index)
    change(&model)
    guard var both = next else { return }
    next = nil
    body(&both.index)
    change(&both.model)
    next = both
  }

  /// A page of SCAN: it is the second generation's while there is one.
  private mutating func insertPage(_ names: [KeyName]) {
    if next == nil {
      index.insert(NamePage(names))
      model.insert(names)
    } else {
      next?.index.insert(NamePage(names))
      next?.model.insert(names)
    }
  }

  private mutating func remove(_ names: [KeyName]) {
    change {
      $0.remove(names)
    } model: {
      $0.remove(names)
    }
  }

  private mutating func record(_ name: KeyName) {
    let values = values()
    change {
      $0.record(name, values, at: Self.readAt)
    } model: {
      $0.record(name, values)
    }
  }

  /// What a server may tell of a key: some of it, or nothing.
  private mutating func values() -> FactValues {
    var values = FactValues()
    if Int.random(in: 0..<4, using: &random) > 0 { values.type = random.pick(Self.types) }
    if Int.random(in: 0..<4, using: &random) > 0 { values.deadline = KeyIndexTests.randomDeadline(&random) }
    if Bool.random(using: &random) { values.size = Int.random(in: 0...100, using: &random) }
    if Bool.random(using: &random) { values.usedAt = Int.random(in: -9...9, using: &random) }
    return values
  }

  private mutating func forgetFacts() {
    index.forgetFacts()
    model.unlearn(Array(model.keys.keys))
  }

  private mutating func markStale() {
    let facts = facts()
    index.markStale(facts, readBefore: Self.readAt)
    index.markStale(facts, readBefore: Self.readAt + 1)
    model.markStale(facts)
  }

  private mutating func facts() -> FactSet { FactSet(rawValue: UInt8.random(in: 1...15, using: &random)) }

  /// The second generation takes the place of the first, and sometimes what that knew.
  private mutating func finishRescan() {
    guard var (index, model) = next else { return }
    next = nil
    index.settle()
    if Bool.random(using: &random) {
      index.adoptFacts(of: self.index)
      model.adopt(self.model)
    }
    (self.index, self.model) = (index, model)
  }

  // MARK: - Sweeps

  /// A pass over what is to be read, during which other things may happen.
  private mutating func sweep() {
    var scope = KeyScope()
    if Int.random(in: 0..<3, using: &random) == 0 { scope.prefix = Array(pool.pick(&random).bytes.prefix(3)) }
    if Int.random(in: 0..<3, using: &random) == 0 { scope.filter = FilterCase.random(pool, &random).filter }
    let target = SweepTarget(scope: scope, facts: facts())
    let isCalm = Bool.random(using: &random)
    index.condense()
    let inScope = model.keys.filter { scope.contains($0.key) }
    let counts = index.sweepCount(target)
    #expect(counts.keys == inScope.count, comment)
    #expect(counts.known == inScope.count { !$0.value.needsReading(target.facts) }, comment)
    var cursor = SweepCursor(target)
    var asked: Set<KeyName> = []
    let limit = Int.random(in: 1...max(60, page / 4), using: &random)
    while let keys = index.unknownKeys(at: &cursor, limit: limit) {
      let names = (0..<keys.count).map { keys[$0] }
      for name in names {
        guard scope.contains(name), model.keys[name]?.needsReading(target.facts) == true,
          asked.insert(name).inserted || !isCalm
        else {
          Issue.record("\(name.bytes) is asked for, of which \(String(describing: model.keys[name])): \(comment)")
          return
        }
      }
      if !isCalm, Int.random(in: 0..<3, using: &random) == 0 { disturb(names) }
      answer(keys, names, isCalm: isCalm)
    }
    guard isCalm else { return }
    let open = model.keys.filter { scope.contains($0.key) && $0.value.needsReading(target.facts) }
    #expect(open.isEmpty, comment)
  }

  private mutating func answer(_ keys: UnknownKeys, _ names: [KeyName], isCalm: Bool) {
    let answers: [SweptKey] = names.map { _ in
      switch Int.random(in: 0..<8, using: &random) {
      case 0: .unknown
      case 1: isCalm ? .unknown : .gone
      default: .known(values().only(keys.facts))
      }
    }
    change {
      $0.record(answers, of: keys, at: Self.readAt)
    } model: {
      $0.record(answers, of: names, asking: keys.facts)
    }
  }

  /// Something between a question and its answer.
  private mutating func disturb(_ names: [KeyName]) {
    let others = pool.pick(20, &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: insertPage(others)
    case 1: remove(Array(names.prefix(2)))
    case 2: index.settle()
    case 3: for name in names.prefix(3) + others.prefix(3) { record(name) }
    default:
      remove(Array(names.suffix(2)))
      insertPage(Array(names.suffix(1)))
    }
  }

  mutating func finish() {
    finishRescan()
    check()
    index.settle()
    check()
    for copy in copies { check(copy.index, copy.model) }
  }

  // MARK: - What it has to be like

  mutating func check() {
    check(index, model)
    if let next { check(next.index, next.model) }
  }

  private mutating func check(_ index: KeyIndex, _ model: Model) {
    #expect(index.count == model.keys.count, comment)
    for name in pool.pick(40, &random) + [pool.neighbour(&random)] {
      let (values, expected) = (index.values(of: name), model.keys[name])
      guard index.contains(name) == (expected != nil), values == expected?.values ?? FactValues() else {
        Issue.record("\(name.bytes) is \(values), not \(String(describing: expected)): \(comment)")
        return
      }
    }
    for fact in FactSet.each {
      #expect(index.known[fact] == model.keys.count { $0.value.known.contains(fact) }, comment)
      #expect(index.stale[fact] == model.keys.count { $0.value.stale.contains(fact) }, comment)
      #expect(index.untold[fact] == model.keys.count { $0.value.untold.contains(fact) }, comment)
    }
    for _ in 0..<3 {
      let query = query(model)
      checkRows(RowList(index: index, query: query), model.rows(query), query, model)
    }
    checkNames(index, model)
    checkFolder(index, model)
  }

  private mutating func query(_ model: Model) -> ListQuery {
    let separator = random.pick([":", "::", "→", "a", "", "/", "tail:"])
    var query = ListQuery(layout: random.pick([.tree, .tree, .flat]), separator: Array(separator.utf8))
    if Int.random(in: 0..<3, using: &random) > 0 {
      let filter = FilterCase.random(pool, &random)
      for name in pool.pick(40, &random) {
        #expect(filter.filter.matches(name) == filter.picks(name.bytes), "\(filter.text) \(name.bytes), \(comment)")
      }
      query.filter = filter.filter
    }
    if Int.random(in: 0..<4, using: &random) == 0 { query.kind = random.pick(KeyIndexTests.types) }
    query.serverTime = 1_000_000_000_000
    query.expiry = random.pick([
      .any, .any, .any, .persistent, .volatile, .impossible, .ttl(.left(below: 500_000_000_000)),
      .ttl(.left(above: -200_000_000_000, below: 800_000_000_000)),
    ])
    if Bool.random(using: &random) { query.sort = random.pick(SortTests.sorts) }
    guard query.layout == .tree else { return query }
    // Opens level after level, some folders of each, of few where there are many.
    for _ in 0..<4 {
      let folders = model.rows(query).filter { $0.id.isFolder && !$0.isExpanded }
      guard !folders.isEmpty else { break }
      for _ in 0..<min(8, folders.count) { query.expanded.insert(random.pick(folders).id.name) }
    }
    query.expanded.formUnion([pool.neighbour(&random), KeyName("nothing:")])
    return query
  }

  private mutating func checkRows(_ list: RowList, _ rows: [Row], _ query: ListQuery, _ model: Model) {
    let (selected, unknown) = model.selected(query)
    #expect(list.matchedKeys == selected.count, comment)
    #expect(list.unknownKeys == unknown, comment)
    #expect(list.totalKeys == model.keys.count, comment)
    #expect(list.unsortedKeys == selected.count { model.rank(of: $0, query.sort.key) == nil }, comment)
    guard list.count == rows.count else {
      Issue.record("\(list.count) rows, not \(rows.count): \(query), \(comment)")
      return
    }
    for (place, row) in rows.enumerated() where list[place] != row {
      Issue.record("row \(place) is \(list[place]), not \(row): \(query), \(comment)")
      return
    }
    // All of a small list, some of a big one.
    for place in stride(from: 0, to: rows.count, by: max(1, rows.count / 300)) {
      let id = rows[place].id
      guard list.position(of: id) == place, list.position(atOrAfter: id, from: 0) == place else {
        Issue.record("\(rows[place]) is not found in row \(place): \(query), \(comment)")
        return
      }
    }
    for name in pool.pick(10, &random) + [pool.neighbour(&random)] {
      checkPlace(of: name, list, rows, query)
      checkPrefix(KeyName(name.bytes.prefix(Int.random(in: 0...8, using: &random))), list, selected)
    }
  }

  /// Where the cursor goes that was on a key, or was in row 1.
  private func checkPlace(of name: KeyName, _ list: RowList, _ rows: [Row], _ query: ListQuery) {
    let id = RowID.key(name)
    let there = rows.firstIndex { $0.id == id }
    #expect(list.position(of: id) == there, comment)
    let hiding = rows.firstIndex { $0.id.isFolder && !$0.isExpanded && name.hasPrefix($0.id.name) }
    let after = query.sort.isByName ? rows.firstIndex { $0.id > id } ?? rows.count : 1
    #expect(
      list.position(atOrAfter: id, from: 1) == there ?? hiding ?? max(0, min(after, rows.count - 1)),
      "\(name.bytes) \(query), \(comment)")
  }

  private func checkPrefix(_ prefix: KeyName, _ list: RowList, _ selected: [KeyName]) {
    let under = selected.filter { $0.hasPrefix(prefix) }
    #expect(list.firstKeys(under: prefix, limit: 3) == Array(under.prefix(3)), comment)
    let (names, count) = list.keys(under: prefix, limit: 50)
    #expect(count == under.count, comment)
    #expect(names == (under.count <= 50 ? under : []), comment)
  }

  /// The flat list of everything, and of a part of it.
  private func checkNames(_ index: KeyIndex, _ model: Model) {
    let names = model.sorted
    let query = ListQuery(layout: .flat)
    let list = RowList(index: index, query: query)
    let isSame = list.count == names.count && names.indices.allSatisfy { list[$0].id.name == names[$0] }
    #expect(isSame, comment)
    let part = RowList(index: index, query: query, stopAfter: names.count / 2)
    let isPrefix = (0..<part.count).allSatisfy { part[$0].id.name == names[$0] }
    #expect(isPrefix && (part.isPartial || part.count == names.count), comment)
  }

  /// What is known of the keys of a folder.
  private mutating func checkFolder(_ index: KeyIndex, _ model: Model) {
    let prefix = KeyName(pool.pick(&random).bytes.prefix(Int.random(in: 0...9, using: &random)))
    let filter = Bool.random(using: &random) ? FilterCase.random(pool, &random).filter : nil
    var index = index
    index.gather()
    let facts = index.facts(under: prefix, filter: filter)
    let keys = model.keys.filter { $0.key.hasPrefix(prefix) && filter?.matches($0.key) ?? true }.map(\.value)
    #expect(facts.keys == keys.count, comment)
    #expect(facts.dated == keys.count { $0.deadline != .unknown }, comment)
    #expect(facts.persistent == keys.count { $0.deadline == .persistent }, comment)
    #expect(
      facts.soonest == keys.compactMap { if case .at(let time) = $0.deadline { time } else { nil } }.min(), comment)
    #expect(facts.sized == keys.count { $0.size != nil }, comment)
    #expect(facts.bytes == keys.reduce(0) { $0 + ($1.size ?? 0) }, comment)
    let types = Dictionary(uniqueKeysWithValues: facts.types.map { ($0.type, $0.keys) })
    #expect(types == Dictionary(keys.compactMap { $0.type }.map { ($0, 1) }, uniquingKeysWith: +), comment)
  }
}
