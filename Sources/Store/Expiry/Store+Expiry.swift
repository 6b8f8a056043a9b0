internal import Keyspace
internal import RedisClient
internal import Requests
internal import Values

/// What the expiry monitor lives on: the deadlines of a scope are read once by the sweep, then kept true by whatever is
/// read of a key, by reading once more what comes within a minute, and by asking about what is due.
extension Store {
  /// What is known; begins to read what is not where the scope is another than before.
  func expiry(_ query: ExpiryQuery, seeking name: KeyName?) async throws(Failure) -> Answer {
    if expiry?.query != query { await beginExpiry(query) }
    guard let watch = expiry, watch.query == query,
      let report = await worker.reportExpiry(
        now: MonotonicClock.now(), serverTime: clock.isKnown ? clock.serverTime(at: MonotonicClock.now()) : nil,
        seeking: name, generation: epoch)
    else {
      throw Failure(kind: .superseded, what: "reading deadlines", why: Array("not wanted any more".utf8), nextStep: "")
    }
    // At most a tenth of the worker's time goes into reports.
    expiry?.restsUntil = MonotonicClock.now() + 9 * report.took
    var progress = progress(of: expiry ?? watch)
    progress.version = report.version
    return .expiry(
      ExpiryReport(
        query: query, order: report.order, sought: report.sought, persistentFolders: report.folders,
        progress: progress, clock: clock))
  }

  func leaveExpiry() -> Answer {
    endExpiry()
    restartSweep()
    return .done
  }

  /// Nothing more is read for it. What is in order stays so for a while, should it be opened again.
  func endExpiry() {
    guard let watch = expiry else { return }
    if watch.phase == .done, let readAt = watch.readAt { expiryMemory.note(reading: watch.query, at: readAt) }
    expiry = nil
    expiryMemory.parked = watch
    let epoch = epoch
    Task {
      try? await Task.sleep(for: .milliseconds(ExpiryMemory.freshness))
      guard expiryMemory.parked?.id == watch.id, expiry == nil, epoch == self.epoch else { return }
      expiryMemory.parked = nil
      await worker.endExpiry()
    }
  }

  private func beginExpiry(_ query: ExpiryQuery) async {
    endExpiry()
    let now = MonotonicClock.now()
    let id = expiryMemory.nextOpening()
    if var watch = expiryMemory.parked(query, now: now) {
      watch.reopen(as: id)
      expiry = watch
      // Keys may have come since.
      await sizeUpExpiry()
      if expiry?.id == watch.id { startKeepingExpiry(watch.id) }
      return
    }
    var watch = ExpiryWatch(id: id, query: query, beganAt: now)
    let readAt = expiryMemory.reading(covering: query)
    if let readAt, now - readAt < ExpiryMemory.freshness {
      watch.beganAt = readAt
      watch.readAt = readAt
    } else if scan.status.known[.deadline] > 0 {
      await worker.markDeadlinesStale(generation: epoch)
      watch.readAt = readAt
      watch.phase = readAt == nil ? .reading : .rereading
    }
    expiry = watch
    await sizeUpExpiry()
    guard expiry?.id == watch.id else { return }
    await rebuildExpiry()
    startKeepingExpiry(watch.id)
  }

  private func startKeepingExpiry(_ id: Int) {
    expiryMemory.parked = nil
    restartSweep()
    Task { await keepExpiryTrue(id) }
  }

  /// Counts the keys of the scope, and decides whether a sample of them is read.
  func sizeUpExpiry() async {
    guard let watch = expiry else { return }
    let scope = SweepTarget(scope: watch.query.scope)
    var keys = await worker.count(of: scope, generation: epoch)
    // While the names come, the server knows better how many there will be.
    if watch.query.scope.isEverything, scan.progress.phase == .running, let count = scan.progress.serverCount {
      keys = max(keys, count)
    }
    guard expiry?.id == watch.id, var watch = expiry else { return }
    let isOther = watch.takeSize(keys)
    expiry = watch
    if isOther { await rebuildExpiry() }
    guard let target = expiry?.target, expiry?.id == watch.id else { return }
    let sampled = target.sample.isAll ? nil : await worker.count(of: target, generation: epoch)
    if expiry?.id == watch.id { expiry?.sampleKeys = sampled }
  }

  private func rebuildExpiry() async {
    guard let watch = expiry else { return }
    let epoch = epoch
    let readAt = clock.isKnown ? clock.serverTime(at: watch.readAt ?? MonotonicClock.now()) : nil
    take(
      await worker.watchExpiry(
        watch.target, separator: watch.query.separator, readAt: readAt, generation: epoch), epoch: epoch)
  }

  // MARK: - Progress

  private func progress(of watch: ExpiryWatch) -> ExpiryProgress {
    var progress = ExpiryProgress(
      phase: watch.phase, number: expiryMemory.nextProgress(), version: scan.status.expiryVersion, readAt: watch.readAt)
    if watch.sampleKeys != nil { progress.sampledFrom = watch.scopeKeys }
    let isEverything = watch.query.scope.isEverything && watch.sampleKeys == nil
    progress.total = isEverything ? scan.status.keys : watch.sampleKeys ?? watch.scopeKeys
    // While the names come, the server knows better how many there will be.
    if isEverything, scan.progress.phase == .running { progress.total = max(progress.total, watch.scopeKeys) }
    let known =
      switch watch.phase {
      case .rereading: watch.staleAtBegin - scan.status.stale[.deadline]
      case .reading where isEverything: scan.status.known[.deadline] - scan.status.stale[.deadline]
      default: isEverything ? scan.status.known[.deadline] : scan.status.expiryKnown
      }
    progress.known = max(0, min(progress.total, known))
    // Others outside of the scope may have been asked about before.
    progress.unreadable = max(0, min(scan.status.untold[.deadline], progress.total - scan.status.expiryKnown))
    return progress
  }

  /// A reading has come to its end: everything in the scope is known.
  func finishReadingExpiry() {
    guard var watch = expiry, watch.wantsReading else { return }
    let isNews = watch.phase != .done
    if isNews { watch.readAt = watch.beganAt }
    watch.phase = .done
    expiry = watch
    if isNews { tellExpiry() }
  }

  /// The key space is scanned again, and then its deadlines are read again.
  func readExpiryAgain() {
    guard expiry != nil else { return }
    expiry?.phase = .rereading
    expiry?.staleAtBegin = 0
    expiry?.beganAt = MonotonicClock.now()
    tellExpiry()
  }

  /// The connection was lost for a while: what was read may have changed. A reading that was under way goes on, or it
  /// would never end on a bad network.
  func rereadExpiry() async {
    expiryMemory.forgetReadings()
    guard expiry?.phase == .done else { return }
    readExpiryAgain()
    await worker.markDeadlinesStale(generation: epoch)
    restartSweep()
  }

  /// Everything that was read is of another server.
  func forgetFacts() async {
    expiryMemory.forgetReadings()
    readExpiryAgain()
    expiry?.phase = .reading
    let epoch = epoch
    take(await worker.unlearnAll(generation: epoch), epoch: epoch)
    restartSweep()
  }

  func denyExpiry(_ denial: Denial) {
    expiry?.phase = .denied(denial)
    tellExpiry()
  }

  /// Tells that something has changed, not more often than lists can be made of it.
  func publishExpiry() {
    guard var watch = expiry else { return }
    watch.staleAtBegin = max(watch.staleAtBegin, scan.status.stale[.deadline])
    expiry = watch
    let isRead = watch.phase == .rereading && !scan.isPaused
    guard isRead || scan.status.expiryVersion != watch.toldVersion, !watch.isTelling else { return }
    let pause = watch.phase == .done ? ExpiryWatch.pause : ExpiryWatch.readingPause
    let wait = max(watch.toldAt + pause, watch.restsUntil) - MonotonicClock.now()
    guard wait > 0 else { return tellExpiry() }
    expiry?.isTelling = true
    Task {
      try? await Task.sleep(for: .milliseconds(wait))
      guard expiry?.id == watch.id else { return }
      expiry?.isTelling = false
      tellExpiry()
    }
  }

  private func tellExpiry() {
    guard let watch = expiry else { return }
    expiry?.toldVersion = scan.status.expiryVersion
    expiry?.toldAt = MonotonicClock.now()
    notify(.expiry(progress(of: watch)))
  }

  // MARK: - Keeping it true

  private func keepExpiryTrue(_ id: Int) async {
    var isBehind = false
    while expiry?.id == id, !isShutDown {
      // A stampede is read in several rounds.
      if !isBehind { try? await Task.sleep(for: ExpiryWatch.rhythm) }
      isBehind = false
      guard expiry?.id == id, !isShutDown else { return }
      guard !scan.isPaused, links.isSweepConnected, clock.isKnown, expiry?.wantsReading == true else { continue }
      isBehind = await verifyNear(id)
      let epoch = epoch
      if expiry?.phase == .done, let status = await worker.noteOldFolders(now: MonotonicClock.now(), generation: epoch)
      {
        take(status, epoch: epoch)
      }
    }
  }

  /// Reads what comes within a minute and was not read since it did, and asks about what is due. Returns whether more
  /// is left to do.
  private func verifyNear(_ id: Int) async -> Bool {
    let now = clock.serverTime(at: MonotonicClock.now())
    guard let watch = expiry else { return false }
    let limit = ExpiryWatch.roundLength
    let due = await worker.expiring(
      from: ExpiryPlace(deadline: .min), before: max(.min + 1, now - ExpiryWatch.grace), limit: limit,
      generation: epoch)
    // What was read when the reading began is not read a second time for having been near then.
    let from = max(now, clock.serverTime(at: watch.beganAt) + ExpiryWatch.near)
    let end = now + ExpiryWatch.near
    var near: (names: [KeyName], next: ExpiryPlace) = ([], watch.verified)
    if from < end {
      let place = watch.verified.deadline >= from ? watch.verified : ExpiryPlace(deadline: from)
      near = await worker.expiring(from: place, before: end, limit: limit, generation: epoch)
    }
    let (gone, isDone) = await verify(due.names + near.names)
    guard isDone, expiry?.id == id else { return false }
    expiry?.verified = near.next
    // What is due and stays so is not asked about without a pause.
    return near.names.count >= limit || due.names.count >= limit && gone > 0
  }

  /// Returns how many of the keys are gone, and whether all could be asked about.
  private func verify(_ names: [KeyName]) async -> (gone: Int, isDone: Bool) {
    var count = 0
    let now = MonotonicClock.now()
    // Their rows are on the screen, and say themselves what became of them.
    let unseen = names.filter { !shown.hold($0, at: now, within: 10_000) }
    for start in stride(from: 0, to: unseen.count, by: FactsSweep.batchLength) {
      guard !scan.isPaused, !isShutDown else { return (count, false) }
      let part = Array(unseen[start..<min(start + FactsSweep.batchLength, unseen.count)])
      let (epoch, moment) = (epoch, moment)
      do throws(Failure) {
        let facts = try await readDeadlines(of: part)
        guard epoch == self.epoch else { return (count, false) }
        learn(facts.filter { !$0.isGone }, asOf: moment)
        let gone = facts.filter(\.isGone).map(\.name)
        if !gone.isEmpty { _ = await forget(gone) }
        count += gone.count
      } catch {
        return (count, false)
      }
    }
    return (count, true)
  }
}
