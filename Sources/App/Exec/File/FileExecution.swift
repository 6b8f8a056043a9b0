import Canvas
import Glibc
import RESP
import RedisClient

/// `keyglass exec -f FILE`: the commands of a file, one batch after the other.
struct FileExecution {
  /// `-` is standard input.
  let path: String
  /// Nil: nothing but errors on a terminal, raw otherwise.
  let format: ReplyFormat?
  let isReadOnly: Bool
  let isPlain: Bool

  func run(on server: ServerChoice, trace: Trace?) throws(ErrorLine) -> ExitStatus {
    let file = try CommandFile(path)
    if file.isRegular { try file.check() }
    let format = format ?? (isatty(STDOUT_FILENO) != 0 ? nil : .raw)
    let connection = try ExecConnection.open(to: server, for: format, isReadOnly: isReadOnly)
    defer { connection.close() }
    trace?.write(.connected)
    let watch = FileWatch(name: file.name)
    watch.begin()
    let gate = connection.readOnlyCause.map { ReaderGate(connection: connection, cause: $0) }
    var reader = BatchReader(CommandReader(file), gate: gate)
    var report = FileReport(name: file.name, format: format, isPlain: isPlain)
    var next = reader.next(waits: true)
    while let batch = next {
      let (commands, readers, started) = (batch.commands, reader.knownReaders, Trace.nanoseconds)
      watch.update { $0.send(batch) }
      let delivery = ExecConnection.begin { () async throws(ClientError) in
        await connection.deliver(commands, knownReaders: readers)
      }
      // What is at hand is read while the server works.
      next = reader.next(waits: false)
      let replies = try replies(delivery.wait(), watch, &report)
      watch.update { $0.receive() }
      trace?.write(.command(name: "-f", count: commands.count, microseconds: (Trace.nanoseconds - started) / 1_000))
      try report.add(batch, replies)
      // As whoever writes to a pipe that nobody reads.
      guard report.isRead else { return ExitStatus(rawValue: 128 + SIGPIPE) }
      if next == nil { next = reader.next(waits: true) }
    }
    report.finish()
    if let mistake = reader.mistake { throw mistake.error(watch.now.sent) }
    return report.status
  }

  /// The replies to the batch that is under way, or what is known of it without them.
  private func replies(
    _ result: Result<Delivery, ClientError>?, _ watch: FileWatch, _ report: inout FileReport
  ) throws(ErrorLine) -> Replies {
    let error: ClientError
    switch result {
    case .success(.replies(let replies))?: return replies
    case .success(.lost(let reason))?: error = reason
    case .success(.notSent(let reason))?, .failure(let reason)?:
      error = reason
      watch.update { $0.withdraw() }
    case nil: error = .closed
    }
    report.finish()
    throw ErrorLine(
      error.what, "\(error.why), \(watch.now.text)", nextStep: error.nextStep + ".", status: .refused)
  }
}
