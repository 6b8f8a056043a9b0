import TestSupport

/// Lines as somebody types them who knows the quoting rules well, and as somebody who does not.
enum RandomLines {
  /// Half of them (those at even places) are well formed: `SplitLine` finds no mistake in them. No line holds a line
  /// feed or a NUL, so all can be fed to one redis-cli.
  static func make(seed: UInt64, count: Int) -> [String] {
    var random = Seeded(state: seed)
    return (0..<count).map { $0.isMultiple(of: 2) ? wellFormed(&random) : anything(&random) }
  }

  private static let blanks = [" ", " ", "  ", "\t", "\r", " \u{0B} "]
  private static let plain = [
    "a", "b:1", "\\", "\\n", "x41", "\\x41", "{tag}", "*", "é", "字", "0", "#", "👩", "\u{0B}",
    "\u{0C}", ",", "=",
  ]
  private static let inDouble = [
    "a", " ", "'", "\\\"", "\\\\", "\\x00", "\\xfF", "\\xZ1", "\\x4", "\\n", "\\r", "\\t", "\\b",
    "\\a", "\\q", "\\é",
    "é", "\t", "#",
  ]
  private static let inSingle = ["a", " ", "\"", "\\'", "\\n", "\\x41", "é", "\t", "#", "\\\\ "]

  private static func wellFormed(_ random: inout Seeded) -> String {
    var line = pick(["", "", "", " ", "\t"], &random)
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let start = pieces(plain, 0...3, &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: line += start + "\"" + pieces(inDouble, 0...4, &random) + "\""
      case 1: line += start + "'" + pieces(inSingle, 0...4, &random) + "'"
      default: line += start
      }
      line += pick(blanks, &random)
    }
    return line
  }

  private static func anything(_ random: inout Seeded) -> String {
    let signs = ["\"", "'", "\\", "\"", "'", " ", "x", "4"] + plain + inDouble + inSingle + blanks
    return pieces(signs, 0...12, &random)
  }

  private static func pieces(_ from: [String], _ count: ClosedRange<Int>, _ random: inout Seeded)
    -> String
  {
    (0..<Int.random(in: count, using: &random)).map { _ in pick(from, &random) }.joined()
  }

  private static func pick(_ from: [String], _ random: inout Seeded) -> String {
    from[Int.random(in: 0..<from.count, using: &random)]
  }
}
