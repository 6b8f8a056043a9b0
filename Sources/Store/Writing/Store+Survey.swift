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

  /// Type, deadline and size of keys; before they are destroyed also what they are, and whether they could come back.
  func survey(_ names: [KeyName], beforeDestroying: Bool) async throws(Failure) -> Answer {
    var survey = Survey()
    for start in stride(from: 0, to: names.count, by: 500) {
      survey.facts += try await read(Array(names[start..<min(start + 500, names.count)]), withSize: true, on: rowsLink)
    }
    if beforeDestroying { await lookWhole(&survey) }
    survey.clock = clock
    return .survey(survey)
  }

  /// What cannot be read is not there: then less is known of the keys, and that is said.
  private func lookWhole(_ survey: inout Survey) async {
    let database = database
    await beginWriting()
    defer { writing.end() }
    guard let connection = try? await writeConnection(), await isShownServer(at: connection) else { return }
    guard case .selected = await select(database, on: connection) else { return }
    survey.copyDenial = await copyDenial(on: connection)
    guard survey.copyDenial == nil else { return }
    var total = 0
    let small = survey.facts.filter { facts in
      // Consumers that ask change what DUMP tells of a stream.
      guard let type = facts.type.value.flatMap({ $0 }), type != .stream, let size = facts.size.value,
        size <= Self.longestSeen, total + size <= Self.seenInAll
      else { return false }
      total += size
      return true
    }
    for start in stride(from: 0, to: small.count, by: Self.batchLength) {
      let part = small[start..<min(start + Self.batchLength, small.count)]
      var batch = CommandBatch()
      for facts in part { batch.add("DUMP", facts.name.bytes) }
      guard case .replies(let replies) = await connection.deliver(batch) else { return }
      for (facts, reply) in zip(part, replies) {
        if let dump = reply.told { survey.dumps[facts.name] = dump }
      }
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
    return denial
  }
}
