import Testing

@testable import Keyspace

/// Lists in other orders than that of the names, against sorting in the plainest way.
@Suite struct SortTests {
  private struct Sample {
    var index = KeyIndex()
    var values: [KeyName: FactValues] = [:]
    var random: Seeded

    init(seed: UInt64, keys: Int) {
      random = Seeded(seed)
      insert(keys)
      index.settle()
      learn()
      // Some lie in another run.
      insert(keys / 5)
      learn()
    }

    private mutating func insert(_ count: Int) {
      let names = (0..<count).map { _ in
        let depth = Int.random(in: 0...3, using: &random)
        let folders = (0..<depth).map { _ in random.pick(["a", "b", "cc", ""]) + ":" }.joined()
        return KeyName(folders + "\(Int.random(in: 0..<400, using: &random))")
      }
      index.insert(NamePage(names))
      for name in names where values[name] == nil { values[name] = FactValues() }
    }

    private mutating func learn() {
      for name in values.keys.sorted() where Int.random(in: 0..<3, using: &random) > 0 {
        var facts = FactValues()
        if Int.random(in: 0..<5, using: &random) > 0 { facts.type = random.pick([.string, .hash, .stream, .set]) }
        if Int.random(in: 0..<5, using: &random) > 0 {
          facts.deadline = random.pick([.persistent, .at(7), .at(Int64.random(in: 0..<1 << 40, using: &random))])
        }
        if Int.random(in: 0..<5, using: &random) > 0 { facts.size = Int.random(in: 0...5000, using: &random) }
        if Int.random(in: 0..<5, using: &random) > 0 { facts.usedAt = Int.random(in: -900...900, using: &random) }
        index.record(name, facts)
        var known = values[name] ?? FactValues()
        known.type = facts.type ?? known.type
        known.deadline = facts.deadline ?? known.deadline
        known.size = facts.size ?? known.size
        known.usedAt = facts.usedAt ?? known.usedAt
        values[name] = known
      }
    }

    var model: Model {
      var model = Model()
      model.insert(Array(values.keys))
      for (name, facts) in values { model.record(name, facts) }
      return model
    }
  }

  static let sorts = ListSort.Key.allCases.filter { $0 != .match }.flatMap {
    [ListSort($0), ListSort($0, isReversed: true)]
  }

  @Test(arguments: sorts, [ListQuery.Layout.flat, .tree])
  func rowsStandAsInAPlainSort(_ sort: ListSort, _ layout: ListQuery.Layout) throws {
    for seed in UInt64(1)...4 {
      let sample = Sample(seed: seed, keys: [0, 3, 60, 900][Int(seed) - 1])
      let model = sample.model
      for filter in [nil, NameFilter(text: Array("3".utf8))] {
        for expanded in [[], ["a:", "b:", "a:b:", "cc:", ":", "a:a:a:"], ["a:", "a:a:", "a:a:b:", "a::", "::"]] {
          var query = ListQuery(layout: layout, filter: filter, expanded: Set(expanded.map { KeyName($0) }))
          query.sort = sort
          let list = RowList(index: sample.index, query: query)
          let expected = model.rows(query)
          #expect((0..<list.count).map { list[$0] } == expected)
          for (row, wanted) in expected.enumerated() { #expect(list.position(of: wanted.id) == row) }
          let names = sample.values.keys.filter { filter?.matches($0) ?? true }
          #expect(list.unsortedKeys == names.count { model.rank(of: $0, sort.key) == nil })
          try checkHidden(list, names, sort)
        }
      }
    }
  }

  /// A key that has no row has the cursor go to the closed folder that hides it.
  private func checkHidden(_ list: RowList, _ names: [KeyName], _ sort: ListSort) throws {
    for name in names where list.position(of: .key(name)) == nil {
      let row = list.position(atOrAfter: .key(name), from: 0)
      #expect(list[row].id.isFolder && !list[row].isExpanded && name.hasPrefix(list[row].id.name))
    }
    if list.count > 1, !sort.isByName { #expect(list.position(atOrAfter: .key(KeyName("not there")), from: 1) == 1) }
  }

  /// A name in thousands of folders stops nothing: each look-up is one pass over the folders that begin with it.
  @Test func aNameMayLieInAnyNumberOfFolders() {
    let depth = 9_000
    var index = KeyIndex()
    let deep = KeyName(String(repeating: "a:", count: depth + 50) + "leaf")
    index.insert([deep, KeyName("b"), KeyName("a:b")])
    index.settle()
    let expanded = (1...depth).map { KeyName(Array(deep.bytes.prefix(2 * $0))) }
    var query = ListQuery(expanded: Set(expanded))
    query.sort = ListSort(.size)
    let list = RowList(index: index, query: query)
    #expect(list.count == depth + 3)
    for folder in [expanded[0], expanded[depth / 2], expanded[depth - 1]] {
      #expect(list.position(of: .folder(folder)).map { list[$0].id } == .folder(folder))
    }
    let hiding = list.position(atOrAfter: .key(deep), from: 0)
    #expect(list[hiding].id == .folder(KeyName(Array(deep.bytes.prefix(2 * depth + 2)))))
  }

  /// Sums that no number holds.
  @Test func anySizeMayBeTold() {
    var index = KeyIndex()
    index.insert((0..<9).map { KeyName("a:\($0)") } + [KeyName("b")])
    index.settle()
    for number in 0..<5 { index.record(KeyName("a:\(number)"), FactValues(size: .max)) }
    index.record(KeyName("b"), FactValues(size: 5))
    var query = ListQuery()
    query.sort = ListSort(.size)
    let list = RowList(index: index, query: query)
    #expect((0..<list.count).map { list[$0].id } == [.folder(KeyName("a:")), .key(KeyName("b"))])
  }

  @Test func manyEqualOnesAreByName() {
    var index = KeyIndex()
    let names = (0..<5000).map { KeyName("key:\($0)") }
    index.insert(NamePage(names))
    index.settle()
    for (number, name) in names.enumerated() { index.record(name, FactValues(size: number % 3)) }
    var query = ListQuery(layout: .flat)
    query.sort = ListSort(.size)
    let list = RowList(index: index, query: query)
    let listed = (0..<list.count).map { list[$0].id.name }
    let expected = [2, 1, 0].flatMap { size in
      names.enumerated().filter { $0.offset % 3 == size }.map(\.element).sorted()
    }
    #expect(listed == expected)
  }

  @Test(arguments: [nil, NameFilter(text: Array("3".utf8))])
  func foldersTellWhatIsKnownOfTheirKeys(_ filter: NameFilter?) {
    let sample = Sample(seed: 9, keys: 700)
    for prefix in ["", "a:", "a:b:", "cc:", ":", "none:", "a"].map({ KeyName($0) }) {
      let facts = sample.index.facts(under: prefix, filter: filter)
      let keys = sample.values.filter { $0.key.hasPrefix(prefix) && filter?.matches($0.key) ?? true }.map(\.value)
      #expect(facts.keys == keys.count)
      #expect(facts.dated == keys.count { $0.deadline != nil })
      #expect(facts.persistent == keys.count { $0.deadline == .persistent })
      let deadlines = keys.compactMap { if case .at(let time)? = $0.deadline { time } else { nil as Int64? } }
      #expect(facts.soonest == deadlines.min())
      #expect(facts.sized == keys.count { $0.size != nil })
      #expect(facts.bytes == keys.reduce(0) { $0 + ($1.size ?? 0) })
      #expect(facts.types.reduce(0) { $0 + $1.keys } == keys.count { $0.type != nil })
      for type in facts.types { #expect(type.keys == keys.count { $0.type == type.type }) }
    }
  }

  /// What is old is read again and counts until then; what is fresh is not.
  @Test func onlyWhatWasReadLongAgoIsReadAgain() {
    var index = KeyIndex()
    index.insert((0..<10).map { KeyName("k\($0)") })
    index.settle()
    for number in 0..<10 { index.record(KeyName("k\(number)"), FactValues(deadline: .at(5), size: number), at: 100) }
    index.markStale([.size, .deadline], readBefore: 100)
    #expect(index.stale == FactTally())
    index.markStale(.size, readBefore: 101)
    #expect(index.stale[.size] == 10 && index.stale[.deadline] == 0 && index.known[.size] == 10)
    var cursor = SweepCursor(SweepTarget(facts: .size))
    let keys = index.unknownKeys(at: &cursor, limit: 99)
    #expect(keys?.count == 10)
    if let keys { index.record(keys.indices.map { _ in .known(FactValues(size: 7)) }, of: keys, at: 200) }
    #expect(index.stale == FactTally() && index.known[.deadline] == 10)
    index.markStale(.size, readBefore: 150)
    #expect(index.stale == FactTally())
  }
}

extension UnknownKeys {
  fileprivate var indices: Range<Int> { 0..<count }
}
