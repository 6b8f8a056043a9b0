internal import RESP
internal import RedisClient
internal import Requests

/// What came of asking for the next page of a ``ScanPass``.
enum ScanPage {
  /// The pass stands behind these names. `count`: the COUNT that they were asked for with; `rest`: microseconds to leave
  /// the server alone now.
  case names(ReplyView, count: Int, rest: Int)
  /// There is nothing to take in; to be asked again.
  case again
  /// The connection leads to another server, or to the same one after a restart: the pass begins anew.
  case otherServer
  /// For a reason that lasts.
  case refused(ReplyView)
  /// It is not wanted any more.
  case unwanted
}

extension Store {
  /// Asks for the next page, when no other SCAN is under way; waits for the connection where there is none, and as long as
  /// a server that refuses for the moment is to be left alone.
  func nextPage(of pass: inout ScanPass, isWanted: () -> Bool) async -> ScanPage {
    await takeTurn()
    guard isWanted() else {
      endTurn()
      return .unwanted
    }
    let counts = isCountDue
    let count = max(1, min(pass.pace.count, options.scanCount >> halvings.scans))
    let batch = Self.batch(for: pass, count: count, counts: counts)
    let start = MonotonicClock.microseconds()
    let sent: (replies: Replies, sentAt: Int64, receivedAt: Int64, generation: Int)?
    do throws(Failure) {
      sent = try await sendNumbered(batch, on: sweepLink, what: "scanning the keys")
    } catch {
      sent = nil
    }
    endTurn()
    guard let (replies, _, _, now) = sent else {
      // The link's state says why.
      if isWanted() { tell(trouble: nil) }
      return await hasConnection() && isWanted() ? .again : .unwanted
    }
    // Before the first page any connection will do.
    if pass.connection == nil { pass.connection = now }
    guard now == pass.connection else { return await isBack(&pass, connection: now, isWanted: isWanted) }
    // The other connection may have heard it later.
    if pass.server == nil { pass.server = identity }
    let took = Int(MonotonicClock.microseconds() - start)
    guard isWanted(), replies.count == batch.count, let page = replies.last else { return .unwanted }
    if counts { noteCount(replies[0]) }
    guard page.count == 2, let cursor = UInt64(page[0].string) else {
      guard let refusal = Refusal(page, to: .scan), refusal.isAboutServer else { return .refused(page.element) }
      tell(trouble: .refused(refusal, what: "scanning the keys", command: .scan))
      try? await Task.sleep(for: ScanState.retryInterval)
      return .again
    }
    tell(trouble: nil)
    pass.cursor = cursor
    pass.visited += count
    let rest = pass.pace.note(took: took, held: took - min(roundTrip, took), names: page[1].count)
    return .names(page[1], count: count, rest: rest)
  }

  private static func batch(for pass: ScanPass, count: Int, counts: Bool) -> CommandBatch {
    var batch = CommandBatch()
    if counts { batch.ask(.dbSize) }
    if let pattern = pass.pattern {
      batch.ask(.scan, pass.cursor, "MATCH", pattern, "COUNT", count)
    } else {
      batch.ask(.scan, pass.cursor, "COUNT", count)
    }
    return batch
  }

  /// No honest server answers so.
  func isEndless(_ pass: inout ScanPass, count: Int, known: Int) -> Bool {
    let isFruitless = pass.watch.isFruitless(count: count, known: known, serverCount: scan.progress.serverCount)
    return pass.watch.isCircling(pass.cursor) || isFruitless
  }

  // MARK: - One at a time

  private func takeTurn() async {
    while scan.isAsking { await withCheckedContinuation { scan.waiting.append($0) } }
    scan.isAsking = true
  }

  private func endTurn() {
    scan.isAsking = false
    let waiting = scan.waiting
    scan.waiting = []
    for continuation in waiting { continuation.resume() }
  }

  // MARK: - The connection

  /// Waits until the connection is there again. False when none will be.
  private func hasConnection() async -> Bool {
    guard !isShutDown else { return false }
    if links.isSweepConnected {
      // The link has lost it, but its notice is not here yet.
      try? await Task.sleep(for: .milliseconds(20))
    } else {
      await withCheckedContinuation { links.waitForSweep($0) }
    }
    return !isShutDown
  }

  /// Goes on by another connection.
  private func isBack(_ pass: inout ScanPass, connection: Int, isWanted: () -> Bool) async -> ScanPage {
    var question = Question("asking who the server is", denials: denials)
    question.ask(.info, "server")
    let response: Response
    do throws(Failure) {
      response = try await ask(question, on: sweepLink)
    } catch {
      guard case .server = error.kind, isWanted() else {
        return await hasConnection() && isWanted() ? .again : .unwanted
      }
      tell(trouble: error)
      try? await Task.sleep(for: ScanState.retryInterval)
      return .again
    }
    let now = response[.info].map { ServerIdentity(info: InfoText($0.string)) }
    guard isWanted() else { return .unwanted }
    let isSame = now?.isSameProcess(as: pass.server) == true
    (pass.connection, pass.server) = (connection, now)
    guard !isSame else { return .again }
    pass.beginAnew()
    return .otherServer
  }

  // MARK: - The server's count

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
}
