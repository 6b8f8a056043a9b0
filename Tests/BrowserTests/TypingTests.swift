import Canvas
import Testing

@testable import Browser

@Suite("Typing values") struct TypingTests {
  /// All bytes can be typed as they are shown, in a field, in lines and in a document.
  @Test func whatIsShownCanBeTyped() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...255, using: &generator)
          : [0x0a, 0x09, 0x5c, 0x78, 0x41][Int.random(in: 0...4, using: &generator)]
      }
      #expect(TextArea(bytes).bytes == bytes)
      #expect(TextArea(bytes, isMultiline: true).bytes == bytes)
      #expect(Document.decode(Document.encode(bytes)) == bytes)
    }
  }

  @Test func linesAreEdited() {
    var area = TextArea(Array("one\ntwo".utf8), isMultiline: true)
    var kills = KillBuffer()
    func press(_ keys: Key...) { for key in keys { _ = area.handle(key, kills: &kills) } }
    press(.enter, .character("x"), .up, .home, .backspace)
    #expect(area.bytes == Array("onetwo\nx".utf8))
    press(.end, .delete)
    #expect(area.bytes == Array("onetwox".utf8))
    area.paste(Array("a\rb".utf8))
    #expect(area.bytes == Array("onetwoa\nbx".utf8))
    var line = TextArea(Array("v".utf8))
    line.paste(Array("a\nb".utf8))
    #expect(line.bytes == Array("va\nb".utf8))
    #expect(line.text == "va\\x0ab")
  }

  @Test func commandsReadAsInRedisCli() {
    func line(_ words: String...) -> String { CommandText.line(words.map { Array($0.utf8) }) }
    #expect(line("HSET", "user:1", "name", "ada lovelace", "") == #"HSET user:1 name "ada lovelace" """#)
    #expect(line("SET", "a\"b", "c\\d", "e\nf") == #"SET "a\"b" "c\\d" "e\nf""#)
    #expect(CommandText.word([0x00, 0xff, 0x41]) == #""\x00\xffA""#)
    #expect(CommandText.word(Array("\u{202e}x".utf8)) == #""\xe2\x80\xaex""#)
    #expect(CommandText.word(Array("ключ".utf8)) == #""ключ""#)
    #expect(CommandText.word(Array(String(repeating: "漢", count: 100).utf8)).hasPrefix("\"漢漢"))
    #expect(CommandText.word(Array("👩\u{200D}🚀👍🏽".utf8)) == #""👩\xe2\x80\x8d🚀👍\xf0\x9f\x8f\xbd""#)
    #expect(CommandText.word([UInt8](repeating: 0x61, count: 1_000)).hasSuffix("...(1,000 bytes)"))
  }
}
