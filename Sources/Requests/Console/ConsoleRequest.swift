package import Commands

/// A question of the console, which has a connection of its own: nothing that it does touches the browser's.
package enum ConsoleRequest: Sendable, Equatable {
  /// What the server says of its commands, as far as it may be asked. Answer: ``ConsoleAnswer/commands(_:)``.
  case commands
  /// What a command would hit, by reading alone. Answer: ``ConsoleAnswer/impact(_:)``.
  case assess(CommandRisk, database: Int)
  /// Send a command, and keep its reply. Answer: ``ConsoleAnswer/ran(_:)``.
  case run(ConsoleCommand)
  /// Wait no longer for what runs: a blocked command is unblocked, of anything else the connection is closed. Answer:
  /// `.done`; how it ended comes as the answer of the run.
  case cancel
  /// End the stream that runs. Answer: ``ConsoleAnswer/stream(_:)``, the last word of it.
  case endStream
  /// Lines of a reply, or of a stream, that is kept. Answer: ``ConsoleAnswer/lines(_:)``.
  case lines(ReplyRange)
  /// The next line that holds these bytes, in the replies in this order. Answer: ``ConsoleAnswer/found(_:)``.
  case find([UInt8], in: [Int], from: ReplyPlace, forward: Bool)
  /// A reply as bytes. Answer: ``ConsoleAnswer/document(_:_:)``.
  case document(reply: Int, ReplyForm)
  /// Write a reply to a new file of this path. Answer: ``ConsoleAnswer/saved(path:bytes:)``.
  case save(reply: Int, ReplyForm, path: String)
  /// Names of keys that begin with these bytes, for completion. Answer: ``ConsoleAnswer/names(_:)``.
  case names(prefix: [UInt8], limit: Int)
}

/// A command of the console's.
package struct ConsoleCommand: Sendable, Equatable {
  /// Of its entry in the console; the reply is kept under it. A newer reply of the same number takes the older's place.
  package var id: Int
  package var words: [[UInt8]]
  /// Sent so many times, pipelined.
  package var times: Int
  /// The database that it is meant for; inside a transaction the transaction's.
  package var database: Int
  /// Whether it was typed inside a transaction: where that is gone, it is not sent.
  package var isInTransaction: Bool
  /// Replies of smaller numbers are shown no more.
  package var oldest: Int

  package init(
    id: Int, words: [[UInt8]], times: Int = 1, database: Int, isInTransaction: Bool = false, oldest: Int = 0
  ) {
    self.id = id
    self.words = words
    self.times = times
    self.database = database
    self.isInTransaction = isInTransaction
    self.oldest = oldest
  }

  /// Lines of a reply that come with its report.
  package static let headLength = 120
}

/// A place in the lines of a reply.
package struct ReplyPlace: Sendable, Equatable {
  package var reply: Int
  package var line: Int

  package init(reply: Int, line: Int) {
    self.reply = reply
    self.line = line
  }
}

package struct ReplyRange: Sendable, Equatable {
  package var reply: Int
  package var lines: Range<Int>

  package init(reply: Int, lines: Range<Int>) {
    self.reply = reply
    self.lines = lines
  }
}

/// In which form a reply leaves the console.
package enum ReplyForm: Sendable, Equatable {
  /// The string, error or number that this line shows, as it is.
  case element(line: Int)
  /// As it is shown, by the escape rule.
  case text
  /// Byte for byte as `redis-cli --raw` prints it.
  case raw
  case json
}
