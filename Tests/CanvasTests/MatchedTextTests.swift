import Testing

@testable import Canvas

@Suite("What was found of a text") struct MatchedTextTests {
  /// The text with what has the role `.match` in brackets.
  private func shown(_ bytes: [UInt8], _ matches: [Range<Int>]) -> String {
    var result = ""
    var isOpen = false
    for element in Escape.display(bytes, context: .name, matches: matches).elements {
      if (element.role == .match) != isOpen { result += isOpen ? "]" : "[" }
      isOpen = element.role == .match
      result += element.glyph.string
    }
    return result + (isOpen ? "]" : "")
  }

  @Test func rangesBecomeCells() {
    #expect(shown(Array("user:1".utf8), [0..<2, 5..<6]) == "[us]er:[1]")
    #expect(shown(Array("user".utf8), []) == "user")
    // Four cells for one byte.
    #expect(shown([0x61, 0x1b, 0x1b, 0x62], [1..<2]) == "a[\\x1b]\\x1bb")
    #expect(shown(Array("a\\x41".utf8), [1..<3]) == "a[\\\\x]41")
    // A character as a whole, wide ones too.
    #expect(shown(Array("aéキ한b".utf8), [2..<3, 4..<5]) == "a[éキ]한b")
    #expect(shown(Array("e\u{301}x".utf8), [0..<1]) == "[e\u{301}]x")
    // Each byte of an invisible one is a text of its own.
    #expect(shown(Array("\u{200B}".utf8), [1..<2]) == "\\xe2[\\x80]\\x8b")
    #expect(shown([0xff, 0xc3], [0..<1]) == "[\\xff]\\xc3")
  }

  /// Whatever the bytes, what is found changes roles only, and those of all units that it has bytes of.
  @Test(arguments: 0..<20) func randomBytes(seed: Int) {
    var random = SystemRandomNumberGenerator()
    let letters: [UInt8] = Array("ab\\x1f:é한🛒\u{301}\u{200d}".utf8) + [0xff, 0xc3, 0, 0x1b]
    for _ in 0..<100 {
      let bytes = (0..<Int.random(in: 1...16, using: &random)).map { _ in letters.randomElement(using: &random) ?? 0 }
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let range = start..<Int.random(in: start + 1...bytes.count, using: &random)
      let plain = Escape.display(bytes, context: .name)
      let marked = Escape.display(bytes, context: .name, matches: [range])
      #expect(marked.string == plain.string && marked.width == plain.width)
      #expect(marked.elements.contains { $0.role == .match })
      let whole = Escape.display(bytes, context: .name, matches: [0..<bytes.count])
      #expect(whole.elements.allSatisfy { $0.role == .match })
      // Byte by byte covers the same as all at once.
      let bytewise = Escape.display(bytes, context: .name, matches: range.map { $0..<$0 + 1 })
      #expect(bytewise == marked)
    }
  }
}
