internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// What a connection was told when it asked who answers there.
struct Greeting: Sendable {
  var hello: HelloFacts
  /// INFO, or why it is not known.
  var info: Result<InfoText, Reason>
  /// When it was answered, monotonic ms.
  var readAt: Int64

  struct Reason: Error {
    /// The error reply; nil: no reply came.
    var reply: [UInt8]?
  }

  /// Asks on a connection that nobody uses yet.
  static func ask(_ connection: Connection) async -> Greeting {
    var batch = CommandBatch()
    batch.ask(.info)
    var info = Result<InfoText, Reason>.failure(Reason())
    if let reply = try? await connection.send(batch).first?.element {
      info = reply.isError ? .failure(Reason(reply: Array(reply.bytes))) : .success(InfoText(reply.string))
    }
    return Greeting(hello: connection.hello, info: info, readAt: MonotonicClock.now())
  }
}

extension Store {
  /// Asks who this is, for the first time.
  func greet(_ hello: HelloFacts) async {
    var question = Question("asking who the server is", denials: denials)
    question.ask(.info)
    let info = await askPatiently(question)?[.info].map { InfoText($0.string) }
    guard identity == nil else { return }
    identity =
      info.map { ServerIdentity(info: $0, readAt: MonotonicClock.now()) } ?? ServerIdentity(hello: hello)
    isIdentityDoubtful = identity?.runID.isEmpty ?? true
  }

  /// What the greeting said of tracking.
  func noteTracking(_ tracking: HelloFacts.Tracking) {
    if case .refused(let text) = tracking, let refusal = Refusal(serverText: text, to: .clientTracking) {
      denials.note(refusal, of: .clientTracking)
    }
    notify(.tracking(tracking == .on))
  }

  /// What answers after a loss: where it is not the one before, nothing counts that was known of that.
  func take(_ greeting: Greeting) async {
    var now = ServerIdentity(hello: greeting.hello)
    if case .success(let info) = greeting.info { now = ServerIdentity(info: info, readAt: greeting.readAt) }
    guard let old = identity else {
      // Lost before it had told who it was.
      identity = now
      isIdentityDoubtful = now.runID.isEmpty
      return
    }
    var found = now.comparison(with: old, heardAt: heardAt)
    switch greeting.info {
    case .success(let info):
      let facts = info.serverFacts(database: database)
      // While it loads there are more to come.
      if facts.loadingPercent == nil { found.keys = facts.keys }
    case .failure(let reason): found.server = .unknown(why: Self.words(of: reason))
    }
    if case .unknown = found.server { isIdentityDoubtful = true } else { isIdentityDoubtful = false }
    // As long as it cannot be told, the one to compare with stays.
    if !now.runID.isEmpty || old.runID.isEmpty { identity = now }
    await settle(found)
  }

  /// INFO tells what it did not tell right after the reconnect.
  func settleIdentity(_ info: InfoText) async {
    let now = ServerIdentity(info: info, readAt: MonotonicClock.now())
    guard !now.runID.isEmpty, let old = identity else { return }
    isIdentityDoubtful = false
    identity = now
    guard !old.runID.isEmpty else { return }
    var found = now.comparison(with: old, heardAt: heardAt)
    guard !found.isSame else { return }
    found.keys = info.serverFacts(database: database).keys
    await settle(found)
  }

  private func settle(_ found: Reconnection) async {
    if found.isSame {
      // What changed while there was no connection was not told.
      await rereadExpiry()
    } else {
      clock = ServerClock()
      forgetDenials()
      unkept = []
      halvings = Halvings()
      writing.takesDigests = true
      await forgetFacts()
      // They may lead to the server from before for as long as it lives. A write that is under way there is waited for.
      if found.server != .same {
        for link in [sweepLink, following?.link] { await link?.drop(.connectionLost(midReply: false)) }
        await writeLink.dropIfIdle(.connectionLost(midReply: false))
      }
    }
    notify(.reconnected(found))
  }

  private static func words(of reason: Greeting.Reason) -> String {
    guard let reply = reason.reply else { return "it did not answer INFO" }
    let code = String(decoding: reply.prefix { $0 != UInt8(ascii: " ") }.prefix(24), as: UTF8.self)
    return code == "NOPERM" ? "this user may not run INFO: ask for +info" : "it answers INFO with \(code)"
  }
}
