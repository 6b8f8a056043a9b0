internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Type, deadline and size of keys, in one batch, and how long they were not used where that is wanted.
  func facts(of names: [KeyName], withIdle: Bool) async throws(Failure) -> Answer {
    shown.note(names, at: MonotonicClock.now())
    let keepsIdle = withIdle && !unkept.contains(.objectIdleTime)
    return .facts(try await read(names, withSize: true, withIdle: keepsIdle, on: rowsLink), clock: clock)
  }

  /// Reads facts and lets the index learn them.
  func read(
    _ names: [KeyName], withSize: Bool, withIdle: Bool = false, on link: Link
  ) async throws(Failure) -> [KeyFacts] {
    guard !names.isEmpty else { return [] }
    let moment = moment
    let facts = try await readFacts(
      of: names, withSize: withSize, withIdle: withIdle, withClock: true, on: link)
    learn(facts, asOf: moment)
    return facts
  }

  /// Reads facts; a second time without PEXPIRETIME where the server turns out not to know it (before Redis 7.0).
  func readFacts(
    of names: [KeyName], withTypes: Bool = true, withSize: Bool, withIdle: Bool = false, withClock: Bool,
    on link: Link
  ) async throws(Failure) -> [KeyFacts] {
    let plan = FactsPlan(
      names, denials: denials, withTypes: withTypes, withSize: withSize, withIdle: withIdle, withClock: withClock)
    let (replies, sentAt, receivedAt) = try await send(plan.batch, on: link, what: plan.what)
    var (clock, denials) = (clock, denials)
    let facts = try plan.facts(
      from: replies, clock: &clock, denials: &denials, sentAt: sentAt, receivedAt: receivedAt)
    // Nothing was awaited since the copies were made.
    (self.clock, self.denials) = (clock, denials)
    guard plan.isUntold(denials) else { return facts }
    return try await readFacts(
      of: names, withTypes: withTypes, withSize: withSize, withIdle: withIdle, withClock: withClock, on: link)
  }

  /// Reads deadlines alone, and leaves the server alone for as long as that held it up.
  ///
  /// - Throws: also where this user may read none at all.
  func readDeadlines(of names: [KeyName]) async throws(Failure) -> [KeyFacts] {
    let begun = MonotonicClock.microseconds()
    let facts = try await readFacts(
      of: names, withTypes: false, withSize: false, withClock: !clock.isKnown, on: sweepLink)
    let held = Int(MonotonicClock.microseconds() - begun)
    if denials[.pExpireTime] != nil, let denial = denials[.pTTL] {
      throw Failure.refused(.command(denial), what: "reading the deadlines of keys", command: .pTTL)
    }
    await rest(after: held)
    return facts
  }

  /// When something is asked: what was said to have changed by then, and of which database it is.
  struct Moment {
    var epoch: Int
    var changes: ChangeHistory.Moment
  }

  var moment: Moment { Moment(epoch: epoch, changes: changes.history.now) }

  /// Hands facts to the index without waiting for it. What has changed since it was asked is not known already.
  func learn(_ facts: [KeyFacts], asOf moment: Moment) {
    let epoch = moment.epoch
    guard epoch == self.epoch else { return }
    let facts = facts.filter { !changes.history.hasChanged($0.name, since: moment.changes) }
    guard !facts.isEmpty else { return }
    let showsFacts = self.facts.shapesRows
    Task { take(await worker.learn(facts, addsNew: true, showsFacts: showsFacts, generation: epoch), epoch: epoch) }
  }
}

extension Store {
  /// Keys that a write has made, or brought back, are listed without a scan.
  func learnUnlisted(of items: [WriteReport.Item]) {
    let names = items.filter { $0.outcome.isApplied && $0.edit.database == database }.flatMap(\.edit.plan.keys)
    Task { await learnUnlisted(names) }
  }

  /// Those of the keys that are there and not in the index go into it.
  func learnUnlisted(_ names: [KeyName]) async {
    let epoch = epoch
    let unlisted = await worker.unlisted(names, generation: epoch)
    for start in stride(from: 0, to: unlisted.count, by: FactsSweep.batchLength) {
      guard epoch == self.epoch else { return }
      let part = Array(unlisted[start..<min(start + FactsSweep.batchLength, unlisted.count)])
      _ = try? await read(part, withSize: false, on: sweepLink)
    }
  }
}
