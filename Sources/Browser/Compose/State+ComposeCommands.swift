import Canvas

/// Commands that are run on the screen of the Compose project: one at a time, each as it was shown.
extension State {
  /// Why this cannot be done, in a sentence without its end; nil: it can.
  func composeObstacle(to action: ComposeAction, service: String?) -> String? {
    guard let listing = compose.listing else { return "there is no project" }
    if setup.isReadOnly, !action.isReading { return "read-only: \(setup.readOnlyCause)" }
    if let obstacle = listing.commandObstacle { return obstacle }
    if action != .down, service?.hasPrefix("-") == true {
      return "the name of this service would be taken for an option"
    }
    return nil
  }

  /// A key for it was pressed.
  mutating func ask(for action: ComposeAction) {
    let service = action == .down ? nil : compose.serviceUnderCursor?.name
    if let obstacle = composeObstacle(to: action, service: service) {
      say("not possible: \(obstacle)", .warning)
      return
    }
    guard let command = compose.listing?.command(action, service: service), isFreeForCommand(command) else { return }
    if action.isReading {
      run(command)
    } else if servers.attempt != nil {
      sayWhatIsConnecting()
    } else if action.interrupts {
      open(question(before: command))
    } else {
      confirm(command)
    }
  }

  /// False, and said, while another command runs. One that only shows is replaced.
  private mutating func isFreeForCommand(_ command: ComposeCommand) -> Bool {
    guard let running = compose.running, running.command.action != .logs else { return true }
    say(
      running.isCancelled
        ? "'\(running.command.line)' is being stopped: harder after 5 s, for good after 10 s"
        : "one command at a time: '\(running.command.line)' is running. ^C stops it", .warning)
    return false
  }

  // MARK: - Before

  mutating func confirm(_ command: ComposeCommand, connects: Bool = false) {
    compose.confirmation = ComposeState.Confirmation(
      command: command, connects: connects, quietUntil: now + Self.dialogGuard)
  }

  mutating func handle(_ key: Key, for confirmation: ComposeState.Confirmation) {
    guard now >= confirmation.quietUntil else { return }
    switch key {
    case .enter:
      compose.confirmation = nil
      run(confirmation.command, connects: confirmation.connects)
    case .escape, .character("q"), .character("n"): compose.confirmation = nil
    case .character("Q"):
      compose.confirmation = nil
      leaveProgram()
    default: break
    }
  }

  private func question(before command: ComposeCommand) -> Dialog {
    let name = command.service ?? "all of \(compose.listing?.name ?? "the project")"
    let (title, words, button): (String, String, String) =
      switch command.action {
      case .restart:
        (
          "restart \(name)?",
          "Clients are cut off meanwhile, and what a server has not saved is lost.", "[Restart]"
        )
      case .down:
        (
          "take \(compose.listing?.name ?? "the project") down?",
          "Its containers and networks are removed. Volumes stay, and what is kept nowhere else is lost.", "[Take down]"
        )
      default: ("stop \(name)?", "Clients are cut off. Containers stay: a starts them again.", "[Stop]")
      }
    var lines = [Array(words.utf8)]
    if case .compose(let service)? = setup.place, command.service == nil || command.service == service {
      lines.append(Array("You are connected to \(service): what is shown of it will be [STALE].".utf8))
    }
    var dialog = Dialog(
      title: title, lines: lines, buttons: [.init("[Cancel]", .cancel), .init(button, .runCompose(command))],
      openedAt: now)
    dialog.shellWords = command.words
    return dialog
  }

  // MARK: - Under way

  mutating func run(_ command: ComposeCommand, connects: Bool = false) {
    overlay = .compose
    guard isFreeForCommand(command) else { return }
    if compose.running?.isCancelled == false { cancelCompose() }
    let number = compose.nextRun
    compose.nextRun += 1
    compose.run = ComposeRun(number: number, command: command, since: now)
    compose.isPaneZoomed = false
    compose.isPaneFocused = false
    compose.starting =
      connects ? command.service.map { ComposeState.Starting(service: $0, run: number) } : compose.starting
    servers.failure = nil
    outbox.append(.runCompose(run: number, words: command.words, folder: command.folder))
    fitCompose()
  }

  mutating func cancelCompose() {
    guard let run = compose.running else { return }
    compose.run?.isCancelled = true
    compose.starting = nil
    outbox.append(.cancelCompose(run: run.number))
  }

  mutating func take(output lines: [[UInt8]], ofComposeRun number: Int) {
    guard compose.run?.number == number, !lines.isEmpty else { return }
    compose.run?.output.append(lines)
    fitComposePane()
  }

  mutating func take(_ end: ComposeEnd, ofComposeRun number: Int) {
    guard let run = compose.run, run.number == number, run.isRunning else { return }
    compose.run?.end = end
    compose.run?.endedAt = now
    if let starting = compose.starting, starting.run == number {
      if end == .exited(status: 0) {
        compose.starting?.isReady = true
      } else {
        compose.starting = nil
        servers.failure = ServersState.Failure(
          place: .compose(service: starting.service),
          message: "not connected: '\(run.command.line)' did not work. What it wrote stands below.")
      }
    }
    guard composeScreen != .compose, end != .cancelled else { return }
    say("\(run.command.line): \(end.words)", end == .exited(status: 0) ? .plain : .error)
  }
}

extension ComposeEnd {
  var words: String {
    switch self {
    case .exited(let status): "exit \(status)"
    case .signalled(let signal): "ended by signal \(signal)"
    case .cancelled: "stopped"
    case .notStarted(let why): "not started: \(why)"
    }
  }
}
