import Testing

@testable import Keyspace

@Suite("The index by deadline")
struct ExpiryIndexTests {
  /// What is to be there, in the plainest way.
  private struct Naive {
    var deadlines: [KeyName: Deadline] = [:]

    func entries(_ target: SweepTarget) -> [ExpiryIndex.Entry] {
      deadlines.compactMap { name, deadline in
        guard target.contains(name), case .at(let time) = deadline else { return nil }
        return ExpiryIndex.Entry(name: name, deadline: time)
      }.sorted { $0.deadline != $1.deadline ? $0.deadline < $1.deadline : $0.name < $1.name }
    }

    func persistent(_ target: SweepTarget) -> Int {
      deadlines.count { target.contains($0.key) && $0.value == .persistent }
    }
  }

  private static func expect(_ expiry: ExpiryIndex, equals naive: Naive, _ comment: Comment) {
    let entries = naive.entries(expiry.target)
    #expect(expiry.count == entries.count, comment)
    guard expiry.count == entries.count else { return }
    for (position, entry) in entries.enumerated() {
      guard expiry[position] == entry, expiry.position(of: entry.name, deadline: entry.deadline) == position else {
        Issue.record("\(position) is \(expiry[position]), not \(entry): \(comment)")
        return
      }
    }
    #expect(expiry.persistent == naive.persistent(expiry.target), comment)
    for time in entries.map(\.deadline) + [.min, 0, .max] {
      #expect(expiry.count(before: time) == entries.count { $0.deadline < time }, comment)
    }
  }

  private static let targets = [
    SweepTarget(facts: .deadline),
    SweepTarget(scope: KeyScope(prefix: Array("a*".utf8)), facts: .deadline),
    SweepTarget(scope: KeyScope(filter: NameFilter(text: Array("*7*".utf8))), facts: [.type, .deadline]),
    SweepTarget(scope: KeyScope(prefix: Array("b".utf8), filter: NameFilter(text: Array("3".utf8)))),
    SweepTarget(sample: KeySample(1, of: 3)),
  ]

  @Test(
    "It is what a naive program finds, whatever happens to the key index", arguments: targets, [1, 2] as [UInt64])
  func random(target: SweepTarget, seed: UInt64) {
    var random = Seeded(seed)
    var index = KeyIndex()
    var naive = Naive()
    var expiry = index.makeExpiryIndex(target)
    func name() -> KeyName {
      let kind = Int.random(in: 0..<3, using: &random)
      return KeyName(["a*", "ab", "b"][kind] + "\(Int.random(in: 0..<900, using: &random))")
    }
    func deadline() -> Deadline {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: .persistent
      case 1: .at(.max - Int64.random(in: 1...3, using: &random))
      case 2: .at(Int64.random(in: -3...3, using: &random))
      default: .at(Int64.random(in: 1_000...1_060, using: &random) * Int64.random(in: 1...2, using: &random))
      }
    }
    for step in 0..<200 {
      switch Int.random(in: 0..<12, using: &random) {
      case 0, 1: index.insert((0..<40).map { _ in name() })
      case 2, 3, 4:
        for _ in 0..<30 {
          let (name, deadline) = (name(), deadline())
          if index.contains(name) { naive.deadlines[name] = deadline }
          index.record([(name, .string, deadline)])
        }
      case 5:
        let names = (0..<20).map { _ in name() }
        for name in names { naive.deadlines[name] = nil }
        index.remove(names)
      case 6, 7:
        var cursor = SweepCursor(target)
        if let keys = index.unknownKeys(at: &cursor, limit: 50) {
          let swept: [SweptKey] = (0..<keys.count).map { position in
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
              naive.deadlines[keys[position]] = nil
              return .gone
            case 1: return .unknown
            default:
              let deadline = deadline()
              naive.deadlines[keys[position]] = deadline
              return .known(target.facts.contains(.type) ? .hash : nil, deadline)
            }
          }
          index.record(swept, of: keys)
        }
      // What is not known any more counts until it is read again.
      case 8: index.unlearn((0..<20).map { _ in name() })
      case 9: index.gather()
      case 10: index.condense()
      default: if step % 7 == 0 { index.settle() } else { index.markStale() }
      }
      if step % 8 == 0 {
        index.update(&expiry)
        Self.expect(expiry, equals: naive, "step \(step)")
        #expect(index.count(of: target) == Self.names(index).count { target.contains($0) })
      }
    }
    index.update(&expiry)
    let snapshot = expiry
    let before = naive
    index.remove((0..<50).map { _ in name() })
    index.update(&expiry)
    Self.expect(snapshot, equals: before, "the snapshot after a change")
  }

  private static func names(_ index: KeyIndex) -> [KeyName] {
    let list = RowList(index: index, query: ListQuery(layout: .flat))
    return (0..<list.count).map { list[$0].id.name }
  }

  @Test("Many keys, built at once and changed one by one, with chunks that are split and emptied")
  func many() {
    var random = Seeded(9)
    var index = KeyIndex()
    var naive = Naive()
    let names = (0..<6_000).map { KeyName("k\($0)") }
    index.insert(NamePage(names))
    index.settle()
    func give(_ name: KeyName, _ deadline: Deadline) {
      index.record([(name, .string, deadline)])
      naive.deadlines[name] = deadline
    }
    for name in names { give(name, .at(Int64.random(in: 0..<5_000, using: &random))) }
    var expiry = index.makeExpiryIndex(SweepTarget())
    Self.expect(expiry, equals: naive, "built")
    // Below what is worth building anew.
    for name in names[..<1_900] { give(name, .at(77)) }
    index.update(&expiry)
    Self.expect(expiry, equals: naive, "moved to one moment")
    for name in names[..<1_900] { give(name, .persistent) }
    index.update(&expiry)
    Self.expect(expiry, equals: naive, "persisted")
    // Which keys have none shows as changed, also where all is built anew.
    for name in names[..<5_000] { give(name, .persistent) }
    let changes = expiry.persistentChanges
    index.update(&expiry)
    #expect(expiry.persistentChanges > changes)
    Self.expect(expiry, equals: naive, "built anew without deadlines")
    for name in names { give(name, .at(Int64.random(in: 0..<5_000, using: &random))) }
    index.update(&expiry)
    Self.expect(expiry, equals: naive, "built anew")
    index.remove(names)
    naive.deadlines = [:]
    index.update(&expiry)
    Self.expect(expiry, equals: naive, "emptied")
  }

  @Test("A sample is about its share of the names, and the smaller lies within the bigger")
  func sample() {
    let names = (0..<20_000).map { KeyName("session:\($0)") }
    func picked(_ sample: KeySample) -> Set<KeyName> { Set(names.filter { SweepTarget(sample: sample).contains($0) }) }
    let (tenth, third) = (picked(KeySample(2_000, of: 20_000)), picked(KeySample(6_666, of: 20_000)))
    #expect((1_800...2_200).contains(tenth.count))
    #expect((6_300...7_000).contains(third.count))
    #expect(tenth.isSubset(of: third))
    #expect(KeySample(5, of: 5).isAll && KeySample(9, of: 5).isAll)
    #expect(picked(KeySample(0, of: 5)).isEmpty)
  }

  @Test("What was learned before a second scan is kept for the keys that are still there, to be read again")
  func adopted() {
    var old = KeyIndex()
    old.insert(NamePage((0..<3_000).map { KeyName("k\($0)") }))
    old.settle()
    old.record((0..<2_000).map { (KeyName("k\($0)"), .other("graph"), .at(Int64($0))) })
    old.insert([KeyName("late")])
    old.record([(KeyName("late"), .set, .persistent)])
    old.remove([KeyName("k7")])
    var new = KeyIndex()
    new.insert(NamePage((1_000..<4_000).map { KeyName("k\($0)") } + [KeyName("late"), KeyName("k7")]))
    new.settle()
    new.record([(KeyName("k1001"), .hash, .at(5))])
    new.adoptFacts(of: old)
    #expect(new.facts(of: KeyName("k1000")) == (.other("graph"), .at(1_000)))
    #expect(new.facts(of: KeyName("k1001")) == (.hash, .at(5)))
    #expect(new.facts(of: KeyName("late")) == (.set, .persistent))
    #expect(new.facts(of: KeyName("k7")).type == nil)
    #expect(new.facts(of: KeyName("k2500")).type == nil)
    #expect(new.known[.deadline] == 1_001)
    #expect(new.stale[.deadline] == 1_000)
    var cursor = SweepCursor()
    var asked = 0
    while let keys = new.unknownKeys(at: &cursor, limit: 100) { asked += keys.count }
    #expect(asked == new.count - 1)
  }

  @Test("It knows since when a key has had its deadline, at least")
  func seenAt() {
    var index = KeyIndex()
    let names = (0..<100).map { KeyName("k\($0)") }
    index.insert(names)
    index.record(names.map { ($0, .string, .at(9_000)) })
    var expiry = index.makeExpiryIndex(SweepTarget())
    #expect(expiry.seenAt(names[0], deadline: 9_000) == nil)
    expiry.noteRead(at: 1_000)
    index.record([(names[1], .string, .at(9_500)), (names[2], .string, .at(9_000))])
    index.update(&expiry, at: 2_000)
    #expect(expiry.seenAt(names[0], deadline: 9_000) == 1_000)
    #expect(expiry.seenAt(names[1], deadline: 9_500) == 2_000)
    #expect(expiry.seenAt(names[1], deadline: 9_000) == nil)
    // Read again, and the same.
    #expect(expiry.seenAt(names[2], deadline: 9_000) == 1_000)
    index.unlearn([names[2]])
    index.update(&expiry, at: 3_000)
    index.record([(names[2], .string, .at(9_000))])
    index.update(&expiry, at: 4_000)
    #expect(expiry.seenAt(names[2], deadline: 9_000) == 1_000)
  }

  @Test("The folders that hold most keys without a TTL")
  func folders() {
    var index = KeyIndex()
    let names =
      (0..<30).map { KeyName("user:\($0)") } + (0..<20).map { KeyName("user:x:\($0)") }
      + (0..<40).map { KeyName("cfg:\($0)") } + [KeyName("alone")]
    index.insert(names)
    index.record(names.map { ($0, .string, .persistent) })
    index.record([(KeyName("cfg:3"), .string, .at(5))])
    let colon = [UInt8(ascii: ":")]
    #expect(
      index.persistentFolders(of: SweepTarget(), separator: colon, depth: 0, limit: 5) == [
        PrefixCount(prefix: KeyName("user:"), count: 50), PrefixCount(prefix: KeyName("cfg:"), count: 39),
      ])
    let inside = SweepTarget(scope: KeyScope(prefix: Array("user:".utf8)))
    #expect(
      index.persistentFolders(of: inside, separator: colon, depth: 5, limit: 5) == [
        PrefixCount(prefix: KeyName("user:x:"), count: 20)
      ])
    #expect(index.persistentFolders(of: SweepTarget(), separator: colon, depth: 0, limit: 1).count == 1)
  }
}
