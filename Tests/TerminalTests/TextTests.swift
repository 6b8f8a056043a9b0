import CTerminal
import Canvas
import Glibc
import Testing

@testable import Terminal

@Suite struct TextTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func encodesTheVectorsOfRFC4648(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
  }

  @Test(arguments: [
    ("\u{1B}[m$<2>", "\u{1B}[m"), ("a$<10*/>b$<1.5>", "ab"), ("$<x>", "$<x>"), ("$", "$"), ("$<5", "$<5"),
    ("a$b", "a$b"), ("$$<5>", "$"),
  ])
  func takesTheDelaysOut(text: String, without: String) {
    #expect(TerminalModes.withoutPadding(text) == without)
  }

  @Test(arguments: [
    TerminalError.notATerminal(stream: "standard input"), .noTerminalName, .limited(name: "dumb"),
    .unknown(name: "nonsense"), .noDescriptors,
  ])
  func saysTheNextStep(error: TerminalError) {
    #expect(error.description.contains("keyglass ls"))
    #expect(!error.description.contains("\n"))
  }

  @Test("a flag is two signs of one cell each; its letters where the library counts two for each")
  func drawsFlags() throws {
    let glyphs = DisplayText("🇩🇪🇩x🙂").elements.map(\.glyph)
    #expect(glyphs.map { RowPainter.flag($0) { _ in 1 } } == [[0x1F1E9, 0x1F1EA], [0x1F1E9], nil, nil])
    #expect(glyphs.map { RowPainter.flag($0) { _ in 2 } } == [[0x44, 0x45], [0x44], nil, nil])
  }

  /// A glyph that the library counts otherwise than we do is drawn as a question mark. Only these few may be: tone
  /// marks, circled numbers, and symbols that became wide with Unicode 16. Halves of flags are drawn as letters.
  @Test func agreesWithTheLibraryOnWidths() {
    let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    let known: [ClosedRange<UInt32>] = [
      0x302E...0x302F, 0x3248...0x324F, 0x1_6FF0...0x1_6FF1, 0x1_D300...0x1_D376, 0x1_F1E6...0x1_F1FF,
    ]
    var disagreements: [String] = []
    for value in UInt32(0x20)...0x1_FFFF {
      guard let scalar = Unicode.Scalar(value), let width = TextWidth.cells(scalar), width > 0 else { continue }
      let theirs = Int(kg_width(value))
      if theirs != width, theirs > 0, !known.contains(where: { $0.contains(value) }) {
        disagreements.append("U+\(String(value, radix: 16)) \(width) \(theirs)")
      }
    }
    #expect(disagreements.isEmpty)
  }
}
