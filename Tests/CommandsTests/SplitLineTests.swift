import Testing

@testable import Commands

@Suite("Lines as redis-cli splits them")
struct SplitLineTests {
  static func words(_ line: String) -> [String] {
    SplitLine(line).words.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test(arguments: [
    ("SET a b", ["SET", "a", "b"]),
    ("  SET\ta   b  ", ["SET", "a", "b"]),
    ("SET \"a b\" 'c d'", ["SET", "a b", "c d"]),
    (#"SET "a\x41\n\r\t\"\\" x"#, ["SET", "aA\n\r\t\"\\", "x"]),
    (#"SET 'a\'b\n' x"#, ["SET", #"a'b\n"#, "x"]),
    (#"SET 'a\\'b'"#, ["SET", #"a\'b"#]),
    (#"SET a\nb"#, ["SET", #"a\nb"#]),
    (#"SET "" ''"#, ["SET", "", ""]),
    (#"SET ab"c d""#, ["SET", "abc d"]),
    (#"SET "\xzz\q\b\a""#, ["SET", "xzzq\u{8}\u{7}"]),
    ("SET a\u{0B}b \u{0B}c \"d\"\u{0C}e", ["SET", "a\u{0B}b", "c", "d", "e"]),
    ("a\u{0}b", ["a", "b"]),
    ("", []), (" \t ", []),
  ])
  func splits(line: String, words: [String]) {
    #expect(SplitLineTests.words(line) == words)
    #expect(SplitLine(line).mistake == nil)
    #expect(SplitLine(line).unfinished == nil)
  }

  @Test(arguments: [
    ("SET \"a", SplitLine.Mistake.openQuote(at: 4), "a", 4..<6),
    ("SET b'a ", .openQuote(at: 5), "ba ", 4..<8),
    ("SET \"a\"b c", .textBehindQuote(at: 6), "a", 4..<7),
    ("SET 'a''b'", .textBehindQuote(at: 6), "a", 4..<7),
    (#"SET "a\""#, .openQuote(at: 4), #"a""#, 4..<8),
    (#"SET "a\"#, .openQuote(at: 4), #"a\"#, 4..<7),
    ("é \"", .openQuote(at: 3), "", 3..<4),
  ])
  func saysWhereTheMistakeIs(
    line: String, mistake: SplitLine.Mistake, bytes: String, range: Range<Int>
  ) {
    let split = SplitLine(line)
    #expect(split.mistake == mistake)
    #expect(split.unfinished == .init(bytes: Array(bytes.utf8), range: range, isQuoted: true))
    #expect(split.words.count == 1)
  }

  @Test("a word knows where it stands, in bytes, and whether it holds quotes")
  func ranges() {
    let words = SplitLine("  é \"b c\" d'e'").words
    #expect(words.map(\.range) == [2..<4, 5..<10, 11..<15])
    #expect(words.map(\.isQuoted) == [false, true, true])
  }

  @Test("bytes that are no UTF-8 come out as they are")
  func bytes() {
    #expect(SplitLine(#""\xff\x00\x41""#).words.map(\.bytes) == [[0xFF, 0x00, 0x41]])
    #expect(SplitLine(bytes: [0xFF, 0x20, 0xC3]).words.map(\.bytes) == [[0xFF], [0xC3]])
  }

  @Test("every second random line is well formed; ranges are in order and hold the words")
  func randomLines() {
    let lines = RandomLines.make(seed: 0x5EED, count: 20_000)
    var mistakes = 0
    for (place, line) in lines.enumerated() {
      let split = SplitLine(line)
      if split.mistake != nil { mistakes += 1 }
      if place.isMultiple(of: 2), split.mistake != nil { Issue.record("\(line) is well formed") }
      #expect((split.mistake == nil) == (split.unfinished == nil))
      var end = 0
      for word in split.words + (split.unfinished.map { [$0] } ?? []) {
        #expect(word.range.lowerBound >= end && word.range.upperBound <= line.utf8.count)
        end = word.range.upperBound
        // A word's own text is a line of this one word.
        let own = SplitLine(bytes: Array(Array(line.utf8)[word.range]))
        #expect((own.words.first ?? own.unfinished)?.bytes == word.bytes)
      }
    }
    #expect(mistakes > 2_000)
  }
}
