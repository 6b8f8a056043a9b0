internal import RedisClient
internal import Requests
internal import Synchronization

/// The last commands that were sent, whatever the connection.
final class CommandLog: Sendable {
  private struct Content {
    var entries: [LoggedCommand] = []
    var count = 0
    var sent = 0
  }

  /// Entries kept.
  private static let limit = 2_000
  private let content = Mutex(Content())

  func add(_ batch: SentBatch) {
    content.withLock { content in
      for run in batch.runs {
        content.count += 1
        content.sent += run.count
        content.entries.append(
          LoggedCommand(
            number: content.count, wall: batch.wall,
            connection: batch.clientName.split(separator: "-").last.map(String.init) ?? batch.clientName,
            words: run.words, carried: run.carried, count: run.count, microseconds: batch.microseconds,
            outcome: LoggedCommand.Outcome(run.outcome)))
      }
      // Now and then, so that a batch costs no shifting.
      if content.entries.count > 2 * Self.limit { content.entries.removeFirst(content.entries.count - Self.limit) }
    }
  }

  /// Commands sent so far, those of the greetings of connections not counted.
  var sent: Int { content.withLock { $0.sent } }

  /// Newest first.
  var entries: [LoggedCommand] { content.withLock { $0.entries.suffix(Self.limit).reversed() } }
}

extension LoggedCommand.Outcome {
  init(_ outcome: SentBatch.Outcome) {
    switch outcome {
    case .done: self = .done
    case .error(let text): self = .error(text)
    case .failed(let why): self = .failed(why)
    }
  }
}
