import Canvas

/// Ways out of the screen of the Compose project, and what is asked before.
extension State {
  /// One level back: what is asked, what is under way, the pane, the screen.
  mutating func closeCompose() {
    if compose.confirmation != nil {
      compose.confirmation = nil
    } else if servers.attempt != nil {
      giveUpConnecting()
    } else if let starting = compose.starting {
      compose.starting = nil
      say("not connecting to \(starting.service) any more; its command goes on")
    } else if compose.isPaneZoomed {
      compose.isPaneZoomed = false
      fitCompose()
    } else if let run = compose.running, compose.isPaneFocused {
      if run.isCancelled { compose.isPaneFocused = false } else { cancelCompose() }
    } else if let run = compose.run, !run.isRunning || run.isHarmless && !run.isCancelled {
      closeComposePane()
    } else {
      leaveCompose(to: isServersBehind ? .servers : nil)
    }
  }

  private var isServersBehind: Bool { compose.isFromServers && !setup.isServerless }

  /// `^C`: a running command first, whatever has the keys.
  mutating func interruptInCompose() {
    if compose.running != nil, compose.confirmation == nil, servers.attempt == nil {
      cancelCompose()
    } else {
      closeCompose()
    }
  }

  /// - Parameter screen: nil: the browser, or out of the program where there is none.
  mutating func leaveCompose(to screen: Overlay?) {
    if screen == nil, setup.isServerless {
      leaveProgram()
      return
    }
    guard !askAboutCommand(leaving: .screen(isServers: screen == .servers)) else { return }
    if servers.attempt != nil { giveUpConnecting() }
    if screen == .servers {
      openServers()
    } else {
      overlay = nil
    }
    beneath = nil
  }

  /// A command that would be missed runs: true, and asked.
  mutating func askAboutCommand(leaving: Dialog.ComposeLeaving) -> Bool {
    guard let run = compose.unfinished else { return false }
    var dialog = Dialog(
      title: "a command is running",
      lines: [Array("Leaving stops it, as ^C in a shell does.".utf8)],
      buttons: [.init("[Stay]", .cancel), .init("[Stop it and leave]", .stopCompose(leaving))], openedAt: now)
    dialog.shellWords = run.command.words
    dialog.shellTitle = "running"
    open(dialog)
    return true
  }

  /// `[Stop it and leave]`.
  mutating func stopCompose(leaving: Dialog.ComposeLeaving) {
    cancelCompose()
    beneath = nil
    switch leaving {
    case .program: leaveProgram()
    case .screen(let isServers): leaveCompose(to: isServers ? .servers : nil)
    }
  }
}
