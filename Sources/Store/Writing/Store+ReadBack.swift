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
    var connection = connection
    switch condition.subject {
    case .key:
      guard let reply = await ask(command("TYPE", step.edit.key), step, on: &connection), !reply.isError else {
        return .conflict(.changed)
      }
      return step.edit.mismatch(type: KeyType(reply: reply.string)) ?? .conflict(.changed)
    case .target:
      if condition.read[0] == "TYPE".word {
        let reply = await ask(condition.read, step, on: &connection)
        return .taken(condition.read[1], reply.flatMap { KeyType(reply: $0.string) })
      }
      return .taken(condition.read.last ?? [], nil)
    case .time: return .refused(.timeHasPassed(for: step.edit.change))
    case .place: return .conflict(.moved)
    case .deadline where condition.read[0] == "HPEXPIRETIME".word:
      return .conflict(.deadline(await ask(condition.read, step, on: &connection)?.firstDeadline ?? .unknown))
    case .deadline:
      let told = await readDeadline(of: condition.read[1], on: connection)
      return .conflict(.deadline(told?.deadline ?? .unknown))
    case .value:
      guard let content = step.plan.guards[position...].first(where: { $0.subject == .value && $0.readsContent }) else {
        return .conflict(condition.expectsPresence ? .value(nil) : .changed)
      }
      if let length = content.lengthRead, let reply = await ask(length, step, on: &connection),
        let bytes = reply.integer,
        bytes > Int64(Self.longestShown)
      {
        return .conflict(.bigValue(bytes: Int(bytes)))
      }
      guard let reply = await ask(content.read, step, on: &connection) else { return .conflict(.changed) }
      return .conflict(.value(reply.told))
    }
  }

  /// One command; where the connection was lost behind the reply to the edit, on the next one.
  private func ask(_ words: [[UInt8]], _ step: WriteStep, on connection: inout Connection) async -> ReplyView? {
    if let reply = await ask(words, on: connection) { return reply }
    guard let next = try? await writeConnection(after: connection),
      case .selected = await select(step.edit.database, on: next)
    else { return nil }
    connection = next
    return await ask(words, on: next)
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
    // What it was to leave has come, and something else has gone meanwhile: it cannot be told whose it is.
    if growth == .asBefore, holds, !proof.holds.isEmpty, !step.heldBefore { return .changed }
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
      if left.isTTL(of: time, since: step.sentAt) { return .grown }
      return step.deadlineBefore == .unknown ? .asBefore : .other
    case .fieldTTL(let field, let time):
      guard let told = await ask(grown.read, on: connection),
        let left = await ask(command("HPTTL", step.edit.key, "FIELDS", 1, field), on: connection)
      else { return nil }
      if told.told == step.grownBefore { return .asBefore }
      return left.isTTL(of: time, since: step.sentAt) ? .grown : .other
    case .entry(let fields):
      let start = step.grownBefore.map { "(".word + $0 } ?? "-".word
      guard let new = await ask(command("XRANGE", step.edit.key, start, "+", "COUNT", 100), on: connection) else {
        return nil
      }
      let wanted = fields.flatMap { [$0.name, $0.value] }
      if new.children.contains(where: { $0.count == 2 && $0[1].children.map { Array($0.bytes) } == wanted }) {
        return .grown
      }
      return new.isError || new.count == 100 ? .other : .asBefore
    case .list(let change): return await growth(of: change, step, on: connection)
    case .number(let number):
      guard let now = await ask(grown.read, on: connection) else { return nil }
      if Self.isSum(now.told, step.grownBefore, number) { return .grown }
      guard let from = grown.from else { return now.told == step.grownBefore ? .asBefore : .other }
      guard let source = await ask(from, on: connection) else { return nil }
      return source.told == step.grownBefore ? .asBefore : .other
    }
  }

  /// Whether the element has come or gone, by the length and by what stands around it.
  private func growth(of change: ListChange, _ step: WriteStep, on connection: Connection) async -> Growth? {
    guard let before = step.elementsBefore else { return .other }
    let (old, new) = (change.before, change.after(before.count))
    var batch = CommandBatch()
    batch.add("LLEN", step.edit.key.bytes)
    batch.add("LRANGE", step.edit.key.bytes, old.start, old.end)
    batch.add("LRANGE", step.edit.key.bytes, new.start, new.end)
    guard case .replies(let replies) = await connection.deliver(batch), replies.count == 3 else { return nil }
    func elements(_ reply: ReplyView) -> [[UInt8]] { reply.children.map { Array($0.bytes) } }
    let length = step.grownBefore.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    // The last element takes the key with it, and LRANGE -1 -1 of nothing is nothing.
    let isLast = length + change.step == 0
    if replies[0].integer == Int64(length + change.step),
      isLast || elements(replies[2]) == change.applied(to: before)
    {
      return .grown
    }
    return replies[0].integer == Int64(length) && elements(replies[1]) == before ? .asBefore : .other
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
    var afterwards: [UInt8]?
    if case .reply(let words)? = step.plan.afterwards { afterwards = await ask(words, on: connection)?.told }
    writing.readBack[step.edit.key] = Applied(
      replies: [], after: afterwards, deadlineBefore: step.deadlineBefore, deadlineAfter: after, existsAfter: exists,
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
      if case .whole(let fingerprint) = condition.expects {
        guard let mark = await readMark(of: KeyName(condition.read[1]), on: connection) else { return .lost }
        // Of a fingerprint with content: as far as this.
        if mark != fingerprint, !fingerprint.starts(with: mark + " ".word) { return .failed(position) }
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

extension ReplyView {
  /// A TTL in ms, as PTTL or, of one field, HPTTL tells it, that was set to `time` at `sentAt` at the earliest.
  fileprivate func isTTL(of time: Int64, since sentAt: Int64) -> Bool {
    guard let left = told.flatMap({ Int64(String(decoding: $0, as: UTF8.self)) }) else { return false }
    // And a rounding.
    return left <= time && left >= time - (MonotonicClock.now() - sentAt + 10)
  }
}

extension Guard {
  /// It asks whether a member, a field or an entry is there.
  var expectsPresence: Bool {
    switch expects {
    case .something: true
    case .bytes(let one): one == "1".word && ["SISMEMBER".word, "HEXISTS".word].contains(read[0])
    default: false
    }
  }

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
