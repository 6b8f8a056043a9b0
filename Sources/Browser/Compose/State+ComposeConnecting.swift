import Canvas
import Requests

/// From a service of the Compose project to its keys.
extension State {
  /// - Parameter isSure: what would be lost by leaving the server that one is on was asked about.
  mutating func connectCompose(_ name: String, isSure: Bool = false) {
    guard let listing = compose.listing, let entry = listing.service(name) else { return }
    let place = ServerPlace.compose(service: name)
    servers.failure = nil
    if servers.attempt != nil || compose.starting != nil {
      sayWhatIsConnecting()
    } else if let flaw = entry.flaw {
      say(flaw, .warning)
    } else if !entry.isRedis {
      say("\(name) speaks no Redis, as far as its file tells: there is nothing to connect to", .warning)
    } else if place == setup.place, !entry.isDown {
      leaveCompose(to: nil)
    } else if entry.isDown {
      startAndConnect(entry, in: listing, isSure: isSure)
    } else if entry.containers?.state == .paused, !entry.isRunning {
      fail(place, "\(name) is paused, so it would never answer. r restarts it; 'docker unpause' wakes it up.")
    } else if let obstacle = entry.obstacle {
      say(obstacle, .warning)
    } else if !isSure, let loss = lossByLeaving {
      ask(about: loss, then: .connect(place))
    } else {
      connect(to: place)
    }
  }

  /// Nothing of it runs: offers to start it first.
  private mutating func startAndConnect(_ entry: ComposeEntry, in listing: ComposeListing, isSure: Bool) {
    let place = ServerPlace.compose(service: entry.name)
    if let obstacle = composeObstacle(to: .up, service: entry.name) {
      fail(
        place, "\(entry.name) is not running (\(entry.stateWords.text)), and cannot be started from here: \(obstacle).")
    } else if let running = compose.running, running.command.action != .logs {
      say("'\(running.command.line)' is running: Enter again when it has ended, or ^C stops it", .warning)
    } else if place != setup.place, !isSure, let loss = lossByLeaving {
      ask(about: loss, then: .connectCompose(entry.name))
    } else if let command = listing.command(.up, service: entry.name) {
      if overlay != .compose { openCompose(fromServers: true) }
      if let index = listing.services.firstIndex(where: { $0.name == entry.name }) {
        compose.missed = nil
        compose.viewport.cursor = index + 1
        fitCompose()
      }
      // Where it is the server that one is on, its connections come back by themselves.
      confirm(command, connects: place != setup.place)
    }
  }

  private mutating func fail(_ place: ServerPlace, _ message: String) {
    servers.failure = ServersState.Failure(place: place, message: message)
  }

  private mutating func ask(about loss: (title: String, words: String), then choice: Dialog.Choice) {
    open(
      Dialog(
        title: loss.title, lines: [Array(loss.words.utf8)],
        buttons: [.init("[Stay]", .cancel), .init("[Leave it]", choice)], openedAt: now))
  }

  /// What was started so as to connect to it is up.
  mutating func connectIfStarted() {
    guard let starting = compose.starting, starting.isReady, overlay == .compose, prompt == nil,
      compose.confirmation == nil, servers.attempt == nil
    else { return }
    compose.starting = nil
    connect(to: .compose(service: starting.service))
  }

  mutating func sayWhatIsConnecting() {
    let name = servers.attempt.map { title(of: $0.place) } ?? compose.starting?.service ?? "it"
    say("connecting to \(name): Esc gives that up", .warning)
  }

  mutating func giveUpConnecting() {
    guard let attempt = servers.attempt else { return }
    servers.attempt = nil
    outbox.append(.giveUp(attempt: attempt.number))
    say(
      "no longer connecting to \(title(of: attempt.place))" + (setup.isServerless ? "" : ": you are where you were"))
  }
}

extension ComposeListing {
  /// What connects to a service from a shell in the folder that Keyglass was started in.
  func commandLine(of service: String) -> String {
    shellPrefix + ShellWord.line(["keyglass", "@compose/\(service)"])
  }

  /// Its Redis-style services, as the screen of connections lists them.
  /// - Parameter canStart: what is not running may be started.
  func serverEntries(canStart: Bool) -> [ServerEntry] {
    services.filter(\.isRedis).map { service in
      var entry = ServerEntry(
        .compose(service: service.name), address: service.address ?? "?", user: service.user, usesTLS: service.usesTLS,
        commandLine: commandLine(of: service.name))
      let isStartable = service.isDown && canStart && commandObstacle == nil
      entry.flaw = service.flaw ?? (isStartable ? nil : service.obstacle)
      return entry
    }
  }
}
