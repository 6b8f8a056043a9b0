internal import RESP

/// The greeting of a connection, as a value: what to send next, given what has been answered.
///
/// HELLO 3 logs in and switches to RESP3 in one step. Where it is unknown, denied or not wanted, AUTH logs in and
/// RESP2 stays. After that only SELECT can fail; name, NO-TOUCH and tracking are asked for and may be denied, because a
/// login with no rights beyond HELLO or AUTH must be able to connect. Every connection is greeted like that, so that
/// nothing that the one before had is missing when the first command goes out.
struct Handshake {
  enum Step {
    case send(CommandBatch)
    case done(HelloFacts)
    case failed(ClientError)
  }

  private enum Stage {
    case hello
    case auth
    case setup
  }

  let endpoint: Endpoint
  let clientName: String
  let noTouch: Bool
  let tracks: Bool
  private var stage = Stage.hello
  private var facts = HelloFacts()

  init(endpoint: Endpoint, clientName: String, noTouch: Bool, tracks: Bool = false) {
    self.endpoint = endpoint
    self.clientName = clientName
    self.noTouch = noTouch
    self.tracks = tracks
  }

  /// Whoever names a user is to be that user or nobody: without a password it may be one that needs none (`nopass`).
  private var password: [UInt8]? { endpoint.password ?? (endpoint.username == nil ? nil : []) }

  mutating func start() -> Step {
    guard endpoint.protocolVersion != .resp2 else { return authenticate() }
    var batch = CommandBatch()
    if let password {
      batch.add("HELLO", "3", "AUTH", endpoint.username ?? Array("default".utf8), password)
    } else {
      batch.add("HELLO", "3")
    }
    return .send(batch)
  }

  /// Takes the replies to the batch that was sent last.
  mutating func receive(_ replies: Replies) -> Step {
    switch stage {
    case .hello: receiveHello(replies)
    case .auth: receiveAuth(replies)
    case .setup: receiveSetup(replies)
    }
  }

  private mutating func receiveHello(_ replies: Replies) -> Step {
    guard let reply = replies.first else { return .failed(.protocolError("no reply to HELLO")) }
    if reply.isError {
      if let refusal = Self.refusal(reply) { return .failed(refusal) }
      if endpoint.protocolVersion == .resp3 { return .failed(.serverError(serverText: masked(reply.bytes))) }
      note(reply, to: "HELLO")
      return authenticate()
    }
    // A map, or a flat array from a proxy that says RESP3 and writes RESP2.
    guard reply.kind == .map || reply.kind == .array, let version = reply.value(for: "proto")?.integer else {
      return .failed(.notRedis(.other, firstBytes: Array(reply.bytes.prefix(16))))
    }
    facts = HelloFacts(
      server: Self.text(reply, "server"), version: Self.text(reply, "version"), mode: Self.text(reply, "mode"),
      protocolVersion: version == 3 ? 3 : 2, role: Self.text(reply, "role"), clientID: reply.value(for: "id")?.integer)
    return setUp()
  }

  private mutating func authenticate() -> Step {
    guard let password else { return setUp() }
    stage = .auth
    var batch = CommandBatch()
    if let username = endpoint.username {
      batch.add("AUTH", username, password)
    } else {
      batch.add("AUTH", password)
    }
    return .send(batch)
  }

  private mutating func receiveAuth(_ replies: Replies) -> Step {
    guard let reply = replies.first else { return .failed(.protocolError("no reply to AUTH")) }
    guard reply.isError else { return setUp() }
    if let refusal = Self.refusal(reply) { return .failed(refusal) }
    let text = reply.string.lowercased()
    // Redis before 6: 'ERR invalid password'.
    if text.contains("invalid password") { return .failed(.wrongPassword) }
    // A password where none is needed does no harm: redis-cli goes on as well. The wording is that of Redis 5 and 6.
    if text.contains("no password is set") || text.contains("without any password configured") { return setUp() }
    return .failed(.serverError(serverText: masked(reply.bytes)))
  }

  private mutating func setUp() -> Step {
    stage = .setup
    var batch = CommandBatch()
    if endpoint.database != 0 { batch.add("SELECT", endpoint.database) }
    if !clientName.isEmpty { batch.add("CLIENT", "SETNAME", clientName) }
    if noTouch { batch.add("CLIENT", "NO-TOUCH", "ON") }
    if asksTracking { batch.add("CLIENT", "TRACKING", "ON") }
    return batch.isEmpty ? .done(facts) : .send(batch)
  }

  private mutating func receiveSetup(_ replies: Replies) -> Step {
    for reply in replies where reply.isError {
      // Without HELLO nothing before has shown that a password is needed.
      if let refusal = Self.refusal(reply), !Self.passes(refusal) { return .failed(refusal) }
    }
    // Replies are found by their place: tracking was asked for last, NO-TOUCH before it.
    if noTouch {
      let reply = replies[replies.count - (asksTracking ? 2 : 1)]
      if reply.isError, Self.refusal(reply) == nil { note(reply, to: "CLIENT NO-TOUCH") }
    }
    facts.isSetupOwed = replies.contains { Self.refusal($0) == .busy }
    if endpoint.database != 0, let selected = replies.first, selected.isError {
      if let refusal = Self.refusal(selected) { return .failed(refusal) }
      return .failed(.databaseUnavailable(endpoint.database, serverText: Array(selected.bytes)))
    }
    if asksTracking, let reply = replies.last?.element {
      facts.tracking = reply.isError ? .refused(serverText: Array(reply.bytes)) : .on
    }
    return .done(facts)
  }

  /// A server's text without the password, should it repeat what it was sent.
  private func masked(_ text: some Collection<UInt8>) -> [UInt8] {
    guard let password = endpoint.password, !password.isEmpty else { return Array(text) }
    var rest = Array(text)[...]
    var masked: [UInt8] = []
    while let place = rest.firstRange(of: password) {
      masked += rest[..<place.lowerBound] + "***".utf8
      rest = rest[place.upperBound...]
    }
    return masked + rest
  }

  private mutating func note(_ error: ReplyView, to command: String) {
    facts.refused.append(.init(command: command, isDenied: error.errorCode == "NOPERM"))
  }

  private var asksTracking: Bool { tracks && facts.protocolVersion == 3 }

  /// Errors that mean no connection, whatever was asked. The words are the server's error codes; two refusals that a
  /// server sends before any command have only their text.
  static func refusal(_ reply: ReplyView) -> ClientError? {
    switch reply.errorCode {
    case "NOAUTH": return .authenticationRequired
    case "WRONGPASS": return .wrongPassword
    case "LOADING": return .loading
    case "BUSY": return .busy
    case "DENIED": return .protectedMode
    default: return reply.string.contains("max number of clients") ? .maxClients : nil
    }
  }

  /// It goes by, and a connection without a name serves meanwhile: to look at what the server says, or to end its script.
  private static func passes(_ refusal: ClientError) -> Bool { refusal == .loading || refusal == .busy }

  private static func text(_ reply: ReplyView, _ field: String) -> String {
    reply.value(for: field)?.string ?? ""
  }
}
