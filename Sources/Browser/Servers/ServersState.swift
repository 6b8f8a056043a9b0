import Canvas

/// The screen of connections, and what came of trying them.
package struct ServersState: Sendable, Equatable {
  package struct Attempt: Sendable, Equatable {
    package var number: Int
    package var place: ServerPlace
    /// Monotonic ms.
    var since: Int64
    /// With a password that the user has typed.
    var hasTyped = false
  }

  package struct Failure: Sendable, Equatable {
    var place: ServerPlace
    var message: String
  }

  /// Recently used ones first; nil until they were read.
  package var entries: [ServerEntry]?
  /// Services of the Compose project that speak Redis, in the order of its file; listed before the others: whoever
  /// is in its folder has most to do with them.
  var composeEntries: [ServerEntry] = []
  /// Only those are listed that hold this text.
  package var filter = ""
  var viewport = Viewport()
  package var tests: [ServerPlace: ServerTest] = [:]
  /// The server that is being connected to, while the old one goes on.
  package var attempt: Attempt?
  var nextAttempt = 1
  package var failure: Failure?
  /// Whose password is being asked for.
  var asking: ServerPlace?

  /// Those that the filter lets through.
  var shown: [ServerEntry] { all.filter { $0.matches(filter) } }

  var all: [ServerEntry] { composeEntries + (entries ?? []) }

  var underCursor: ServerEntry? {
    let shown = shown
    return shown.indices.contains(viewport.cursor) ? shown[viewport.cursor] : nil
  }

  /// Something is under way that changes the screen.
  var isBusy: Bool { attempt != nil || tests.values.contains { !$0.isOver } }

  func entry(of place: ServerPlace) -> ServerEntry? { all.first { $0.place == place } }
}

/// What a key does to the server under the cursor of the screen of connections.
package enum ServerAction: Hashable, Sendable {
  case connect
  case test
  case testAll
  case copy
  case filter
  /// The Compose project.
  case compose
  case close
}
