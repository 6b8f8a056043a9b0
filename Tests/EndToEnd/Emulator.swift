import CTerminal
import Glibc
import TestSupport

/// A terminal emulator that is none of ours, pyte, gets the bytes that the terminal got, and has to show what was drawn,
/// cell by cell.
enum Emulator {
  /// The python that has pyte (`.ci/pyte` installs it and prints the path).
  static let python = getenv("KEYGLASS_PYTE").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }

  /// What was drawn at the places where a tour stopped, for a terminal that started with this size.
  struct Stops {
    private var stops: [(name: String, frame: LoggedFrame)] = []
    var count: Int { stops.count }

    mutating func add(_ name: String, of run: TerminalRun) { stops.append((name, run.markStop())) }

    /// The first stop at which the emulator shows something else; nil where it shows the same everywhere.
    func complaint(about run: TerminalRun, columns: Int, rows: Int) async throws -> String? {
      let (stops, bytes, steps) = (stops, run.bytes, run.steps)
      return try await Aside.run {
        let screens = try Emulator.screens(
          of: bytes, steps: steps, rowsOfScreens: stops.map(\.frame.rows), columns: columns, rows: rows)
        guard screens.count == stops.count else { throw TestFailure("\(screens.count) screens of \(stops.count)") }
        let widths = CharacterWidths()
        for (stop, screen) in zip(stops, screens) {
          let wrong = Emulator.differences(between: stop.frame.cells, and: screen, widths)
          if !wrong.isEmpty { return "\(stop.name): \(wrong.count) cells: \(wrong.prefix(5))" }
        }
        return nil
      }
    }
  }

  private static func screens(
    of bytes: [UInt8], steps: [String], rowsOfScreens: [Int], columns: Int, rows: Int
  ) throws -> [[[String]]] {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    try TerminalRun.write(bytes, to: "\(folder)/bytes")
    try TerminalRun.write(Array(steps.map { "\($0)\n" }.joined().utf8), to: "\(folder)/steps")
    let tool = #filePath.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/Tools/emulate.py"
    let result = try Run.output([python ?? "", tool, "\(folder)/bytes", "\(folder)/steps", "\(columns)", "\(rows)"])
    guard result.status == 0 else { throw TestFailure(result.output) }
    var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)[...]
    return rowsOfScreens.map { rows in
      defer { lines = lines.dropFirst(rows) }
      return lines.prefix(rows).map { line in
        line.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init)
      }
    }
  }

  // MARK: - Comparing

  /// Where the emulator shows something else than was drawn. Canonically equivalent text is the same text.
  private static func differences(
    between drawn: [[String]], and shown: [[String]], _ widths: CharacterWidths
  ) -> [String] {
    guard drawn.count == shown.count else { return ["\(drawn.count) rows drawn, \(shown.count) shown"] }
    // A single column is not drawn at all, see Screen.draw.
    let drawn = drawn.first?.count == 1 ? drawn.map { _ in [" "] } : drawn
    return zip(drawn, shown).enumerated().flatMap { y, rows -> [String] in
      let (drawn, shown) = rows
      guard drawn.count == shown.count else { return ["row \(y): \(drawn.count) cells drawn, \(shown.count) shown"] }
      return drawn.indices.compactMap { x in
        if drawn[x] == shown[x] || isAllowed(drawn, shown, x, widths) { return nil }
        return "\(x),\(y): '\(TerminalStream.printable(drawn[x].utf8))' is '\(TerminalStream.printable(shown[x].utf8))'"
      }
    }
  }

  private static func isAllowed(_ drawn: [String], _ shown: [String], _ x: Int, _ widths: CharacterWidths) -> Bool {
    // After text from right to left a blank is drawn as the braille cell without dots, which keeps its place.
    if drawn[x] == " " { return shown[x] == "\u{2800}" }
    // The right half of a wide glyph follows what was drawn for the whole.
    let isRightHalf = drawn[x].isEmpty && x > 0
    let whole = drawn[isRightHalf ? x - 1 : x]
    let isWide = isRightHalf || (x + 1 < drawn.count && drawn[x + 1].isEmpty)
    if let letters = flag(whole) {
      // Each half of a flag is sent for itself, or as its letter where the C library counts two cells for a half.
      let half = letters[isRightHalf ? 1 : 0]
      return shown[x] == (widths[half.sign] == 1 ? String(half.sign) : String(half.letter))
    }
    // The C library, and with it ncurses, is older or younger than our table of widths: a question mark is sent.
    let isCountedAlike =
      whole.unicodeScalars.first.map { widths[$0] == (isWide ? 2 : 1) } ?? false
      && whole.unicodeScalars.dropFirst().allSatisfy { widths[$0] == 0 }
    return !isCountedAlike && shown[x] == (isRightHalf ? " " : "?")
  }

  private static func flag(_ glyph: String) -> [(sign: Unicode.Scalar, letter: Unicode.Scalar)]? {
    let scalars = Array(glyph.unicodeScalars)
    guard scalars.count == 2 else { return nil }
    let halves = scalars.compactMap { sign in
      (0x1F1E6...0x1F1FF).contains(sign.value)
        ? Unicode.Scalar(sign.value - 0x1F1E6 + 0x41).map { (sign: sign, letter: $0) } : nil
    }
    return halves.count == 2 ? halves : nil
  }
}

/// How many cells this machine's C library counts in a UTF-8 locale, as the program does.
private final class CharacterWidths {
  private let locale = newlocale(1 << __LC_CTYPE, "C.UTF-8", nil)

  deinit { if let locale { freelocale(locale) } }

  subscript(scalar: Unicode.Scalar) -> Int {
    // Of this thread alone: the process's own locale stays as it is.
    let before = uselocale(locale)
    defer { uselocale(before) }
    return Int(kg_width(scalar.value))
  }
}
