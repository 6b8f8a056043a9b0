/// Bytes as text: where its lines are, and whether it is text at all.
package enum TextLines {
  /// The lines as ranges of `bytes`, at least one. A line ends at a line feed, which is not part of it; a carriage
  /// return before that is, so that it is shown.
  package static func ranges(of bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0a) {
      ranges.append(start..<end)
      start = end + 1
    }
    // What follows the last line feed is a line unless it is nothing.
    if start < bytes.count || ranges.isEmpty { ranges.append(start..<bytes.count) }
    return ranges
  }

  /// Whether `bytes` are strict UTF-8. `isCutBefore` and `isCutAfter`: they are a window, so a character may be cut at
  /// that end.
  package static func isText(_ bytes: [UInt8], isCutBefore: Bool = false, isCutAfter: Bool = false) -> Bool {
    var start = 0
    var end = bytes.count
    if isCutBefore {
      while start < min(3, end), bytes[start] & 0xc0 == 0x80 { start += 1 }
    }
    if isCutAfter {
      // The last lead byte within three bytes of the end, when it asks for more bytes than there are.
      for back in 1...3 where end - back >= start {
        let byte = bytes[end - back]
        guard byte & 0xc0 != 0x80 else { continue }
        let needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
        if needed > back { end -= back }
        break
      }
    }
    return String(validating: bytes[start..<end], as: UTF8.self) != nil
  }
}

extension TextLines {
  /// Whether `text` occurs in `bytes`.
  package static func holds(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
    guard let first = text.first, bytes.count >= text.count else { return text.isEmpty }
    return (0...(bytes.count - text.count)).contains { place in
      bytes[place] == first && bytes[place..<place + text.count].elementsEqual(text)
    }
  }
}
