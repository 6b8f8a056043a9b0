import Glibc
import TestSupport
import Testing

/// The strict reader must find each thing that a server could try, and pass what the screen needs.
@Suite struct TerminalStreamTests {
  private func complaints(_ text: String, _ rules: TerminalStream.Rules = .init()) -> [String] {
    complaints(Array(text.utf8), rules)
  }

  private func complaints(_ bytes: [UInt8], _ rules: TerminalStream.Rules = .init()) -> [String] {
    TerminalStream.violations(in: bytes, rules: rules).map(\.what)
  }

  @Test(arguments: [
    "plain text, 안녕 🍵 e\u{301} \u{2800}", "\u{1b}[?1049h\u{1b}[22;0;0t\u{1b}[1;36r\u{1b}(B\u{1b}[m\u{1b}[4l\u{1b}[?7h",
    "\u{1b}[?1h\u{1b}=\u{1b}[39;49m\u{1b}[H\u{1b}[2J\u{1b}[38;5;244m\u{1b}[12;40Hx\u{1b}[3X\u{1b}[K\u{1b}[1K\u{1b}[J",
    "\u{1b}[?2026h\u{1b}[7d\u{1b}[3G\u{8}\r\n\tq\u{1b}[20b\u{1b}[?2026l", "\u{1b})0\u{e}lqqk\u{f}\u{1b}7\u{1b}8\u{1b}M",
    "\u{1b}[34h\u{1b}[?25h\u{1b}[?0c\u{1b}[?25l\u{1b}[?1c",
  ])
  func whatTheScreenNeedsPasses(text: String) { #expect(complaints(text) == []) }

  @Test(arguments: [
    ("\u{1b}]0;title\u{7}", "OSC 0;title"), ("\u{1b}]52;c;QUJD\u{7}", "OSC 52;c;QUJD"),
    ("\u{1b}]8;;http://x\u{1b}\\", "OSC 8;;http://x"), ("\u{1b}]0;no end", "OSC 0;no end"),
    ("\u{1b}P$q\"p\u{1b}\\", "DCS"), ("\u{1b}_a\u{1b}\\", "APC"), ("\u{1b}^a\u{1b}\\", "PM"),
    ("\u{1b}Xa\u{1b}\\", "SOS"),
    ("\u{1b}[6n", "CSI 6 n"), ("\u{1b}[?1004h", "CSI ?1004 h"), ("\u{1b}[20l", "CSI 20 l"), ("\u{1b}[21t", "CSI 21 t"),
    ("\u{1b}[!p", "CSI ! p"), ("\u{1b}[>c", "CSI > c"), ("\u{1b}[=5m", "CSI =5 m"), ("\u{1b}[12345C", "CSI 12345 C"),
    ("\u{1b}[3\u{1b}", "a CSI that ends with no final byte"), ("\u{1b}c", "the sequence ESC c"),
    ("\u{1b}", "an Escape without an end"), ("\u{1b}(A", "a character set"), ("a\u{7}", "BEL"), ("\u{7f}", "DEL"),
    ("\u{0}", "the control 0x0"), ("\u{b}", "the control 0xb"), ("\u{9b}31m", "the C1 control U+9B"),
    ("\u{202e}", "the format character U+202E"), ("\u{200d}", "the format character U+200D"),
    ("\u{ad}", "the format character U+AD"), ("\u{e0041}", "the format character U+E0041"),
    ("\u{2028}", "the separator U+2028"), ("\u{a0}", "the separator U+A0"), ("\u{fe0f}", "the invisible U+FE0F"),
    ("\u{e0100}", "the invisible U+E0100"), ("\u{3164}", "the invisible U+3164"),
    ("\u{e000}", "U+E000, which is no character"),
    ("\u{378}", "U+378, which is no character"),
  ])
  func whatAServerCouldTryIsFound(text: String, complaint: String) {
    // The first one; an unfinished sequence may bring more.
    #expect(complaints(text).first == complaint)
  }

  @Test(
    arguments: [
      ([0x9b, 0x33], "a raw C1 byte"), ([0xc0, 0x9b], "a byte that is no UTF-8"),
      ([0xe2, 0x80], "a byte that is no UTF-8"),
      ([0xed, 0xa0, 0x80], "a byte that is no UTF-8"), ([0xf5], "a byte that is no UTF-8"),
      ([0xef, 0xb7, 0x90], "U+FDD0, which is no character"),
    ] as [([UInt8], String)])
  func whatIsNoUTF8IsFound(bytes: [UInt8], complaint: String) { #expect(complaints(bytes).first == complaint) }

  @Test func everyViolationIsFoundWhereItIs() {
    let found = TerminalStream.violations(in: Array("ok\u{7}ok\u{1b}]2;x\u{1b}[5ntail\u{9b}".utf8))
    #expect(found.map(\.what) == ["BEL", "OSC 2;x", "CSI 5 n", "the C1 control U+9B"])
    #expect(found.map(\.offset) == [2, 5, 10, 18])
    #expect(found[0].description == #"at 2: BEL, in …ok\x07ok\x1b]2;x\x1b[5ntail\xc2\x9b…"#)
  }

  @Test func rulesAreKept() {
    #expect(complaints("é", .init(isASCII: true)) == ["a byte above 0x7e", "a byte above 0x7e"])
    #expect(complaints("\u{1b}]52;c;QUJD\u{7}", .init(allowsClipboard: true)) == [])
    #expect(complaints("\u{1b}]52;c;?\u{7}", .init(allowsClipboard: true)).count == 1)
    #expect(complaints("\u{1b}]0;x\u{7}", .init(allowsClipboard: true)).count == 1)
  }

  @Test func aTerminalOfItsOwn() async throws {
    let script = #"stty size; tty >/dev/tty; read line; printf '<%s>' "$line"; read _; stty size; exit 7"#
    let terminal = try PseudoTerminal(["/bin/sh", "-c", script], columns: 91, rows: 27, environment: ["TERM=dumb"])
    try await terminal.wait(for: "the size") {
      text(terminal).contains("27 91") && text(terminal).contains("/dev/pts/")
    }
    try await terminal.type("hello\n")
    try await terminal.wait(for: "the line") { text(terminal).contains("<hello>") }
    try terminal.resize(columns: 44, rows: 11)
    try await terminal.type("\n")
    #expect(try await terminal.exitStatus() == 7)
    #expect(text(terminal).contains("11 44"))
    #expect(terminal.isEnded)
  }

  @Test func aTerminalThatIsTakenAwayHangsUp() async throws {
    let terminal = try PseudoTerminal(
      ["/bin/sh", "-c", "echo started; read line"], columns: 80, rows: 24, environment: [])
    try await terminal.wait(for: "the start") { text(terminal).contains("started") }
    terminal.close()
    #expect(try await terminal.exitStatus() == 128 + Int(SIGHUP))
  }

  private func text(_ terminal: PseudoTerminal) -> String { String(decoding: terminal.bytes, as: UTF8.self) }
}
