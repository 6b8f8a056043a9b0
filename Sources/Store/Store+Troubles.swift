internal import RESP
internal import RedisClient
package import Requests

/// A server that answers with what is the matter with it.
extension Store {
  /// What INFO said explains a refusal for so long, in ms.
  private static let heardLasts: Int64 = 1_000

  /// The failure with what INFO tells of its reason: where the primary is, how far the loading … INFO may be denied, or
  /// refused for the same reason: then it is what it was.
  package func explained(_ failure: Failure) async -> Failure {
    guard let code = failure.code, code.isToldByInfo else { return failure }
    // The header may have asked a moment ago. What it heard then is older than the refusal, so it must tell of that.
    if let heard, MonotonicClock.now() - heard.at < Self.heardLasts, code.detail(heard.facts) != nil {
      return failure.explained(by: heard.facts)
    }
    let facts = try? await info(nil)?.serverFacts(database: database)
    if let facts { heard = (facts, MonotonicClock.now()) }
    return failure.explained(by: facts)
  }

  /// The same of what became of edits. Those of one batch are refused for one reason, which is asked about once.
  func explained(_ outcomes: [Outcome]) async -> [Outcome] {
    var outcomes = outcomes
    var last: (failure: Failure, explained: Failure)?
    for index in outcomes.indices {
      guard case .refused(let failure) = outcomes[index] else { continue }
      if last?.failure != failure { last = (failure, await explained(failure)) }
      if let last { outcomes[index] = .refused(last.explained) }
    }
    return outcomes
  }

  /// Asks what a new connection begins with, again while a script keeps the server from answering.
  func askPatiently(_ question: Question) async -> Response? {
    let connection = await rowsLink.generation
    while !isShutDown {
      do throws(Failure) {
        return try await ask(question, on: rowsLink)
      } catch {
        guard error.code == .busy else { return nil }
      }
      try? await Task.sleep(for: ScanState.retryInterval)
      guard await rowsLink.generation == connection else { return nil }
    }
    return nil
  }

  /// Sets the connection up once the script has ended that kept the server from it: name, NO-TOUCH and tracking, each of
  /// which may be denied.
  func setUpLater(_ hello: HelloFacts) async {
    let connection = await rowsLink.generation
    while !isShutDown {
      try? await Task.sleep(for: ScanState.retryInterval)
      guard await rowsLink.generation == connection else { return }
      var batch = CommandBatch()
      batch.add("CLIENT", "SETNAME", Self.rowsName)
      batch.add("CLIENT", "NO-TOUCH", "ON")
      let tracks = hello.protocolVersion == 3
      if tracks { batch.add("CLIENT", "TRACKING", "ON") }
      guard let replies = try? await send(batch, on: rowsLink, what: "setting up the connection").replies else {
        return
      }
      if replies.contains(where: { ServerCode(errorText: $0.bytes) == .busy }) { continue }
      if tracks, let reply = replies.last?.element {
        noteTracking(reply.isError ? .refused(serverText: Array(reply.bytes)) : .on)
      }
      return
    }
  }
}
