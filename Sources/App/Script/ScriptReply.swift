import RESP

/// A reply as redis-cli prints it without a terminal: the elements of an aggregate one a line, nil as an empty line.
package struct ScriptReply: Sendable, Equatable {
  package let text: String
  package let isError: Bool

  package init(text: String, isError: Bool) {
    self.text = text
    self.isError = isError
  }

  init(_ reply: ReplyView) {
    text = Self.lines(of: reply).joined(separator: "\n")
    isError = reply.isError
  }

  private static func lines(of reply: ReplyView) -> [String] {
    reply.kind.isAggregate ? reply.children.flatMap { lines(of: $0) } : [reply.string]
  }
}
