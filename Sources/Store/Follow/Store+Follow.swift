internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// Following new keys: BCAST tracking on a connection of its own, where reading arms nothing. A pushed name may be of
/// any database, deleted or expired: none counts as there before it was asked about.
extension Store {
  private static let followingWhat = "following"

  /// Begins to follow the names that begin with `prefix`; nil ends it.
  func follow(_ prefix: [UInt8]?, limit: Int) async throws(Failure) -> Answer {
    guard let prefix else {
      await endFollowing(.asked)
      return .done
    }
    await closeFollowing()
    try await checkFollowing()
    followings += 1
    let following = following(prefix, limit: limit, id: followings)
    self.following = following
    do throws(Failure) {
      try await arm(following)
    } catch {
      if isCurrent(following) { await closeFollowing() }
      throw error
    }
    guard isCurrent(following) else { return .done }
    if self.following?.phase == .arming { self.following?.phase = .on }
    tellFollowing()
    Task { await watchRate(of: following) }
    return .done
  }

  /// What is known to be missing is not tried.
  private func checkFollowing() async throws(Failure) {
    guard let hello = await rowsLink.hello, !isShutDown else {
      throw Failure(
        kind: .connection, what: Self.followingWhat, why: Array("there is no connection".utf8),
        nextStep: "Try again when it is back")
    }
    guard hello.protocolVersion == 3 else {
      throw Failure(
        kind: .denied(Denial(command: ReadCommand.clientTracking.rawValue, missingRule: nil)), what: Self.followingWhat,
        why: Array("this connection speaks RESP2, which has no pushes".utf8), nextStep: "RESP3 is needed")
    }
    for command in [ReadCommand.clientTracking, .type] {
      if let denial = denials[command] { throw Self.followingDenied(denial, command) }
    }
  }

  /// In few words: the rule must not be what a narrow screen cuts off.
  static func followingDenied(_ denial: Denial, _ command: ReadCommand) -> Failure {
    var failure = Failure.refused(.command(denial), what: followingWhat, command: command)
    if let rule = denial.missingRule { failure.nextStep = "Ask for \(rule)" }
    return failure
  }

  private func following(_ prefix: [UInt8], limit: Int, id: Int) -> Following {
    let inbox = inbox
    let keys = FollowedKeys(limit: limit, wake: { inbox.post(.followed(id)) })
    var endpoint = endpoint
    endpoint.database = database
    var connection = Self.connectionOptions("keyglass-follow", options: options, log: log)
    connection.limits = Following.limits(limit)
    connection.onPush = { keys.note(push: $0) }
    let link = Link(
      endpoint: endpoint, options: connection, group: Self.group, credentials: credentials, following: rowsLink,
      onState: { inbox.post(.following(id, $0)) })
    return Following(id: id, prefix: prefix, limit: limit, link: link, keys: keys)
  }

  func isCurrent(_ following: Following) -> Bool { self.following?.id == following.id && !isShutDown }

  /// Switches tracking on. PREFIX is literal.
  private func arm(_ following: Following) async throws(Failure) {
    var question = Question(Self.followingWhat, denials: denials)
    if following.prefix.isEmpty {
      question.ask(.clientTracking, "ON", "BCAST")
    } else {
      question.ask(.clientTracking, "ON", "BCAST", "PREFIX", following.prefix)
    }
    let response = try await ask(question, on: following.link)
    if let denial = response.refusal(.clientTracking)?.denial { throw Self.followingDenied(denial, .clientTracking) }
    _ = try response.require(.clientTracking)
  }

  // MARK: - The end

  /// Ends it, where it runs, and says why. Closing the connection is what switches tracking off.
  func endFollowing(_ end: FollowEnd) async {
    guard following != nil else { return }
    await closeFollowing()
    notify(.follow(.off(end)))
  }

  func closeFollowing() async {
    await forgetDeparted { $0.takeAll() }
    let link = following?.link
    following = nil
    await link?.shutdown()
  }

  // MARK: - The connection

  func take(_ state: RedisClient.LinkState, ofFollowing id: Int) async {
    guard let following, following.id == id else { return }
    switch state {
    case .lost(let error, _, _), .failed(let error):
      if following.isFlooded(error) { return await endFollowing(.tooFast(limit: following.limit)) }
      self.following?.phase = .lost
      // Whether they come back will not be heard.
      await forgetDeparted { $0.takeAll() }
      guard isCurrent(following) else { return }
      // The first connection is awaited, and its failure answers the request.
      if following.told != nil { tellFollowing() }
    case .connected where following.phase == .lost && following.told != nil: Task { await armAgain(following) }
    case .idle, .connecting, .connected: break
    }
  }

  private func armAgain(_ following: Following) async {
    while isCurrent(following) {
      self.following?.phase = .arming
      do throws(Failure) {
        try await arm(following)
        guard isCurrent(following), self.following?.phase == .arming else { return }
        self.following?.phase = .on
        return tellFollowing()
      } catch {
        guard isCurrent(following) else { return }
        switch error.kind {
        // Its next state tells.
        case .connection, .superseded:
          self.following?.phase = .lost
          return
        case .denied: return await endFollowing(.refused(error))
        case .server: self.following?.phase = .lost
        }
      }
      try? await Task.sleep(for: Following.retryInterval)
    }
  }

  // MARK: - What is told

  private func tellFollowing() {
    guard let state = following?.state, state != following?.told else { return }
    following?.told = state
    notify(.follow(state))
  }

  private func watchRate(of following: Following) async {
    while isCurrent(following) {
      try? await Task.sleep(for: .seconds(1))
      guard isCurrent(following) else { return }
      if self.following?.phase != .arming { tellFollowing() }
      await forgetDeparted { $0.takeDue(at: MonotonicClock.now()) }
    }
  }
}
