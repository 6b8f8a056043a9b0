import Testing

@testable import Canvas

@Suite struct EscapeTests {
  static let table: [(bytes: [UInt8], name: String, value: String)] = [
    (Array("user:1".utf8), "user:1", "user:1"),
    ([0x00, 0xFF] + Array("bin".utf8), #"\x00\xffbin"#, #"\x00\xffbin"#),
    (Array("\n\t\u{1B}\u{7F}".utf8), #"\x0a\x09\x1b\x7f"#, #"\x0a\x09\x1b\x7f"#),
    (Array("\u{85}\u{9B}".utf8), #"\xc2\x85\xc2\x9b"#, #"\xc2\x85\xc2\x9b"#),
    // A backslash alone, before another, before x and hex digits, before an escape.
    (Array(#"a\b"#.utf8), #"a\b"#, #"a\b"#),
    (Array(#"a\\b"#.utf8), #"a\\\b"#, #"a\\\b"#),
    (Array(#"\x41"#.utf8), #"\\x41"#, #"\\x41"#),
    (Array(#"\xAf"#.utf8), #"\\xAf"#, #"\\xAf"#),
    (Array(#"\x4"#.utf8), #"\x4"#, #"\x4"#),
    (Array(#"\x4g"#.utf8), #"\x4g"#, #"\x4g"#),
    (Array("\\".utf8), #"\"#, #"\"#),
    (Array("\\\n".utf8), #"\\\x0a"#, #"\\\x0a"#),
    (Array("\\\u{200B}".utf8), #"\\\xe2\x80\x8b"#, #"\\\xe2\x80\x8b"#),
    // Bidirectional, zero-width, invisible, other blanks, tags, private use, noncharacter.
    (Array("a\u{202E}b".utf8), #"a\xe2\x80\xaeb"#, #"a\xe2\x80\xaeb"#),
    (Array("\u{FEFF}".utf8), #"\xef\xbb\xbf"#, #"\xef\xbb\xbf"#),
    (Array("\u{AD}\u{A0}\u{3000}".utf8), #"\xc2\xad\xc2\xa0\xe3\x80\x80"#, #"\xc2\xad\xc2\xa0\xe3\x80\x80"#),
    (Array("\u{2028}".utf8), #"\xe2\x80\xa8"#, #"\xe2\x80\xa8"#),
    (Array("\u{E0041}".utf8), #"\xf3\xa0\x81\x81"#, #"\xf3\xa0\x81\x81"#),
    (Array("\u{E000}".utf8), #"\xee\x80\x80"#, #"\xee\x80\x80"#),
    (Array("\u{3164}".utf8), #"\xe3\x85\xa4"#, #"\xe3\x85\xa4"#),
    (Array("\u{2800}".utf8), #"\xe2\xa0\x80"#, #"\xe2\xa0\x80"#),
    // Invalid UTF-8: too long, a surrogate, cut off, a lone continuation.
    ([0xC0, 0x80, 0xED, 0xA0, 0x80], #"\xc0\x80\xed\xa0\x80"#, #"\xc0\x80\xed\xa0\x80"#),
    ([0xE2, 0x82], #"\xe2\x82"#, #"\xe2\x82"#),
    ([0x80, 0x41], #"\x80A"#, #"\x80A"#),
    ([0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#, #"\xf4\x90\x80\x80"#),
    // Marks: two on a base stay, a third and a leading one do not.
    (Array("e\u{301}\u{302}".utf8), "e\u{301}\u{302}", "e\u{301}\u{302}"),
    (Array("e\u{301}\u{302}\u{303}".utf8), "e\u{301}\u{302}" + #"\xcc\x83"#, "e\u{301}\u{302}" + #"\xcc\x83"#),
    (Array("\u{301}a".utf8), #"\xcc\x81a"#, #"\xcc\x81a"#),
    (Array("\n\u{301}".utf8), #"\x0a\xcc\x81"#, #"\x0a\xcc\x81"#),
    // Emoji sequences: whole in values, joiners and selectors escaped in names.
    (Array("❤\u{FE0F}".utf8), #"❤\xef\xb8\x8f"#, "❤\u{FE0F}"),
    (Array("👩\u{200D}💻".utf8), #"👩\xe2\x80\x8d💻"#, "👩\u{200D}💻"),
    (Array("👍🏽".utf8), "👍🏽", "👍🏽"),
    (Array("1\u{FE0F}\u{20E3}".utf8), #"1\xef\xb8\x8f\xe2\x83\xa3"#, "1\u{FE0F}\u{20E3}"),
    (Array("a\u{FE0F}".utf8), #"a\xef\xb8\x8f"#, #"a\xef\xb8\x8f"#),
    (Array("👩\u{200D}x".utf8), #"👩\xe2\x80\x8dx"#, #"👩\xe2\x80\x8dx"#),
    (Array("한국어:キー".utf8), "한국어:キー", "한국어:キー"),
  ]

  @Test("where only ASCII can be shown, every byte of another character is an escape")
  func showsASCII() {
    Escape.$charset.withValue(.ascii) {
      for (bytes, name) in [
        (Array("café 한".utf8), #"caf\xc3\xa9 \xed\x95\x9c"#), (Array("e\u{301}".utf8), #"e\xcc\x81"#),
        (Array("1\u{FE0F}\u{20E3}".utf8), #"1\xef\xb8\x8f\xe2\x83\xa3"#), (Array("\\é".utf8), #"\\\xc3\xa9"#),
        (Array("👍🏽".utf8), #"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"#),
      ] {
        #expect(Escape.string(bytes) == name)
        #expect(Escape.display(bytes).string == name)
        #expect(Escape.typed(Escape.string(bytes)) == bytes)
      }
    }
  }

  @Test func shows() {
    for (bytes, name, value) in EscapeTests.table {
      #expect(Escape.string(bytes, context: .name) == name)
      #expect(Escape.string(bytes, context: .value) == value)
      // Cells and text say the same.
      #expect(Escape.display(bytes, context: .name).string == name)
      #expect(Escape.display(bytes, context: .value).string == value)
    }
  }

  @Test(arguments: [
    (#"\\"#, #"\"#), (#"\a\"#, #"\a\"#), (#"\x41\xZZ"#, #"A\xZZ"#), (#"\\x41"#, #"\x41"#), (#"\x4"#, #"\x4"#),
    (#"\\\x41"#, #"\A"#), ("é", "é"), (#"\X41"#, #"\X41"#),
  ])
  func decodesWhatIsTyped(typed: String, meant: String) {
    #expect(Escape.typed(typed) == Array(meant.utf8))
  }

  @Test(arguments: [Escape.Context.name, .value])
  func typedOfShownIsTheSame(context: Escape.Context) {
    var random = SplitMix(seed: 0x5EED)
    for _ in 0..<60_000 {
      let bytes = EscapeTests.randomBytes(&random)
      let shown = Escape.string(bytes, context: context)
      if Escape.typed(shown) != bytes {
        Issue.record("\(bytes) shown as \(shown)")
        return
      }
    }
  }

  /// What is shown is never anything but visible: each code point of the cells is of a visible class, or belongs to an
  /// emoji sequence; each cell's drawn part is free of joiners.
  @Test func cellsAreVisible() {
    var random = SplitMix(seed: 0xCE11)
    for _ in 0..<20_000 {
      let bytes = EscapeTests.randomBytes(&random)
      for context in [Escape.Context.name, .value] {
        let text = Escape.display(bytes, context: context)
        #expect(text.string == Escape.string(bytes, context: context))
        #expect(text.width == text.elements.reduce(0) { $0 + $1.glyph.width })
        for element in text.elements {
          let drawn = element.glyph.drawn
          #expect(drawn.allSatisfy { CharacterClass($0) != .hidden })
          #expect(drawn.count <= 3)
          #expect(drawn.reduce(0) { $0 + (TextWidth.cells($1) ?? 0) } == element.glyph.width)
        }
      }
    }
  }

  @Test func escapesHaveTheirRole() {
    let text = Escape.display(Array("a\n\\\\".utf8), context: .name, role: .folder)
    #expect(text.elements.map(\.role) == [.folder, .escape, .escape, .escape, .escape, .escape, .escape, .folder])
    #expect(text.with(role: .accent).elements[0].role == .accent)
    #expect(text.with(role: .accent).elements[1].role == .escape)
  }

  @Test func limitReadsOnlyWhatIsShown() {
    let long = [UInt8](repeating: UInt8(ascii: "k"), count: 65_536)
    let text = Escape.display(long, limit: 20)
    #expect(text.width > 20)
    #expect(text.width < 30)
    #expect(text.truncated(to: 20).string == "kkkkkkkkkkkkkkkkkkk…")
    #expect(Escape.display(long, limit: 0).width == 1)
    #expect(Escape.display(Array("ab".utf8), limit: 2).string == "ab")
    let families = Array(String(repeating: "👨‍👩‍👧‍👦", count: 50).utf8)
    #expect(Escape.display(families, limit: 9).truncated(to: 9).width == 9)
  }

  /// A name of 64 KB is shown whole in the detail pane: the work grows with its length, not with the square of it.
  @Test func longNamesStayWhole() {
    let bytes = [UInt8](repeating: 0xFF, count: 65_536)
    let text = Escape.display(bytes, context: .name)
    #expect(text.width == 4 * 65_536)
    #expect(text.wrapped(to: 100).count == 2_622)
    #expect(Escape.typed(Escape.string(bytes)) == bytes)
  }

  @Test func longestSequenceIsOneGlyph() {
    let kiss = "👩🏽\u{200D}❤\u{FE0F}\u{200D}💋\u{200D}👨🏻"
    let text = Escape.display(Array(kiss.utf8), context: .value)
    #expect(text.elements.count == 1)
    #expect(text.string == kiss)
    #expect(text.elements[0].glyph.drawn == ["👩"])
    // An eleventh code point does not fit: the sequence ends before its joiner.
    let longer = Escape.display(Array((kiss + "\u{200D}👦").utf8), context: .value)
    #expect(longer.string == kiss + #"\xe2\x80\x8d👦"#)
  }

  /// Bytes with a bias to what the rule is about.
  static func randomBytes(_ random: inout SplitMix) -> [UInt8] {
    let pieces: [[UInt8]] = [
      Array("\\".utf8), Array("\\".utf8), Array("x".utf8), Array("4".utf8), Array("f".utf8), Array("A".utf8),
      Array("g".utf8), Array("\u{301}".utf8), Array("\u{200D}".utf8), Array("\u{FE0F}".utf8), Array("👩".utf8),
      Array("❤".utf8), Array("🏽".utf8), Array("1".utf8), Array("\u{20E3}".utf8), Array("\u{1100}".utf8),
      Array("\u{1161}".utf8), Array("\u{903}".utf8), Array("字".utf8), [0xE2, 0x80], [0xC3], [0xA9], Array("🇩".utf8),
    ]
    var bytes: [UInt8] = []
    for _ in 0..<Int(random.next() % 12) {
      if random.next() % 4 == 0 {
        bytes.append(UInt8(truncatingIfNeeded: random.next()))
      } else {
        bytes += pieces[Int(random.next() % UInt64(pieces.count))]
      }
    }
    return bytes
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
