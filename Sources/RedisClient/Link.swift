package import NIOCore
package import RESP

/// One purpose's connection, made when first needed and made again when lost.
///
/// A batch is sent at most once, on the connection of the moment. While there is none, `send` fails at once with the
/// reason; nothing is queued for later, so that no write reaches a server that its author has not seen.
package actor Link {
  private var endpoint: Endpoint
  private let options: ConnectionOptions
  private let group: any EventLoopGroup
  private let credentials: Credentials
  private let leader: Link?
  private let onConnect: @Sendable (Connection, Int) async -> Void
  private let onState: @Sendable (LinkState) -> Void

  private enum Phase {
    case idle
    /// `after` is why the connection before was lost; nil for the first attempt.
    case connecting(Task<Void, Never>, after: ClientError?)
    case connected(Connection, since: ContinuousClock.Instant)
    /// The task ends the waiting; where another link leads, that one's return does.
    case waiting(ClientError, Task<Void, Never>)
    case failed(ClientError)
    case shutDown
  }

  private var phase = Phase.idle
  private var backoff = Backoff()
  /// Why the connection that is just being made is lost already, where the news came before the connection itself.
  private var earlyLoss: ClientError?

  /// Number of connections made so far. What was read or composed under one generation may not hold under the next.
  package private(set) var generation = 0

  /// - Parameters:
  ///   - credentials: what it logs in with, shared by all links to the server; nil: the endpoint's password alone.
  ///   - leader: while that link has no connection this one does not try by itself: one of them is enough to find out
  ///     that a server is back. Whoever hears that the leader is back calls ``retryNow()``.
  ///   - onConnect: is run on every new connection, with its generation, before anybody else may use it.
  package init(
    endpoint: Endpoint, options: ConnectionOptions = ConnectionOptions(), group: any EventLoopGroup,
    credentials: Credentials? = nil, following leader: Link? = nil,
    onConnect: @escaping @Sendable (Connection, Int) async -> Void = { _, _ in },
    onState: @escaping @Sendable (LinkState) -> Void = { _ in }
  ) {
    self.endpoint = endpoint
    self.options = options
    self.group = group
    self.credentials = credentials ?? Credentials(password: endpoint.password)
    self.leader = leader
    self.onConnect = onConnect
    self.onState = onState
  }

  /// What the server said of itself; nil while not connected.
  package var hello: HelloFacts? {
    if case .connected(let connection, _) = phase { connection.hello } else { nil }
  }

  /// Whether there is a connection now, or none was ever wanted.
  var isUsable: Bool {
    switch phase {
    case .idle, .connected: true
    case .connecting, .waiting, .failed, .shutDown: false
    }
  }

  /// The database that is selected, and will be again after a reconnect.
  package var database: Int { endpoint.database }

  /// Sends `batch` on the connection and returns its replies. Connects first where that was never tried.
  ///
  /// - Throws: `ClientError`; at once while the connection is lost.
  package func send(_ batch: CommandBatch) async throws(ClientError) -> Replies {
    try await sendNumbered(batch).replies.get()
  }

  /// The same, with the ``generation`` of the connection that it was sent on. In one step: nothing that is sent later,
  /// a SELECT for one, goes out before it.
  ///
  /// - Returns: as `replies` an error where the connection was lost after it was sent.
  /// - Throws: `ClientError` where there is no connection: nothing was sent.
  package func sendNumbered(
    _ batch: CommandBatch
  ) async throws(ClientError) -> (replies: Result<Replies, ClientError>, generation: Int) {
    let connection = try await connection()
    let number = generation
    do throws(ClientError) {
      return (.success(try await connection.send(batch)), number)
    } catch {
      return (.failure(error), number)
    }
  }

  /// Selects a database for all that is sent after, reconnects included.
  ///
  /// - Throws: `databaseUnavailable` where the server denies it or has no such database; the old one stays.
  package func select(database: Int) async throws(ClientError) {
    let connection = try await connection()
    var batch = CommandBatch()
    batch.add("SELECT", database)
    let replies = try await connection.send(batch)
    if let reply = replies.first, reply.isError {
      throw .databaseUnavailable(database, serverText: Array(reply.bytes))
    }
    endpoint.database = database
    // Lost and made again meanwhile: the new connection has the old database.
    if case .connected(let current, _) = phase, current !== connection { _ = try await current.send(batch) }
  }

  /// Tries to connect now where it would wait, or had given up; not as long as the leader has no connection.
  package func retryNow() async {
    if let leader, !(await leader.isUsable) { return }
    switch phase {
    case .waiting(let error, let timer):
      timer.cancel()
      attempt(after: error)
    case .failed(let error):
      backoff.reset()
      attempt(after: error)
    case .idle, .connecting, .connected, .shutDown:
      return
    }
  }

  /// Gives up the present connection as lost; it is made again as after any loss.
  package func drop(_ error: ClientError) {
    if case .connected(let connection, _) = phase { connection.close(error) }
  }

  /// The same where nothing is owed on it.
  package func dropIfIdle(_ error: ClientError) {
    if case .connected(let connection, _) = phase { connection.closeIfIdle(error) }
  }

  /// Gives up the present connection, with all that is owed on it, and connects anew at once.
  package func remake(_ error: ClientError) {
    guard case .connected(let connection, _) = phase else { return }
    connection.close(error)
    onState(.lost(error, retryIn: .zero, attempt: backoff.attempt))
    attempt(after: error)
  }

  /// Closes for good, without waiting for the server. Whoever waits gets `ClientError.closed`.
  package func shutdown() {
    switch phase {
    case .connecting(let task, _), .waiting(_, let task): task.cancel()
    case .connected(let connection, _): connection.close()
    case .idle, .failed, .shutDown: break
    }
    phase = .shutDown
  }

  /// The connection of the moment; made first where that was never tried. What is sent on it reaches this connection or
  /// nothing, also when the link has a newer one by then.
  ///
  /// - Throws: `ClientError`; at once while the connection is lost.
  package func connection() async throws(ClientError) -> Connection {
    if case .idle = phase { attempt(after: nil) }
    // Only the first attempt is worth waiting for: it is what the program starts with.
    if case .connecting(let task, after: nil) = phase { await task.value }
    switch phase {
    case .connected(let connection, _): return connection
    case .waiting(let error, _), .failed(let error): throw error
    case .connecting(_, let error): throw error ?? .closed
    case .idle, .shutDown: throw .closed
    }
  }

  private func attempt(after error: ClientError?) {
    onState(.connecting)
    earlyLoss = nil
    phase = .connecting(Task { await connect() }, after: error)
  }

  private func connect() async {
    let number = generation + 1
    var options = options
    let onClose = options.onClose
    options.onClose = { [weak self] error in
      onClose(error)
      guard let link = self else { return }
      Task { await link.lose(generation: number, error) }
    }
    do throws(ClientError) {
      let connection = try await credentials.connect(
        to: endpoint, options: options, on: group, isAgain: generation > 0)
      await onConnect(connection, number)
      guard case .connecting = phase else {
        connection.close()
        return
      }
      generation = number
      phase = .connected(connection, since: .now)
      onState(.connected(connection.hello))
      if let earlyLoss { wait(after: earlyLoss, lasting: .zero) }
    } catch {
      guard case .connecting = phase else { return }
      wait(after: error, lasting: nil)
    }
  }

  private func lose(generation lost: Int, _ error: ClientError) {
    switch phase {
    case .connected(_, let since) where lost == generation: wait(after: error, lasting: .now - since)
    case .connecting where lost == generation + 1: earlyLoss = error
    default: return
    }
  }

  private func wait(after error: ClientError, lasting: Duration?) {
    guard error.isWorthRetrying else {
      phase = .failed(error)
      onState(.failed(error))
      return
    }
    var generator = SystemRandomNumberGenerator()
    let delay = backoff.delay(after: error, lasting: lasting, using: &generator)
    let timer = Task {
      try? await Task.sleep(for: delay)
      // `retryNow` and `shutdown` cancel it.
      if !Task.isCancelled { await retryNow() }
    }
    phase = .waiting(error, timer)
    onState(.lost(error, retryIn: delay, attempt: backoff.attempt))
  }
}
