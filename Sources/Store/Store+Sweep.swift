internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// The sweep: reads what is not known of many keys, on the *sweep* connection, paced.
extension Store {
  /// Begins or ends the sweep of what the browser needs.
  func sweep(_ wanted: FactSet, filter: NameFilter?, sampleAbove limit: Int?) async -> Answer {
    let new = wanted.subtracting(facts.wanted)
    (facts.wanted, facts.filter, facts.sampleLimit, facts.isDone) = (wanted, filter, limit, false)
    if scan.progress.phase != .denied { scan.progress.denial = nil }
    facts.run += 1
    facts.isLooping = false
    if !new.isEmpty {
      let epoch = epoch
      let old = MonotonicClock.seconds() - FactsSweep.freshness
      take(await worker.markStale(new, readBefore: old, generation: epoch), epoch: epoch)
    }
    if wanted.isEmpty {
      scan.progress.sweep = nil
      await worker.endSweep()
    }
    startSweep()
    publish(isPhaseEnd: true)
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
    facts.isDone = false
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
  private var sweepTarget: SweepTarget { expiry?.target ?? facts.target }

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
      if expiry == nil { await sizeUpSweep() }
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
        guard isSweeping(run, epoch) else { return }
        if expiry == nil { facts.isDone = true } else { finishReadingExpiry() }
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
      if expiry == nil, facts.counted != nil { facts.counted?.known += swept.count { $0.isKnown } }
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
    let plan = SweepPlan(keys, denials: denials, withClock: !clock.isKnown)
    let start = MonotonicClock.microseconds()
    let (replies, sentAt, receivedAt) = try await send(
      plan.batch, on: sweepLink, what: plan.what)
    facts.note(sentAt: start, receivedAt: MonotonicClock.microseconds(), roundTrip: roundTrip)
    var (clock, denials) = (clock, denials)
    var unkept = unkept
    let swept = try plan.read(
      replies, clock: &clock, denials: &denials, unkept: &unkept, sentAt: sentAt, receivedAt: receivedAt)
    // Nothing was awaited since the copies were made.
    (self.clock, self.denials, self.unkept) = (clock, denials, unkept)
    if isSweeping(run, epoch) { noteDenial(of: keys.facts) }
    return plan.isUntold(denials) ? try await read(keys, run, epoch: epoch) : swept
  }

  /// What cannot be read is not asked for again.
  private func noteDenial(of wanted: FactSet) {
    // Without PTTL the server's clock is not known, and a date by it says nothing of how long is left.
    let isUntold = denials[.pExpireTime] != nil || expiry != nil && !clock.isKnown
    let denials: [Denial?] = [
      wanted.contains(.type) ? denials[.type] : nil,
      wanted.contains(.deadline) && isUntold ? denials[.pTTL] : nil,
      wanted.contains(.size) ? denials[.memoryUsage] : nil,
      wanted.contains(.idle) ? denials[.objectIdleTime] : nil,
    ]
    facts.isIdleUnkept = wanted.contains(.idle) && unkept.contains(.objectIdleTime)
    let denial = denials.compactMap(\.self).first
    if let denial, expiry != nil {
      denyExpiry(denial)
    } else if expiry == nil, denial != nil || facts.isIdleUnkept {
      scan.progress.denial = denial
      // What is told of its progress stays.
      noteSweep()
      facts.wanted = []
    }
  }

  /// Decides which keys are read: all, or a random part of more than the wish names.
  private func sizeUpSweep() async {
    let (run, epoch) = (facts.run, epoch)
    facts.sample = .all
    if let limit = facts.sampleLimit {
      var keys = scan.status.keys
      if facts.filter != nil {
        keys = await worker.count(of: facts.target, generation: epoch)
      } else if scan.progress.phase == .running || scan.progress.phase == .paused {
        keys = max(keys, scan.progress.serverCount ?? 0)
      }
      guard run == facts.run else { return }
      // What is known of all keys need not be reckoned from some.
      let fresh = FactSet.each.filter { facts.wanted.contains($0) }.map {
        scan.status.known[$0] - scan.status.stale[$0]
      }
      let isKnown = facts.filter == nil && (fresh.min() ?? 0) >= keys
      facts.sample = keys > limit && !isKnown ? KeySample(limit, of: keys) : .all
    }
    let isAboutAll = facts.filter == nil && facts.sample.isAll
    let count = isAboutAll ? nil : await worker.sweepCount(facts.target, generation: epoch)
    if run == facts.run { facts.counted = count }
  }

  /// How far it is, for the next notice.
  func noteSweep() {
    guard facts.isWanted else { return }
    var progress = SweepProgress(facts: facts.wanted, isDone: facts.isDone, isUnkept: facts.isIdleUnkept)
    if let counted = facts.counted {
      (progress.known, progress.total) = (min(counted.known, counted.keys), counted.keys)
      if !facts.sample.isAll { progress.sampledFrom = scan.status.keys }
    } else {
      let fresh = FactSet.each.filter { facts.wanted.contains($0) }.map { fact in
        scan.status.known[fact] - scan.status.stale[fact]
      }
      (progress.known, progress.total) = (max(0, fresh.min() ?? 0), scan.status.keys)
    }
    progress.untold = FactSet.each.filter { facts.wanted.contains($0) }.map { scan.status.untold[$0] }.max() ?? 0
    scan.progress.sweep = progress
  }
}
