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

    /// nil: not known. Ascends in the first direction.
    func rank(_ name: KeyName, _ key: ListSort.Key) -> Double? {
      let facts = values[name] ?? FactValues()
      return switch key {
      case .name, .match: 0
      case .ttl:
        switch facts.deadline {
        case .at(let time)?: Double(time)
        case .persistent?: .infinity
        default: nil
        }
      case .size: facts.size.map { -Double($0) }
      case .idle: facts.usedAt.map { Double($0) }
      case .kind: facts.type.map { Double([.string, .list, .hash, .set, .sortedSet, .stream].firstIndex(of: $0) ?? 9) }
      }
    }

    func rank(of keys: [KeyName], _ key: ListSort.Key) -> Double? {
      let ranks = keys.compactMap { rank($0, key) }
      guard !ranks.isEmpty else { return key == .kind || key == .name ? -1 : nil }
      return switch key {
      case .name, .match, .kind: -1
      case .ttl: ranks.min()
      case .idle: ranks.max()
      case .size: (ranks.reduce(0, +) * Double(keys.count) / Double(ranks.count)).rounded(.towardZero)
      }
    }

    func sorted<Item>(_ items: [(name: KeyName, rank: Double?, item: Item)], _ sort: ListSort) -> [Item] {
      let byName = items.enumerated().sorted { left, right in
        let (a, b) = (left.element, right.element)
        if sort.key == .name { return sort.isReversed ? left.offset > right.offset : left.offset < right.offset }
        guard a.rank != b.rank else { return left.offset < right.offset }
        guard let first = a.rank else { return false }
        guard let second = b.rank else { return true }
        return sort.isReversed ? first > second : first < second
      }
      return byName.map(\.element.item)
    }

    func rows(_ query: ListQuery) -> [Row] {
      let names = values.keys.filter { query.filter?.matches($0) ?? true }.sorted()
      guard query.layout == .tree else {
        return sorted(names.map { ($0, rank($0, query.sort.key), $0) }, query.sort).map {
          Row(id: .key($0), depth: 0, labelStart: 0, count: 1, isExpanded: false)
        }
      }
      return level(names[...], depth: 0, labelStart: 0, query)
    }

    private func level(_ names: ArraySlice<KeyName>, depth: Int, labelStart: Int, _ query: ListQuery) -> [Row] {
      var items: [(name: KeyName, rank: Double?, item: [Row])] = []
      var rest = names
      while let name = rest.first {
        guard let end = name.bytes.firstEnd(of: query.separator, from: labelStart) else {
          let row = Row(id: .key(name), depth: depth, labelStart: labelStart, count: 1, isExpanded: false)
          items.append((name, rank(name, query.sort.key), [row]))
          rest = rest.dropFirst()
          continue
        }
        let prefix = KeyName(name.bytes[..<end])
        let members = rest.prefix { $0.hasPrefix(prefix) }
        let isExpanded = query.expanded.contains(prefix)
        let folder = Row(
          id: .folder(prefix), depth: depth, labelStart: labelStart, count: members.count, isExpanded: isExpanded)
        let inner = isExpanded ? level(members, depth: depth + 1, labelStart: end, query) : []
        items.append((prefix, rank(of: Array(members), query.sort.key), [folder] + inner))
        rest = rest.dropFirst(members.count)
      }
      return sorted(items, query.sort).flatMap(\.self)
    }
  }

  static let sorts = ListSort.Key.allCases.filter { $0 != .match }.flatMap {
    [ListSort($0), ListSort($0, isReversed: true)]
  }

  @Test(arguments: sorts, [ListQuery.Layout.flat, .tree])
  func rowsStandAsInAPlainSort(_ sort: ListSort, _ layout: ListQuery.Layout) throws {
    for seed in UInt64(1)...4 {
      let sample = Sample(seed: seed, keys: [0, 3, 60, 900][Int(seed) - 1])
      for filter in [nil, NameFilter(text: Array("3".utf8))] {
        for expanded in [[], ["a:", "b:", "a:b:", "cc:", ":", "a:a:a:"], ["a:", "a:a:", "a:a:b:", "a::", "::"]] {
          var query = ListQuery(layout: layout, filter: filter, expanded: Set(expanded.map { KeyName($0) }))
          query.sort = sort
          let list = RowList(index: sample.index, query: query)
          let expected = sample.rows(query)
          #expect((0..<list.count).map { list[$0] } == expected)
          for (row, wanted) in expected.enumerated() { #expect(list.position(of: wanted.id) == row) }
          let names = sample.values.keys.filter { filter?.matches($0) ?? true }
          #expect(list.unsortedKeys == names.count { sample.rank($0, sort.key) == nil })
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
