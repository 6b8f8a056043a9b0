import Testing

@testable import Canvas

@Suite struct TextWidthTests {
  @Test func agreesWithWcwidth() throws {
    for value in WidthSamples.wide { #expect(try cells(value) == 2, "U+\(String(value, radix: 16))") }
    for value in WidthSamples.narrow { #expect(try cells(value) == 1, "U+\(String(value, radix: 16))") }
    for value in WidthSamples.zero {
      let width = try cells(value)
      #expect(width == 0 || width == nil, "U+\(String(value, radix: 16))")
    }
  }

  private func cells(_ value: UInt32) throws -> Int? {
    TextWidth.cells(try #require(Unicode.Scalar(value)))
  }

  @Test(arguments: [
    ("plain", 5), ("한국어:キー", 11), ("e\u{301}", 1), ("👍🏽", 2), ("👨‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 1),
    ("1\u{FE0F}\u{20E3}", 1), ("각", 2), ("\u{1100}\u{1161}\u{11A8}", 2), ("नमस्ते", 4), ("हिन्दी", 5), ("กี่", 1), ("", 0),
  ])
  func widthOfText(text: String, cells: Int) {
    #expect(TextWidth.cells(text) == cells)
  }

  @Test("a flag is one glyph of two cells, never cut in half; a lone half is one cell")
  func flags() {
    for context in [Escape.Context.value, .name] {
      let text = Escape.display(Array("🇩🇪🇫🇷🇩|".utf8), context: context)
      #expect(text.elements.map(\.glyph.string) == ["🇩🇪", "🇫🇷", "🇩", "|"])
      #expect(text.elements.map(\.glyph.width) == [2, 2, 1, 1])
    }
    #expect(DisplayText("🇩🇪🇫🇷").prefix(cells: 3).string == "🇩🇪")
  }

  @Test func whatIsYoungerThanTheTableIsHidden() {
    #expect(TextWidth.cells("\u{2FFC}") == 2)  // Unicode 15.1
    #expect(TextWidth.cells("\u{1FAE8}") == 2)  // Unicode 15.0
    #expect(CharacterClass("\u{1CC00}") == .hidden)  // Unicode 16.0
  }

  @Test func tableIsAscendingAndPaired() {
    #expect(WidthTable.wide.count % 2 == 0)
    #expect(WidthTable.wide == WidthTable.wide.sorted())
    #expect(!WidthTable.isWide(0x10FF))
    #expect(WidthTable.isWide(0x1100))
    #expect(WidthTable.isWide(0x3FFFD))
    #expect(!WidthTable.isWide(0x10FFFF))
  }
}
