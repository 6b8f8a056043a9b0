internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Bytes, by MEMORY USAGE, of the keys that are looked at as a whole, of one and of all; and keys in one batch.
  private static let longestSeen = 1 << 20
  private static let seenInAll = 64 << 20
  private static let batchLength = 64
  /// Keys whose type and deadline are read in one batch.
  private static let factsLength = 500

  /// Type and deadline of keys; before they are destroyed also size, what they are, and whether they could come back.
  func survey(_ names: [KeyName], beforeDestroying: Bool) async throws(Failure) -> Answer {
    var survey = Survey()
    survey.facts.reserveCapacity(names.count)
    for start in stride(from: 0, to: names.count, by: Self.factsLength) {
      let part = Array(names[start..<min(start + Self.factsLength, names.count)])
      if beforeDestroying {
        survey.facts += try await read(part, withSize: true, on: rowsLink)
      } else {
        survey.facts += try await readBesides(part)
        if names.count > Self.factsLength { notify(.surveying(done: survey.facts.count, of: names.count)) }
      }
    }
    if beforeDestroying { await lookWhole(&survey) }
    survey.clock = clock
    return .survey(survey)
  }

  /// Reads facts of keys that may be many: beside what the screen waits for, not tracked, and with rests.
  private func readBesides(_ names: [KeyName]) async throws(Failure) -> [KeyFacts] {
    let moment = moment
    let start = MonotonicClock.microseconds()
    let facts = try await readFacts(of: names, withSize: false, withClock: !clock.isKnown, on: sweepLink)
    learn(facts, asOf: moment)
    await rest(after: Int(MonotonicClock.microseconds() - start))
    return facts
  }

  /// What cannot be read is not there: then less is known of the keys, and that is said.
  private func lookWhole(_ survey: inout Survey) async {
    let database = database
    await beginWriting()
    defer { writing.end() }
    guard let connection = try? await writeConnection(), await isShownServer(at: connection) else { return }
    guard case .selected = await select(database, on: connection) else { return }
    survey.copyDenial = await copyDenial(on: connection)
    await fingerprint(&survey, on: connection)
    if survey.copyDenial == nil { await dump(&survey, on: connection) }
  }

  /// What the keys are now. Whoever may not run scripts knows type and length.
  private func fingerprint(_ survey: inout Survey, on connection: Connection) async {
    let names = survey.facts.filter { $0.type.value.flatMap { $0 } != nil }.map(\.name)
    for start in stride(from: 0, to: names.count, by: Self.batchLength) {
      let part = Array(names[start..<min(start + Self.batchLength, names.count)])
      if writing.evalDenial == nil {
        var batch = CommandBatch()
        for name in part {
          batch.add(script: command("EVAL", WriteScript.fingerprint, 1, name), carrying: [command("TYPE", name)])
        }
        guard case .replies(let replies) = await connection.deliver(batch) else { return }
        for (name, reply) in zip(part, replies) {
          if reply.isError, let denial = reply.denial(of: "EVAL", rule: "+eval") {
            writing.evalDenial = denial
            denials.note(denial)
          }
          survey.seen[name] = reply.told.map { SeenWhole(fingerprint: $0) }
        }
      }
      guard writing.evalDenial != nil else { continue }
      for name in part {
        guard let mark = await readMark(of: name, on: connection) else { return }
        survey.seen[name] = mark.isEmpty ? nil : SeenWhole(fingerprint: mark)
      }
    }
  }

  /// Type and length as they begin a fingerprint; empty where there is none. nil: the connection was lost.
  func readMark(of key: KeyName, on connection: Connection) async -> [UInt8]? {
    guard let reply = await ask(command("TYPE", key), on: connection) else { return nil }
    guard let length = KeyType(reply: reply.string)?.lengthOf(key) else { return [] }
    guard let count = await ask(length, on: connection) else { return nil }
    return count.integer.map { "\(reply.string) \($0)".word } ?? []
  }

  /// Copies of small keys, for where the reply to their deletion is lost.
  private func dump(_ survey: inout Survey, on connection: Connection) async {
    var total = 0
    let small = survey.facts.filter { facts in
      guard survey.seen[facts.name] != nil, let size = facts.size.value, size <= Self.longestSeen,
        total + size <= Self.seenInAll
      else { return false }
      total += size
      return true
    }
    for start in stride(from: 0, to: small.count, by: Self.batchLength) {
      let part = small[start..<min(start + Self.batchLength, small.count)]
      var batch = CommandBatch()
      for facts in part { batch.add("DUMP", facts.name.bytes) }
      guard case .replies(let replies) = await connection.deliver(batch) else { return }
      for (facts, reply) in zip(part, replies) { survey.seen[facts.name]?.dump = reply.told }
    }
  }

  /// Which of DUMP and RESTORE the user may not run, if any: both are tried on a name that no key has, with nothing in
  /// it, which writes nothing. Asked once for each connection.
  private func copyDenial(on connection: Connection) async -> Denial? {
    if let known = await target(of: connection).copyDenial { return known }
    let none = Self.tombstone()
    var batch = CommandBatch()
    batch.add("DUMP", none)
    batch.add("RESTORE", none, 0, "")
    guard case .replies(let replies) = await connection.deliver(batch), replies.count == 2 else { return nil }
    let denial =
      replies[0].denial(of: "DUMP", rule: "+dump") ?? replies[1].denial(of: "RESTORE", rule: "+restore")
    writing.target?.copyDenial = .some(denial)
    if let denial { denials.note(denial) }
    return denial
  }
}
