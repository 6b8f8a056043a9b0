import Keyspace
import Testing

/// Lists that are narrowed by what is left of TTLs.
@Suite struct TTLSelectionTests {
  private static let now: Int64 = 1_767_225_600_000

  private static func condition(_ random: inout Seeded) -> TTLCondition {
    let far: [Int64] = [-1, 0, 1, 500, 9_000_000_000_000_000]
    func bound() -> Int64? {
      random.pick([nil, Int64.random(in: -1...1_000, using: &random), random.pick(far)])
    }
    while true {
      let condition = TTLCondition.left(above: bound(), below: bound())
      if case .ttl(let left) = ListQuery.Expiry(condition), left.and(left) != nil { return left }
    }
  }

  /// Few different ones, so that keys enter and leave together; and some at the ends of all numbers.
  private static func deadline(_ random: inout Seeded) -> Deadline {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: .unknown
    case 1: .persistent
    case 2: .at(random.pick([0, 1, .max, .max - 1, now, 9_000_000_000_000_000, -5]))
    default: .at(now + Int64.random(in: -300...1_500, using: &random))
    }
  }

  private static func index(_ random: inout Seeded) -> (KeyIndex, Model) {
    var index = KeyIndex()
    var model = Model()
    let names = (0..<400).map { KeyName("k:\($0)") }
    for (number, name) in names.enumerated() {
      index.insert([name])
      model.keys[name] = Model.Facts()
      if number == 250 { index.settle() }
    }
    let facts = names.filter { _ in Int.random(in: 0..<6, using: &random) > 0 }.map {
      ($0, random.pick(KeyIndexTests.types), deadline(&random))
    }
    index.record(facts)
    for (name, type, deadline) in facts { model.keys[name] = Model.Facts(type: type, deadline: deadline) }
    let gone = names.filter { _ in Int.random(in: 0..<8, using: &random) == 0 }
    index.remove(gone)
    for name in gone { model.keys[name] = nil }
    return (index, model)
  }

  private static func query(_ random: inout Seeded) -> ListQuery {
    var query = ListQuery(layout: .flat)
    if Int.random(in: 0..<3, using: &random) == 0 {
      query.filter = NameFilter(text: Array(random.pick(["7", "k:1*"]).utf8))
    }
    if Int.random(in: 0..<3, using: &random) == 0 { query.kind = random.pick(KeyIndexTests.types) }
    query.expiry = .ttl(condition(&random))
    query.serverTime = now + Int64.random(in: 0...1_000, using: &random)
    return query
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>) func likeTheModel(seed: UInt64) {
    var random = Seeded(seed)
    let (index, model) = Self.index(&random)
    for _ in 0..<30 {
      var query = Self.query(&random)
      let list = RowList(index: index, query: query)
      let (names, unknown) = model.selected(query)
      #expect((0..<list.count).map { list[$0].id.name } == names)
      #expect(list.matchedKeys == names.count)
      #expect(list.unknownKeys == unknown)
      check(list.validity, &query, model, &random)
    }
  }

  /// The same keys at any time within, others right before and right behind.
  private func check(_ validity: Range<Int64>, _ query: inout ListQuery, _ model: Model, _ random: inout Seeded) {
    let (names, unknown) = model.selected(query)
    func isSame(at time: Int64) -> Bool {
      var query = query
      query.serverTime = time
      return model.selected(query) == (names, unknown)
    }
    #expect(validity.contains(query.serverTime))
    let near = validity.clamped(to: Self.now - 5_000..<Self.now + 5_000)
    for _ in 0..<3 { #expect(isSame(at: Int64.random(in: near, using: &random))) }
    if validity.lowerBound > 0 {
      #expect(isSame(at: validity.lowerBound))
      #expect(!isSame(at: validity.lowerBound - 1))
    }
    // The last deadlines that there are look alike to an index.
    if validity.upperBound < 9_000_000_000_000_000_000 {
      #expect(isSame(at: validity.upperBound - 1))
      #expect(!isSame(at: validity.upperBound))
    }
  }

  private func list(_ deadlines: [Deadline], _ expiry: ListQuery.Expiry, at time: Int64 = now) -> RowList {
    var index = KeyIndex()
    let names = deadlines.indices.map { KeyName("k\($0)") }
    index.insert(names)
    index.record(zip(names, deadlines).map { ($0, .string, $1) })
    var query = ListQuery(layout: .flat, expiry: expiry)
    query.serverTime = time
    return RowList(index: index, query: query)
  }

  @Test func aKeyEntersAndLeaves() {
    let deadlines: [Deadline] = [.at(Self.now + 10_000), .persistent, .unknown, .at(Self.now - 1)]
    let soon = list(deadlines, .ttl(.left(below: 5_000)))
    #expect((0..<soon.count).map { soon[$0].id.name } == [KeyName("k3")], "its deadline has passed, but is it gone?")
    #expect(soon.unknownKeys == 1)
    #expect(soon.validity.upperBound == Self.now + 5_001)
    #expect(list(deadlines, .ttl(.left(below: 5_000)), at: Self.now + 5_000).count == 1)
    #expect(list(deadlines, .ttl(.left(below: 5_000)), at: Self.now + 5_001).count == 2)
    let late = list(deadlines, .ttl(.left(above: 4_000)))
    #expect(late.count == 1)
    #expect(late.validity.upperBound == Self.now + 6_000)
    #expect(list(deadlines, .ttl(.left(above: 4_000)), at: Self.now + 6_000).isEmpty)
  }

  @Test func whatTimeDoesNotChangeIsTrueAlways() {
    let deadlines: [Deadline] = [.at(Self.now + 10_000), .persistent, .unknown]
    for expiry in [.any, .persistent, .volatile, .impossible] as [ListQuery.Expiry] {
      #expect(list(deadlines, expiry).validity == .min ..< .max)
    }
    #expect(list([.persistent, .unknown], .ttl(.left(below: 5))).validity == .min ..< .max)
    #expect(list([.at(Self.now + 5)], .ttl(.left(below: 10))).validity.upperBound == .max, "they only come")
    #expect(RowList().validity == .min ..< .max)
  }

  @Test func whatExcludesItselfShowsNothingAndNeedsNothing() {
    let nothing = list([.at(Self.now), .persistent, .unknown], .impossible)
    #expect(nothing.isEmpty && nothing.unknownKeys == 0 && nothing.totalKeys == 3)
  }
}
