import Keyspace
import Testing

@Suite struct KeyFilterTests {
  private typealias Expiry = ListQuery.Expiry

  private func filter(_ text: String) -> KeyFilter { KeyFilter(text: Array(text.utf8)) }

  private static let soon = Expiry.ttl(.left(below: 600_000))

  @Test(
    arguments: [
      ("ttl<10m", nil, soon), ("ttl<=10m", nil, .ttl(.left(below: 600_001))),
      ("ttl>1d", nil, .ttl(.left(above: 86_400_000))),
      ("TTL>=90", nil, .ttl(.left(above: 89_999))), ("ttl:none", nil, .persistent), ("Ttl:None", nil, .persistent),
      ("ttl<10m user", "user", soon), ("user ttl<10m", "user", soon), ("  ttl<10m   user:*", "user:*", soon),
      ("a b  ttl<10m ", "a b", soon), ("ttl<10m ~a  b", "~a  b", soon), ("  a ttl<10m", "  a", soon),
      ("ttl>1m user ttl<10m", "user", .ttl(.left(above: 60_000, below: 600_000))),
      ("ttl>1m ttl<10m", nil, .ttl(.left(above: 60_000, below: 600_000))),
      ("ttl<1h ttl<10m", nil, soon), ("ttl<10m ttl:none", nil, .impossible), ("ttl<10s ttl>10s", nil, .impossible),
      ("ttl<10s ttl>=10s", nil, .impossible), ("ttl<=10s ttl>=10s", nil, .ttl(.left(above: 9_999, below: 10_001))),
      ("ttl:none a ttl:none", "a", .persistent), ("\\ttl:none", "ttl:none", .any), ("\\ttl<", "ttl<", .any),
      ("\\ttl:none ttl:none", "ttl:none", .persistent), ("ttl:none a \\ttl<5", "a ttl<5", .persistent),
      ("\\ttl<5 a \\ttl<5", "ttl<5 a ttl<5", .any), ("a ttl<5 b", "a ttl<5 b", .any),
      ("a \\ttl<5 b", "a \\ttl<5 b", .any),
    ] as [(String, String?, ListQuery.Expiry)])
  func conditions(text: String, name: String?, expiry: ListQuery.Expiry) {
    #expect(filter(text).name == name.map { NameFilter(text: Array($0.utf8)) })
    #expect(filter(text).expiry == expiry)
    #expect(filter(text).mistake == nil)
    #expect(filter(text).text == Array(text.utf8))
  }

  @Test func conditionsAreToldAsTyped() {
    #expect(filter("TTL>1m x ttl<2h ttl<1h").conditions == ["TTL>1m", "ttl<2h", "ttl<1h"])
    #expect(filter("x").conditions.isEmpty)
  }

  @Test(arguments: [
    "ttl<", "ttl>", "ttl<=", "TTL>=", "ttl<1x", "ttl>m", "ttl<>5", "ttl<-5", "ttl<none", "ttl<9999999999999d",
  ])
  func whatIsNotWholeYetPicksNothing(word: String) {
    #expect(filter(word).mistake != nil)
    #expect(filter(word).name == nil)
    #expect(filter(word).expiry == .any)
    for text in ["\(word) user", "user \(word)", "user \(word) "] {
      #expect(filter(text).mistake != nil)
      #expect(filter(text).name == filter("user").name)
    }
    #expect(filter("\(word) ttl:none").expiry == .persistent)
    #expect(filter("ttl:none").mistake == nil)
  }

  @Test func itIsSaidWhatIsMissing() {
    #expect(filter("ttl<").mistake?.text == "type a time, such as 10m, 90s or 2h30m")
    #expect(filter("a ttl>=1x").mistake?.text == "'1x' is no TTL: type 10m, 90s or 2h30m")
  }

  /// Also bytes that are no text, backslashes, blanks at the ends, and words that look nearly like a condition.
  @Test(arguments: 1...40 as ClosedRange<UInt64>) func otherTextsAreAsBefore(seed: UInt64) {
    var random = Seeded(seed)
    let parts =
      [
        "ttl", "ttl:", "ttl:foo", "ttlx", "ttl=5", "xttl<5", "ttl:nonex", "\\", "*", "?", "[", "~", " ", "  ", "a", "A",
        "\\*", "\\~", "user:1", "é", "ttl :none", ":none",
      ].map { Array($0.utf8) } + [[0xff], [0x00]]
    for _ in 0..<200 {
      let text = (0..<Int.random(in: 0...6, using: &random)).flatMap { _ in random.pick(parts) }
      let words = text.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      let isPlain = words.allSatisfy { word in
        !["ttl<", "ttl>", "ttl:none"].contains { word.lowercased().drop { $0 == "\\" }.hasPrefix($0) }
      }
      guard isPlain else { continue }
      let filter = KeyFilter(text: text)
      #expect(filter.name == (text.isEmpty ? nil : NameFilter(text: text)))
      #expect(filter.expiry == .any && filter.mistake == nil && filter.conditions.isEmpty)
    }
  }

  @Test func bothOfTwo() {
    let long = Expiry.ttl(.left(above: 86_400_000))
    for one in [.any, .persistent, .volatile, .impossible, Self.soon, long] as [Expiry] {
      #expect(one.and(one) == one)
      #expect(one.and(.any) == one)
      #expect(one.and(.impossible) == .impossible)
      for other in [.any, .persistent, .volatile, .impossible, Self.soon, long] as [Expiry] {
        #expect(one.and(other) == other.and(one))
      }
    }
    #expect(Expiry.persistent.and(.volatile) == .impossible)
    #expect(Expiry.persistent.and(Self.soon) == .impossible)
    #expect(Expiry.volatile.and(Self.soon) == Self.soon)
    #expect(long.and(Self.soon) == .impossible)
  }
}
