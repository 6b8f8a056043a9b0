internal import Keyspace
internal import RESP
package import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Makes the first connection.
  ///
  /// - Throws: why it could not be made; nothing is tried again by itself then.
  package func connect() async throws(ClientError) -> HelloFacts {
    let (inbox, wakes) = (inbox, inbox.wakes)
    Task { [weak self] in
      for await _ in wakes {
        guard let self else { return }
        for event in inbox.take() { await self.take(event) }
      }
    }
    let sweepLink = sweepLink
    // Beside the first, so that the scan finds it ready. Its failure shows when it is used.
    Task { _ = try? await sweepLink.send(CommandBatch()) }
    _ = try await rowsLink.send(CommandBatch())
    guard let hello = await rowsLink.hello else { throw .connectionLost(midReply: false) }
    return hello
  }

  /// Tries to connect at once where it would wait.
  func reconnect() async -> Answer {
    await rowsLink.retryNow()
    await retryOthers()
    return .done
  }

  /// The others wait for the connection for *rows* before they try.
  private func retryOthers() async {
    await sweepLink.retryNow()
    await writeLink.retryNow()
    await following?.link.retryNow()
  }

  /// Waits no longer for what is owed.
  func giveUp() async -> Answer {
    await rowsLink.remake(.cancelled)
    return .done
  }

  private func take(_ event: Inbox.Event) async {
    switch event {
    case .rows(let state):
      if links.isRowsConnected, case .lost(let error, _, _) = state { noteEnd(error) }
      links.setRows(state)
      if case .connected(let hello) = state {
        notify(.session(await rowsLink.generation))
        note(greeting: hello)
        noteTracking(hello.tracking)
        if hello.isSetupOwed { Task { await setUpLater(hello) } }
      }
      tellLinks()
      switch state {
      case .connected(let hello):
        if identity == nil { Task { await greet(hello) } }
        await retryOthers()
      case .lost(.timedOut(let seconds), _, _):
        // They lead the same way. One that is owed a read has a watch of its own.
        for link in [sweepLink, following?.link] { await link?.dropIfIdle(.timedOut(seconds: seconds)) }
        await writeLink.drop(.timedOut(seconds: seconds))
      default: break
      }
    case .greeted(let greeting): await take(greeting)
    case .sweep(let state):
      links.setSweep(state)
      tellLinks()
    case .invalidated(let names): takeChanged(names)
    case .following(let id, let state): await take(state, ofFollowing: id)
    case .followed(let id): await takeFollowedNames(id)
    }
  }

  /// Whoever closes a connection was there until then; a silence is noticed late.
  private func noteEnd(_ error: ClientError) {
    switch error {
    case .closedByServer, .connectionLost: heardAt = MonotonicClock.now()
    case .timedOut(let seconds): heardAt = max(heardAt, MonotonicClock.now() - 1_000 * Int64(seconds + 4))
    default: break
    }
  }

  /// Keys that have changed, nil: all. What is being read of them now counts as old.
  func takeChanged(_ names: [KeyName]?) {
    guard let wait = changes.add(names, at: MonotonicClock.now()) else { return }
    guard wait > 0 else {
      tellChanges()
      return
    }
    Task {
      try? await Task.sleep(for: .milliseconds(wait))
      tellChanges()
    }
  }

  private func tellLinks() {
    if let state = links.changedNotice() { notify(.link(state)) }
  }

  /// Of what has changed nothing counts as known any more; what of it is read again is for the screen to say.
  private func tellChanges() {
    let (names, isFlush) = changes.take(at: MonotonicClock.now())
    if isFlush { notify(.flushed) }
    guard !names.isEmpty else { return }
    notify(.changed(names))
    let epoch = epoch
    Task {
      take(await worker.unlearn(names, generation: epoch), epoch: epoch)
      // A list that depends on types or deadlines lacks those keys until they are known again.
      startSweep()
    }
  }

  /// Sends a batch. Times are those of ``MonotonicClock`` in ms.
  ///
  /// - Throws: the connection's error as a failure of `what`.
  func send(
    _ batch: CommandBatch, on link: Link, what: String
  ) async throws(Failure) -> (replies: Replies, sentAt: Int64, receivedAt: Int64) {
    let sent = try await sendNumbered(batch, on: link, what: what)
    return (sent.replies, sent.sentAt, sent.receivedAt)
  }

  /// The same, with the number of the connection that it was sent on (``Link/generation``).
  func sendNumbered(
    _ batch: CommandBatch, on link: Link, what: String
  ) async throws(Failure) -> (replies: Replies, sentAt: Int64, receivedAt: Int64, generation: Int) {
    let start = MonotonicClock.microseconds()
    let sentWith = halvings
    do throws(ClientError) {
      let (outcome, generation) = try await link.sendNumbered(batch)
      // Only what was sent can have been too much.
      if case .failure(let error) = outcome, error.mayBeAboutSize {
        halvings.noteLoss(isScan: link === sweepLink, sent: sentWith)
      }
      let replies = try outcome.get()
      let end = MonotonicClock.microseconds()
      if link === rowsLink { heardAt = end / 1_000 }
      trace(batch, microseconds: Int(end - start))
      // Logged out on the server, with the connection open: the next one logs in.
      if let reply = replies.first, reply.element.errorCode == "NOAUTH" {
        await link.drop(.connectionLost(midReply: false))
      }
      return (replies, start / 1000, end / 1000, generation)
    } catch {
      throw Failure(lost: error, what: what)
    }
  }

  private func trace(_ batch: CommandBatch, microseconds: Int) {
    guard !batch.isEmpty else { return }
    roundTrip = min(roundTrip, microseconds)
    var counts: [(name: String, count: Int)] = []
    for name in batch.names {
      if let index = counts.firstIndex(where: { $0.name == name }) {
        counts[index].count += 1
      } else {
        counts.append((name, 1))
      }
    }
    for (name, count) in counts { options.onCommand(name, count, microseconds) }
  }

  /// Asks a question and learns the denials that come back.
  func ask(_ question: Question, on link: Link) async throws(Failure) -> Response {
    let (replies, _, _) = try await send(question.batch, on: link, what: question.what)
    let response = try Response(replies, to: question)
    response.note(in: &denials)
    return response
  }

  /// A call that holds the server for longer is felt by its other clients, in microseconds.
  static let longestCall = 5_000

  /// A server that was held up for longer was so by something else, in microseconds.
  static let longestRest = 500_000

  /// How long to leave the server alone after a call of so many microseconds: as long as the call where it held the
  /// server for more than 5 ms, the way there and back not counted.
  func rest(after microseconds: Int) async {
    await rest(holding: microseconds - min(roundTrip, microseconds))
  }

  /// The same where it is known how long the server was held.
  func rest(holding held: Int) async {
    guard held > Self.longestCall else { return }
    try? await Task.sleep(for: .microseconds(min(held, Self.longestRest)))
  }
}
