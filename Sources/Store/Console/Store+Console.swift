internal import Commands
internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// The console: commands as they were typed, on a connection of their own.
extension Store {
  func console(_ request: ConsoleRequest) async throws(Failure) -> Answer {
    switch request {
    case .commands: .console(.commands(try await learnCommands()))
    case .assess(let risk, let database): .console(.impact(await impact(of: risk, database: database)))
    case .run(let command): .console(.ran(await run(command)))
    case .cancel: cancelConsole()
    case .endStream: .console(.stream(await endStream()))
    case .lines(let range): .console(.lines(lines(range)))
    case .find(let text, let replies, let place, let forward):
      .console(.found(find(text, in: replies, from: place, forward: forward)))
    case .document(let id, let form): .console(.document(try document(of: id, form), form))
    case .save(let id, let form, let path): try await save(id, form, path)
    case .names(let prefix, let limit): .console(.names(await worker.names(from: KeyName(prefix), limit: limit)))
    }
  }

  /// Sends a command and waits for its replies, as long as they take.
  private func run(_ command: ConsoleCommand) async -> ConsoleReport {
    let effect = ConnectionEffect(words: command.words, table: console.table)
    switch effect {
    case .unusable(.replication):
      return refuse(
        command, "only replicas talk to a server like this", nextStep: "INFO replication tells how it stands")
    case .unusable(.debugger):
      return refuse(command, "the debugger of scripts speaks another language", nextStep: "redis-cli --ldb has it")
    case .unusable(.withoutReply):
      return refuse(command, "without replies nothing could be said of what you send", nextStep: "Leave it on")
    case .unsubscribe:
      return refuse(command, "nothing is subscribed here", nextStep: "Esc ends a subscription while it runs")
    case .subscribe, .monitor:
      guard console.session.queue == nil else {
        return refuse(command, "a transaction is open, and a stream has no end", nextStep: "EXEC or DISCARD first")
      }
      return await beginStream(command)
    default: break
    }
    let isRead = console.table.match(command.words)?.spec.flags.contains("readonly") ?? false
    // From here on it may be cancelled, whatever the server owes.
    console.running = ConsoleTurn.Running(id: command.id, canBlock: effect == .block, writes: !isRead)
    defer { console.running = nil }
    let connection: Connection
    do throws(ConsoleRefusal) {
      connection = try await consoleConnection(for: command)
      try await selectForConsole(command, on: connection)
    } catch {
      return refuse(command, error.why, nextStep: error.nextStep)
    }
    console.running?.isSent = true
    let before = console.session
    let begun = MonotonicClock.microseconds()
    let (replies, size, end) = await send(command, on: connection)
    let microseconds = Int(MonotonicClock.microseconds() - begun)
    traceConsole(command, count: replies.count, microseconds: microseconds)
    var report = ConsoleReport(
      id: command.id, outcome: outcome(of: replies, end: end, command, in: before), microseconds: microseconds,
      session: before)
    keep(replies, size: size, of: command, in: &report)
    let executed = takeEffects(of: replies, command, on: connection, in: &report)
    if console.connection !== connection || end.map(isLoss) == true { leaveLostConnection(in: &report) }
    let wasUnblocked = end == nil && console.running?.isCancelled == true && replies.last?.element.isNull == true
    // What follows is not the command any more: a cancel would close the connection for nothing.
    console.running = nil
    let isCarriedOut = before.queue == nil && replies.contains { !$0.element.isError }
    await followChanges(of: (isCarriedOut ? [command.words] : []) + executed, in: &report)
    if case .unknown = report.outcome, !replies.isEmpty {
      report.notes.append("\(replies.count) of \(command.times) were answered before")
    }
    if wasUnblocked { report.notes.append("let go by you, before there was anything") }
    report.session = console.session
    return report
  }

  /// Whether nothing can be sent on the connection any more.
  private func isLoss(_ end: Delivery) -> Bool {
    if case .notSent(.readOnly) = end { false } else { true }
  }

  private func refuse(_ command: ConsoleCommand, _ why: String, nextStep: String) -> ConsoleReport {
    var session = console.session
    // The connection may still stand where the screen was before: that moves no screen.
    if session.queue == nil { session.database = command.database }
    return ConsoleReport(
      id: command.id, outcome: .notSent(why: Array(why.utf8), nextStep: nextStep), session: session)
  }

  private func traceConsole(_ command: ConsoleCommand, count: Int, microseconds: Int) {
    guard count > 0, let name = command.words.first else { return }
    options.onCommand(String(decoding: name, as: UTF8.self).uppercased(), count, microseconds)
  }

  // MARK: - Sending

  /// Commands of one name that are under way together, and bytes that their replies may make together: as big as those
  /// before them.
  private static let pipeline = 64
  private static let pipelinedBytes = 8 << 20

  /// Sends it as often as asked, a few at a time. `end`: why there are fewer replies than commands.
  private func send(
    _ command: ConsoleCommand, on connection: Connection
  ) async -> (replies: [ReplyView], size: Int, end: Delivery?) {
    var replies: [ReplyView] = []
    var size = 0
    while replies.count < command.times, console.running?.isCancelled != true || replies.isEmpty {
      var batch = CommandBatch()
      // One that may block goes out alone, so that a cancel ends all that the server has of it.
      let each = replies.isEmpty ? Self.pipelinedBytes : max(1, size / replies.count)
      let length = console.running?.canBlock == true ? 1 : max(1, min(Self.pipeline, Self.pipelinedBytes / each))
      for _ in 0..<min(length, command.times - replies.count) { batch.add(words: command.words) }
      let delivery = await connection.deliver(batch, knownReaders: console.readers)
      guard case .replies(let new) = delivery else { return (replies, size, delivery) }
      replies += new
      size += new.residentBytes
      if size > KeptReplies.limit { break }
    }
    return (replies, size, nil)
  }

  private func outcome(
    of replies: [ReplyView], end: Delivery?, _ command: ConsoleCommand, in session: ConsoleSession
  ) -> ConsoleReport.Outcome {
    switch end {
    case .notSent(let error) where replies.isEmpty:
      return .notSent(why: Array(error.why.utf8), nextStep: error.nextStep)
    case .lost(let error): return lost(error, command, in: session)
    case .notSent, .replies, nil: break
    }
    let errors = replies.lazy.map(\.element).filter(\.isError)
    return .replied(
      replies: replies.count, errors: errors.count, firstError: errors.first.map { Array($0.bytes.prefix(500)) })
  }

  /// What can have become of a command whose reply was lost.
  private func lost(
    _ error: ClientError, _ command: ConsoleCommand, in session: ConsoleSession
  ) -> ConsoleReport.Outcome {
    let name = command.words.first.map { String(decoding: $0, as: UTF8.self).uppercased() } ?? ""
    if session.queue != nil, name != "EXEC" {
      return .notSent(
        why: Array("\(error.why): the server forgets a transaction that was not executed, so nothing of it ran".utf8),
        nextStep: "Begin again with MULTI")
    }
    let isCancelled = error == .cancelled
    guard console.running?.writes != false else {
      return .unknown(why: Array((isCancelled ? "cancelled: it only reads" : error.why).utf8))
    }
    let what = isCancelled ? "cancelled" : error.why
    return .unknown(why: Array("\(what): the server may have carried it out, or may still do so".utf8))
  }
}
