/// Byte strings that try what a server could try against a terminal, or against whoever lays out cells: every class of
/// text that must not reach a terminal as it is, and text whose width is argued about.
package enum HostileBytes {
  /// All of them, distinct, without the very long ones; the same in every run. More than 3,000.
  package static let strings: [[UInt8]] = {
    let all =
      singleBytes + cutUTF8 + overlongForms + surrogates + operatingSystemCommands + controlSequences + controlStrings
      + escapes + controls + bidirectional + invisible + separators + noCharacters + marks + hangul + emoji + wide
      + rightToLeft + homoglyphs + blanks + backslashes + folders + noise
    var seen: Set<[UInt8]> = []
    return all.filter { seen.insert($0).inserted }
  }()

  /// The very long ones: names and values of up to 1 MB, one of them a single grapheme.
  package static let long: [[UInt8]] = [
    Array(repeating: UInt8(ascii: "n"), count: 70_000), text("漢", 20_000), text("\u{1b}]0;pwn\u{7}", 5_000),
    text("\u{202e}", 5_000), text("👨\u{200d}", 10_000), text("\\x1b", 10_000),
    bytes("a") + text("\u{301}", 500_000),
  ]

  // MARK: - Bytes that are no text

  private static let singleBytes: [[UInt8]] = (0...UInt8.max).flatMap { byte in
    [[byte], bytes("a") + [byte] + bytes("z"), [byte, byte, byte], bytes("line ") + [byte]]
  }

  /// Every beginning of a character of two, three and four bytes, before text, before Escape and at the end.
  private static let cutUTF8: [[UInt8]] = ["é", "߿", "ࠀ", "€", "\u{202e}", "漢", "𐀀", "🍵", "\u{10fffd}"].flatMap {
    text in
    let whole = bytes(text)
    return (1..<whole.count).flatMap { count in
      let cut = Array(whole.prefix(count))
      return [cut, bytes("a") + cut + bytes("z"), cut + bytes("\u{1b}[31mz"), cut + cut, cut + whole]
    }
  }

  /// ASCII in two, three and four bytes, which no reader may take for ASCII.
  private static let overlongForms: [[UInt8]] = (0..<UInt8(128)).flatMap { byte -> [[UInt8]] in
    let (high, low) = (byte >> 6, 0x80 | byte & 0x3f)
    return [[0xc0 | high, low], [0xe0, 0x80 | high, low], [0xf0, 0x80, 0x80 | high, low]]
  }

  private static let surrogates: [[UInt8]] =
    (0xa0...0xbf).map { [0xed, $0, 0x80] }
    // A pair, as CESU-8 has it; beyond the last code point; lengths that UTF-8 once had.
    + [[0xed, 0xa0, 0xbc, 0xed, 0xbd, 0xb5], [0xf4, 0x90, 0x80, 0x80], [0xf7, 0xbf, 0xbf, 0xbf]]
    + [[0xf8, 0x88, 0x80, 0x80, 0x80], [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]]

  // MARK: - Sequences

  /// BEL, ESC `\`, the C1 string terminator in both forms, and no end.
  private static let ends: [[UInt8]] = [[0x07], bytes("\u{1b}\\"), [0x9c], bytes("\u{9c}"), []]

  private static let operatingSystemCommands: [[UInt8]] = {
    let bodies = [
      "0;pwned", "1;pwned", "2;pwned", "4;1;rgb:ff/00/00", "7;file:///etc", "8;;http://evil.example/", "9;pwned",
      "10;?", "11;?", "50;?", "52;c;cm0gLXJmIC8=", "52;c;?", "104", "133;A", "777;notify;a;b", "1337;File=:AAAA",
    ]
    return bodies.flatMap { body in
      [bytes("\u{1b}]"), [0x9d], bytes("\u{9d}")].flatMap { start in
        ends.map { start + bytes(body) + $0 + bytes("after") }
      }
    }
  }()

  private static let controlSequences: [[UInt8]] = {
    let finals = (0x40...0x7e).flatMap { (final: UInt8) -> [[UInt8]] in
      [bytes("\u{1b}["), [0x9b], bytes("\u{9b}")].map { bytes("a") + $0 + bytes("2") + [final] + bytes("z") }
    }
    let others = [
      "?1049h", "?1049l", "?25l", "?2004l", "?1000h", "?5h", "?2026h", "6n", "c", ">c", "=c", "!p", "21t", "8;1;1t",
      "1;1r", "20h", "4h", "38;2;255;0;0m", "8m", "999;999H", "3J", " q", "", "31", ";;;;;", "12345678901234567890m",
    ]
    return finals + others.map { bytes("x\u{1b}[" + $0) }
  }()

  /// DCS (DECRQSS, XTGETTCAP, sixel, tmux's passthrough), SOS, PM and APC.
  private static let controlStrings: [[UInt8]] = {
    let starts: [[UInt8]] = ["P", "X", "^", "_"].map { bytes("\u{1b}" + $0) } + [[0x90], [0x98], [0x9e], [0x9f]]
    return starts.flatMap { start in
      ["$q\"p", "+q544e", "q#0~~", "tmux;\u{1b}\u{1b}]0;pwned\u{7}", "Gf=24;AAAA"].flatMap { body in
        ends.map { start + bytes(body) + $0 }
      }
    }
  }()

  private static let escapes: [[UInt8]] = (0x20...0x7e).map { bytes("e\u{1b}") + [$0] }

  /// C1 as characters, and what moves a cursor: a name that would paint over its own row.
  private static let controls: [[UInt8]] =
    (0x80...0x9f).flatMap { (value: UInt8) in [[0xc2, value], bytes("a") + [0xc2, value] + bytes("31mz")] }
    + ["a\rX", "abc\u{8}\u{8}\u{8}X", "a\tb", "a\nb", "a\u{b}b", "a\u{c}b", "a\0b", "\u{7}\u{7}", "\r\n\r\n"].map(bytes)

  // MARK: - Text that hides or turns

  private static let bidirectional: [[UInt8]] =
    (scalars(0x202a...0x202e) + scalars(0x2066...0x2069) + scalars(0x200e...0x200f) + ["\u{61c}"]).flatMap { mark in
      ["\(mark)", "user\(mark)nimda", "שלום\(mark)abc 123", "\(mark)\(mark)\(mark)x"].map(bytes)
    }

  /// Zero-width, joiners, fillers, variation selectors, tags, the byte order mark, the soft hyphen.
  private static let invisible: [[UInt8]] = {
    let marks =
      scalars(0x200b...0x200d) + scalars(0x2060...0x2065) + scalars(0x206a...0x206f) + scalars(0xfe00...0xfe0f)
      + scalars(0xe0100...0xe011f) + scalars(0xe0020...0xe007f) + scalars(0xfff9...0xfffc)
      + scalars(0x1d173...0x1d17a) + scalars(0x600...0x605)
      + ["\u{ad}", "\u{34f}", "\u{feff}", "\u{180e}", "\u{115f}", "\u{1160}", "\u{3164}", "\u{ffa0}", "\u{17b4}"]
      + ["\u{e0001}", "\u{2800}", "\u{302e}", "\u{16ff0}"]
    return marks.flatMap { [bytes("\($0)"), bytes("pay\($0)pal")] }
  }()

  private static let separators: [[UInt8]] =
    (scalars(0x2000...0x200a) + ["\u{2028}", "\u{2029}", "\u{85}", "\u{a0}", "\u{1680}", "\u{202f}", "\u{205f}"]
    + ["\u{3000}"]).flatMap { [bytes("\($0)"), bytes("a\($0)b")] }

  /// Private use, unassigned, noncharacters.
  private static let noCharacters: [[UInt8]] = {
    let values: [UInt32] =
      [0xe000, 0xf8ff, 0xf0000, 0x10fffd, 0x378, 0x5ff, 0x2fe0, 0x1c8b, 0x323b0, 0xe0fff, 0x1fbcb]
      + Array(0xfdd0...0xfdef)
      + (0...0x10).flatMap { [$0 << 16 | 0xfffe, $0 << 16 | 0xffff] }
    return values.compactMap(Unicode.Scalar.init).flatMap { [bytes("\($0)"), bytes("a\($0)b")] }
  }()

  // MARK: - Text whose width is argued about

  private static let marks: [[UInt8]] = {
    // Over, under, enclosing, spacing, and marks without a combining class.
    let marks = ["\u{301}", "\u{323}", "\u{20dd}", "\u{93e}", "\u{903}", "\u{e31}", "\u{eb4}", "\u{1ab0}", "\u{fe20}"]
    return marks.flatMap { mark in
      [0, 1, 2, 3, 5, 20, 200].flatMap { count in
        ["a", "漢", "क", ""].map { base in bytes(base + String(repeating: mark, count: count) + "z") }
      }
    }
  }()

  private static let hangul: [[UInt8]] = [
    "\u{1100}", "\u{1161}", "\u{11a8}", "\u{1100}\u{1161}", "\u{1100}\u{1161}\u{11a8}", "\u{1161}\u{11a8}",
    "\u{1100}\u{1100}\u{1161}\u{1161}\u{11a8}\u{11a8}", "가\u{11a8}", "가\u{1161}", "\u{a960}\u{d7b0}\u{d7cb}",
    "\u{1100}\u{301}\u{1161}", "각\u{302e}", "한글 이름:키", "ㄱㄴㄷ", "\u{1160}\u{11a8}",
  ].map(bytes)

  private static let emoji: [[UInt8]] = {
    let tones = (0x1f3fb...0x1f3ff).compactMap(Unicode.Scalar.init)
    let toned = ["👍", "👩", "✋", "☝", "a", "🍵", ""].flatMap { base in tones.map { bytes("\(base)\($0)!") } }
    let regions = scalars(0x1f1e6...0x1f1ff)
    let flags = zip(regions, regions.dropFirst() + regions.prefix(1)).flatMap { first, second in
      [bytes("\(first)"), bytes("\(first)\(second)"), bytes("\(first)\(second)\(first)x")]
    }
    let keycaps = "0123456789#*".flatMap {
      [bytes("\($0)\u{fe0f}\u{20e3}"), bytes("\($0)\u{20e3}"), bytes("\($0)\u{fe0f}")]
    }
    let sequences = [
      "👨\u{200d}👩\u{200d}👧\u{200d}👦", "👩🏽\u{200d}💻", "🏳\u{fe0f}\u{200d}🌈", "🏴\u{200d}☠\u{fe0f}", "❤\u{fe0f}", "❤",
      "❤\u{fe0e}", "👩\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨", "🧑🏿\u{200d}🤝\u{200d}🧑🏻", "👁\u{fe0f}\u{200d}🗨\u{fe0f}",
      "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "🏴\u{e0067}\u{e0062}", "\u{200d}👩", "👩\u{200d}",
      "👩\u{200d}\u{200d}👩", "🍵\u{fe0e}", "©\u{fe0f}", "⌚", "⏰\u{fe0e}", "🫠🫡🫢", "🪿🫎🫏", "🩷🩵🩶", "🐦\u{200d}⬛",
      "🙂\u{200d}↔\u{fe0f}",
    ].map(bytes)
    return toned + flags + keycaps + sequences
  }()

  private static let wide: [[UInt8]] =
    ["漢字", "日本語:キー", "ｶﾀｶﾅ", "ﾊﾟ", "ＡＢＣ：１２３", "a漢", "漢a", "〈〉《》", "￥", "⼀", "㈱", "①②③", "■□▲△", "…‥", "α→β", "ǅ"]
    .map(bytes) + scalars(0xff61...0xff9f).map { bytes("\($0)") }
    + (1...40).map { bytes(String(repeating: "x", count: $0) + "漢字") }

  private static let rightToLeft: [[UInt8]] = [
    "שלום", "مرحبا", "user:שלום:42", "سعر 123 دولار", "(שלום) [123]", "١٢٣٤", "۱۲۳", "ܫܠܡܐ", "ހެލޯ", "ߒߞߏ", "𞤀𞤁𞤂 1",
    "abc שלום def 456", "שלום:", "1:שלום", "שָׁלוֹם", "مُحَمَّد", "لا ﷲ ﷺ", "a\u{5be}b", "₪ 12", "-12 ש",
  ].map(bytes)

  /// Latin names in letters of other alphabets that look the same.
  private static let homoglyphs: [[UInt8]] = {
    let pairs: [Character: Character] = [
      "a": "а", "c": "с", "e": "е", "i": "і", "o": "ο", "p": "р", "s": "ѕ", "x": "х", "y": "у", "A": "Α", "B": "Β",
      "K": "К",
    ]
    return ["user:admin", "session:eu", "paypal", "cache:pages", "Access", "BAKERY"].flatMap { name in
      name.indices.compactMap { index in
        guard let other = pairs[name[index]] else { return nil }
        return bytes(name[..<index] + String(other) + name[name.index(after: index)...])
      } + [bytes(String(name.map { pairs[$0] ?? $0 }))]
    }
  }()

  private static let blanks: [[UInt8]] = (1...20).flatMap { count in
    let blanks = String(repeating: " ", count: count)
    return [bytes(blanks), bytes("name" + blanks), bytes(blanks + "name")]
  }

  // MARK: - What reads like an escape of ours

  /// All strings of up to four of these: backslashes, their look-alikes, and the real byte.
  private static let backslashes: [[UInt8]] = {
    let parts: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "x"), UInt8(ascii: "1"), UInt8(ascii: "b"), 0x1b]
    var all: [[UInt8]] = [[]]
    var last = all
    for _ in 0..<4 {
      last = last.flatMap { head in parts.map { head + [$0] } }
      all += last
    }
    return all + [#"\x1b[31m"#, #"\X1B"#, #"\u202e"#, #"\n\r\t\e"#, #"\xzz"#, #"\x0"#, #"\\x00\\"#].map(bytes)
  }()

  /// Names that the tree parts into folders: hostile folders, empty ones, and deep ones.
  private static let folders: [[UInt8]] =
    [":", "::", ":a", "a:", "a::b", ":::::", "a:b:c:d:e:f:g:h:i:j"].map(bytes)
    + [[0x1b], [0x9b], bytes("\u{202e}"), bytes("\u{9d}"), bytes("\r"), bytes("漢"), bytes("e\u{301}"), [0xff]].flatMap {
      part in
      (1...3).map { bytes("folder") + part + bytes(":leaf\($0)") + part }
    }

  /// Bytes of a generator, so that nobody has chosen them.
  private static let noise: [[UInt8]] = {
    var state: UInt64 = 20_240_517
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    return (0..<400).map { number in (0..<(1 + number % 24)).map { _ in next() } }
  }()

  // MARK: -

  private static func bytes(_ text: some StringProtocol) -> [UInt8] { Array(text.utf8) }
  private static func text(_ unit: String, _ count: Int) -> [UInt8] { bytes(String(repeating: unit, count: count)) }
  private static func scalars(_ range: ClosedRange<UInt32>) -> [Unicode.Scalar] {
    range.compactMap(Unicode.Scalar.init)
  }
}
