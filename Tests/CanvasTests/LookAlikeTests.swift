import Testing

@testable import Canvas

@Suite struct LookAlikeTests {
  @Test(arguments: [
    "user:1", "paypal", "ключ:рос", "Größe:naïve", "한국어:キー", "מפתח:12", "ß", "", "a b", "kapı", "user:😀", #"\x41"#,
  ])
  func trusts(_ name: String) {
    #expect(LookAlike.doubt(Array(name.utf8)) == nil)
  }

  static let doubtful: [(name: String, doubt: LookAlike.Doubt)] = [
    ("p\u{430}ypal", LookAlike.Doubt.foreign("\u{430}", like: "a")),
    ("user:\u{441}\u{43E}\u{440}\u{443}", .foreign("\u{441}", like: "c")),
    ("ключ:p\u{430}y", .foreign("\u{430}", like: "a")),
    ("price\u{2013}list", .foreign("\u{2013}", like: "-")),
    ("user ", .blankAtEnd), (" user", .blankAtStart), (" ", .blankAtStart),
    ("cafe\u{301}", .composed("e\u{301}")), ("\u{1100}\u{1161}", .composed("\u{1100}\u{1161}")),
    ("tone:👍🏽", .partlyDrawn("👍🏽")), ("\u{F900}", .duplicate("\u{F900}")),
    ("\u{212A}elvin", .foreign("\u{212A}", like: "K")),
  ]

  @Test func doubts() {
    for (name, doubt) in Self.doubtful { #expect(LookAlike.doubt(Array(name.utf8)) == doubt) }
  }

  @Test func emojiOfSeveralPartsAreDoubtfulWhereTheyAreNotEscaped() {
    let family = Array("👩\u{200D}👩\u{200D}👧".utf8)
    #expect(LookAlike.doubt(family) == nil, "in a name the joiners are escapes")
    #expect(LookAlike.doubt(family, context: .value) == .partlyDrawn("👩\u{200D}👩\u{200D}👧"))
    let fields = ["👩", "👩\u{200D}🚀", "x"].map { Array($0.utf8) }
    #expect(LookAlike.twins(among: fields, context: .value) == [0, 1])
    #expect(LookAlike.twins(among: fields) == [])
    #expect(LookAlike.twin(of: Array("paypal".utf8), among: [Array("p\u{430}ypal".utf8)]) != nil)
    #expect(LookAlike.twin(of: Array("paypal".utf8), among: [Array("paypal".utf8), Array("PAYPAL".utf8)]) == nil)
  }

  @Test func trustsBytesThatAreShownAsEscapes() {
    #expect(LookAlike.doubt([0xFF, 0x41, 0xE2, 0x80, 0x8B]) == nil)
  }

  static let groups: [(names: [String], places: Set<Int>)] = [
    (["paypal", "p\u{430}ypal", "other"], [0, 1]),
    (["caf\u{E9}", "cafe\u{301}"], [0, 1]),
    (["\u{3BF}\u{3C5}", "\u{43E}\u{443}", "x"], []),
    (["\u{391}\u{3BB}", "\u{410}\u{3BB}"], [0, 1]),
    (["user", "user ", "user1"], [0, 1]),
    (["\u{406}D", "ID", "lD"], [0, 1, 2]),
    (["O0", "OO", "l1"], []), (["same\u{E9}", "same\u{E9}"], []), ([], []),
  ]

  @Test func findsTwins() {
    for (names, places) in Self.groups {
      #expect(LookAlike.twins(among: names.map { Array($0.utf8) }) == places, "\(names)")
    }
  }

  @Test("every prototype is printable ASCII, and no code point of the table is shown as bytes")
  func tableIsOfVisibleCharacters() {
    var count = 0
    for value in UInt32(0)..<0x20000 {
      guard let prototype = ConfusableTable.prototype(of: value), let scalar = Unicode.Scalar(value) else { continue }
      count += 1
      #expect((0x21..<0x7F).contains(prototype))
      #expect(TextWidth.cells(scalar) != 2, "U+\(String(value, radix: 16)) takes two cells")
    }
    #expect(count > 1_000)
  }
}
