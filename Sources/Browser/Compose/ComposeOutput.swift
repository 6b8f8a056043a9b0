/// What a command has written, as much of it as is kept: the newest lines.
package struct ComposeOutput: Sendable, Equatable {
  static let mostLines = 5_000
  static let mostBytes = 2_000_000
  /// Of one line; the rest of it is left out.
  static let mostLineBytes = 16_384

  /// Those before `first` are gone; they leave the memory many at a time.
  private var lines: [[UInt8]] = []
  private var first = 0
  private var bytes = 0
  /// How many older ones were dropped.
  private(set) var dropped = 0

  var count: Int { lines.count - first }

  /// - Parameter index: from 0, the oldest that is kept.
  subscript(index: Int) -> [UInt8] { lines[first + index] }

  mutating func append(_ new: [[UInt8]]) {
    // Of a flood that is longer than what is kept only the end is looked at.
    let kept = new.suffix(Self.mostLines)
    dropped += new.count - kept.count
    for line in kept {
      let line = Self.withoutColours(line)
      lines.append(line.count > Self.mostLineBytes ? Array(line.prefix(Self.mostLineBytes)) : line)
      bytes += lines[lines.count - 1].count
    }
    while count > Self.mostLines || bytes > Self.mostBytes, count > 1 {
      bytes -= lines[first].count
      lines[first] = []
      first += 1
      dropped += 1
    }
    if first > Self.mostLines {
      lines.removeFirst(first)
      first = 0
    }
  }

  /// Without the sequences that only set colours and the like (SGR, ECMA-48 8.3.117): loggers write them for terminals,
  /// and escaped they would hide the words. Whatever else is no text stays, and is escaped when it is drawn.
  static func withoutColours(_ line: [UInt8]) -> [UInt8] {
    guard line.contains(0x1b) else { return line }
    var plain: [UInt8] = []
    var index = 0
    while index < line.count {
      if line[index] == 0x1b, index + 1 < line.count, line[index + 1] == UInt8(ascii: "[") {
        let end = line[(index + 2)...].firstIndex { !(0x30...0x3b).contains($0) }
        if let end, line[end] == UInt8(ascii: "m") {
          index = end + 1
          continue
        }
      }
      plain.append(line[index])
      index += 1
    }
    return plain
  }
}
