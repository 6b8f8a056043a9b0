/// How the bytes of a string are best shown, by a look at them.
package enum Plausible: Sendable, Equatable {
  /// A whole JSON object or array.
  case json
  /// Strict UTF-8 without control characters other than tab, line feed, carriage return and escape.
  case text
  case binary

  /// Looks at `bytes`, which begin at `offset` in a string of `length` bytes.
  package init(_ bytes: [UInt8], offset: Int = 0, length: Int? = nil) {
    let isCutAfter = offset + bytes.count < length ?? 0
    let hasControls = bytes.contains { $0 < 0x20 && ![0x09, 0x0a, 0x0d, 0x1b].contains($0) || $0 == 0x7f }
    guard !hasControls, TextLines.isText(bytes, isCutBefore: offset > 0, isCutAfter: isCutAfter) else {
      self = .binary
      return
    }
    let isWhole = offset == 0 && !isCutAfter
    self = isWhole && JSONText.parse(bytes)?.isContainer == true ? .json : .text
  }
}
