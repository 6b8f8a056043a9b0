import Canvas
import Requests
import Store

/// A reply for eyes.
enum HumanReply {
  /// Lines that are made together.
  private static let chunk = 256

  static func write(_ text: ReplyText, into output: inout OutputBuffer) throws(ErrorLine) {
    for start in stride(from: 0, to: text.lineCount, by: chunk) {
      for line in text.lines(start..<start + chunk, longest: .max) { try output.append(string(line) + "\n") }
    }
  }

  static func string(_ line: ReplyLine) -> String {
    line.parts.map { $0.isQuoted ? Escape.quoted($0.bytes) : Escape.string($0.bytes, context: .value) }.joined()
  }
}
