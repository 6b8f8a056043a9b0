import Canvas
import Requests

/// `c` on the screen of connections, or `keyglass compose`: the Compose project of the folder.
extension State {
  mutating func openCompose(fromServers: Bool) {
    overlay = .compose
    servers.failure = nil
    compose.isFromServers = fromServers
    compose.isPaneFocused = false
    fitCompose()
  }

  /// Which of the two screens is shown, or lies beneath a question or the help.
  var composeScreen: Overlay? {
    switch overlay {
    case .compose: .compose
    case .servers: .servers
    case nil: nil
    default: beneath
    }
  }

  /// Behind each event: what was opened over a screen gives it back, and the watch is on while one of them is there.
  mutating func tendCompose() {
    if overlay == .compose || overlay == .servers {
      beneath = nil
    } else if overlay == nil {
      overlay = beneath ?? (setup.isServerless ? .compose : nil)
      beneath = nil
    }
    let isShown = composeScreen == .compose
    if !isShown {
      compose.confirmation = nil
      compose.starting = nil
      if let run = compose.running, run.isHarmless, !run.isCancelled { cancelCompose() }
    }
    connectIfStarted()
    let isWatched = composeScreen != nil
    guard isWatched != compose.isWatched else { return }
    compose.isWatched = isWatched
    compose.isReading = isWatched
    outbox.append(.watchCompose(isWatched))
  }

  mutating func take(compose finding: ComposeFinding) {
    compose.isReading = false
    let row = compose.missed ?? compose.rowUnderCursor
    compose.finding = finding
    returnCompose(to: row)
    fitCompose()
    let asked = compose.confirmation?.command ?? dialogCommand
    if let asked, compose.listing?.command(asked.action, service: asked.service) != asked {
      if dialogCommand != nil { overlay = .compose }
      compose.confirmation = nil
      say("the project has changed, so nothing was run: look, then press the key again", .warning)
    }
    if let starting = compose.starting, let entry = compose.listing?.service(starting.service),
      entry.containers?.state == .running, entry.obstacle == nil
    {
      compose.starting?.isReady = true
    }
    take(composeEntries: compose.listing?.serverEntries(canStart: !setup.isReadOnly) ?? [])
  }

  /// Keys act on the row under the cursor: it stays on that row, and comes back to it where it is missed for a while.
  private mutating func returnCompose(to row: ComposeState.Row?) {
    guard let services = compose.listing?.services else {
      compose.missed = row
      return
    }
    let isNews = compose.missed == nil
    compose.missed = nil
    switch row {
    case nil: compose.viewport = Viewport(cursor: firstRow)
    case .project: compose.viewport.cursor = 0
    case .service(let name):
      if let index = services.firstIndex(where: { $0.name == name }) {
        compose.viewport.cursor = index + 1
      } else {
        compose.missed = row
        if isNews { say("\(name) is not in the project any more", .warning) }
      }
    }
  }

  /// What an open question would run.
  private var dialogCommand: ComposeCommand? {
    guard case .dialog(let dialog)? = overlay else { return nil }
    return dialog.buttons.lazy.compactMap { button in
      if case .runCompose(let command) = button.choice { command } else { nil }
    }.first
  }

  /// The server that one is on, else the first that can be connected to.
  private var firstRow: Int {
    guard let services = compose.listing?.services else { return 0 }
    let index =
      services.firstIndex { setup.place == .compose(service: $0.name) }
      ?? services.firstIndex { $0.isRedis && $0.obstacle == nil && $0.flaw == nil }
      ?? services.firstIndex(where: \.isRedis)
    return index.map { $0 + 1 } ?? 0
  }

  mutating func fitCompose() {
    compose.viewport.show(count: compose.rowCount, height: composeLayout.table.height)
    fitComposePane()
  }

  // MARK: - Keys

  mutating func handleInCompose(_ key: Key) {
    if compose.listing != nil { compose.missed = nil }
    if let confirmation = compose.confirmation {
      handle(key, for: confirmation)
      return
    }
    if let move = Self.move(for: key) {
      if compose.isPaneFocused {
        scrollCompose(move)
      } else {
        compose.viewport.move(move, count: compose.rowCount, height: composeLayout.table.height)
      }
      return
    }
    switch Bindings.action(for: key, in: [.compose]) {
    case .onCompose(let action)?: perform(action)
    case .help?: openOverCompose(.help(Viewport()))
    case .quit?: leaveProgram()
    default: break
    }
  }

  private mutating func openOverCompose(_ overlay: Overlay) {
    guard servers.attempt == nil else { return sayWhatIsConnecting() }
    beneath = self.overlay
    self.overlay = overlay
  }

  private mutating func perform(_ action: ComposeScreenAction) {
    switch action {
    case .connect:
      if compose.isPaneFocused {
        say("Tab goes back to the services")
      } else if let entry = compose.serviceUnderCursor {
        connectCompose(entry.name)
      } else if compose.listing != nil {
        say("all of the project: Enter on one of its services connects")
      }
    case .run(let action): ask(for: action)
    case .test: testService()
    case .copy:
      guard let entry = compose.serviceUnderCursor else {
        say("stand on a service: its command line is copied")
        return
      }
      guard entry.isRedis else {
        say("\(entry.name) speaks no Redis, as far as its file tells: nothing to copy", .warning)
        return
      }
      copyToClipboard(Array((compose.listing?.commandLine(of: entry.name) ?? "").utf8), "its command line")
    case .readAgain:
      compose.isReading = true
      outbox.append(.watchCompose(true))
      say("reading the files again, and asking the engine")
    case .otherPane:
      guard compose.run != nil else {
        say("no command was run yet: there is no output to go to")
        return
      }
      compose.isPaneFocused.toggle()
      if !compose.isPaneFocused { compose.isPaneZoomed = false }
      fitCompose()
    case .zoom:
      guard compose.run != nil else {
        say("no command was run yet: there is no output to zoom")
        return
      }
      compose.isPaneZoomed.toggle()
      if compose.isPaneZoomed { compose.isPaneFocused = true }
      fitCompose()
    case .wrap:
      compose.run?.isWrapped.toggle()
      compose.run?.top?.row = 0
      fitComposePane()
    case .connections: leaveCompose(to: .servers)
    case .close: closeCompose()
    }
  }

  private mutating func testService() {
    guard let entry = compose.serviceUnderCursor, let server = servers.entry(of: .compose(service: entry.name))
    else {
      say(
        compose.serviceUnderCursor.map { "\($0.name) speaks no Redis, as far as its file tells" }
          ?? "stand on a service that speaks Redis", .warning)
      return
    }
    servers.failure = nil
    test([server])
  }
}

extension State {
  /// The project goes on when another server is gone to, and what that one said of itself is kept.
  mutating func takeCompose(from old: State) {
    compose = old.compose
    compose.confirmation = nil
    compose.starting = nil
    compose.isPaneFocused = false
    compose.isPaneZoomed = false
    if case .compose(let service)? = old.setup.place, let server = old.header.server {
      compose.remembered[service] = ComposeState.Memory(
        product: server.product, version: server.version, keys: server.keys)
    }
    if let run = compose.running, run.isHarmless, !run.isCancelled { cancelCompose() }
    if compose.isWatched {
      compose.isWatched = false
      outbox.append(.watchCompose(false))
    }
  }

  /// When what is said of a command next changes, monotonic ms.
  var nextComposeTick: Int64 {
    var next = Int64.max
    if let confirmation = compose.confirmation, now < confirmation.quietUntil { next = confirmation.quietUntil }
    if composeScreen == .compose, let run = compose.running {
      next = min(next, now + 1_000 - (now - run.since) % 1_000)
    }
    return next
  }
}
