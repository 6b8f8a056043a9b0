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
  private static let small = Extent(steps: 160, names: 300, page: 80)
  /// More names than a block, so that runs have several, and are folded.
  private static let big = Extent(steps: 120, names: 90_000, page: 6_000)

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
    for step in 0..<Self.big.steps {
      run.step()
      if step % 40 == 39 { run.check() }
    }
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

  init(_ shape: NamePool.Shape, seed: UInt64, names: Int, page: Int) {
    self.shape = shape
    self.seed = seed
    self.page = page
    random = Seeded(seed &* 1_000 &+ UInt64(NamePool.Shape.allCases.firstIndex(of: shape) ?? 0))
    pool = NamePool(shape, count: names, &random)
  }

  private var comment: Comment { "\(shape), seed \(seed), step \(steps)" }

  // MARK: - What happens

  mutating func step() {
    steps += 1
    let names = pool.pick(Int.random(in: 0...page, using: &random), &random)
    switch Int.random(in: 0..<24, using: &random) {
    case 0..<7: insertPage(names)
    case 7: insert(Array(names.prefix(5)))
    case 8, 9: remove(names + [pool.neighbour(&random)])
    case 10: remove(Array(names.prefix(3)))
    case 11, 12, 13: record(names)
    case 14: unlearn(Array(names.prefix(20)))
    case 15: index.gather()
    case 16: index.condense()
    case 17: index.settle()
    case 18: if Int.random(in: 0..<8, using: &random) == 0 { forgetFacts() }
    case 19: if copies.count < 4 { copies.append((index, model)) }
    case 20: if next == nil { next = (KeyIndex(), Model()) }
    case 21: if Int.random(in: 0..<3, using: &random) == 0 { finishRescan() }
    default: insertPage(names + names.reversed())
    }
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

  private mutating func insert(_ names: [KeyName]) {
    index.insert(names)
    model.insert(names)
    next?.index.insert(names)
    next?.model.insert(names)
  }

  private mutating func remove(_ names: [KeyName]) {
    index.remove(names)
    model.remove(names)
    next?.index.remove(names)
    next?.model.remove(names)
  }

  private mutating func record(_ names: [KeyName]) {
    let facts = names.map { name in
      let type = Int.random(in: 0..<4, using: &random) == 0 ? nil : random.pick(KeyIndexTests.types)
      return (name, type, KeyIndexTests.randomDeadline(&random))
    }
    index.record(facts)
    model.record(facts)
    next?.index.record(facts)
    next?.model.record(facts)
  }

  private mutating func unlearn(_ names: [KeyName]) {
    index.unlearn(names)
    model.unlearn(names)
    next?.index.unlearn(names)
    next?.model.unlearn(names)
  }

  private mutating func forgetFacts() {
    index.forgetFacts()
    model.unlearn(Array(model.keys.keys))
  }

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
      let (facts, expected) = (index.facts(of: name), model.keys[name])
      guard index.contains(name) == (expected != nil), facts.type == expected?.type,
        facts.deadline == expected?.deadline ?? .unknown
      else {
        Issue.record("\(name.bytes) is \(facts), not \(String(describing: expected)): \(comment)")
        return
      }
    }
    for _ in 0..<3 {
      let query = query(model)
      checkRows(RowList(index: index, query: query), model.rows(query), query, model)
    }
    checkNames(index, model)
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
    guard list.count == rows.count else {
      Issue.record("\(list.count) rows, not \(rows.count): \(query), \(comment)")
      return
    }
    for (place, row) in rows.enumerated() where list[place] != row {
      Issue.record("row \(place) is \(list[place]), not \(row): \(query), \(comment)")
      return
    }
    // All of a small list, some of a big one.
    let step = max(1, rows.count / 300)
    for place in stride(from: 0, to: rows.count, by: step) {
      guard list.position(of: rows[place].id) == place, list.position(atOrAfter: rows[place].id) == place else {
        Issue.record("\(rows[place]) is not found in row \(place): \(query), \(comment)")
        return
      }
    }
    for name in pool.pick(10, &random) + [pool.neighbour(&random)] {
      let id = RowID.key(name)
      let there = rows.firstIndex { $0.id == id }
      #expect(list.position(of: id) == there, comment)
      let hiding = rows.firstIndex { $0.id.isFolder && !$0.isExpanded && name.hasPrefix($0.id.name) }
      let after = rows.firstIndex { $0.id > id } ?? max(0, rows.count - 1)
      #expect(list.position(atOrAfter: id) == there ?? hiding ?? after, "\(name.bytes) \(query), \(comment)")
      checkPrefix(KeyName(name.bytes.prefix(Int.random(in: 0...8, using: &random))), list, selected)
    }
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
    #expect(part.isPartial || part.count == names.count, comment)
    guard part.isPartial else { return }
    #expect(part.count >= names.count / 2, comment)
  }
}
