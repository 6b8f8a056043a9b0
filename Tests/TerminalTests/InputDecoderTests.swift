import CTerminal
import Canvas
import Testing

@testable import Terminal

@Suite struct InputDecoderTests {
  /// What comes of bursts of input; a key code is more than 255.
  private func events(_ bursts: [Int32]...) -> [TerminalEvent] {
    var decoder = InputDecoder()
    for burst in bursts {
      for code in burst { decoder.feed(code) }
      decoder.endBurst()
    }
    return decoder.takeEvents()
  }

  private func keys(_ bursts: [Int32]...) -> [String] {
    var decoder = InputDecoder()
    for burst in bursts {
      for code in burst { decoder.feed(code) }
      decoder.endBurst()
    }
    return decoder.takeEvents().map { event in
      if case .key(let key) = event { return key.tmuxName }
      return "\(event)"
    }
  }

  private func bytes(_ text: String) -> [Int32] { text.utf8.map { Int32($0) } }

  @Test func readsBytesAndCodes() {
    #expect(keys(bytes("jG ~")) == ["j", "G", "Space", "~"])
    let controls = keys([0, 3, 8, 9, 10, 13, 26, 28, 31, 127]).joined(separator: " ")
    #expect(controls == "C-Space C-c BSpace Tab C-j Enter C-z C-\\ C-_ BSpace")
    let named = keys([KEY_UP, KEY_NPAGE, KEY_BTAB, KEY_F0 + 5, KEY_SF, KEY_DC])
    #expect(named == ["Up", "NPage", "BTab", "F5", "S-Down", "DC"])
    #expect(keys([KEY_MOUSE, 565]) == [])
  }

  @Test func readsCharactersOfSeveralBytes() {
    #expect(keys(bytes("é中🙂")) == ["é", "中", "🙂"])
    let parts = bytes("中")
    #expect(keys([parts[0]], [parts[1]], [parts[2]]) == ["中"], "cut at the edge of a read")
  }

  @Test func dropsWhatIsNotUTF8() {
    #expect(keys([0xFF, 0x6A]) == ["j"])
    #expect(keys([0xE4, 0xB8, 0x6A]) == ["j"])
    #expect(keys([0x80, 0x80, 0x80, 0x80, 0x80, 0x6A]) == ["j"])
    #expect(keys([0xC2, 0x9B, 0x6A]) == ["j"], "a C1 control is no key")
  }

  @Test func tellsEscapeFromAlt() {
    #expect(keys([27]) == ["Escape"])
    #expect(keys([27], [0x6A]) == ["Escape", "j"])
    #expect(keys([27, 0x78]) == ["M-x"])
    #expect(keys([27] + bytes("é")) == ["M-é"])
    #expect(keys([27, 27]) == ["Escape", "Escape"])
    #expect(keys([27, 13]) == ["Escape", "Enter"])
    #expect(keys([27, KEY_UP]) == ["Escape", "Up"])
    #expect(keys([27, 0x5B]) == ["M-["])
    #expect(keys([27, 0x4F]) == ["M-O"])
    #expect(keys([27, 0xFF, 0xFF, 0xFF, 0xFF, 0x6A]) == ["j"])
  }

  @Test(arguments: ["\u{1B}[1;5P", "\u{1B}[?1;2c", "\u{1B}Oz", "\u{1B}]11;rgb:0/0/0\u{07}", "\u{1B}P1$r0m\u{1B}\\"])
  func takesNoUnknownSequenceForTyping(sequence: String) {
    #expect(keys(bytes(sequence + "j")) == ["j"])
    #expect(keys(bytes(sequence), bytes("j")) == ["j"])
  }

  @Test func collectsPastes() {
    let start = KeySequences.pasteStart
    let end = KeySequences.pasteEnd
    #expect(events([start] + bytes("a\rd\u{1B}[A\n") + [end]) == [.paste(Array("a\rd\u{1B}[A\n".utf8))])
    let inParts = events([start, 0x61], [0xFF, KEY_BACKSPACE, KEY_UP, end, 0x6A])
    #expect(inParts == [.paste([0x61, 0xFF, 0x7F]), .key(.character("j"))])
    #expect(events([start, end]) == [.paste([])])
    #expect(events([end]) == [])
  }

  @Test func limitsPastes() {
    var decoder = InputDecoder()
    decoder.feed(KeySequences.pasteStart)
    for _ in 0..<InputDecoder.pasteLimit + 10 { decoder.feed(Int32(0x61)) }
    decoder.feed(KeySequences.pasteEnd)
    guard case .paste(let bytes) = decoder.takeEvents().first else {
      Issue.record("no paste")
      return
    }
    #expect(bytes.count == InputDecoder.pasteLimit)
  }

  @Test func tellsTheFocus() {
    #expect(events([KeySequences.focusIn, KeySequences.focusOut]) == [.focus(true), .focus(false)])
  }

  @Test func survivesAnything() {
    var generator = SystemRandomNumberGenerator()
    var decoder = InputDecoder()
    for _ in 0..<200_000 {
      decoder.feed(Int32.random(in: 0..<300, using: &generator))
      if Bool.random(using: &generator) { decoder.endBurst() }
    }
    // Whatever state that left, the end of a paste and of a string and one Escape lead back.
    decoder.feed(KeySequences.pasteStart)
    decoder.feed(KeySequences.pasteEnd)
    _ = decoder.takeEvents()
    decoder.feed(Int32(0x6A))
    #expect(decoder.takeEvents() == [.key(.character("j"))])
  }
}
