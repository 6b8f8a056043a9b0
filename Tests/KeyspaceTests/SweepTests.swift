import Keyspace
import Testing

@Suite struct SweepTests {
  private static func swept(_ index: KeyIndex, limit: Int = 97) -> [KeyName] {
    var cursor = SweepCursor()
    var names: [KeyName] = []
    while let keys = index.unknownKeys(at: &cursor, limit: limit) {
      #expect(keys.count > 0 && keys.count <= limit)
      names += (0..<keys.count).map { keys[$0] }
    }
    return names
  }

  @Test func aPassMeetsEveryKeyWithoutFactsOnce() {
    var random = Seeded(11)
    var index = KeyIndex()
    index.insert(NamePage((0..<3000).map { _ in KeyName("k\(Int.random(in: 0..<9999, using: &random))") }))
    index.settle()
    index.insert(NamePage((0..<500).map { _ in KeyName("m\(Int.random(in: 0..<9999, using: &random))") }))
    index.condense()
    let list = RowList(index: index, query: ListQuery(layout: .flat))
    let (known, halfKnown, gone) = (list[17].id.name, list[18].id.name, list[19].id.name)
    index.record([(known, .set, .persistent), (halfKnown, .set, .unknown)])
    index.remove([gone])
    let all = (0..<list.count).map { list[$0].id.name }
    #expect(Self.swept(index).sorted() == all.filter { $0 != known && $0 != gone })
    #expect(Self.swept(KeyIndex()).isEmpty)
  }

  @Test func namesComeAsTheyAre() throws {
    var index = KeyIndex()
    index.insert([KeyName([]), KeyName([0, 0xFF]), KeyName("a")])
    index.settle()
    var cursor = SweepCursor()
    let keys = try #require(index.unknownKeys(at: &cursor, limit: 10))
    var names: [KeyName] = []
    keys.withEachName { name in names.append(KeyName(name.indices.map { name[$0] })) }
    #expect(names == [KeyName([]), KeyName([0, 0xFF]), KeyName("a")])
    #expect(index.unknownKeys(at: &cursor, limit: 10) == nil)
  }

  @Test func whatIsNotToldIsNotAskedAgain() throws {
    var index = KeyIndex()
    index.insert(NamePage((0..<10).map { KeyName("k\($0)") }))
    index.settle()
    index.record([(KeyName("k7"), .string, .at(5))])
    index.markStale()
    var cursor = SweepCursor()
    let keys = try #require(index.unknownKeys(at: &cursor, limit: 100))
    #expect(keys.count == 10)
    index.record((0..<10).map { $0 < 4 ? .known(.set, .persistent) : .unknown }, of: keys)
    #expect(index.untold[.deadline] == 6)
    #expect(index.facts(of: KeyName("k7")).deadline == .unknown)
    #expect(Self.swept(index).isEmpty)
    // Something new is heard of them.
    index.unlearn([KeyName("k5"), KeyName("k0")])
    index.record([(KeyName("k6"), .string, .persistent)])
    #expect(index.untold[.deadline] == 4)
    #expect(Self.swept(index) == [KeyName("k0"), KeyName("k5")])
    // Merges keep that.
    index.insert((0..<20).map { KeyName("a\($0)") })
    index.settle()
    #expect(index.untold[.deadline] == 4)
    #expect(Self.swept(index).count == 22)
    index.remove([KeyName("k8")])
    #expect(index.untold[.deadline] == 3)
  }

  /// What the index does between the question and its answer.
  enum Meanwhile: CaseIterable {
    case nothing, others, merge, leaves, leavesAndComes, learned, everythingGoes
  }

  @Test(arguments: Meanwhile.allCases)
  func answersFindTheirKeys(_ meanwhile: Meanwhile) throws {
    var random = Seeded(3)
    var index = KeyIndex()
    var model = Model()
    func insert(_ names: [KeyName]) {
      index.insert(NamePage(names))
      for name in names where model.keys[name] == nil { model.keys[name] = Model.Facts() }
    }
    insert((0..<400).map { KeyName("k\($0)") })
    index.settle()
    insert((0..<100).map { KeyName("new\($0)") })
    index.condense()
    var cursor = SweepCursor()
    while let keys = index.unknownKeys(at: &cursor, limit: 60) {
      let first = keys[0]
      switch meanwhile {
      case .nothing: break
      case .others: insert([KeyName("a\(keys[0].bytes)")])
      case .merge:
        insert([KeyName("a\(keys[0].bytes)")])
        index.settle()
      case .leaves, .leavesAndComes:
        index.remove([first])
        model.keys[first] = nil
        if meanwhile == .leavesAndComes { insert([first]) }
      case .learned:
        index.record([(first, .stream, .at(7))])
        model.keys[first] = Model.Facts(type: .stream, deadline: .at(7))
      case .everythingGoes:
        index.remove(Array(model.keys.keys))
        model.keys = [:]
      }
      let answers: [SweptKey] = (0..<keys.count).map { _ in
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .unknown
        case 1: .gone
        default: .known(random.pick(KeyIndexTests.types), KeyIndexTests.randomDeadline(&random))
        }
      }
      index.record(answers, of: keys)
      for (position, answer) in answers.enumerated() where model.keys[keys[position]] != nil {
        switch answer {
        case .unknown: break
        case .gone: model.keys[keys[position]] = nil
        case .known(let values):
          model.keys[keys[position]] = Model.Facts(type: values.type, deadline: values.deadline ?? .unknown)
        }
      }
    }
    KeyIndexTests.check(index, model)
  }

  @Test func theLastKeysOfARunMayGo() throws {
    var index = KeyIndex()
    index.insert([KeyName("a"), KeyName("b")])
    index.settle()
    index.insert([KeyName("c")])
    index.condense()
    var cursor = SweepCursor()
    while let keys = index.unknownKeys(at: &cursor, limit: 10) {
      index.record(Array(repeating: .gone, count: keys.count), of: keys)
    }
    // The run that followed took the place of the one that went; another pass finds what that left out.
    #expect(Self.swept(index).count == index.count)
    var again = SweepCursor()
    while let keys = index.unknownKeys(at: &again, limit: 10) {
      index.record(Array(repeating: .gone, count: keys.count), of: keys)
    }
    #expect(index.count == 0)
  }
}
