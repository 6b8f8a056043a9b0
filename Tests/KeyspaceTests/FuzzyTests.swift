import Testing

@testable import Keyspace

/// What was found of a name, in brackets.
private func shown(_ text: String, _ name: String) -> String {
  var result: [UInt8] = []
  let bytes = Array(name.utf8)
  let ranges = NameFilter(text: Array(text.utf8)).matchedRanges(in: bytes)
  for (place, byte) in bytes.enumerated() {
    if ranges.contains(where: { $0.lowerBound == place }) { result.append(UInt8(ascii: "[")) }
    result.append(byte)
    if ranges.contains(where: { $0.upperBound == place + 1 }) { result.append(UInt8(ascii: "]")) }
  }
  return String(decoding: result, as: UTF8.self)
}

@Suite("Fuzzy filters") struct FuzzyTests {
  private static let letters = Array("abAB:.1_é\u{1}".utf8) + [0xff, 0xc3]

  private static func score(_ text: String, _ name: String) -> UInt32 {
    var scorer = FuzzyScorer(Array(text.utf8), ignoresCase: text == text.lowercased())
    return unsafe Array(name.utf8).withUnsafeBufferPointer { unsafe scorer.score($0) }
  }

  /// The first of each is what a person means.
  @Test(arguments: [
    ("user", ["user", "user:1", "user:10", "x:user", "u:s:e:r", "superuser"]),
    ("us", ["us", "user", "a:user", "u1s", "bus:1"]),
    ("ub", ["ub", "user:bob", "utube", "hub"]),
    ("un", ["userName", "username"]),
    ("s42", ["s42", "session:42", "sessions:x:4:2"]),
    ("log", ["log", "log:1", "a-log", "l-o-g", "catalog"]),
    ("a:b", ["a:b", "a:x:b"]),
    ("é", ["é", "xé"]),
  ])
  func bestFirst(text: String, names: [String]) {
    let sorted = names.sorted { (Self.score(text, $0), $1) > (Self.score(text, $1), $0) }
    #expect(sorted == names)
  }

  @Test(arguments: [
    ("~usr", "user:usr", "user:[usr]"), ("~ub", "user:bob", "[u]ser:[b]ob"), ("~un", "userName", "[u]ser[N]ame"),
    ("~aa", "a", "a"), ("~42", "4:42", "4:[42]"), ("~é", "café", "caf[é]"), ("~", "abc", "abc"),
    ("~\\*x", "a*:x", "a[*]:[x]"),
    ("ser", "user:SERver", "u[ser]:[SER]ver"), ("SER", "user:SERver", "user:[SER]ver"), ("aa", "aaaaa", "[aa][aa]a"),
    ("zz", "abc", "abc"), ("", "abc", "abc"),
    ("user:*", "user:1", "[user:]1"), ("*:1", "user:1", "user[:1]"),
    ("u?er*[12]x*", "user:1xx1xy", "[u]s[er]:1[x]x1xy"),
    ("*", "abc", "abc"), ("a*b*a", "abba", "[ab]b[a]"), ("zz*", "abc", "abc"), ("abc?", "abcd", "[abc]d"),
    ("\\**", "*x", "[*]x"), ("*aa*a", "aaa", "[aaa]"),
  ])
  func whatIsFound(text: String, name: String, expected: String) {
    #expect(shown(text, name) == expected)
  }

  /// Of random names: places are those of the text in its order, and there are none exactly where it does not match. No
  /// other way to find the text is worth more.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func likeTheNaiveOne(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<300 {
      let name = (0..<Int.random(in: 0...9, using: &random)).map { _ in random.pick(Self.letters) }
      let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in random.pick(Self.letters) }
      let filter = NameFilter(text: [UInt8(ascii: "~")] + text)
      let ignoresCase = !text.contains { (0x41...0x5a).contains($0) }
      var scorer = FuzzyScorer(text, ignoresCase: ignoresCase)
      let places = unsafe name.withUnsafeBufferPointer { unsafe scorer.places(in: $0) }
      let score = unsafe name.withUnsafeBufferPointer { unsafe scorer.score($0) }
      #expect((score > 0) == filter.matches(KeyName(name)))
      #expect(places.isEmpty == (score == 0))
      guard score > 0 else { continue }
      let folded = ignoresCase ? name.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 } : name
      #expect(places.map { folded[$0] } == text)
      #expect(zip(places, places.dropFirst()).allSatisfy(<))
      let best = Self.ways(text[...], folded, from: 0).map { Self.points($0, name) }.max() ?? 0
      #expect(Self.points(places, name) == best)
      #expect(Int(score >> 10) == best + 4_096 * 64)
      #expect(Int(score & 1_023) == 1_023 - name.count)
    }
  }

  private static func ways(_ text: ArraySlice<UInt8>, _ name: [UInt8], from: Int) -> [[Int]] {
    guard let byte = text.first else { return [[]] }
    return (from..<max(from, name.count)).filter { name[$0] == byte }.flatMap { place in
      ways(text.dropFirst(), name, from: place + 1).map { [place] + $0 }
    }
  }

  /// The weights, written down once more: 16 a byte, 8 in a row, 3 + 1 … a gap, the word's start twice for the first.
  private static func points(_ places: [Int], _ name: [UInt8]) -> Int {
    func kind(_ byte: UInt8) -> Int {
      switch byte {
      case 0x61...0x7a: 0
      case 0x41...0x5a: 1
      case 0x30...0x39: 2
      case 0x80...: 4
      default: 3
      }
    }
    func bonus(_ place: Int) -> Int {
      let (own, before) = (kind(name[place]), place == 0 ? 3 : kind(name[place - 1]))
      return own == 3 ? 4 : before == 3 ? 9 : own == 1 && before != 1 ? 7 : own == 2 && before != 2 ? 6 : 0
    }
    var points = 64 * (16 + 2 * bonus(places[0])) - min(places[0], 63)
    for (before, place) in zip(places, places.dropFirst()) {
      let gap = place - before - 1
      points += 64 * (16 + (gap == 0 ? max(8, bonus(place)) : bonus(place) - 2 - gap))
    }
    return points
  }

  /// So long that there is no way to try them all: they match, behind the others.
  @Test func endlessNames() {
    let long = String(repeating: "ab:", count: 30_000)
    #expect(Self.score("ba", long) > 0)
    #expect(Self.score("ba", long) < Self.score("ba", "b" + String(repeating: "x", count: 2_000) + "a"))
    #expect(NameFilter(text: Array("~ba".utf8)).matchedRanges(in: Array(long.utf8)) == [1..<2, 3..<4])
    let text = String(repeating: "a", count: 3_000)
    #expect(Self.score(text, text + text) > 0)
  }

  @Test(arguments: ["~ab", "~AB", "~b:a", "~1"])
  func listsBestFirst(text: String) {
    var random = Seeded(7)
    var index = KeyIndex()
    let filter = NameFilter(text: Array(text.utf8))
    for page in 0..<40 {
      index.insert((0..<50).map { _ in KeyIndexTests.randomName(&random) })
      if page == 25 { index.settle() }
    }
    index.gather()
    let query = ListQuery(layout: .tree, filter: filter).ranked
    let list = RowList(index: index, query: query)
    let literal = Array(text.utf8.dropFirst())
    var scorer = FuzzyScorer(literal, ignoresCase: text == text.lowercased())
    let names = RowList(index: index, query: ListQuery(layout: .flat, filter: filter)).keys(limit: .max).names
    let scored = names.map { name in (name, unsafe name.bytes.withUnsafeBufferPointer { unsafe scorer.score($0) }) }
    let expected = scored.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map { RowID.key($0.0) }
    #expect((0..<list.count).map { list[$0].id } == expected)
    for (row, id) in expected.enumerated() { #expect(list.position(of: id) == row) }
    // Another order that was chosen stays.
    var sorted = query
    sorted.sort = ListSort(.size)
    #expect(sorted.ranked == sorted)
    #expect(ListQuery(filter: NameFilter(text: [0x61])).ranked == ListQuery(filter: NameFilter(text: [0x61])))
  }
}

/// What is found of random names makes them match, and is nothing where they do not.
@Test(arguments: 1...10 as ClosedRange<UInt64>)
func foundRangesAreRight(seed: UInt64) {
  var random = Seeded(seed)
  let letters = Array("abAB:*?".utf8) + [0xc3, 0xa9, 0xff, 0]
  for _ in 0..<300 {
    let name = (0..<Int.random(in: 0...24, using: &random)).map { _ in random.pick(letters) }
    let text = (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(letters) }
    let filter = NameFilter(text: text)
    let ranges = filter.matchedRanges(in: name)
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
    #expect(ranges.allSatisfy { !$0.isEmpty && $0.upperBound <= name.count })
    if !filter.matches(KeyName(name)) { #expect(ranges.isEmpty) }
    guard !text.contains(where: { Array("*?".utf8).contains($0) }) else { continue }
    // A plain text: every range is the text, and what is left holds it nowhere.
    let ignoresCase = !text.contains { (0x41...0x5a).contains($0) }
    func folded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
      bytes.map { ignoresCase && (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
    #expect(ranges.allSatisfy { folded(name[$0]) == text })
    let naive = (0...max(0, name.count)).contains { folded(name[$0...]).starts(with: text) }
    #expect(filter.matches(KeyName(name)) == naive && ranges.isEmpty != naive)
  }
}
