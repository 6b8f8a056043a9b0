import Canvas
import Requests

/// `C`: the servers that the user may go to.
extension State {
  mutating func openServers() {
    overlay = .servers
    servers.filter = ""
    servers.failure = nil
    outbox.append(.listServers)
  }

  mutating func take(servers entries: [ServerEntry]) {
    let chosen = servers.entries == nil ? setup.place : servers.underCursor?.place
    servers.entries = entries
    listed(chosen)
  }

  /// The services of the Compose project, as they are now.
  mutating func take(composeEntries entries: [ServerEntry]) {
    guard entries != servers.composeEntries else { return }
    let isNew = servers.composeEntries.isEmpty && entries.contains { $0.place == setup.place }
    let chosen = isNew ? setup.place : servers.underCursor?.place
    servers.composeEntries = entries
    listed(chosen)
  }

  private mutating func listed(_ chosen: ServerPlace?) {
    let places = Set(servers.all.map(\.place))
    servers.tests = servers.tests.filter { places.contains($0.key) }
    if let index = servers.shown.firstIndex(where: { $0.place == chosen }) { servers.viewport.cursor = index }
    servers.viewport.show(count: servers.shown.count, height: serversHeight)
  }

  /// Rows for servers: inside the frame, under the heading, over what is said of the one under the cursor.
  var serversHeight: Int { max(1, size.height - 7 - Self.serverDetailHeight(size)) }

  /// Lines for the server under the cursor, with the rule over them.
  static func serverDetailHeight(_ size: Size) -> Int { size.height < 20 ? 3 : 5 }

  mutating func handleInServers(_ key: Key) {
    if case .onServer(let action)? = Bindings.action(for: key, in: [.servers]) {
      perform(action)
    } else if key == .character("Q") {
      leaveProgram()
    } else if let move = Self.move(for: key) {
      servers.viewport.move(move, count: servers.shown.count, height: serversHeight)
    }
  }

  private mutating func perform(_ action: ServerAction) {
    switch action {
    case .connect: if let entry = servers.underCursor { go(to: entry) }
    case .test: if let entry = servers.underCursor { test([entry]) }
    case .testAll: test(servers.shown)
    case .copy:
      guard let entry = servers.underCursor else { return }
      copyToClipboard(Array(entry.commandLine.utf8), "its command line")
    case .filter: prompt = Prompt(subject: .servers, field: TextField(servers.filter))
    case .compose: openCompose(fromServers: true)
    case .close: closeServers()
    }
  }

  /// Esc gives up what is under way first, then the filter, then the screen.
  private mutating func closeServers() {
    if servers.attempt != nil {
      giveUpConnecting()
    } else if !servers.filter.isEmpty {
      filterServers("")
    } else {
      overlay = nil
    }
  }

  mutating func filterServers(_ text: String) {
    let chosen = servers.underCursor?.place
    servers.filter = text
    let index = servers.shown.firstIndex { $0.place == chosen }
    servers.viewport.cursor = index ?? 0
    servers.viewport.show(count: servers.shown.count, height: serversHeight)
  }

  func title(of place: ServerPlace) -> String {
    servers.entry(of: place)?.title ?? "it"
  }

  // MARK: - Going there

  private mutating func go(to entry: ServerEntry) {
    servers.failure = nil
    if case .compose(let service) = entry.place, entry.flaw == nil,
      entry.place != setup.place || compose.listing?.service(service)?.isDown == true
    {
      connectCompose(service)
    } else if let flaw = entry.flaw {
      servers.failure = ServersState.Failure(place: entry.place, message: flaw)
    } else if let attempt = servers.attempt {
      say("connecting to \(title(of: attempt.place)): Esc gives that up", .warning)
    } else if entry.place == setup.place {
      say("this is the server that you are on: Esc goes back to it, R there reads it again")
    } else if let loss = lossByLeaving {
      open(
        Dialog(
          title: loss.title, lines: [Array(loss.words.utf8)],
          buttons: [.init("[Stay]", .servers), .init("[Leave it]", .connect(entry.place))], openedAt: now))
    } else {
      connect(to: entry.place)
    }
  }

  /// What would be lost by leaving this server; nil: nothing.
  var lossByLeaving: (title: String, words: String)? {
    if let queue = console.session.queue, !queue.isEmpty {
      return (
        "a transaction is open", "\(queue.count) queued in the console; without EXEC nothing of it is carried out."
      )
    }
    if !writes.isEmpty { return ("a write is under way", "Its outcome is not known yet.") }
    if console.running != nil { return ("a command is under way", "What the console has sent is not answered yet.") }
    guard console.input.text.allSatisfy(\.isWhitespace) else {
      return ("not sent", "The line of the console holds what you typed for this server.")
    }
    if undoable > 0 { return ("undo ends here", "What you changed on this server u can not take back after that.") }
    return nil
  }

  mutating func connect(to place: ServerPlace, password: Secret? = nil) {
    // On the screen where it was asked for.
    overlay = (overlay ?? beneath) == .compose ? .compose : .servers
    servers.failure = nil
    servers.attempt = ServersState.Attempt(
      number: servers.nextAttempt, place: place, since: now, hasTyped: password != nil)
    outbox.append(.connect(attempt: servers.nextAttempt, place, password: password))
    servers.nextAttempt += 1
  }

  /// Everything is where it was.
  mutating func take(_ failure: ConnectFailure, ofAttempt number: Int) {
    guard let attempt = servers.attempt, attempt.number == number else { return }
    servers.attempt = nil
    switch failure {
    case .wantsPassword(let isRefused) where (overlay == .servers || overlay == .compose) && prompt == nil:
      servers.asking = attempt.place
      prompt = Prompt(subject: .serverPassword, field: TextField())
      prompt?.isRefused = isRefused && attempt.hasTyped
      if isRefused, !attempt.hasTyped, let source = passwordSource(of: attempt.place) {
        servers.failure = ServersState.Failure(
          place: attempt.place,
          message:
            "its password (\(source)) was refused. A container that is older than the file may have another one: "
            + "type that, or Esc, and u makes the container anew.")
      }
    case .wantsPassword:
      servers.failure = ServersState.Failure(
        place: attempt.place, message: "not logged in: the server asks for a password. Enter asks you for it.")
    case .failed(let message):
      servers.failure = ServersState.Failure(place: attempt.place, message: message)
      if overlay != .servers, overlay != .compose { say(message, .error) }
    }
  }

  /// Where the password of a service of the Compose project stands; nil: it is none, or has none that is known.
  private func passwordSource(of place: ServerPlace) -> String? {
    guard case .compose(let name) = place else { return nil }
    return compose.listing?.service(name)?.passwordSource
  }

  /// The masked field was left.
  mutating func take(serverPassword text: String, isGiven: Bool) {
    guard let place = servers.asking else { return }
    servers.asking = nil
    guard isGiven, !text.isEmpty else {
      servers.failure = ServersState.Failure(
        place: place, message: "not logged in: no password was typed. Enter asks for it again.")
      return
    }
    connect(to: place, password: Secret(Array(text.utf8)))
  }

  // MARK: - Trying them

  /// Servers that are tried at the same time.
  static let mostTests = 4

  mutating func test(_ entries: [ServerEntry]) {
    for entry in entries where servers.tests[entry.place]?.isOver != false {
      if let flaw = entry.flaw {
        servers.tests[entry.place] = .failed(why: "cannot be used", message: flaw)
      } else if let state = stateOfDown(entry) {
        servers.tests[entry.place] = .failed(
          why: state, message: "it is not running (\(state)): Enter starts it first")
      } else {
        servers.tests[entry.place] = .waiting
      }
    }
    startTests()
  }

  /// What has become of a service of the Compose project that does not run; nil: it does, or is another server.
  private func stateOfDown(_ entry: ServerEntry) -> String? {
    guard case .compose(let name) = entry.place, let service = compose.listing?.service(name), service.isDown else {
      return nil
    }
    return service.stateWords.text
  }

  mutating func take(_ test: ServerTest, of place: ServerPlace) {
    guard servers.tests[place] == .running else { return }
    servers.tests[place] = test
    startTests()
  }

  private mutating func startTests() {
    var running = servers.tests.values.count { $0 == .running }
    for entry in servers.all where servers.tests[entry.place] == .waiting && running < Self.mostTests {
      servers.tests[entry.place] = .running
      outbox.append(.testServer(entry.place))
      running += 1
    }
  }
}
