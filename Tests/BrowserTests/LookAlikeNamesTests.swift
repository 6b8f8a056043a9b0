import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Names that look alike")
struct LookAlikeNamesTests {
  @Test func carryAMarkInTheList() {
    var harness = Harness(["other", "paypal", "p\u{430}ypal", "user "])
    #expect(harness.row("other").hasPrefix("│▌  other"))
    #expect(harness.row("paypal").hasPrefix("│  ≈paypal"), "its twin is on the screen")
    #expect(harness.row("p\u{430}ypal").hasPrefix("│  ≈p\u{430}ypal"))
    #expect(harness.row("user ").hasPrefix("│  ≈user "))
    harness.press(.down, .character(" "))
    #expect(harness.row("●").contains("●≈paypal"))
    #expect(harness.frame(.ascii).trimmedRows().contains { $0.hasPrefix("|  ~user ") })
  }

  @Test func sayInTheValuePaneWhatIsOddAboutThem() {
    let name = "p\u{430}ypal"
    var harness = Harness([name])
    harness.press(.enter)
    harness.open(name, .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])))
    #expect(harness.text.contains("≈ look-alike: the a in it is U+0430 CYRILLIC"))
    harness.press(.character("i"))
    #expect(harness.text.contains("look-alike: the a in it is U+0430 CYRILLIC SMALL LETTER A, no ASCII character"))
  }

  @Test func whatIsToBeDeletedSaysSoFirst() {
    var harness = Harness(["p\u{430}ypal", "tone:👍🏽"])
    harness.tell([("p\u{430}ypal", .string, nil), ("tone:👍🏽", .string, nil)])
    for (name, words, command) in [
      ("p\u{430}ypal", "the a in it is U+0430", "p\u{430}ypal"),
      ("tone:👍🏽", "an emoji in it has 2 parts", #""tone:👍\xf0\x9f\x8f\xbd""#),
    ] {
      harness.press(.character("d"))
      harness.answer(.survey, .survey(Survey(facts: [KeyFacts(name: KeyName(name), type: .known(.string))])))
      #expect(harness.text.contains("≈ look-alike: \(words)"))
      #expect(harness.text.contains(command))
      harness.advance(200)
      harness.press(.escape, .down)
      harness.giveRows()
      harness.press(.character("v"))
      harness.giveRows()
      harness.press(.end)
    }
  }

  @Test func theTwinOfAnotherSaysSo() {
    var harness = Harness(["paypal", "p\u{430}ypal"])
    harness.press(.enter)
    harness.open("paypal", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])))
    #expect(harness.text.contains("≈ look-alike: another name on the screen looks"))
    harness.press(.character("i"))
    #expect(harness.text.contains("looks the same: the a in it is U+0430 CYRILLIC SMALL LETTER A"))
  }

  @Test func fieldsAndMembersCarryItToo() {
    var harness = Harness(["h"])
    harness.press(.enter)
    let fields = ["name", "n\u{430}me"].map { HashPage.Field(name: Array($0.utf8), value: Array("v".utf8)) }
    harness.open("h", .hash, .hash(HashPage(length: 2, fields: fields, next: 0)), length: 2)
    #expect(harness.text.contains("name≈  v"))
    #expect(harness.text.contains("n\u{430}me≈  v"))
    #expect(!harness.text.contains("U+0430"))
    harness.press(.down)
    #expect(harness.text.contains("≈ the a in it is U+0430 CYRILLIC"), "of the field under the cursor")
  }
}
