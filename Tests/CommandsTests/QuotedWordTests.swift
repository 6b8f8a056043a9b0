import TestSupport
import Testing

@testable import Commands

@Suite("Bytes as a word of a line")
struct QuotedWordTests {
  @Test(arguments: [
    ("user:1", "user:1"), ("", #""""#), ("a b", #""a b""#), ("it's", #""it's""#),
    (#"a\b"#, #"a\b"#),
    (#"a\ b"#, #""a\\ b""#), ("\n\t\r\u{1B}", #""\n\t\r\x1b""#), ("é字👩", "é字👩"),
    ("\u{202E}", #""\xe2\x80\xae""#),
    ("e\u{301}", "e\u{301}"), ("\u{301}e", #""\xcc\x81e""#), ("a\u{A0}b", #""a\xc2\xa0b""#),
    ("a\"", #""a\"""#),
    ("\u{1112}\u{1161}", "\u{1112}\u{1161}"), ("a\u{1161}", #""a\xe1\x85\xa1""#),
    ("\u{7F}", #""\x7f""#),
  ])
  func writes(text: String, word: String) {
    #expect(QuotedWord.text(text.utf8) == word)
  }

  @Test("a quote that was begun stays, where it can hold the bytes")
  func begunQuotes() {
    let (single, double) = (LineSign.singleQuote, LineSign.doubleQuote)
    #expect(QuotedWord.text("a".utf8, openWith: double) == #""a""#)
    #expect(QuotedWord.text("a".utf8, openWith: single) == "'a'")
    #expect(QuotedWord.text("it's \\'".utf8, openWith: single) == #"'it\'s \\''"#)
    #expect(QuotedWord.text("a\\".utf8, openWith: single) == #""a\\""#)
    #expect(QuotedWord.text([0x41, 0xFF], openWith: single) == #""A\xff""#)
  }

  @Test("every word is read back as its bytes, and shows all that is in it")
  func isReadBack() {
    var random = Seeded(state: 0xB17E)
    let pieces: [[UInt8]] = [
      [0x5C], [0x5C], [0x22], [0x27], [0x20], Array("x41".utf8), Array("é".utf8),
      Array("\u{301}".utf8), [0xE2, 0x80],
      Array("\u{200B}".utf8), Array("\u{202E}".utf8), Array("한".utf8), Array("\u{1161}".utf8),
      Array("👩🏽".utf8), [0xC0, 0x80],
    ]
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        let known = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        bytes += Bool.random(using: &random) ? known : [UInt8.random(in: 0...255, using: &random)]
      }
      for quote in [nil, LineSign.doubleQuote, LineSign.singleQuote] {
        let text = QuotedWord.text(bytes, openWith: quote)
        let split = SplitLine(text)
        if split.words.map(\.bytes) != [bytes] || split.mistake != nil {
          Issue.record("\(bytes) written as \(text)")
        }
        let isClear = text.unicodeScalars.allSatisfy { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
          default: !scalar.properties.isDefaultIgnorableCodePoint
          }
        }
        #expect(isClear)
      }
    }
  }
}
