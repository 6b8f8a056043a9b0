import Canvas

/// The screen of connections, and what came of trying them.
package struct ServersState: Sendable, Equatable {
  package struct Attempt: Sendable, Equatable {
    package var number: Int
    package var place: ServerPlace
    /// Monotonic ms.
    var since: Int64
  }

  package struct Failure: Sendable, Equatable {
    var place: ServerPlace
    var message: String
  }

  /// Recently used ones first; nil until they were read.
  package var entries: [ServerEntry]?
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
  var shown: [ServerEntry] { (entries ?? []).filter { $0.matches(filter) } }

  var underCursor: ServerEntry? {
    let shown = shown
    return shown.indices.contains(viewport.cursor) ? shown[viewport.cursor] : nil
  }

  /// Something is under way that changes the screen.
  var isBusy: Bool { attempt != nil || tests.values.contains { !$0.isOver } }

  func entry(of place: ServerPlace) -> ServerEntry? { entries?.first { $0.place == place } }
}

/// What a key does to the server under the cursor of the screen of connections.
package enum ServerAction: Hashable, Sendable {
  case connect
  case test
  case testAll
  case copy
  case filter
  case close
}
