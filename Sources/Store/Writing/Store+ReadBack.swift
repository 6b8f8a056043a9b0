internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// What there is now: why a guard did not hold, and what became of an edit whose reply was lost.
extension Store {
  /// Values longer than this are not brought here to be shown beside another.
  private static let longestShown = 1 << 20

  /// Why nothing was written: what is there in place of what the guard at this position expects.
  func explain(_ step: WriteStep, guard position: Int, on connection: Connection) async -> Outcome {
    let condition = step.plan.guards[position]
    func read(_ words: [[UInt8]]) async -> ReplyView? { await ask(words, on: connection) }
    switch condition.subject {
    case .key:
      guard let reply = await read(command("TYPE", step.edit.key)), !reply.isError else {
        return .conflict(.value(nil))
      }
      return step.edit.mismatch(type: KeyType(reply: reply.string)) ?? .conflict(.value(nil))
    case .target:
      if condition.read[0] == "TYPE".word {
        let reply = await read(condition.read)
        return .taken(condition.read[1], reply.flatMap { KeyType(reply: $0.string) })
      }
      return .taken(condition.read.last ?? [], nil)
    case .time: return .refused(.timeHasPassed)
    case .place: return .conflict(.moved)
    case .deadline:
      let told = await readDeadline(of: condition.read[1], on: connection)
      return .conflict(.deadline(told?.deadline ?? .unknown))
    case .value:
      guard let content = step.plan.guards[position...].first(where: { $0.subject == .value && $0.readsContent }) else {
        return .conflict(.value(nil))
      }
      if let length = content.lengthRead, let reply = await read(length), let bytes = reply.integer,
        bytes > Int64(Self.longestShown)
      {
        return .conflict(.bigValue(bytes: Int(bytes)))
      }
      guard let reply = await read(content.read) else { return .conflict(.value(nil)) }
      return .conflict(.value(reply.told))
    }
  }

  /// Reads back after the reply to an edit was lost with `lost`. It is never sent again.
  func readBack(_ step: WriteStep, after error: ClientError, on lost: Connection) async -> Outcome {
    let why = error == .cancelled ? "you stopped waiting for the reply" : error.why
    func unreadable(_ reason: String) -> Outcome {
      .unknown(.unreadable(.write(connection: reason, nextStep: "Look at the key before you try again")), why: why)
    }
    var isSecondLook = false
    var lost = lost
    let before = writing.target
    for _ in 0..<4 {
      let connection: Connection
      do throws(ClientError) {
        connection = try await writeConnection(after: lost)
      } catch {
        return unreadable(error.why)
      }
      let isFenced = await fence(before, from: connection)
      guard let verdict = await verdict(step, on: connection) else {
        lost = connection
        continue
      }
      guard verdict == .notApplied, !isFenced else { return .unknown(verdict, why: why) }
      // What was on its way when the connection broke may be carried out just after this one was made.
      if isSecondLook { return .unknown(.notYet, why: why) }
      isSecondLook = true
      try? await Task.sleep(for: .milliseconds(250))
    }
    return unreadable("the connection was lost again")
  }

  /// nil: this connection was lost as well.
  private func verdict(_ step: WriteStep, on connection: Connection) async -> Verdict? {
    let proof = step.plan.proof
    switch await select(proof.database ?? step.edit.database, on: connection) {
    case .selected: break
    case .refused(let text): return .unreadable(.write(refused: text))
    case .lost: return nil
    }
    let holds: Bool
    switch await firstFailing(of: proof.holds, on: connection) {
    case .lost: return nil
    case .refused(let text): return .unreadable(.write(refused: text))
    case .holds: holds = true
    case .failed: holds = false
    }
    guard let growth = await growth(of: step, on: connection) else { return nil }
    if holds, growth != .asBefore, growth != .other {
      await noteReadBack(step, on: connection)
      return .applied
    }
    guard growth != .other else { return .changed }
    switch await select(step.edit.database, on: connection) {
    case .selected: break
    case .refused(let text): return .unreadable(.write(refused: text))
    case .lost: return nil
    }
    if growth == .grown, proof.grown?.from == nil { return .changed }
    switch await firstFailing(of: step.plan.guards, on: connection) {
    case .lost: return nil
    case .refused(let text): return .unreadable(.write(refused: text))
    case .holds: return .notApplied
    case .failed: return .changed
    }
  }

  private enum Growth {
    case grown
    case asBefore
    case other
    /// The commands make nothing grow.
    case none
  }

  /// What became of that which the commands make grow; nil: the connection was lost.
  private func growth(of step: WriteStep, on connection: Connection) async -> Growth? {
    guard let grown = step.plan.proof.grown else { return Growth.none }
    switch grown.by {
    case .ttl(let time):
      guard let told = await readDeadline(of: step.edit.key.bytes, on: connection),
        let left = await ask(command("PTTL", step.edit.key), on: connection)
      else { return nil }
      if told.deadline != .unknown, told.deadline == step.deadlineBefore { return .asBefore }
      // Set so long ago at most, and a rounding.
      let elapsed = MonotonicClock.now() - step.sentAt + 10
      if let left = left.integer, left <= time, left >= time - elapsed { return .grown }
      return step.deadlineBefore == .unknown ? .asBefore : .other
    case .number(let number):
      guard let now = await ask(grown.read, on: connection) else { return nil }
      if Self.isSum(now.told, step.grownBefore, number) { return .grown }
      guard let from = grown.from else { return now.told == step.grownBefore ? .asBefore : .other }
      guard let source = await ask(from, on: connection) else { return nil }
      return source.told == step.grownBefore ? .asBefore : .other
    }
  }

  /// Whether `now` is `before` and `added`; what is not there counts as 0.
  private static func isSum(_ now: [UInt8]?, _ before: [UInt8]?, _ added: [UInt8]) -> Bool {
    guard let now else { return false }
    let numbers = [before ?? "0".word, added, now].map { String(decoding: $0, as: UTF8.self) }
    if let old = Int64(numbers[0]), let added = Int64(numbers[1]), let new = Int64(numbers[2]) {
      return old.addingReportingOverflow(added) == (new, false)
    }
    guard let old = Double(numbers[0]), let added = Double(numbers[1]), let new = Double(numbers[2]) else {
      return false
    }
    return abs(old + added - new) <= 1e-9 * max(1, abs(new))
  }

  /// As much of what the server would have told as undo needs.
  private func noteReadBack(_ step: WriteStep, on connection: Connection) async {
    let exists = await ask(command("EXISTS", step.edit.key), on: connection)?.integer == 1
    let after = await readDeadline(of: step.edit.key.bytes, on: connection)?.deadline ?? .unknown
    var fieldDeadline = Deadline.persistent
    if let field = step.plan.fieldTTL {
      // The TTL that it had is gone with the reply, unless this server has none.
      let reply = await ask(command("HPEXPIRETIME", step.edit.key, "FIELDS", 1, field.from), on: connection)
      if reply?.isUnknownCommand != true { fieldDeadline = .unknown }
    }
    writing.readBack[step.edit.key] = Applied(
      replies: [], deadlineBefore: step.deadlineBefore, deadlineAfter: after, existsAfter: exists,
      fieldDeadline: fieldDeadline)
  }

  // MARK: - Parts

  enum Check: Sendable {
    case holds
    case failed(Int)
    /// A guard could not be read, with the server's error.
    case refused([UInt8])
    case lost
  }

  /// The first guard that does not hold. One after the other: a long value is only read where its length is right.
  func firstFailing(of guards: [Guard], on connection: Connection) async -> Check {
    for (position, condition) in guards.enumerated() {
      if case .deadline(let wanted) = condition.expects {
        guard let told = await readDeadline(of: condition.read[1], on: connection) else { return .lost }
        if !told.is(wanted) { return .failed(position) }
        continue
      }
      guard let reply = await ask(condition.read, on: connection) else { return .lost }
      if reply.isError, reply.errorCode != "WRONGTYPE", condition.subject != .time {
        return .refused(Array(reply.bytes))
      }
      if condition.holds(reply, serverTime: knownServerTime) { continue }
      guard !condition.orElse.isEmpty else { return .failed(position) }
      let others = await firstFailing(of: condition.orElse, on: connection)
      if case .failed = others { return .failed(position) }
      guard case .holds = others else { return others }
    }
    return .holds
  }

  /// One command; nil: the connection was lost.
  func ask(_ words: [[UInt8]], on connection: Connection) async -> ReplyView? {
    var batch = CommandBatch()
    batch.add(words: words)
    guard case .replies(let replies) = await connection.deliver(batch) else { return nil }
    return replies.first
  }
}

extension Guard {
  /// Its command reads the value itself, not its length or whether it is there.
  var readsContent: Bool {
    ["GET", "HGET", "LINDEX", "ZSCORE"].contains { $0.word == read[0] }
  }

  /// What tells the length of the value that it reads.
  var lengthRead: [[UInt8]]? {
    switch read[0] {
    case "GET".word: command("STRLEN", read[1])
    case "HGET".word: command("HSTRLEN", read[1], read[2])
    default: nil
    }
  }
}
