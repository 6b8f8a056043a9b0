internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// The sweep: reads what is not known of many keys, on the *sweep* connection, paced.
extension Store {
  /// Begins or ends the sweep of what the list needs.
  func sweepFacts(_ isWanted: Bool) -> Answer {
    facts.isWanted = isWanted
    restartSweep()
    return .done
  }

  /// Something else is to be read than before.
  func restartSweep() {
    facts.run += 1
    facts.isLooping = false
    startSweep()
  }

  func startSweep() {
    facts.hasMore = true
    guard isSweepWanted, !facts.isLooping, !scan.isPaused else { return }
    facts.isLooping = true
    if facts.isWanted { facts.isKnown = true }
    let (run, epoch) = (facts.run, epoch)
    Task {
      await runSweep(run, epoch: epoch)
      guard epoch == self.epoch, run == facts.run else { return }
      facts.isLooping = false
      publish(isPhaseEnd: true)
      // Wanted again, or keys came, while the last batch was on its way.
      if isSweepWanted, scan.progress.phase == .running { startSweep() }
    }
  }

  private var isSweepWanted: Bool { facts.isWanted || expiry?.wantsReading == true }

  /// What is read now: for the monitor while it is open, else for the list.
  private var sweepTarget: SweepTarget { expiry?.target ?? SweepTarget(needsTypes: facts.needsTypes) }

  private func isSweeping(_ run: Int, _ epoch: Int) -> Bool {
    epoch == self.epoch && run == facts.run && isSweepWanted && !scan.isPaused && !isShutDown
  }

  /// Passes over the index until a pass learns nothing and no scan brings more.
  private func runSweep(_ run: Int, epoch: Int) async {
    while isSweeping(run, epoch) {
      let isComplete = scan.progress.phase != .running
      let begun = MonotonicClock.now()
      // That may be a pass over all names: not for every key that is read again later.
      if expiry?.phase != .done { await sizeUpExpiry() }
      guard isSweeping(run, epoch) else { return }
      facts.hasMore = false
      await worker.beginSweep(sweepTarget, generation: epoch)
      let learned = await withTaskGroup(of: Int.self) { lanes in
        for _ in 0..<FactsSweep.lanes { lanes.addTask { await self.sweepLane(run, epoch: epoch) } }
        var learned = 0
        for await count in lanes { learned += count }
        return learned
      }
      guard learned == 0, !facts.hasMore else { continue }
      if isComplete {
        if isSweeping(run, epoch) { finishReadingExpiry() }
        return
      }
      // The worker has names to take in meanwhile.
      try? await Task.sleep(for: .milliseconds(max(50, 2 * (MonotonicClock.now() - begun))))
    }
  }

  /// One batch after the other to the end of the pass. Returns more than 0 where something was learned.
  private func sweepLane(_ run: Int, epoch: Int) async -> Int {
    var learned = 0
    while await mayAsk(run, epoch),
      let keys = await worker.unknownKeys(limit: FactsSweep.batchLength, generation: epoch),
      let swept = await sweep(keys, run, epoch: epoch)
    {
      let (status, count) = await worker.learn(swept, of: keys, showsFacts: facts.shapesRows, generation: epoch)
      take(status, epoch: epoch)
      learned += count
    }
    return learned
  }

  /// Waits until the server has had its rest. False when the sweep is not wanted any more.
  private func mayAsk(_ run: Int, _ epoch: Int) async -> Bool {
    while isSweeping(run, epoch) {
      let left = facts.restsUntil - MonotonicClock.microseconds()
      if left <= 0 { return true }
      try? await Task.sleep(for: .microseconds(left))
    }
    return false
  }

  /// Asks until there is an answer; nil when the sweep is not wanted any more.
  private func sweep(_ keys: UnknownKeys, _ run: Int, epoch: Int) async -> [SweptKey]? {
    while isSweeping(run, epoch) {
      do throws(Failure) {
        return try await read(keys, run, epoch: epoch)
      } catch {
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
    return nil
  }

  private func read(_ keys: UnknownKeys, _ run: Int, epoch: Int) async throws(Failure) -> [SweptKey] {
    let needsTypes = sweepTarget.needsTypes
    let plan = SweepPlan(keys, denials: denials, withTypes: needsTypes, withClock: !clock.isKnown)
    let start = MonotonicClock.microseconds()
    let (replies, sentAt, receivedAt) = try await send(
      plan.batch, on: sweepLink, what: "reading the types and deadlines of keys")
    facts.note(sentAt: start, receivedAt: MonotonicClock.microseconds(), roundTrip: roundTrip)
    var (clock, denials) = (clock, denials)
    let swept = try plan.read(replies, clock: &clock, denials: &denials, sentAt: sentAt, receivedAt: receivedAt)
    // Nothing was awaited since the copies were made.
    (self.clock, self.denials) = (clock, denials)
    if isSweeping(run, epoch) { noteDenial(needsTypes: needsTypes) }
    return plan.isUntold(denials) ? try await read(keys, run, epoch: epoch) : swept
  }

  /// What cannot be read is not asked for again.
  private func noteDenial(needsTypes: Bool) {
    // Without PTTL the server's clock is not known, and a date by it says nothing of how long is left.
    let isUntold = denials[.pExpireTime] != nil || expiry != nil && !clock.isKnown
    guard let denial = (needsTypes ? denials[.type] : nil) ?? (isUntold ? denials[.pTTL] : nil) else { return }
    if expiry != nil {
      denyExpiry(denial)
    } else {
      scan.progress.denial = denial
      facts.isWanted = false
    }
  }
}
