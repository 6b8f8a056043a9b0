import RESP
import Requests

/// Goes through the lines of one text; a carriage return before a line feed belongs to no line.
struct TextWalk {
  let role: ReplyLine.Role
  private let bytes: ArraySlice<UInt8>
  /// Whether a line feed at the very end ends the last line, as in a page; else an empty line follows it.
  private let endsWithLineFeed: Bool
  private(set) var isAtEnd = false
  private var position: Int

  /// A verbatim string. redis-cli adds a line feed to whatever it ends with.
  init(verbatim view: ReplyView) {
    role = .text
    bytes = view.bytes
    endsWithLineFeed = false
    position = bytes.startIndex
  }

  /// A text for eyes, such as that of INFO, or the error in its place; nil where there is not even one line.
  init?(page view: ReplyView) {
    role = view.isError ? .error : .text
    bytes = view.bytes
    guard !bytes.isEmpty else { return nil }
    endsWithLineFeed = true
    position = bytes.startIndex
  }

  /// The next line. To be called only before the end.
  mutating func next() -> ArraySlice<UInt8> {
    let rest = bytes[position...]
    guard let end = rest.firstIndex(of: 0x0A) else {
      isAtEnd = true
      return Self.withoutReturn(rest)
    }
    position = end + 1
    isAtEnd = endsWithLineFeed && position == bytes.endIndex
    return Self.withoutReturn(rest[..<end])
  }

  private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.last == 0x0D ? line.dropLast() : line
  }
}
