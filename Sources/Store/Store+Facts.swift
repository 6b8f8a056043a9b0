internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Type, deadline and size of keys, in one batch.
  func facts(of names: [KeyName]) async throws(Failure) -> Answer {
    .facts(try await read(names, withSize: true, on: rowsLink), clock: clock)
  }

  /// Reads facts and lets the index learn them.
  func read(_ names: [KeyName], withSize: Bool, on link: Link) async throws(Failure) -> [KeyFacts] {
    guard !names.isEmpty else { return [] }
    let epoch = epoch
    let facts = try await readFacts(of: names, withSize: withSize, withClock: true, on: link)
    learn(facts, epoch: epoch)
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

  /// Hands facts to the index without waiting for it.
  func learn(_ facts: [KeyFacts], epoch: Int) {
    guard epoch == self.epoch else { return }
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

  /// Passes over the index in the order of names, until one finds nothing that it could learn and no scan brings more.
  /// While the server answers for some keys, the worker takes in those before and looks for the next.
  private func runSweep(epoch: Int) async {
    var names = await worker.namesWithoutFacts(after: nil, limit: FactsSweep.batchLength, generation: epoch)
    var isFirst = true
    var learned = 0
    var pending: Task<Int, Never>?
    while isSweeping(epoch) {
      guard let last = names.last else {
        learned += await pending?.value ?? 0
        pending = nil
        if scan.progress.phase != .running, isFirst || learned == 0 { return }
        if learned == 0 { try? await Task.sleep(for: .milliseconds(50)) }
        names = await worker.namesWithoutFacts(after: nil, limit: FactsSweep.batchLength, generation: epoch)
        (isFirst, learned) = (true, 0)
        continue
      }
      async let upcoming = worker.namesWithoutFacts(after: last, limit: FactsSweep.batchLength, generation: epoch)
      let start = MonotonicClock.microseconds()
      let facts: [KeyFacts]
      do throws(Failure) {
        facts = try await readFacts(of: names, withSize: false, withClock: !clock.isKnown, on: sweepLink)
      } catch {
        _ = await upcoming
        try? await Task.sleep(for: .milliseconds(200))
        continue
      }
      let took = Int(MonotonicClock.microseconds() - start)
      if isSweeping(epoch), let denial = denials[.type] ?? (denials[.pTTL] == nil ? nil : denials[.pExpireTime]) {
        scan.progress.denial = denial.command
        self.facts.isWanted = false
      }
      names = await upcoming
      guard isSweeping(epoch) else { break }
      learned += await pending?.value ?? 0
      pending = Task { await learnSwept(facts, epoch: epoch) }
      isFirst = false
      await rest(after: took)
    }
    _ = await pending?.value
  }

  /// How many of the keys are known now, or gone.
  private func learnSwept(_ swept: [KeyFacts], epoch: Int) async -> Int {
    let before = scan.status.knownFacts
    take(await worker.learn(swept, addsNew: false, showsFacts: facts.shapesRows, generation: epoch), epoch: epoch)
    return max(0, scan.status.knownFacts - before) + swept.count(where: \.isGone)
  }
}
