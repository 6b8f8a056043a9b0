internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Type, deadline and size of keys, in one batch.
  func facts(of names: [KeyName]) async throws(Failure) -> Answer {
    shown.note(names, at: MonotonicClock.now())
    return .facts(try await read(names, withSize: true, on: rowsLink), clock: clock)
  }

  /// Reads facts and lets the index learn them.
  func read(_ names: [KeyName], withSize: Bool, on link: Link) async throws(Failure) -> [KeyFacts] {
    guard !names.isEmpty else { return [] }
    let moment = moment
    let facts = try await readFacts(of: names, withSize: withSize, withClock: true, on: link)
    learn(facts, asOf: moment)
    return facts
  }

  /// Reads facts; a second time without PEXPIRETIME where the server turns out not to know it (before Redis 7.0).
  func readFacts(
    of names: [KeyName], withSize: Bool, withClock: Bool, on link: Link
  ) async throws(Failure) -> [KeyFacts] {
    let what = names.count == 1 ? "reading the type and deadline of a key" : "reading the types and deadlines of keys"
    let knewExpireTime = denials[.pExpireTime] == nil
    let plan = FactsPlan(names, denials: denials, withSize: withSize, withClock: withClock)
    let (replies, sentAt, receivedAt) = try await send(plan.batch, on: link, what: what)
    var (clock, denials) = (clock, denials)
    let facts = try plan.facts(
      from: replies, clock: &clock, denials: &denials, sentAt: sentAt, receivedAt: receivedAt)
    // Nothing was awaited since the copies were made.
    (self.clock, self.denials) = (clock, denials)
    guard knewExpireTime, denials[.pExpireTime] != nil, !withClock else { return facts }
    return try await readFacts(of: names, withSize: withSize, withClock: withClock, on: link)
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

  // MARK: - Sweep

  /// Begins or ends the sweep of the types and deadlines of all keys in the index.
  func sweepFacts(_ isWanted: Bool) -> Answer {
    facts.isWanted = isWanted
    startSweep()
    return .done
  }

  func startSweep() {
    guard facts.isWanted, !facts.isLooping, !scan.isPaused else { return }
    facts.isLooping = true
    facts.isKnown = true
    let epoch = epoch
    Task {
      await runSweep(epoch: epoch)
      guard epoch == self.epoch else { return }
      facts.isLooping = false
      publish(isPhaseEnd: true)
      // Wanted again, or keys came, while the last batch was on its way.
      if facts.isWanted, scan.progress.phase == .running { startSweep() }
    }
  }

  private func isSweeping(_ epoch: Int) -> Bool {
    epoch == self.epoch && facts.isWanted && !scan.isPaused && !isShutDown
  }

  /// Passes over the index until a pass learns nothing and no scan brings more.
  private func runSweep(epoch: Int) async {
    while isSweeping(epoch) {
      let isComplete = scan.progress.phase != .running
      await worker.beginSweep(generation: epoch)
      let learned = await withTaskGroup(of: Int.self) { lanes in
        for _ in 0..<FactsSweep.lanes { lanes.addTask { await self.sweepLane(epoch: epoch) } }
        var learned = 0
        for await count in lanes { learned += count }
        return learned
      }
      guard learned == 0 else { continue }
      if isComplete { return }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  /// One batch after the other to the end of the pass. Returns how many keys are known now, or gone.
  private func sweepLane(epoch: Int) async -> Int {
    var learned = 0
    while await mayAsk(epoch), let keys = await worker.unknownKeys(limit: FactsSweep.batchLength, generation: epoch),
      let swept = await sweep(keys, epoch: epoch)
    {
      let (status, count) = await worker.learn(swept, of: keys, showsFacts: facts.shapesRows, generation: epoch)
      take(status, epoch: epoch)
      learned += count
    }
    return learned
  }

  /// Waits until the server has had its rest. False when the sweep is not wanted any more.
  private func mayAsk(_ epoch: Int) async -> Bool {
    while isSweeping(epoch) {
      let left = facts.restsUntil - MonotonicClock.microseconds()
      if left <= 0 { return true }
      try? await Task.sleep(for: .microseconds(left))
    }
    return false
  }

  /// Asks until there is an answer; nil when the sweep is not wanted any more.
  private func sweep(_ keys: UnknownKeys, epoch: Int) async -> [SweptKey]? {
    while isSweeping(epoch) {
      do throws(Failure) {
        return try await read(keys, epoch: epoch)
      } catch {
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
    return nil
  }

  private func read(_ keys: UnknownKeys, epoch: Int) async throws(Failure) -> [SweptKey] {
    let plan = SweepPlan(keys, denials: denials, withClock: !clock.isKnown)
    let start = MonotonicClock.microseconds()
    let (replies, sentAt, receivedAt) = try await send(
      plan.batch, on: sweepLink, what: "reading the types and deadlines of keys")
    facts.note(sentAt: start, receivedAt: MonotonicClock.microseconds(), roundTrip: roundTrip)
    var (clock, denials) = (clock, denials)
    let swept = try plan.read(replies, clock: &clock, denials: &denials, sentAt: sentAt, receivedAt: receivedAt)
    // Nothing was awaited since the copies were made.
    (self.clock, self.denials) = (clock, denials)
    if isSweeping(epoch), let denial = denials[.type] ?? (denials[.pTTL] == nil ? nil : denials[.pExpireTime]) {
      scan.progress.denial = denial.command
      facts.isWanted = false
    }
    return plan.isUntold(denials) ? try await read(keys, epoch: epoch) : swept
  }
}
