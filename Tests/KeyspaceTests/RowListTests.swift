import Keyspace
import Testing

@Suite struct RowListTests {
  private static let separators = [":", "::", "b", "a:", ""].map { Array($0.utf8) }
  private static let filters = ["a", "A", "b:", "*", "a*", "*:b*", "?a*", "[ab]*:", "~aba", "~aB", "zzz", "\\*", ""]

  private func index(_ random: inout Seeded) -> (KeyIndex, Model) {
    var index = KeyIndex()
    var model = Model()
    for page in 0..<20 {
      let names = (0..<30).map { _ in KeyIndexTests.randomName(&random) }
      index.insert(NamePage(names))
      for name in names where model.keys[name] == nil { model.keys[name] = Model.Facts() }
      if page == 10, Bool.random(using: &random) { index.settle() }
      let facts = names.prefix(15).map {
        ($0, random.pick(KeyIndexTests.types), KeyIndexTests.randomDeadline(&random))
      }
      index.record(facts)
      for (name, type, deadline) in facts { model.keys[name] = Model.Facts(type: type, deadline: deadline) }
      if page % 4 == 3 {
        index.remove(Array(names.suffix(10)))
        for name in names.suffix(10) { model.keys[name] = nil }
      }
    }
    if Bool.random(using: &random) { index.settle() }
    return (index, model)
  }

  private func query(_ random: inout Seeded, _ model: Model) -> ListQuery {
    var query = ListQuery(
      layout: Int.random(in: 0..<4, using: &random) == 0 ? .flat : .tree,
      separator: random.pick(Self.separators))
    if Bool.random(using: &random) {
      query.filter = NameFilter(text: Array(random.pick(Self.filters).utf8))
    }
    if Int.random(in: 0..<3, using: &random) == 0 { query.kind = random.pick(KeyIndexTests.types) }
    query.expiry = random.pick([.any, .any, .persistent, .volatile, .impossible])
    // Opens level after level, some folders of each; and some that do not exist.
    for _ in 0..<5 {
      for row in model.rows(query) where row.id.isFolder && Int.random(in: 0..<3, using: &random) > 0 {
        query.expanded.insert(row.id.name)
      }
    }
    query.expanded.formUnion([KeyName("nothing:"), KeyName(":::::::::"), KeyName("a")])
    return query
  }

  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func likeTheModel(seed: UInt64) {
    var random = Seeded(seed)
    let (index, model) = index(&random)
    for _ in 0..<8 {
      let query = query(&random, model)
      let list = RowList(index: index, query: query)
      let rows = model.rows(query)
      let (selected, unknown) = model.selected(query)
      #expect((0..<list.count).map { list[$0] } == rows)
      #expect(list.matchedKeys == selected.count)
      #expect(list.unknownKeys == unknown)
      #expect(list.totalKeys == model.keys.count)
      for (i, row) in rows.enumerated() {
        #expect(list.position(of: row.id) == i)
        #expect(list.position(atOrAfter: row.id, from: 0) == i)
      }
      for _ in 0..<10 {
        let id = RowID.key(KeyIndexTests.randomName(&random))
        let expected = rows.firstIndex { $0.id == id }
        #expect(list.position(of: id) == expected)
        let hiding = rows.firstIndex { $0.id.isFolder && !$0.isExpanded && id.name.hasPrefix($0.id.name) }
        let next = rows.firstIndex { $0.id > id } ?? max(0, rows.count - 1)
        #expect(list.position(atOrAfter: id, from: 0) == expected ?? hiding ?? next)
      }
    }
  }

  private func rows(_ names: [String], separator: String = ":", open: [String] = []) -> [String] {
    var index = KeyIndex()
    index.insert(names.map { KeyName($0) })
    let query = ListQuery(separator: Array(separator.utf8), expanded: Set(open.map { KeyName($0) }))
    let list = RowList(index: index, query: query)
    return (0..<list.count).map { i in
      let row = list[i]
      let label = String(decoding: row.id.name.bytes[row.labelStart...], as: UTF8.self)
      let mark = row.id.isFolder ? (row.isExpanded ? "- " : "+ ") : "  "
      return String(repeating: " ", count: 2 * row.depth) + mark + label + (row.id.isFolder ? " \(row.count)" : "")
    }
  }

  @Test func aFolderAndAKeyOfTheSameName() {
    #expect(rows(["user", "user:1", "user:2", "user!"]) == ["  user", "  user!", "+ user: 2"])
    #expect(
      rows(["user", "user:1", "user:2", "user:"], open: ["user:"])
        == ["  user", "- user: 3", "    ", "    1", "    2"])
  }

  @Test func chainsStayFolders() {
    #expect(rows(["a:b:c"]) == ["+ a: 1"])
    #expect(rows(["a:b:c"], open: ["a:", "a:b:"]) == ["- a: 1", "  - b: 1", "      c"])
  }

  @Test func namesAtTheEdges() {
    #expect(rows(["", ":", "::", "a:"]) == ["  ", "+ : 2", "+ a: 1"])
    #expect(
      rows(["", ":", "::", "a:"], open: [":", "::", "a:"])
        == ["  ", "- : 2", "    ", "  - : 1", "      ", "- a: 1", "    "])
    #expect(rows(["a:::b", "a::c"], separator: "::", open: ["a::"]) == ["- a:: 2", "    :b", "    c"])
    #expect(rows(["a:b"], separator: "") == ["  a:b"])
  }

  @Test func leavesAfterAnOpenFolderBelongToItsParent() {
    #expect(
      rows(["a:b:1", "a:c", "d"], open: ["a:", "a:b:"]) == ["- a: 2", "  - b: 1", "      1", "    c", "  d"])
  }

  @Test func threeHundredSeparatorsAndLongNames() {
    let deep = String(repeating: "d:", count: 300)
    let prefixes = (1...300).map { String(repeating: "d:", count: $0) }
    let open = rows([deep + "x", deep], open: prefixes)
    #expect(open.count == 302)
    #expect(open.last == String(repeating: " ", count: 600) + "  x")
    #expect(rows([String(repeating: ":", count: 65_536)]) == ["+ : 1"])
  }

  @Test func cancelledListsAreEmpty() {
    var index = KeyIndex()
    index.insert([KeyName("a"), KeyName("b:c")])
    for layout in [ListQuery.Layout.flat, .tree] {
      let list = RowList(index: index, query: ListQuery(layout: layout), isCancelled: { true })
      #expect(list.count == 0)
      #expect(list.position(of: .key(KeyName("a"))) == nil)
      #expect(list.position(atOrAfter: .key(KeyName("a")), from: 0) == 0)
    }
  }

  @Test func anEarlyStopShowsTheFirstMatches() {
    var index = KeyIndex()
    index.insert(NamePage((0..<150_000).map { KeyName("n:\($0)") }))
    index.settle()
    let query = ListQuery(layout: .flat, filter: NameFilter(text: Array("7".utf8)))
    let whole = RowList(index: index, query: query)
    let first = RowList(index: index, query: query, stopAfter: 100)
    #expect(!whole.isPartial)
    #expect(first.isPartial)
    #expect((100..<whole.count).contains(first.count))
    #expect((0..<100).allSatisfy { first[$0] == whole[$0] })
  }

  @Test func anEmptyIndex() {
    let list = RowList()
    #expect(list.isEmpty)
    #expect(list.matchedKeys == 0 && list.totalKeys == 0)
  }

  @Test func aListKeepsWhatItShows() {
    var index = KeyIndex()
    index.insert((0..<1000).map { KeyName("k:\($0)") })
    let list = RowList(index: index, query: ListQuery(layout: .flat))
    index.remove((0..<1000).map { KeyName("k:\($0)") })
    index.settle()
    #expect(list.count == 1000)
    #expect(list[999].id == .key(KeyName("k:999")))
    #expect(RowList(index: index, query: ListQuery()).isEmpty)
  }
}
