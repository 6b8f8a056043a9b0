import Canvas

/// What can be done to the project, or to one of its services, by the Compose command.
package enum ComposeAction: Hashable, Sendable, CaseIterable {
  case up
  case start
  case stop
  case restart
  case build
  case pull
  case ps
  case logs
  case down

  /// The words behind those of the tool.
  /// - Parameter service: nil: all of the project. `down` takes none: it ends the project as a whole.
  package func words(service: String?) -> [String] {
    let words: [String] =
      switch self {
      case .up: ["up", "-d"]
      case .start: ["start"]
      case .stop: ["stop"]
      case .restart: ["restart"]
      case .build: ["build"]
      case .pull: ["pull"]
      // Compose 2 leaves out what has ended without it, docker-compose 1.29 one-off containers.
      case .ps: ["ps", "-a"]
      // Without a limit the whole log of a service that has run for months would come first.
      case .logs: ["logs", "--follow", "--tail", "200", "--no-color"]
      case .down: ["down"]
      }
    guard self != .down, let service else { return words }
    return words + [service]
  }

  /// It changes nothing, so it is run at once, also where nothing is to be written.
  var isReading: Bool { self == .ps || self == .logs }

  /// It ends what others may be using: a dialog asks, with `[Cancel]` first.
  var interrupts: Bool { self == .stop || self == .restart || self == .down }
}

/// A command as it is shown, and run exactly so.
package struct ComposeCommand: Sendable, Equatable {
  package var action: ComposeAction
  /// Nil: all of the project.
  package var service: String?
  package var words: [String]
  package var folder: String

  /// As one would type it. May hold bytes of the file: escape it to show it.
  var line: String { ShellWord.line(words) }
}

extension ComposeListing {
  /// Nil: there is no tool, or not yet.
  func command(_ action: ComposeAction, service: String?) -> ComposeCommand? {
    guard case .found(let words, _) = tool else { return nil }
    let service = action == .down ? nil : service
    return ComposeCommand(
      action: action, service: service, words: words + action.words(service: service), folder: folder)
  }

  /// Why none of its commands can be run now, in a sentence without its end; nil: they can.
  var commandObstacle: String? {
    switch (tool, engine) {
    case (.unknown, _): "the Compose command is still being looked for"
    case (.missing(let why), _): "there is no Compose command: \(why)"
    case (_, .unknown): "the engine has not answered yet"
    case (_, .fails(let why)): "the engine does not answer: \(why)"
    case (.found, .answers): nil
    }
  }

  /// Services that `up` would start, and those that run all the same.
  var countedServices: [ComposeEntry] { services.filter { $0.unchosenProfiles.isEmpty || $0.isRunning } }

  /// `3/5 running`; nil: the engine was not asked, or does not answer.
  var runningWords: String? {
    guard services.contains(where: { $0.containers != nil }) else { return nil }
    return "\(services.count(where: \.isRunning))/\(countedServices.count) running"
  }

  func service(_ name: String) -> ComposeEntry? { services.first { $0.name == name } }
}

extension ComposeEntry {
  var isRedis: Bool { product != nil }

  /// At least one of its containers runs.
  var isRunning: Bool { containers.map { $0.state == .running || $0.running > 0 } ?? false }

  /// The engine says that nothing of it runs, nor is about to run again.
  var isDown: Bool {
    switch containers?.state {
    case .absent, .created, .exited, .dead, .removing: !isRunning
    case .running, .paused, .restarting, nil: false
    }
  }

  /// In a word or two; `?` where the engine was not asked.
  var stateWords: (text: String, role: Role) {
    guard let containers else { return ("?", .textDim) }
    switch containers.state {
    case .absent: return ("not created", .textDim)
    case .created: return ("created", .textDim)
    case .running where containers.total > 1 && containers.running < containers.total:
      return ("running \(containers.running)/\(containers.total)", .warn)
    case .running: return (containers.total > 1 ? "running \(containers.total)" : "running", .ok)
    case .paused: return ("paused", .warn)
    case .restarting(let count): return ("restarting (\(count))", .danger)
    case .removing: return ("removing", .warn)
    case .exited(let code): return ("exited (\(code))", code == 0 ? .textDim : .danger)
    case .dead: return ("dead", .danger)
    }
  }

  var healthWords: (text: String, role: Role)? {
    guard isRunning || containers?.state == .paused else { return nil }
    return switch containers?.health {
    case nil: nil
    case .starting: ("starting", .warn)
    case .healthy: ("healthy", .ok)
    case .unhealthy: ("unhealthy", .danger)
    }
  }
}
