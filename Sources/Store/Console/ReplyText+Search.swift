import RESP
import Requests

extension ReplyText {
  /// The first line from `line` on, or with `forward` false the last one up to it, that contains `needle` in what the
  /// server sent: names, values, numbers, errors; not in our signs, and also behind what `lines` leaves out. A needle
  /// without upper-case letters finds those of ASCII as well.
  package func firstLine(containing needle: [UInt8], from line: Int, forward: Bool) -> Int? {
    guard !needle.isEmpty, lineCount > 0 else { return nil }
    var search = NeedleSearch(needle)
    if forward {
      let start = max(0, line)
      guard start < lineCount else { return nil }
      var walker = walker(at: start)
      for line in start..<lineCount {
        _ = walker.next(into: &search)
        if search.isFound { return line }
      }
      return nil
    }
    var end = min(line, lineCount - 1) + 1
    while end > 0 {
      let start = max(0, end - Self.interval)
      var walker = walker(at: start)
      var last: Int?
      for line in start..<end {
        _ = walker.next(into: &search)
        if search.isFound {
          last = line
          search.isFound = false
        }
      }
      if let last { return last }
      end = start
    }
    return nil
  }
}

/// Looks for bytes in what the server sent.
struct NeedleSearch: LineSink {
  private let needle: [UInt8]
  private let ignoresCase: Bool
  var isFound = false

  init(_ needle: [UInt8]) {
    self.needle = needle
    ignoresCase = !needle.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  mutating func add(sign text: @autoclosure () -> String, _ role: ReplyLine.Role) {}

  mutating func add(_ bytes: @autoclosure () -> ArraySlice<UInt8>, _ role: ReplyLine.Role, isQuoted: Bool) {
    if !isFound { isFound = isIn(bytes().span) }
  }

  private func isIn(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= needle.count else { return false }
    let needle = needle.span
    for start in 0...bytes.count - needle.count {
      var length = 0
      while length < needle.count, folded(bytes[start + length]) == needle[length] { length += 1 }
      if length == needle.count { return true }
    }
    return false
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
