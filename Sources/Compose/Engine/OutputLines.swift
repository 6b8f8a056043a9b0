/// Cuts a stream of bytes into lines. `\r\n` ends a line as `\n` does; any other `\r` stays.
struct OutputLines {
  /// In bytes: a longer line comes in pieces, cut between characters.
  static let longest = 4096

  private var started: [UInt8] = []
  /// Its beginning was handed out before its end came.
  private var continues = false

  var hasRest: Bool { !started.isEmpty }

  /// The lines that end in `bytes`, and pieces of one that is too long.
  mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      started += rest[..<end]
      rest = rest[(end + 1)...]
      if started.last == UInt8(ascii: "\r") { started.removeLast() }
      cut(into: &lines)
      if !started.isEmpty || !continues { lines.append(started) }
      started = []
      continues = false
    }
    started += rest
    cut(into: &lines)
    return lines
  }

  /// The line that has no end yet; what comes of it later is a piece of its own.
  mutating func takeRest() -> [UInt8]? {
    guard hasRest else { return nil }
    defer { started = [] }
    continues = true
    return started
  }

  private mutating func cut(into lines: inout [[UInt8]]) {
    guard started.count > Self.longest else { return }
    var left = started[...]
    while left.count > Self.longest {
      var end = left.startIndex + Self.longest
      // Of UTF-8 no more than three bytes follow the first one of a character.
      for _ in 0..<3 where left[end] & 0xc0 == 0x80 { end -= 1 }
      lines.append(Array(left[..<end]))
      left = left[end...]
    }
    started = Array(left)
    continues = true
  }
}
