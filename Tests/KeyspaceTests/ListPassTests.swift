import Testing

@testable import Keyspace

@Suite("Lists that come in parts") struct ListPassTests {
  private static func index(_ random: inout Seeded) -> KeyIndex {
    var index = KeyIndex()
    for page in 0..<8 {
      index.insert(NamePage((0..<20_000).map { _ in KeyName("n:\(Int.random(in: 0..<1_000_000, using: &random))") }))
      if page == 5 { index.settle() }
    }
    index.gather()
    return index
  }

  /// A part is the beginning of the whole, also where names of two runs alternate, and what follows makes it whole.
  @Test(arguments: [ListQuery.Layout.flat, .tree], ["7", "99", "n:1*", "~12", "4711"])
  func aPartIsTheBeginning(layout: ListQuery.Layout, text: String) {
    var random = Seeded(5)
    let index = Self.index(&random)
    var query = ListQuery(layout: layout, filter: NameFilter(text: Array(text.utf8)))
    query.expanded = [KeyName("n:")]
    let whole = RowList(index: index, query: query)
    var pass = ListPass(index: index, query: query)
    var parts = 0
    while !pass.isDone {
      _ = pass.advance(until: { _ in true }, isCancelled: { false })
      let part = RowList(pass, isCancelled: { false })
      #expect(part.isPartial == !pass.isDone)
      #expect(part.matchedKeys <= whole.matchedKeys && part.totalKeys == whole.totalKeys)
      #expect((0..<part.count).allSatisfy { part[$0].id == whole[$0].id && part[$0].count <= whole[$0].count })
      parts += 1
      // The next step.
      _ = pass.advance(until: Self.once(), isCancelled: { false })
    }
    #expect(parts > 1)
    let last = RowList(pass, isCancelled: { false })
    #expect(!last.isPartial && last.matchedKeys == whole.matchedKeys)
    #expect((0..<whole.count).allSatisfy { last[$0] == whole[$0] })
  }

  /// Enough at the second question.
  private static func once() -> (Int) -> Bool {
    var asked = 0
    return { _ in
      asked += 1
      return asked > 1
    }
  }

  @Test func aCancelledPassGoesOnLater() {
    var random = Seeded(6)
    let index = Self.index(&random)
    let query = ListQuery(layout: .flat, filter: NameFilter(text: [0x37]))
    var pass = ListPass(index: index, query: query)
    var asked = 0
    let isDone = pass.advance(until: { _ in false }) {
      asked += 1
      return asked == 2
    }
    #expect(!isDone && !pass.isDone)
    _ = pass.advance(until: { _ in false }, isCancelled: { false })
    #expect(RowList(pass, isCancelled: { false }).matchedKeys == RowList(index: index, query: query).matchedKeys)
  }

  /// What is gathered holds all names of the last gathering, and nothing that grows.
  @Test func theGatheredPartOfAnIndex() {
    var index = KeyIndex()
    #expect(index.gathered().count == 0 && index.gatheringCost == 0)
    index.insert(NamePage((0..<100_000).map { KeyName("a:\($0)") }))
    index.gather()
    #expect(index.gatheringCost == 0 && index.gathered().count == 100_000)
    index.insert(NamePage((0..<70_000).map { KeyName("b:\($0)") }))
    #expect(index.gatheringCost >= 70_000)
    let part = index.gathered()
    #expect(part.count >= 100_000 && part.contains(KeyName("a:99999")))
    index.gather()
    #expect(index.gathered().count == 170_000)
    #expect(!part.contains(KeyName("b:69999")) || part.count == 170_000)
  }

  @Test func anotherLayoutOfTheSameKeys() throws {
    var random = Seeded(8)
    let index = Self.index(&random)
    let flat = ListQuery(layout: .flat, filter: NameFilter(text: [0x37]))
    var tree = flat
    tree.layout = .tree
    tree.expanded = [KeyName("n:")]
    let list = try #require(
      RowList(RowList(index: index, query: flat), madeOf: flat, query: tree, isCancelled: { false }))
    let expected = RowList(index: index, query: tree)
    #expect(list.count == expected.count && (0..<list.count).allSatisfy { list[$0] == expected[$0] })
    var other = tree
    other.filter = nil
    #expect(RowList(list, madeOf: tree, query: other, isCancelled: { false }) == nil)
    other = tree
    other.kind = .hash
    #expect(RowList(list, madeOf: tree, query: other, isCancelled: { false }) == nil)
    #expect(
      RowList(
        RowList(index: index, query: flat, stopAfter: 1), madeOf: flat, query: tree, isCancelled: { false }) == nil)
  }
}
