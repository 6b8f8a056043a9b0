internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// How edits go out: in order, in batches, on one connection, with all that is asked before and after.
extension Store {
  /// Edits that go to the server in one batch.
  private static let batchLength = 64

  func carryOut(_ edits: [Edit], id: Int) async -> (items: [WriteReport.Item], untried: Int) {
    writing.isStopped = false
    writing.readBack = [:]
    var items: [WriteReport.Item] = []
    var rest = edits[...]
    while let first = rest.first, !writing.isStopped {
      let length = writing.evalDenial == nil ? Self.batchLength : 1
      let part = rest.prefix(length).prefix { $0.database == first.database }
      rest = rest.dropFirst(part.count)
      writing.hasMore = !rest.isEmpty
      writing.held = 0
      let before = moment
      let outcomes = await explained(await carryOut(Array(part)))
      let done = zip(part, outcomes).map { WriteReport.Item(edit: $0, outcome: $1) }
      if first.database == database { learn(done.compactMap(\.toldFacts), asOf: before) }
      items += done
      if edits.count > 1 { notify(.writing(id: id, done: items.count, of: edits.count)) }
      if outcomes.contains(where: \.meansLostConnection) || outcomes.allSatisfy(\.meansNoWrites) { break }
      if writing.hasMore, !writing.isStopped { await self.rest(holding: writing.held) }
    }
    writing.hasMore = false
    await learnTouched(items)
    return (items, rest.count)
  }

  /// Edits of one database, in one batch.
  private func carryOut(_ edits: [Edit]) async -> [Outcome] {
    func all(_ outcome: Outcome) -> [Outcome] { edits.map { _ in outcome } }
    if options.refusesWrites { return all(.refused(options.isReadOnly ? .readOnly : .locked)) }
    guard await isCurrent(edits) else { return all(.otherSession) }
    let connection: Connection
    do throws(ClientError) {
      connection = try await writeConnection()
    } catch {
      return all(.refused(.write(connection: error.why, nextStep: error.nextStep)))
    }
    guard await isShownServer(at: connection) else { return all(.otherServer) }
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

  /// Sends a batch, and notes how long it held the server.
  private func deliver(_ batch: CommandBatch, on connection: Connection) async -> Delivery {
    let start = MonotonicClock.microseconds()
    defer {
      let took = Int(MonotonicClock.microseconds() - start)
      writing.held += took - min(roundTrip, took)
    }
    return await connection.deliver(batch)
  }

  private func isCurrent(_ edits: [Edit]) async -> Bool {
    let session = await rowsLink.generation
    return edits.allSatisfy { $0.session == session }
  }

  /// Selects the database and reads what there is before. Returns the outcome of all where that cannot be.
  private func prepare(
    _ steps: inout [WriteStep], _ outcomes: inout [Outcome?], on connection: Connection
  ) async -> Outcome? {
    let database = steps[0].edit.database
    switch await select(database, on: connection) {
    case .selected: break
    case .lost: return .refused(.connectionLost)
    case .refused(let text): return .refused(.write(refused: text, what: "selecting db\(database)"))
    }
    var batch = CommandBatch()
    for step in steps { step.ask(&batch) }
    // A copy's target is looked at in its own database: should the way back be refused, it is not known which is.
    if steps.contains(where: { $0.plan.proof.database != nil }) { writing.target?.database = nil }
    let sentAt = MonotonicClock.now()
    switch await deliver(batch, on: connection) {
    case .notSent(let error), .lost(let error):
      return .refused(.write(connection: error.why, nextStep: error.nextStep))
    case .replies(let replies):
      var position = 0
      for index in steps.indices {
        let end = position + steps[index].asked
        outcomes[index] = steps[index].take(replies[position..<min(end, replies.count)])
        steps[index].sentAt = sentAt
        position = end
      }
      return nil
    }
  }

  // MARK: - By script

  private func runScripts(_ steps: [WriteStep], _ outcomes: inout [Outcome?], on connection: Connection) async {
    let first = steps.indices.filter { outcomes[$0] == nil }
    let unknown = await run(first, of: steps, byDigest: writing.takesDigests, &outcomes, on: connection)
    guard !unknown.isEmpty, writing.evalDenial == nil else { return }
    // Nothing of these was carried out: the server does not take a script by its digest.
    writing.takesDigests = false
    _ = await run(unknown, of: steps, byDigest: false, &outcomes, on: connection)
  }

  /// Sends the script once, and after that its digest. Returns the steps of which the server said that it does not know
  /// the script.
  private func run(
    _ open: [Int], of steps: [WriteStep], byDigest: Bool, _ outcomes: inout [Outcome?], on connection: Connection
  ) async -> [Int] {
    var unknown: [Int] = []
    var batch = CommandBatch()
    for (position, index) in open.enumerated() {
      let plan = steps[index].plan
      batch.add(
        script: WriteScript.words(of: plan, serverTime: knownServerTime, isKnown: byDigest && position > 0),
        carrying: plan.commands)
    }
    switch await deliver(batch, on: connection) {
    case .notSent(let error):
      for index in open { outcomes[index] = .refused(.write(connection: error.why, nextStep: error.nextStep)) }
    case .lost(let error):
      for index in open { outcomes[index] = await readBack(steps[index], after: error, on: connection) }
    case .replies(let replies):
      for (reply, index) in zip(replies, open) {
        if reply.isError, index == open.first || !byDigest, let denial = reply.denial(of: "EVAL", rule: "+eval") {
          writing.evalDenial = denial
          denials.note(denial)
          continue
        }
        if reply.isError, byDigest, index != open.first, reply.isUnknownScript {
          unknown.append(index)
          continue
        }
        outcomes[index] = await outcome(of: reply, for: steps[index], on: connection)
      }
    }
    return unknown
  }

  private func outcome(of reply: ReplyView, for step: WriteStep, on connection: Connection) async -> Outcome {
    let rules = step.plan.rules
    if reply.isError { return .refused(.write(refused: Array(reply.bytes), rules: rules)) }
    switch WriteScript.result(reply) {
    case .applied(let applied): return step.plan.outcome(of: applied)
    case .failed(let position): return await explain(step, guard: position, on: connection)
    case .denied(let text): return .refused(.write(refused: text, rules: rules))
    case .unkept(let position, let text): return .refused(step.plan.refusal(toKeep: position, text))
    case .error(0, let text): return .refused(.write(refused: text, rules: rules))
    case .error(let count, let text):
      return .partly(applied: count, of: step.plan.commands.count, error: Failure.withoutScript(text))
    case nil: return .refused(.write(connection: "the server's answer cannot be read", nextStep: "Open the key again"))
    }
  }

  // MARK: - Afterwards

  /// The server's time in ms since 1970, as well as it is known without asking.
  var knownServerTime: Int64 {
    clock.isKnown ? clock.serverTime(at: MonotonicClock.now()) : DeadlineReading.wallTime()
  }

  /// What was touched in the current database is read again, so that the index knows new names. Of what was told with
  /// the reply it knows.
  private func learnTouched(_ items: [WriteReport.Item]) async {
    var names: Set<KeyName> = []
    for item in items where item.outcome.isApplied && item.toldFacts == nil {
      if item.edit.database == database { names.formUnion(item.edit.touched.prefix(2)) }
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

extension WriteReport.Item {
  /// What is known of the key after its TTL was set; nil: it is to be read.
  fileprivate var toldFacts: KeyFacts? {
    guard case .expiry = edit.change, case .applied(let applied) = outcome, applied.existsAfter,
      applied.deadlineAfter != .unknown
    else { return nil }
    return KeyFacts(name: edit.key, type: .known(edit.presence.type), deadline: .known(applied.deadlineAfter))
  }
}

extension ReplyView {
  /// The script was not run: the server does not know it by its digest, or takes none that way from this user.
  fileprivate var isUnknownScript: Bool {
    errorCode == "NOSCRIPT" || denial(of: "EVALSHA", rule: "+evalsha") != nil
  }
}

extension Plan {
  /// The outcome of commands that ran without an error.
  func outcome(of applied: Applied) -> Outcome {
    if let zeroMeansTaken, applied.replies.last == .some("0".word) { return .taken(zeroMeansTaken.bytes, nil) }
    return .applied(applied)
  }
}
