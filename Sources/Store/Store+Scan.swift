internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Makes `database` the current one and scans it from nothing.
  func select(_ database: Int) async throws(Failure) -> Answer {
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
    scan = ScanState(progress: ScanProgress(database: database, phase: .running), run: scan.run + 1)
    scan.status = await worker.reset(generation: epoch)
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

  /// Scans again beside what is known.
  func rescan() async -> Answer {
    // Rights may have been granted since.
    forgetDenials()
    unkept = []
    halvings = Halvings()
    // The loop that runs must not go on with, or end, the new generation.
    scan.run += 1
    await worker.beginRescan(generation: epoch)
    scan.cursor = 0
    scan.watch = CursorWatch()
    scan.connection = nil
    scan.isPaused = false
    scan.progress.scanned = 0
    scan.progress.isRescan = true
    scan.progress.denial = nil
    readExpiryAgain()
    // A pass that ends now is none over the names to come.
    restartSweep()
    startScan()
    return .done
  }

  func pause(_ isPaused: Bool) -> Answer {
    guard isPaused != scan.isPaused else { return .done }
    scan.isPaused = isPaused
    // A pass that was cut short must not go on as if it had come to its end.
    restartSweep()
    if !isPaused {
      if scan.progress.phase == .paused { startScan() }
    } else if scan.progress.phase == .running {
      scan.progress.phase = .paused
      (scan.progress.trouble, scan.progress.troubleCode) = (nil, nil)
      publish(isPhaseEnd: true)
    }
    return .done
  }

  /// Goes on from the cursor, in place of any loop that runs.
  private func startScan() {
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

  private func isCurrent(_ run: Int) -> Bool { run == scan.run && !scan.isPaused }

  /// The loop: the next SCAN goes out as soon as the cursor is known, while the worker takes in the names.
  private func runScan(_ run: Int, epoch: Int) async {
    var insertions: [Task<Void, Never>] = []
    while isCurrent(run) {
      var batch = CommandBatch()
      let counts = isCountDue
      if counts { batch.ask(.dbSize) }
      batch.ask(.scan, scan.cursor, "COUNT", max(1, options.scanCount >> halvings.scans))
      let start = MonotonicClock.microseconds()
      let replies: Replies
      do throws(Failure) {
        replies = try await send(batch, on: sweepLink, what: "scanning the keys").replies
      } catch {
        // The link's state says why.
        if isCurrent(run) { tell(trouble: nil) }
        guard await hasConnection(run) else { break }
        continue
      }
      let now = await sweepLink.generation
      // Before the first page any connection will do.
      if scan.connection == nil { scan.connection = now }
      guard now == scan.connection else {
        guard await isBack(run: run, epoch: epoch, connection: now) else { break }
        continue
      }
      // The other connection may have heard it later.
      if scan.server == nil { scan.server = identity }
      let took = Int(MonotonicClock.microseconds() - start)
      // A page that comes after a pause or a rescan is not taken in: the cursor stays, it will be told again.
      guard isCurrent(run), replies.count == batch.count, let page = replies.last else { break }
      if counts { noteCount(replies[0]) }
      guard page.count == 2, let cursor = UInt64(page[0].string) else {
        guard let refusal = Refusal(page, to: .scan), refusal.isAboutServer else {
          deny(page)
          break
        }
        tell(trouble: .refused(refusal, what: "scanning the keys", command: .scan))
        try? await Task.sleep(for: ScanState.retryInterval)
        continue
      }
      scan.cursor = cursor
      tell(trouble: nil)
      scan.progress.scanned += page[1].count
      let names = page[1]
      insertions.append(Task { take(await worker.insert(names, generation: epoch), epoch: epoch) })
      if cursor == 0 { break }
      if scan.watch.isCircling(cursor) {
        scan.cursor = 0
        tell(
          trouble: Failure(
            kind: .server, what: "scanning the keys", why: Array(CursorWatch.complaint.utf8), nextStep: ""))
        break
      }
      if insertions.count > Self.pagesAhead { await insertions.removeFirst().value }
      await rest(after: took)
    }
    for insertion in insertions { await insertion.value }
    if isCurrent(run), scan.cursor == 0, scan.progress.phase == .running { await finish(run: run, epoch: epoch) }
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
    publish(isPhaseEnd: true)
    // A second generation knows no types and deadlines yet.
    startSweep()
  }

  /// Why the scan does not get on; nil: it does.
  private func tell(trouble failure: Failure?) {
    let trouble = failure.map { Array($0.why.prefix(ScanState.troubleLength)) }
    guard trouble != scan.progress.trouble else { return }
    (scan.progress.trouble, scan.progress.troubleCode) = (trouble, failure?.code)
    publish(isPhaseEnd: true)
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

  /// Waits until the connection is there again. False when the scan is not wanted any more.
  private func hasConnection(_ run: Int) async -> Bool {
    guard !isShutDown else { return false }
    if links.isSweepConnected {
      // The link has lost it, but its notice is not here yet.
      try? await Task.sleep(for: .milliseconds(20))
    } else {
      await withCheckedContinuation { links.waitForSweep($0) }
    }
    return isCurrent(run)
  }

  /// Goes on by another connection. A cursor means nothing to another server, or to the same one after a restart: then
  /// the scan begins anew, beside what is known. False when the scan is not wanted any more.
  private func isBack(run: Int, epoch: Int, connection: Int) async -> Bool {
    var question = Question("asking who the server is", denials: denials)
    question.ask(.info, "server")
    let response: Response
    do throws(Failure) {
      response = try await ask(question, on: sweepLink)
    } catch {
      guard case .server = error.kind, isCurrent(run) else { return await hasConnection(run) }
      tell(trouble: error)
      try? await Task.sleep(for: ScanState.retryInterval)
      return isCurrent(run)
    }
    let now = response[.info].map { ServerIdentity(info: InfoText($0.string)) }
    guard isCurrent(run) else { return false }
    if now?.isSameProcess(as: scan.server) != true {
      scan.cursor = 0
      scan.watch = CursorWatch()
      scan.progress.scanned = 0
      scan.progress.isRescan = true
      await worker.beginRescan(generation: epoch)
    }
    (scan.connection, scan.server) = (connection, now)
    return isCurrent(run)
  }

  // MARK: - Progress

  private var isCountDue: Bool {
    guard denials[.dbSize] == nil else { return false }
    let now = MonotonicClock.now()
    guard scan.countedAt.map({ now - $0 >= ScanState.countInterval }) ?? true else { return false }
    scan.countedAt = now
    return true
  }

  private func noteCount(_ reply: ReplyView) {
    if let refusal = Refusal(reply, to: .dbSize) { denials.note(refusal, of: .dbSize) }
    if let count = reply.quantity { scan.progress.serverCount = count }
  }

  /// Takes what the worker said of the index after a change.
  func take(_ status: IndexWorker.Status, epoch: Int) {
    // Answers may overtake each other.
    guard epoch == self.epoch, status.isNotOlder(than: scan.status) else { return }
    scan.status = status
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
    let old = scan.progress
    scan.progress.keys = scan.status.keys
    noteSweep()
    let isStreaming = scan.progress.phase == .running || following != nil
    if isPhaseEnd || !isStreaming || now >= scan.rowsRestUntil {
      scan.progress.version = scan.status.version
    } else if scan.progress.phase != .running {
      // No page and no end of a scan will tell it later.
      publishSoon()
    }
    guard isPhaseEnd || scan.progress != old else { return }
    scan.toldAt = now
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
