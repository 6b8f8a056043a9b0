internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// The way for users who may not run EVAL: WATCH, read again, compare, MULTI.
///
/// WATCH tells of every change of the keys, also of one that leaves them as they were; so where the guards still hold
/// after a failed EXEC it is tried again (safety of the rest is in the guards).
extension Store {
  private static let attempts = 5

  func watchAndWrite(_ step: WriteStep, on connection: Connection) async -> Outcome {
    let until = MonotonicClock.now() + 2_000
    for attempt in 1...Self.attempts {
      if attempt > 1, MonotonicClock.now() > until { break }
      if let outcome = await tryOnce(step, on: connection) { return outcome }
    }
    return .tooBusy
  }

  /// nil: EXEC was refused because somebody wrote in between.
  private func tryOnce(_ step: WriteStep, on connection: Connection) async -> Outcome? {
    let lost = Outcome.refused(.connectionLost)
    guard let watched = await ask(command("WATCH") + step.plan.keys.map(\.bytes), on: connection) else { return lost }
    if watched.isError { return .refused(mayNotWrite(watched, of: "WATCH")) }
    switch await firstFailing(of: step.plan.guards, on: connection) {
    case .lost: return lost
    case .refused(let text):
      _ = await ask(command("UNWATCH"), on: connection)
      return .refused(.write(refused: text))
    case .failed(let position):
      _ = await ask(command("UNWATCH"), on: connection)
      return await explain(step, guard: position, on: connection)
    case .holds: break
    }
    var kept: [[UInt8]?] = []
    for (position, keepsake) in step.plan.keepsakes.enumerated() {
      switch keepsake {
      case .deadline(let key):
        guard let told = await readDeadline(of: key.bytes, on: connection) else { return lost }
        kept.append(told.time?.word)
      case .whole(let key):
        guard let mark = await readMark(of: key, on: connection) else { return lost }
        kept.append(mark.isEmpty ? nil : mark)
      case .reply(let words):
        guard let reply = await ask(words, on: connection) else { return lost }
        if reply.isError {
          _ = await ask(command("UNWATCH"), on: connection)
          return .refused(step.plan.refusal(toKeep: position, Array(reply.bytes)))
        }
        kept.append(reply.told)
      }
    }
    guard let before = await readDeadline(of: step.edit.key.bytes, on: connection) else { return lost }
    var fieldDeadline = Deadline.persistent
    if let field = step.plan.fieldTTL {
      guard let reply = await ask(command("HPEXPIRETIME", step.edit.key, "FIELDS", 1, field.from), on: connection)
      else { return lost }
      if reply.isError, !reply.isUnknownCommand {
        _ = await ask(command("UNWATCH"), on: connection)
        return .refused(.write(refused: Array(reply.bytes)))
      }
      if !reply.isError { fieldDeadline = reply.firstDeadline }
    }
    return await execute(step, kept: kept, before: before.deadline, fieldDeadline: fieldDeadline, on: connection)
  }

  private func execute(
    _ step: WriteStep, kept: [[UInt8]?], before: Deadline, fieldDeadline: Deadline, on connection: Connection
  ) async -> Outcome? {
    var commands = step.plan.commands
    if case .at(let fieldDeadline) = fieldDeadline, let target = step.plan.fieldTTL?.to {
      commands.append(command("HPEXPIREAT", step.edit.key, fieldDeadline, "FIELDS", 1, target))
    }
    // By itself: where MULTI is refused, what follows it would run at once, and unguarded.
    guard let started = await ask(command("MULTI"), on: connection) else {
      return .refused(.connectionLost)
    }
    if started.isError {
      _ = await ask(command("UNWATCH"), on: connection)
      return .refused(mayNotWrite(started, of: "MULTI"))
    }
    var batch = CommandBatch()
    for words in commands { batch.add(words: words) }
    batch.add("TYPE", step.edit.key.bytes)
    batch.add("EXEC")
    let replies: Replies
    switch await connection.deliver(batch) {
    case .notSent(let error): return .refused(.write(connection: error.why, nextStep: error.nextStep))
    case .lost(let error): return await readBack(step, after: error, on: connection)
    case .replies(let told): replies = told
    }
    guard let result = replies.last else { return nil }
    if result.isError {
      // The reason stands with the command that was not queued.
      let reason = replies.first { $0.isError && $0.errorCode != "EXECABORT" } ?? result
      if result.errorCode != "EXECABORT" { await leaveTransaction(on: connection) }
      return .refused(
        replies.count > 1 && reason.bytes == result.bytes
          ? mayNotWrite(result, of: "EXEC") : .write(refused: Array(reason.bytes), rules: step.plan.rules))
    }
    if result.isNull { return nil }
    let results = Array(result.children)
    if let failed = results.prefix(commands.count).first(where: \.isError) {
      let done = results.prefix(commands.count).filter { !$0.isError }.count
      let text = Array(failed.bytes)
      return done == 0
        ? .refused(.write(refused: text)) : .partly(applied: done, of: commands.count, error: text)
    }
    let after = await readDeadline(of: step.edit.key.bytes, on: connection)?.deadline ?? .unknown
    var afterwards: [UInt8]?
    switch step.plan.afterwards {
    case .whole(let key): afterwards = await readMark(of: key, on: connection)
    case .reply(let words): afterwards = await ask(words, on: connection)?.told
    case .deadline, nil: break
    }
    return step.plan.outcome(
      of: Applied(
        replies: results.prefix(step.plan.commands.count).map(\.told), kept: kept,
        after: afterwards?.isEmpty == true ? nil : afterwards,
        deadlineBefore: before, deadlineAfter: after,
        existsAfter: results.last?.string != "none", fieldDeadline: fieldDeadline))
  }

  /// EXEC itself was refused: what was queued must not wait on the server for one that is not.
  private func leaveTransaction(on connection: Connection) async {
    guard await ask(command("DISCARD"), on: connection)?.isError != false else { return }
    await writeLink.drop(.connectionLost(midReply: false))
  }

  /// Neither way of checking and writing in one step is open: nothing is written unchecked.
  private func mayNotWrite(_ reply: ReplyView, of name: String) -> Failure {
    let denied = Denial(command: name, missingRule: "+" + name.lowercased())
    let missing: Denial? =
      reply.isUnknownCommand
      ? Denial(command: name, missingRule: nil) : reply.errorCode == "NOPERM" ? denied : nil
    guard let missing else { return .write(refused: Array(reply.bytes)) }
    denials.note(missing)
    let whose =
      switch (writing.evalDenial?.missingRule, missing.missingRule) {
      case (nil, nil): "this server has neither EVAL nor \(name)"
      case (_?, _?): "this user may run neither EVAL nor \(name)"
      case (nil, _?): "this server has no EVAL, and this user may not run \(name)"
      case (_?, nil): "this user may not run EVAL, and this server has no \(name)"
      }
    let rules = [
      writing.evalDenial?.missingRule.map { "\($0) +evalsha" },
      missing.missingRule == nil ? nil : AccessRule.withoutScripts.map(\.text).joined(separator: " "),
    ].compactMap(\.self)
    return Failure(
      kind: .denied(missing), what: "the edit",
      why: Array("\(whose), so that nothing can be checked and written in one step".utf8),
      nextStep: rules.isEmpty
        ? "The console (:) sends what you type, unchecked" : "Ask for \(rules.joined(separator: ", or "))")
  }
}
