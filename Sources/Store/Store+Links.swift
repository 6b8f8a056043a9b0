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
    await sweepLink.retryNow()
    await following?.link.retryNow()
    return .done
  }

  private func take(_ event: Inbox.Event) async {
    switch event {
    case .rows(let state):
      links.setRows(state)
      tellLinks()
      if case .connected(let hello) = state {
        Task {
          notify(.session(await rowsLink.generation))
          await greet(hello)
        }
      }
    case .sweep(let state):
      links.setSweep(state)
      tellLinks()
    case .invalidated(let names): takeChanged(names)
    case .following(let id, let state): await take(state, ofFollowing: id)
    case .followed(let id): await takeFollowedNames(id)
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

  /// Switches tracking on and asks who this is. Both may be denied.
  private func greet(_ hello: HelloFacts) async {
    var question = Question("asking who the server is", denials: denials)
    if hello.protocolVersion == 3 { question.ask(.clientTracking, "ON") }
    question.ask(.info, "server")
    let response = try? await ask(question, on: rowsLink)
    notify(.tracking(response?[.clientTracking].map { !$0.isError } ?? false))
    var now = ServerIdentity(hello: hello)
    if let server = response?[.info] {
      // The role stands in a section of its own, and INFO takes several sections only since Redis 7.0.
      now = ServerIdentity(info: InfoText(server.string))
      now.role = ServerIdentity(hello: hello).role
    }
    defer { identity = now }
    guard let identity, identity != now else {
      // What changed while there was no connection was not told.
      await rereadExpiry()
      return
    }
    clock = ServerClock()
    denials = Denials()
    unkept = []
    writing.evalDenial = nil
    writing.takesDigests = true
    await forgetFacts()
    notify(.serverReplaced)
  }

  /// Sends a batch. Times are those of ``MonotonicClock`` in ms.
  ///
  /// - Throws: the connection's error as a failure of `what`.
  func send(
    _ batch: CommandBatch, on link: Link, what: String
  ) async throws(Failure) -> (replies: Replies, sentAt: Int64, receivedAt: Int64) {
    let start = MonotonicClock.microseconds()
    do throws(ClientError) {
      let replies = try await link.send(batch)
      let end = MonotonicClock.microseconds()
      trace(batch, microseconds: Int(end - start))
      return (replies, start / 1000, end / 1000)
    } catch .cancelled {
      throw Failure(kind: .superseded, what: what, why: Array("not wanted any more".utf8), nextStep: "")
    } catch {
      throw Failure(kind: .connection, what: what, why: Array(error.why.utf8), nextStep: error.nextStep)
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

  /// A server that was held up for longer was so by something else, in microseconds.
  static let longestRest = 500_000

  /// How long to leave the server alone after a call of so many microseconds: as long as the call where it held the
  /// server for more than 5 ms, the way there and back not counted.
  func rest(after microseconds: Int) async {
    await rest(holding: microseconds - min(roundTrip, microseconds))
  }

  /// The same where it is known how long the server was held.
  func rest(holding held: Int) async {
    guard held > 5000 else { return }
    try? await Task.sleep(for: .microseconds(min(held, Self.longestRest)))
  }
}
