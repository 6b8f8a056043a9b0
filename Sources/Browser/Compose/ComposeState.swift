import Canvas

/// The screen of the Compose project, and the command that was run last.
package struct ComposeState: Sendable, Equatable {
  /// What is to be run once Enter is pressed.
  package struct Confirmation: Sendable, Equatable {
    package var command: ComposeCommand
    /// Then connect to its service.
    package var connects: Bool
    /// Keys before this monotonic ms are not for it.
    var quietUntil: Int64
  }

  /// A service that is being started so as to connect to it.
  struct Starting: Sendable, Equatable {
    var service: String
    var run: Int
    /// It is up: to be connected to as soon as the screen is there.
    var isReady = false
  }

  enum Row: Sendable, Equatable {
    case project
    case service(String)
  }

  /// What a server of the project said when it was connected to.
  package struct Memory: Sendable, Equatable {
    package var product: String
    package var version: String
    package var keys: Int?
  }

  /// Nil until it was looked for.
  package var finding: ComposeFinding?
  /// ``Effect/watchCompose(_:)`` is on.
  var isWatched = false
  /// It was asked for, and has not come since.
  var isReading = false
  /// Over the project's own row and those of the services.
  package var viewport = Viewport()
  /// The row that the cursor was on before the files stopped telling of it; nil: it is on one, or has been moved since.
  var missed: Row?
  var nextRun = 1
  /// The last one; nil: none was run, or its pane was closed.
  package var run: ComposeRun?
  /// Its pane has the keys.
  package var isPaneFocused = false
  package var isPaneZoomed = false
  package var confirmation: Confirmation?
  var starting: Starting?
  /// Leaving goes to the screen of connections.
  var isFromServers = false
  /// By the name of the service.
  package var remembered: [String: Memory] = [:]

  package var listing: ComposeListing? { if case .project(let listing)? = finding { listing } else { nil } }

  var rowCount: Int { listing.map { $0.services.count + 1 } ?? 0 }

  /// Nil: the project's own row, or there is none.
  var serviceUnderCursor: ComposeEntry? {
    guard let services = listing?.services, services.indices.contains(viewport.cursor - 1) else { return nil }
    return services[viewport.cursor - 1]
  }

  /// Nil: there is no project.
  var rowUnderCursor: Row? {
    listing.map { _ in serviceUnderCursor.map { .service($0.name) } ?? .project }
  }

  /// Nil: nothing runs.
  package var running: ComposeRun? { run.flatMap { $0.isRunning ? $0 : nil } }

  /// A command that would be missed runs, and was not told to end.
  var unfinished: ComposeRun? { running.flatMap { $0.isHarmless || $0.isCancelled ? nil : $0 } }

  /// Something is under way that changes the screen and ends by itself.
  var isBusy: Bool {
    if let running, running.command.action != .logs { return true }
    guard starting == nil else { return true }
    return isReading || finding == nil || listing?.tool == .unknown || listing?.engine == .unknown
  }
}

/// What a key does on the screen of the Compose project.
package enum ComposeScreenAction: Hashable, Sendable {
  case connect
  case run(ComposeAction)
  case test
  case copy
  case readAgain
  case otherPane
  case zoom
  case wrap
  case connections
  case close
}
