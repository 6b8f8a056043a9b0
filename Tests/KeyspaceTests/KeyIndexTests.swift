import Keyspace
import Testing

@Suite struct KeyIndexTests {
  /// Short names of few letters, so that they repeat, nest and extend one another; now and then odd ones.
  static func randomName(_ random: inout Seeded) -> KeyName {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: return KeyName((0..<Int.random(in: 0...3, using: &random)).map { _ in UInt8.random(in: 0...255) })
    case 1: return KeyName([])
    default:
      let letters = Array("ab:B0:".utf8)
      let length = Int.random(in: 1...7, using: &random)
      return KeyName((0..<length).map { _ in random.pick(letters) })
    }
  }

  static let types: [KeyType] = [.string, .list, .hash, .set, .sortedSet, .stream, .json, .other("TSDB"), .other("x")]

  static func randomDeadline(_ random: inout Seeded) -> Deadline {
    let time = Int64.random(in: 1...2_000_000_000_000, using: &random)
    return random.pick([.unknown, .persistent, .at(time)])
  }

  static func check(_ index: KeyIndex, _ model: Model) {
    let names = model.sorted
    #expect(index.count == names.count)
    let known = names.filter { model.keys[$0]?.type != nil && model.keys[$0]?.deadline != .unknown }
    #expect(index.known.least(of: [.type, .deadline]) == known.count)
    let list = RowList(index: index, query: ListQuery(layout: .flat))
    #expect((0..<list.count).map { list[$0].id.name } == names)
    for name in names {
      let facts = index.facts(of: name)
      #expect(facts.type == model.keys[name]?.type)
      #expect(facts.deadline == model.keys[name]?.deadline)
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func likeTheModel(seed: UInt64) {
    var random = Seeded(seed)
    var index = KeyIndex()
    var model = Model()
    for step in 0..<120 {
      let names = (0..<Int.random(in: 0...60, using: &random)).map { _ in Self.randomName(&random) }
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        index.insert(NamePage(names))
        for name in names where model.keys[name] == nil { model.keys[name] = Model.Facts() }
      case 5, 6:
        index.remove(names)
        for name in names { model.keys[name] = nil }
      case 7, 8:
        let facts = names.map {
          ($0, random.pick(Self.types), Self.randomDeadline(&random))
        }
        index.record(facts)
        for (name, type, deadline) in facts where model.keys[name] != nil {
          model.keys[name] = Model.Facts(type: type, deadline: deadline)
        }
      default:
        if Bool.random(using: &random) { index.settle() }
      }
      for name in names { #expect(index.contains(name) == (model.keys[name] != nil)) }
      if step % 10 == 9 { Self.check(index, model) }
    }
  }

  /// Enough names for several blocks, folds and sketches.
  @Test func manyNamesThroughMerges() {
    var random = Seeded(7)
    var index = KeyIndex()
    var model = Set<KeyName>()
    var facts: [(KeyName, KeyType, Deadline)] = []
    for round in 0..<110 {
      let names = (0..<1000).map { _ in KeyName("key:\(Int.random(in: 0..<300_000, using: &random))") }
      index.insert(NamePage(names))
      model.formUnion(names)
      #expect(index.count == model.count)
      if round % 25 == 3 {
        let noted = names.prefix(100).map { ($0, KeyType.hash, Deadline.at(Int64(round + 1))) }
        index.record(noted)
        for fact in noted {
          facts.removeAll { $0.0 == fact.0 }
          facts.append(fact)
        }
      }
    }
    let gone = Set(model.prefix(50_000))
    index.remove(Array(gone))
    model.subtract(gone)
    facts.removeAll { gone.contains($0.0) }
    for isSettled in [false, true] {
      if isSettled { index.settle() }
      let list = RowList(index: index, query: ListQuery(layout: .flat))
      #expect((0..<list.count).map { list[$0].id.name } == model.sorted())
      #expect(index.known.least(of: [.type, .deadline]) == facts.count)
      for (name, type, deadline) in facts {
        #expect(index.facts(of: name) == (type, deadline))
      }
    }
  }

  @Test func anInsertionAfterSettlingIsFound() {
    var index = KeyIndex()
    index.insert(NamePage((0..<100_000).map { KeyName("n:\($0)") }))
    index.settle()
    index.insert([KeyName("n:5x"), KeyName("n:5")])
    #expect(index.count == 100_001)
    index.settle()
    #expect(index.count == 100_001)
    #expect(index.contains(KeyName("n:5x")))
  }

  @Test func aRemovedNameMayComeBackWithoutItsFacts() {
    var index = KeyIndex()
    let name = KeyName("a")
    index.insert([name, KeyName("b"), KeyName("c")])
    index.settle()
    index.record([(name, .hash, .at(5))])
    index.remove([name])
    #expect(!index.contains(name))
    #expect(index.count == 2)
    index.insert([name])
    #expect(index.count == 3)
    #expect(index.facts(of: name) == (nil, .unknown))
    index.settle()
    #expect(index.count == 3)
    #expect(index.facts(of: name) == (nil, .unknown))
  }

  @Test func aCopyIsASnapshot() {
    var index = KeyIndex()
    index.insert([KeyName("a"), KeyName("b")])
    let before = index
    index.remove([KeyName("a")])
    index.record([(KeyName("b"), .list, .persistent)])
    index.settle()
    #expect(before.count == 2)
    #expect(before.facts(of: KeyName("b")) == (nil, .unknown))
  }

  @Test func namesOfAllBytesAndLengths() {
    var index = KeyIndex()
    let long = KeyName([UInt8](repeating: 0xFF, count: 65_536))
    let names = [KeyName([]), KeyName([0]), KeyName([0, 0]), long, KeyName(long.bytes + [0])]
    index.insert(names)
    index.settle()
    #expect(index.count == 5)
    for name in names { #expect(index.contains(name)) }
  }

  @Test func manyLongNamesMakeMoreBlocks() {
    var index = KeyIndex()
    let tail = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
    let names = (0..<600).map { KeyName(Array("\($0 + 1000)".utf8) + tail) }
    index.insert(NamePage(names.shuffled()))
    index.settle()
    let list = RowList(index: index, query: ListQuery(layout: .flat))
    #expect((0..<list.count).map { list[$0].id.name } == names)
  }

  /// What sorting and merging by words of eight bytes could get wrong: names that differ late, that extend one another
  /// by zeros, that end in the middle of a word; sorted in several runs with facts and gaps, and merged in one go.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func alikeNamesThroughOneMergeOfManyRuns(seed: UInt64) {
    var random = Seeded(seed)
    let stems = [[], Array("session:eu:".utf8), [UInt8](repeating: 0xFF, count: 9), [UInt8](repeating: 0, count: 7)]
    func name() -> KeyName {
      var bytes = random.pick(stems) + random.pick(stems)
      for _ in 0..<Int.random(in: 0...9, using: &random) { bytes.append(random.pick([0, 0, 1, 0x61, 0xFF])) }
      return KeyName(bytes)
    }
    // Longer than the merge's codes can tell.
    let long = [UInt8](repeating: 7, count: 66_000)
    var index = KeyIndex()
    var model = Model()
    for round in 0..<12 {
      var names = (0..<400).map { _ in name() }
      names += [[], [0], [0, 0], [1], [round == 3 ? 2 : 0]].map { KeyName(long + $0) }
      index.insert(NamePage(names))
      for name in names where model.keys[name] == nil { model.keys[name] = Model.Facts() }
      // Facts and gaps want the names sorted: another run each round.
      index.record(names[..<20].map { ($0, .hash, .at(Int64(round))) })
      for name in names[..<20] { model.keys[name] = Model.Facts(type: .hash, deadline: .at(Int64(round))) }
      index.remove(Array(names[20..<60]))
      for name in names[20..<60] { model.keys[name] = nil }
    }
    index.settle()
    Self.check(index, model)
  }

  @Test func gatheringAndCondensingChangeNothing() {
    var random = Seeded(5)
    var index = KeyIndex()
    var model = Model()
    for round in 0..<40 {
      let names = (0..<50).map { _ in Self.randomName(&random) }
      index.insert(NamePage(names))
      for name in names where model.keys[name] == nil { model.keys[name] = Model.Facts() }
      if round % 3 == 0 { index.gather() } else { index.condense() }
      Self.check(index, model)
    }
  }
}
