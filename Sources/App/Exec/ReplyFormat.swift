import RESP
import Requests
import Store

/// How a reply is printed.
package enum ReplyFormat: Sendable, Equatable {
  /// As redis-cli shows it on a terminal: typed, numbered, bytes by the escape rule.
  case human
  /// Byte for byte as `redis-cli --raw` prints it.
  case raw
  case json

  /// Writes the reply with its line feed. What the server pushed before it is for eyes only, as in redis-cli.
  ///
  /// - Parameter isPage: whether the command answers with a text for eyes (``ReplyText/isPage(_:)``).
  func write(
    _ reply: ReplyView, pushes: [ReplyView] = [], isPage: Bool, into output: inout OutputBuffer
  ) throws(ErrorLine) {
    switch self {
    case .human:
      if !pushes.isEmpty { try HumanReply.write(ReplyText(pushes, isPage: false), into: &output) }
      try HumanReply.write(ReplyText([reply], isPage: isPage), into: &output)
    case .raw:
      try RawReply.write(reply, into: &output)
      if !isPage || reply.element.kind.isAggregate { try output.append("\n") }
    case .json:
      try JSONReply.write(reply, into: &output)
      try output.append("\n")
    }
  }

  /// Writes the line that stands in place of a reply where a command was not sent.
  func write(notSent why: String, into output: inout OutputBuffer) throws(ErrorLine) {
    switch self {
    case .human, .raw: try output.append("not sent: \(why)\n")
    case .json: try output.append("{\"notSent\":\(JSONLine.quoted(why))}\n")
    }
  }
}

extension ReplyFormat {
  /// Replies of the console, for the pager, the clipboard or a file.
  static func document(of replies: [ReplyView], isPage: Bool, as form: ReplyForm) -> [UInt8] {
    var output = OutputBuffer(deliver: nil)
    // Nothing is passed on, so nothing can fail.
    try? write(replies, isPage: isPage, as: form, into: &output)
    return output.bytes
  }

  private static func write(
    _ replies: [ReplyView], isPage: Bool, as form: ReplyForm, into output: inout OutputBuffer
  ) throws(ErrorLine) {
    switch form {
    case .text: try HumanReply.write(ReplyText(replies, isPage: isPage), into: &output)
    case .raw, .element:
      for reply in replies {
        try RawReply.write(reply, into: &output)
        try output.append("\n")
      }
    case .json:
      // Several replies are one document too.
      if replies.count > 1 { try output.append("[") }
      for (position, reply) in replies.enumerated() {
        if position > 0 { try output.append(",") }
        try JSONReply.write(reply, into: &output)
      }
      if replies.count > 1 { try output.append("]") }
    }
  }
}
