import Testing
import Values

@Suite struct TextTests {
  private func lines(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return TextLines.ranges(of: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  @Test func splitsAtLineFeeds() {
    #expect(lines("") == [""])
    #expect(lines("a") == ["a"])
    #expect(lines("a\n") == ["a"])
    #expect(lines("a\n\nb") == ["a", "", "b"])
    #expect(lines("\n") == [""])
    #expect(lines("a\r\nb") == ["a\r", "b"])
  }

  @Test func everyCutOfATextIsText() {
    let text = Array("aé日🎉z".utf8)
    for start in 0..<text.count {
      for end in start...text.count {
        let isText = TextLines.isText(Array(text[start..<end]), isCutBefore: start > 0, isCutAfter: end < text.count)
        #expect(isText, "\(start)..<\(end)")
      }
    }
  }

  @Test func knowsInvalidUTF8() {
    #expect(!TextLines.isText([0xff]))
    #expect(!TextLines.isText([0xc0, 0x80]))
    #expect(!TextLines.isText([0xed, 0xa0, 0x80]))
    #expect(!TextLines.isText(Array("é".utf8.dropLast())))
    #expect(!TextLines.isText([0x80, 0x41]))
    #expect(!TextLines.isText([0x80, 0x80, 0x80, 0x80], isCutBefore: true))
  }

  @Test func guessesTheFormat() {
    #expect(Plausible(Array(#"{"a":1}"#.utf8)) == .json)
    #expect(Plausible(Array("42".utf8)) == .text)
    #expect(Plausible(Array("naïve\ttext\r\n".utf8)) == .text)
    #expect(Plausible([]) == .text)
    #expect(Plausible([0x00, 0x01]) == .binary)
    #expect(Plausible([0x80, 0x02]) == .binary)
    let half = Array("ab日".utf8.dropLast())
    #expect(Plausible(half) == .binary)
    #expect(Plausible(half, length: 5) == .text)
    #expect(Plausible(Array("[1]".utf8), length: 4) == .text)
    #expect(Plausible(Array("[1]".utf8), offset: 4, length: 7) == .text)
  }

  @Test func layoutOfHexRows() {
    let full = HexRow(offset: 32, bytes: Array(0...15))
    #expect(full.hex == "00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f")
    let part = HexRow(offset: 48, bytes: [0x10, 0x11])
    #expect(part.hex.count == full.hex.count)
    #expect(part.hex.hasPrefix("10 11   "))
    #expect(HexRow(offset: 0, bytes: Array(0...7), width: 8).hex == "00 01 02 03  04 05 06 07")
    #expect(HexRow(offset: 0, bytes: Array("Hi\u{7f}é".utf8)).ascii == "Hi...")
  }
}
