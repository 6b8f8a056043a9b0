internal import Commands
internal import RESP
internal import RedisClient
internal import Requests
internal import Synchronization

/// Why a command of the console's was not sent.
struct ConsoleRefusal: Error {
  var why: String
  var nextStep: String
}

/// The console's own connection: made when something is first typed there, never used by anything else.
extension Store {
  /// The connection that this command may go out on.
  func consoleConnection(for command: ConsoleCommand) async throws(ConsoleRefusal) -> Connection {
    if let connection = console.connection {
      if command.isInTransaction == (console.session.queue != nil) { return connection }
      throw ConsoleRefusal(
        why: "the transaction is not as it is shown", nextStep: "Look at the console, then send it again")
    }
    guard !command.isInTransaction else {
      throw ConsoleRefusal(
        why: "the connection of its transaction was lost, so nothing of that ran", nextStep: "Begin again with MULTI")
    }
    return try await connectConsole(to: command.database)
  }

  private func connectConsole(to database: Int) async throws(ConsoleRefusal) -> Connection {
    var options = Self.connectionOptions("keyglass-console", options: options, log: log)
    // A command may take as long as it likes, and counts as use of a key, as everywhere else.
    options.replyTimeout = nil
    options.noTouch = false
    options.keepsAttributes = true
    let pushes = ConsolePushes()
    options.onPush = { [weak self] push in
      guard pushes.add(push), let store = self else { return }
      Task { await store.tell(pushes) }
    }
    let box = ConnectionBox()
    options.onClose = { [weak self] error in
      guard let store = self else { return }
      Task { await store.loseConsole(box, error) }
    }
    var endpoint = endpoint
    endpoint.database = database
    let opening = Task<Result<Connection, ClientError>, Never> { [endpoint, options, credentials] in
      do throws(ClientError) {
        return .success(try await credentials.connect(to: endpoint, options: options, on: Self.group))
      } catch {
        return .failure(error)
      }
    }
    console.opening = opening
    let opened = await opening.value
    console.opening = nil
    switch opened {
    case .success(let connection):
      box.connection.withLock { $0 = connection }
      // Before it has answered anything, so that a cancel finds it.
      console.connection = connection
      console.session = ConsoleSession(database: database)
      if console.running?.isCancelled == true { connection.close(.cancelled) }
      try await greet(connection)
      return connection
    case .failure(let error):
      throw ConsoleRefusal(why: "\(error.what): \(error.why)", nextStep: error.nextStep)
    }
  }

  /// Asks who it is and where it leads: what is typed for one server must not reach another.
  private func greet(_ connection: Connection) async throws(ConsoleRefusal) {
    var batch = CommandBatch()
    batch.add("CLIENT", "ID")
    batch.add("INFO", "server")
    let replies: Replies
    do throws(ClientError) {
      replies = try await connection.send(batch)
      guard replies.count == 2 else { return }
    } catch {
      forgetConnection(connection)
      throw ConsoleRefusal(why: "\(error.what): \(error.why)", nextStep: error.nextStep)
    }
    console.clientID = replies[0].integer
    let runID = replies[1].isError ? "" : InfoText(replies[1].string)["run_id"] ?? ""
    guard !runID.isEmpty else { return }
    let (shown, last) = (identity?.runID ?? "", console.runID ?? runID)
    console.runID = runID
    let isShown = shown.isEmpty || shown == runID
    // Even where the screen has told it by now: this was typed before, or in the same moment.
    guard !isShown || last != runID else { return }
    connection.close()
    forgetConnection(connection)
    if !isShown { await rowsLink.drop(.connectionLost(midReply: false)) }
    throw ConsoleRefusal(
      why: "the server is not the one it was (restarted, or another one)",
      nextStep: "Look at what is there, then send it again")
  }

  /// Nothing is sent on it any more.
  func forgetConnection(_ connection: Connection) {
    if console.connection === connection { console.disconnect() }
  }

  /// Outside a transaction it works in the database that the screen shows.
  func selectForConsole(_ command: ConsoleCommand, on connection: Connection) async throws(ConsoleRefusal) {
    guard console.session.queue == nil, console.session.database != command.database else { return }
    var batch = CommandBatch()
    batch.add("SELECT", command.database)
    switch await connection.deliver(batch) {
    case .replies(let replies):
      if let reply = replies.first?.element, reply.isError {
        throw ConsoleRefusal(
          why: "the console cannot go to database \(command.database): \(reply.string)",
          nextStep: "Choose another one, or ask for the rule +select")
      }
      console.session.database = command.database
    case .notSent(let error), .lost(let error):
      forgetConnection(connection)
      throw ConsoleRefusal(why: "\(error.what): \(error.why)", nextStep: "Nothing was sent; Enter tries again")
    }
  }

  /// The connection has ended. What was open on it is gone, and that is said at once.
  private func loseConsole(_ box: ConnectionBox, _ error: ClientError) {
    let connection = box.connection.withLock { $0 }
    guard let connection, console.connection === connection else { return }
    // The command that runs tells how it ended, and what that took with it.
    if console.running != nil {
      console.connection = nil
      return
    }
    let session = console.session
    console.disconnect()
    guard session.queue != nil || session.isWatching else { return }
    notify(.console(.lost(why: error.why, session: session)))
  }

  private func tell(_ pushes: ConsolePushes) async {
    while case let lines = pushes.take(), !lines.isEmpty {
      notify(.console(.push(lines)))
      try? await Task.sleep(for: .milliseconds(ConsolePushes.pause))
    }
  }
}
