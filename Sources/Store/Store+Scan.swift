internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Makes `database` the current one and scans it from nothing.
  func select(_ database: Int, _ scope: IndexScope) async throws(Failure) -> Answer {
    if database != self.database {
      try await selectOnLinks(database)
      await endFollowing(.database)
      self.database = database
    }
    epoch += 1
    measured = nil
    endExpiry()
    expiryMemory.forgetReadings()
    facts = FactsSweep(after: facts.run)
    let (old, asking) = (scan, scan.waiting)
    scan = ScanState(database: database, scope: scope, count: options.scanCount, run: old.run + 1)
    // What is under way is still to be answered.
    (scan.searchRun, scan.isAsking, scan.waiting) = (old.searchRun + 1, old.isAsking, asking)
    scan.progress.phase = .running
    scan.status = await worker.reset(scope, generation: epoch)
    startScan()
    return .selected(database: database)
  }

  private func selectOnLinks(_ database: Int) async throws(Failure) {
    let old = self.database
    do throws(ClientError) {
      try await rowsLink.select(database: database)
      do throws(ClientError) {
        try await sweepLink.select(database: database)
      } catch {
        try await rowsLink.select(database: old)
        throw error
      }
    } catch .databaseUnavailable(_, let text) where ServerCode(errorText: text) != nil {
      throw Failure(
        said: text, what: "selecting database \(database)", use: .reading, otherwise: "Choose another one")
    } catch .databaseUnavailable(_, let text) {
      if let denial = Denial(ofSelect: text) { denials.note(denial) }
      throw .selection(of: database, refused: text)
    } catch {
      throw Failure(
        kind: .connection, what: "selecting database \(database)", why: Array(error.why.utf8),
        nextStep: error.nextStep)
    }
  }

  /// Scans again beside what is known: what the list is about, or all keys.
  func rescan(all: Bool) async -> Answer {
    // Rights may have been granted since.
    forgetDenials()
    unkept = []
    halvings = Halvings()
    // The loop that runs must not go on with, or end, the new generation.
    scan.run += 1
    let scope =
      all ? IndexScope(limit: scan.scope.limit) : IndexScope(pattern: scan.pass.pattern, limit: scan.scope.limit)
    let epoch = epoch
    take(await worker.beginRescan(scope, generation: epoch), epoch: epoch)
    guard epoch == self.epoch else { return .done }
    scan.pass = ScanPass(pattern: scope.pattern, count: options.scanCount)
    scan.isPaused = false
    scan.progress.scanned = 0
    scan.progress.visited = 0
    scan.progress.isRescan = true
    scan.progress.pattern = scope.pattern
    scan.progress.denial = nil
    readExpiryAgain()
    // A pass that ends now is none over the names to come.
    restartSweep()
    startScan()
    // What was found before is only in the generation that goes.
    if let pattern = scan.progress.search?.pattern { return await search(pattern) }
    return .done
  }

  /// Gives the scan up where it is.
  func stopScan() async -> Answer {
    guard scan.progress.phase == .running || scan.progress.phase == .paused else { return .done }
    scan.run += 1
    if scan.progress.isRescan {
      let epoch = epoch
      take(await worker.endRescan(generation: epoch), epoch: epoch)
      guard epoch == self.epoch else { return .done }
      scan.progress.isRescan = false
      scan.progress.pattern = scan.progress.listedPattern
      scan.pass = ScanPass(pattern: scan.progress.listedPattern, count: options.scanCount)
    }
    scan.progress.phase = .stopped
    (scan.progress.trouble, scan.progress.troubleCode) = (nil, nil)
    publish(isPhaseEnd: true)
    // It waited for names that will not come.
    startSweep()
    return .done
  }

  func pause(_ isPaused: Bool) -> Answer {
    guard isPaused != scan.isPaused else { return .done }
    scan.isPaused = isPaused
    // A pass that was cut short must not go on as if it had come to its end.
    restartSweep()
    if !isPaused {
      if scan.progress.phase == .paused { startScan() }
      resumeSearch()
    } else {
      if scan.progress.search?.phase == .running { scan.progress.search?.phase = .paused }
      if scan.progress.phase == .running {
        scan.progress.phase = .paused
        (scan.progress.trouble, scan.progress.troubleCode) = (nil, nil)
      }
      publish(isPhaseEnd: true)
    }
    return .done
  }

  /// Goes on from the cursor, in place of any loop that runs.
  func startScan() {
    scan.run += 1
    scan.progress.phase = .running
    (scan.progress.trouble, scan.progress.troubleCode) = (nil, nil)
    publish(isPhaseEnd: true)
    startSweep()
    let (run, epoch) = (scan.run, epoch)
    Task { await runScan(run, epoch: epoch) }
  }

  /// So many pages may wait for the worker: it sorts and merges now and then, and the server need not wait for that.
  private static let pagesAhead = 64

  private func isCurrent(_ run: Int) -> Bool { run == scan.run && !scan.isPaused && scan.search == nil }

  /// The loop: the next SCAN goes out as soon as the cursor is known, while the worker takes in the names.
  private func runScan(_ run: Int, epoch: Int) async {
    var insertions: [Task<Void, Never>] = []
    scanning: while isCurrent(run) {
      var pass = scan.pass
      let page = await nextPage(of: &pass) { isCurrent(run) }
      // A page that comes after a pause or a rescan is not taken in: the cursor stays, it will be told again.
      guard isCurrent(run) else { break }
      scan.pass = pass
      switch page {
      case .again: break
      case .unwanted: break scanning
      case .otherServer:
        scan.progress.scanned = 0
        scan.progress.isRescan = true
        let scope = IndexScope(pattern: pass.pattern, limit: scan.scope.limit)
        take(await worker.beginRescan(scope, generation: epoch), epoch: epoch)
      case .refused(let reply):
        deny(reply)
        break scanning
      case .names(let names, let count, let rest):
        scan.progress.scanned += names.count
        scan.progress.visited = pass.visited
        insertions.append(Task { take(await worker.insert(names, generation: epoch), epoch: epoch) })
        if pass.cursor == 0 || scan.status.isFull { break scanning }
        let isEndless = isEndless(&pass, count: count, known: scan.status.scannedKeys)
        if isEndless { pass.cursor = 0 }
        scan.pass = pass
        if isEndless {
          tellEndless()
          break scanning
        }
        if insertions.count > Self.pagesAhead { await insertions.removeFirst().value }
        if rest > 0 { try? await Task.sleep(for: .microseconds(rest)) }
      }
    }
    for insertion in insertions { await insertion.value }
    if isCurrent(run), scan.pass.cursor == 0 || scan.status.isFull, scan.progress.phase == .running {
      await finish(run: run, epoch: epoch)
    }
  }

  private func finish(run: Int, epoch: Int) async {
    let status = await worker.finish(generation: epoch)
    guard run == scan.run else { return }
    if let count = try? await keyCount(on: sweepLink) { scan.progress.serverCount = count }
    guard run == scan.run else { return }
    // A key that was read meanwhile may have told more.
    if status.isNotOlder(than: scan.status) { scan.status = status }
    scan.progress.phase = .done
    scan.progress.isRescan = false
    scan.progress.listedPattern = scan.progress.pattern
    noteLimit()
    publish(isPhaseEnd: true)
    // A second generation knows no types and deadlines yet.
    startSweep()
  }

  /// Where names were left out of the list, it is not done.
  private func noteLimit() {
    guard scan.progress.phase == .done || scan.progress.phase == .limited else { return }
    scan.progress.phase = scan.status.isFull ? .limited : .done
    scan.progress.limit = scan.status.isFull ? scan.scope.limit : nil
  }

  /// Why the scan does not get on; nil: it does.
  func tell(trouble failure: Failure?) {
    let trouble = failure.map { Array($0.why.prefix(ScanState.troubleLength)) }
    guard trouble != scan.progress.trouble else { return }
    (scan.progress.trouble, scan.progress.troubleCode) = (trouble, failure?.code)
    publish(isPhaseEnd: true)
  }

  private func tellEndless() {
    tell(
      trouble: Failure(kind: .server, what: "scanning the keys", why: Array(CursorWatch.complaint.utf8), nextStep: ""))
  }

  private func deny(_ reply: ReplyView) {
    let refusal = Refusal(reply, to: .scan)
    if let refusal { denials.note(refusal, of: .scan) }
    scan.progress.phase = .denied
    // What is no matter of rights is told in the server's words.
    scan.progress.trouble =
      if case .other(let text)? = refusal { Array(text.prefix(ScanState.troubleLength)) } else { nil }
    scan.progress.troubleCode = nil
    scan.progress.denial = refusal?.denial ?? Denial(command: ReadCommand.scan.rawValue, missingRule: nil)
    publish(isPhaseEnd: true)
  }

  // MARK: - Progress

  /// Takes what the worker said of the index after a change.
  func take(_ status: IndexWorker.Status, epoch: Int) {
    // Answers may overtake each other.
    guard epoch == self.epoch, status.isNotOlder(than: scan.status) else { return }
    scan.status = status
    // Keys that are followed, or that were opened by name, may find no room either.
    noteLimit()
    publish(isPhaseEnd: false)
    publishExpiry()
  }

  /// Tells the progress, at most once a frame. The version goes up only as often as lists can be made of it.
  func publish(isPhaseEnd: Bool) {
    let now = MonotonicClock.now()
    // The first keys are shown at once.
    let isFirst = scan.progress.keys == 0 && scan.status.keys > 0
    guard isPhaseEnd || isFirst || now - scan.toldAt >= ScanState.noticeInterval else {
      publishSoon()
      return
    }
    scan.progress.keys = scan.status.keys
    noteSweep()
    scan.progress.hasOthers = scan.status.hasOthers
    let isStreaming = scan.progress.phase == .running || following != nil
    if isPhaseEnd || !isStreaming || now >= scan.rowsRestUntil {
      scan.progress.version = scan.status.version
    } else if scan.progress.phase != .running {
      // No page and no end of a scan will tell it later.
      publishSoon()
    }
    guard isPhaseEnd || scan.progress != scan.told else { return }
    (scan.toldAt, scan.told) = (now, scan.progress)
    notify(.scan(scan.progress))
  }

  private func publishSoon() {
    guard !scan.isTelling else { return }
    scan.isTelling = true
    let epoch = epoch
    Task {
      try? await Task.sleep(for: .milliseconds(ScanState.noticeInterval))
      guard epoch == self.epoch else { return }
      scan.isTelling = false
      publish(isPhaseEnd: false)
    }
  }

  // MARK: - Rows

  /// A list, made of a snapshot of the index (``SnapshotDesk``).
  func list(_ query: ListQuery, _ part: ListPart) async throws(Failure) -> Answer {
    facts.shapesRows = !query.facts.isEmpty
    let start = MonotonicClock.now()
    var made: ListMaker.Made?
    if part == .rest { made = await lists.rest(of: query) }
    if made == nil, let snapshot = await worker.snapshot(part == .current ? .current : .soonest) {
      made = await lists.list(query, of: snapshot, mayBePart: part == .first)
    }
    guard let made else {
      throw Failure(kind: .superseded, what: "listing keys", why: Array("not wanted any more".utf8), nextStep: "")
    }
    // At most 30 % of the time goes into lists while a scan runs.
    let end = MonotonicClock.now()
    scan.rowsRestUntil = end + (end - start) * 7 / 3
    return .rows(made.rows, version: made.version)
  }

  /// Takes names that are known to be gone out of the index.
  func forget(_ names: [KeyName]) async -> Answer {
    let epoch = epoch
    take(await worker.forget(names, generation: epoch), epoch: epoch)
    return .done
  }
}
