import CTerminal

/// The modes that the program sets and ncurses does not know, and the texts that undo them.
struct TerminalModes {
  /// Presses and the wheel (1000), told in numbers (1006).
  static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
  static let mouseOff = "\u{1B}[?1000l\u{1B}[?1006l"

  let on: String
  let off: String
  /// What clears a terminal that has no second screen to leave, as `linux` and `vt100`; else empty.
  private let clearing: String
  private let erasesLines: Bool
  /// What a dying process writes to give the terminal back.
  let restoring: String

  /// Asks the terminfo entry of the terminal that has been opened.
  init(reportsFocus: Bool) {
    // Bracketed paste; and mode 8 (ECMA-48, BDSM) reset: the program decides the order of cells, not the terminal.
    on = "\u{1B}[?2004h\u{1B}[8l" + (reportsFocus ? "\u{1B}[?1004h" : "")
    off = "\u{1B}[?2004l\u{1B}[8h" + (reportsFocus ? "\u{1B}[?1004l" : "")
    let leaving = TerminalModes.capability("rmcup")
    clearing = leaving.isEmpty ? TerminalModes.capability("clear") : ""
    erasesLines = TerminalModes.capability("el") == "\u{1B}[K"
    let plain = ["sgr0", "op", "rmkx", "cnorm"].map(TerminalModes.capability).joined()
    restoring = "\u{1B}[?2026l" + TerminalModes.mouseOff + off + plain + leaving + clearing
  }

  /// The same row by row where that is possible: a screen that is cleared at once goes into the scrollback of some
  /// terminals, with the values on it.
  func clearing(rows: Int) -> String {
    guard !clearing.isEmpty, erasesLines else { return clearing }
    return (1...max(1, rows)).map { "\u{1B}[\($0);1H\u{1B}[K" }.joined() + "\u{1B}[H"
  }

  private static func capability(_ name: String) -> String {
    guard let text = unsafe kg_capability(name) else { return "" }
    return withoutPadding(unsafe String(cString: text))
  }

  /// A capability without its delays (`$<5/>`), which only tputs can carry out.
  static func withoutPadding(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      let delay = rest.dropFirst(2).prefix { $0 != ">" }
      if rest.dropFirst().first == "<", delay.allSatisfy({ $0.isNumber || "./*".contains($0) }),
        delay.endIndex < rest.endIndex
      {
        rest = rest[rest.index(after: delay.endIndex)...]
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}
