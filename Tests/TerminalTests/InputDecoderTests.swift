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

  @Test("a paste begins even where its start comes in pieces")
  func startInPieces() {
    var decoder = InputDecoder()
    for burst in ["\u{1B}[20", "0", "~"] {
      for code in bytes(burst) { decoder.feed(code) }
      decoder.endBurst()
    }
    #expect(decoder.isInPaste)
    decoder.feed(pasted: Array("d".utf8)[...], isComplete: true)
    #expect(decoder.takeEvents() == [.paste(Array("d".utf8))])
    #expect(keys(bytes("\u{1B}[2200~\u{1B}[12;200~j")) == ["j"], "nothing else is one")
  }

  @Test("the mouse, in both encodings, and only where it was asked for")
  func readsTheMouse() {
    var decoder = InputDecoder()
    let reports = "\u{1B}[<0;12;5M\u{1B}[<0;12;5m\u{1B}[<64;1;1M\u{1B}[<65;300;100M\u{1B}[<2;1;1M\u{1B}[<0;x"
    for code in bytes(reports) + [27, 0x5B, 0x4D, 32, 33, 0xFE] + bytes("j") { decoder.feed(code) }
    decoder.endBurst()
    // Nothing asked for it: the three bytes of the old encoding are what they would be without the introducer.
    #expect(decoder.takeEvents() == [" ", "!", "j"].map { .key(.character($0)) })
    decoder.expectsMouse = true
    for code in bytes(reports) + [27, 0x5B, 0x4D, 32, 33, 0xFE] + bytes("j") { decoder.feed(code) }
    decoder.endBurst()
    #expect(
      decoder.takeEvents() == [
        .mouse(MouseEvent(.press, x: 11, y: 4)), .mouse(MouseEvent(.wheelUp, x: 0, y: 0)),
        .mouse(MouseEvent(.wheelDown, x: 299, y: 99)), .mouse(MouseEvent(.press, x: 0, y: 221)),
        .key(.character("j")),
      ])
  }

  @Test func tellsEscapeFromAlt() {
    #expect(keys([27]) == ["Escape"])
    #expect(keys([27], [0x6A]) == ["Escape", "j"])
    #expect(keys([27, 0x78]) == ["M-x"])
    #expect(keys([27] + bytes("é")) == ["M-é"])
    #expect(keys([27, 0x7F], [27, 8], [27, KEY_BACKSPACE]) == ["M-BSpace", "M-BSpace", "M-BSpace"])
    #expect(keys([27], [0x7F]) == ["Escape", "BSpace"], "one after the other")
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
    var decoder = InputDecoder()
    decoder.feed(KeySequences.pasteStart)
    #expect(decoder.isInPaste)
    decoder.feed(pasted: [0x61, 0x1B], isComplete: false)
    decoder.endBurst()
    #expect(decoder.takeEvents() == [])
    decoder.feed(pasted: [0xFF], isComplete: true)
    decoder.feed(Int32(0x6A))
    #expect(decoder.takeEvents() == [.paste([0x61, 0x1B, 0xFF]), .key(.character("j"))])
    #expect(!decoder.isUnfinished)
    #expect(events([KeySequences.pasteEnd]) == [], "an end without a start")
  }

  @Test func endsAPasteWithoutAnEnd() {
    var decoder = InputDecoder()
    decoder.feed(KeySequences.pasteStart)
    decoder.feed(pasted: [0x71, 3], isComplete: false)
    #expect(decoder.isUnfinished)
    decoder.giveUp()
    decoder.feed(Int32(0x6A))
    #expect(decoder.takeEvents() == [.paste([0x71, 3]), .key(.character("j"))])
  }

  @Test func limitsPastes() {
    var decoder = InputDecoder()
    decoder.feed(KeySequences.pasteStart)
    let piece = [UInt8](repeating: 0x61, count: 100_000)
    for _ in 0..<20 { decoder.feed(pasted: piece[...], isComplete: false) }
    #expect(decoder.isInPaste, "the rest is no typing")
    decoder.feed(pasted: piece[...], isComplete: true)
    decoder.feed(Int32(0x6A))
    let expected = [UInt8](repeating: 0x61, count: InputDecoder.pasteLimit)
    #expect(decoder.takeEvents() == [.paste(expected), .key(.character("j"))])
  }

  @Test("a string without an end: ^C ends it and counts, and so does its length")
  func endsStrings() {
    #expect(keys(bytes("\u{1B}]0;title"), bytes("q"), [3], bytes("q")) == ["C-c", "q"])
    #expect(keys(bytes("\u{1B}P1$r") + [3] + bytes("q")) == ["C-c", "q"])
    let long = bytes(String(repeating: "d", count: 5000))
    #expect(keys(bytes("\u{1B}]0;") + long, bytes("q")) == ["q"], "what came with it is not typed")
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
    // Whatever state that left, silence leads back.
    decoder.giveUp()
    #expect(!decoder.isUnfinished)
    decoder.feed(KeySequences.pasteStart)
    decoder.feed(pasted: [], isComplete: true)
    _ = decoder.takeEvents()
    decoder.feed(Int32(0x6A))
    #expect(decoder.takeEvents() == [.key(.character("j"))])
  }
}
