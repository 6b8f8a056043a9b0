package import Commands
package import Keyspace

/// What the Store says to a ``ConsoleRequest``.
package enum ConsoleAnswer: Sendable {
  case commands(CommandTable)
  case impact(CommandImpact)
  case ran(ConsoleReport)
  case stream(StreamStatus)
  case lines(ReplyPage)
  /// nil: not from there on.
  case found(ReplyPlace?)
  case document([UInt8], ReplyForm)
  case saved(path: String, bytes: Int)
  case names([KeyName])
}

/// What a risky command would hit.
package struct CommandImpact: Sendable, Equatable {
  /// Nothing to be asked about: a KEYS in a database of few keys.
  package var isSlight: Bool
  /// May hold bytes of the server: escape them to show them.
  package var lines: [[UInt8]]

  package init(isSlight: Bool = false, lines: [[UInt8]]) {
    self.isSlight = isSlight
    self.lines = lines
  }
}

/// How a command of the console ended.
package struct ConsoleReport: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    /// `firstError`: of the replies that are errors; nil where none is.
    case replied(replies: Int, errors: Int, firstError: [UInt8]?)
    /// The replies will not end: what comes is a stream (``StreamStatus``).
    case streaming
    /// Not a byte of it left. `why` and `nextStep` in words; `why` may hold bytes of the server.
    case notSent(why: [UInt8], nextStep: String)
    /// It left, and its reply cannot come any more.
    case unknown(why: [UInt8])
  }

  package var id: Int
  package var outcome: Outcome
  package var microseconds: Int
  /// How the connection stands now.
  package var session: ConsoleSession
  /// Lines that the reply has, and the first of them.
  package var lineCount: Int
  package var head: [ReplyLine]
  /// What must be said of it besides: why a transaction did not run, what the server meant.
  package var notes: [String]
  /// Keys that it may have written, at most a few.
  package var written: [KeyName]
  /// It may have changed any number of keys: a flush, a swap.
  package var changesEverything: Bool

  package init(
    id: Int, outcome: Outcome, microseconds: Int = 0, session: ConsoleSession, lineCount: Int = 0,
    head: [ReplyLine] = [], notes: [String] = [], written: [KeyName] = [], changesEverything: Bool = false
  ) {
    self.id = id
    self.outcome = outcome
    self.microseconds = microseconds
    self.session = session
    self.lineCount = lineCount
    self.head = head
    self.notes = notes
    self.written = written
    self.changesEverything = changesEverything
  }
}

/// How the console's connection stands.
package struct ConsoleSession: Sendable, Equatable {
  package var database: Int
  /// What MULTI has queued; nil: no transaction is open.
  package var queue: [[[UInt8]]]?
  /// A command was refused inside the transaction: EXEC will refuse it all.
  package var isAborted = false
  /// Keys are watched (WATCH).
  package var isWatching = false

  package init(database: Int) { self.database = database }
}

/// Some lines of a reply.
package struct ReplyPage: Sendable, Equatable {
  package var reply: Int
  /// The number of the first line.
  package var start: Int
  package var lines: [ReplyLine]

  package init(reply: Int, start: Int, lines: [ReplyLine]) {
    self.reply = reply
    self.start = start
    self.lines = lines
  }
}

/// How far a stream is: of the messages that came the newest are kept.
package struct StreamStatus: Sendable, Equatable {
  package var id: Int
  /// Lines that came, confirmations too, and how many of them, the oldest, are kept no more. Exact.
  package var received: Int
  package var dropped: Int
  /// Of both, what was a confirmation (of SUBSCRIBE, of MONITOR) and no message.
  package var confirmations = 0
  package var droppedConfirmations = 0
  /// Messages in the last second.
  package var rate: Int
  /// The newest lines, the last of them is that of the newest message.
  package var tail: [ReplyLine]
  /// Why it is over; nil while it runs.
  package var end: String?

  package var messages: Int { received - confirmations }
  package var droppedMessages: Int { dropped - droppedConfirmations }

  package init(
    id: Int, received: Int = 0, dropped: Int = 0, rate: Int = 0, tail: [ReplyLine] = [], end: String? = nil
  ) {
    self.id = id
    self.received = received
    self.dropped = dropped
    self.rate = rate
    self.tail = tail
    self.end = end
  }
}

/// What the console is told unasked.
package enum ConsoleNotice: Sendable, Equatable {
  case stream(StreamStatus)
  /// The connection was lost between two commands; `session` before that.
  case lost(why: String, session: ConsoleSession)
  /// A push that belongs to no stream, such as an invalidation that the user asked for.
  case push([ReplyLine])
}
