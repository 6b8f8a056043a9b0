internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// The one way by which anything is written.
extension Store {
  /// Carries out a job of the user's.
  func write(_ job: WriteJob) async -> WriteReport {
    await beginWriting()
    defer { writing.end() }
    let (items, untried) = await carryOut(job.edits, id: job.id)
    let (inverses, noUndo) = self.inverses(of: items)
    if !inverses.isEmpty {
      journal.note(inverses.reversed())
    }
    return WriteReport(id: job.id, kind: .edit, items: items, untried: untried, noUndo: noUndo)
  }

  /// Takes the newest edit back, or does again what was taken back last.
  func undo(skipping: Bool, isRedo: Bool) async throws(Failure) -> Answer {
    await beginWriting()
    defer { writing.end() }
    if skipping { journal.pop(isRedo: isRedo) }
    guard let entry = journal.top(isRedo: isRedo) else {
      throw Failure(
        kind: .server, what: isRedo ? "redo" : "undo",
        why: Array((isRedo ? "nothing was taken back" : "nothing was edited").utf8), nextStep: "Nothing was written")
    }
    // Guards stand for what was there then; the connection may be another by now.
    let session = await rowsLink.generation
    let edits = entry.edits.map { edit in
      var edit = edit
      edit.session = session
      return edit
    }
    let (items, untried) = await carryOut(edits, id: 0)
    let rest = items.filter { !$0.outcome.isApplied }.map(\.edit) + edits.suffix(untried)
    let (inverses, noUndo) = inverses(of: items)
    if rest.count < edits.count { journal.pop(isRedo: isRedo, leaving: rest) }
    journal.push(inverses.reversed(), isRedo: !isRedo)
    return .written(
      WriteReport(id: 0, kind: isRedo ? .redo : .undo, items: items, untried: untried, noUndo: noUndo))
  }

  /// Tries nothing more of the running job, and waits no longer for what was sent.
  func stopWriting() async -> Answer {
    writing.isStopped = true
    await writeLink.drop(.cancelled)
    return .done
  }

  private func inverses(of items: [WriteReport.Item]) -> (edits: [Edit], noUndo: String?) {
    var edits: [Edit] = []
    var reason: String?
    for item in items {
      let applied: Applied
      switch item.outcome {
      case .applied(let told): applied = told
      case .unknown(.applied, _):
        guard let told = writing.readBack[item.edit.key] else { continue }
        applied = told
      case .partly: reason = "only a part of it was carried out"; continue
      default: continue
      }
      switch item.edit.inverse(applied: applied, tombstone: Self.tombstone()) {
      case .edit(let edit): edits.append(edit)
      case .none(let why): reason = why
      }
    }
    return (edits, reason)
  }

  /// A value that no list holds: 128 random bits.
  private static func tombstone() -> [UInt8] {
    Array(
      "keyglass-\(String(UInt64.random(in: .min ... .max), radix: 16))\(String(UInt64.random(in: .min ... .max), radix: 16))"
        .utf8)
  }

  // MARK: - Many edits

  /// Edits that go to the server in one batch.
  private static let batchLength = 64

  private func carryOut(_ edits: [Edit], id: Int) async -> (items: [WriteReport.Item], untried: Int) {
    writing.isStopped = false
    writing.readBack = [:]
    var items: [WriteReport.Item] = []
    var rest = edits[...]
    while let first = rest.first, !writing.isStopped {
      let length = writing.evalDenial == nil ? Self.batchLength : 1
      let part = rest.prefix(length).prefix { $0.database == first.database }
      rest = rest.dropFirst(part.count)
      let outcomes = await carryOut(Array(part))
      items += zip(part, outcomes).map { WriteReport.Item(edit: $0, outcome: $1) }
      if edits.count > 1 { notify(.writing(id: id, done: items.count, of: edits.count)) }
      if outcomes.contains(where: \.meansLostConnection) { break }
    }
    await learnTouched(items)
    return (items, rest.count)
  }

  /// Edits of one database, in one batch.
  private func carryOut(_ edits: [Edit]) async -> [Outcome] {
    func all(_ outcome: Outcome) -> [Outcome] { edits.map { _ in outcome } }
    if options.isReadOnly { return all(.refused(.readOnly)) }
    guard await isCurrent(edits) else { return all(.otherSession) }
    let connection: Connection
    do throws(ClientError) {
      connection = try await writeConnection()
    } catch {
      return all(.refused(.write(connection: error.why, nextStep: error.nextStep)))
    }
    var steps = edits.map { WriteStep($0) }
    var outcomes = [Outcome?](repeating: nil, count: edits.count)
    if let refusal = await prepare(&steps, &outcomes, on: connection) { return all(refusal) }
    // The other connection may have been made anew while this one was asked.
    guard await isCurrent(edits) else { return all(.otherSession) }
    if writing.evalDenial == nil { await runScripts(steps, &outcomes, on: connection) }
    for index in steps.indices where outcomes[index] == nil {
      outcomes[index] = await watchAndWrite(steps[index], on: connection)
    }
    return outcomes.map { $0 ?? .tooBusy }
  }

  private func isCurrent(_ edits: [Edit]) async -> Bool {
    let session = await rowsLink.generation
    return edits.allSatisfy { $0.session == session }
  }

  /// The connection that writes; tried once more at once where it waits to be made again.
  func writeConnection() async throws(ClientError) -> Connection {
    do throws(ClientError) {
      return try await writeLink.connection()
    } catch {
      await writeLink.retryNow()
      for _ in 0..<100 {
        if await writeLink.hello != nil { return try await writeLink.connection() }
        try? await Task.sleep(for: .milliseconds(20))
      }
      throw error
    }
  }

  /// Selects the database and reads what there is before. Returns the outcome of all where that cannot be.
  private func prepare(
    _ steps: inout [WriteStep], _ outcomes: inout [Outcome?], on connection: Connection
  ) async -> Outcome? {
    var batch = CommandBatch()
    batch.add("SELECT", steps[0].edit.database)
    for step in steps { step.ask(&batch) }
    switch await connection.deliver(batch) {
    case .notSent(let error), .lost(let error):
      return .refused(.write(connection: error.why, nextStep: error.nextStep))
    case .replies(let replies):
      if replies[0].isError, steps[0].edit.database != 0 || replies[0].errorCode != "NOPERM" {
        return .refused(.write(refused: Array(replies[0].bytes), what: "selecting db\(steps[0].edit.database)"))
      }
      var position = 1
      for index in steps.indices {
        let end = position + steps[index].asked
        outcomes[index] = steps[index].take(replies[position..<min(end, replies.count)])
        position = end
      }
      return nil
    }
  }

  // MARK: - By script

  private func runScripts(_ steps: [WriteStep], _ outcomes: inout [Outcome?], on connection: Connection) async {
    let open = steps.indices.filter { outcomes[$0] == nil }
    var batch = CommandBatch()
    for index in open { batch.add(words: WriteScript.words(of: steps[index].plan)) }
    switch await connection.deliver(batch) {
    case .notSent(let error):
      for index in open { outcomes[index] = .refused(.write(connection: error.why, nextStep: error.nextStep)) }
    case .lost(let error):
      for index in open { outcomes[index] = await readBack(steps[index], after: error) }
    case .replies(let replies):
      for (reply, index) in zip(replies, open) {
        if reply.isError, let denial = reply.denial(of: "EVAL", rule: "+eval") {
          writing.evalDenial = denial
          continue
        }
        outcomes[index] = await outcome(of: reply, for: steps[index], on: connection)
      }
    }
  }

  private func outcome(of reply: ReplyView, for step: WriteStep, on connection: Connection) async -> Outcome {
    if reply.isError { return .refused(.write(refused: Array(reply.bytes))) }
    switch WriteScript.result(reply) {
    case .applied(let applied): return step.plan.outcome(of: applied)
    case .failed(let position): return await explain(step, guard: position, on: connection)
    case .denied(let text): return .refused(.write(refused: text))
    case .error(0, let text): return .refused(.write(refused: text))
    case .error(let count, let text):
      return .partly(applied: count, of: step.plan.commands.count, error: Failure.withoutScript(text))
    case nil: return .refused(.write(connection: "the server's answer cannot be read", nextStep: "Open the key again"))
    }
  }

  // MARK: - Afterwards

  /// What was touched in the current database is read again, so that the index knows new names.
  private func learnTouched(_ items: [WriteReport.Item]) async {
    var names: Set<KeyName> = []
    for item in items where item.outcome.isApplied {
      if item.edit.database == database { names.formUnion(item.edit.plan.keys) }
      if case .copyKey(let to, database) = item.edit.change { names.insert(to) }
    }
    let all = Array(names)
    for start in stride(from: 0, to: all.count, by: 500) {
      _ = try? await read(Array(all[start..<min(start + 500, all.count)]), withSize: true, on: rowsLink)
    }
  }
}

extension Outcome {
  /// Nothing more can be sent for now.
  var meansLostConnection: Bool {
    switch self {
    case .unknown, .otherSession: true
    case .refused(let failure): failure.kind == .connection
    default: false
    }
  }
}

extension Plan {
  /// The outcome of commands that ran without an error.
  func outcome(of applied: Applied) -> Outcome {
    if let zeroMeansTaken, applied.replies.last == .some("0".word) { return .taken(zeroMeansTaken.bytes, nil) }
    return .applied(applied)
  }
}

extension Failure {
  static var readOnly: Failure {
    Failure(
      kind: .server, what: "the edit", why: Array("read-only mode: nothing is sent that writes".utf8),
      nextStep: "Start keyglass without --read-only to write")
  }
}

extension ReplyView {
  /// The denial that this error is, where it says that `command` itself may not be run or does not exist.
  func denial(of command: String, rule: String) -> Denial? {
    let text = string.lowercased()
    switch errorCode {
    case "NOPERM" where text.contains("to run") && text.contains(command.lowercased()):
      return Denial(command: command, missingRule: rule)
    case "ERR" where text.hasPrefix("err unknown command"): return Denial(command: command, missingRule: nil)
    default: return nil
    }
  }
}
