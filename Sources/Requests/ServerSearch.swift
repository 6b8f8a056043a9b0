/// How far the server was asked for the names of one pattern (``Request/search(_:)``).
package struct ServerSearch: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    case running
    case paused
    /// Every name that matches is in the index.
    case done
    /// The index may hold no more: there may be others.
    case limited
    /// It did not come to its end. `why` may hold bytes of the server: escape it to show it.
    case broken(why: [UInt8])
  }

  /// As SCAN MATCH takes it.
  package var pattern: [UInt8]
  package var phase = Phase.running
  /// Names that the server told, each counted once.
  package var found = 0
  /// Keys that the server has looked at so far, about: the sum of COUNT.
  package var visited = 0

  package init(pattern: [UInt8]) { self.pattern = pattern }

  /// It costs the server something.
  package var isRunning: Bool { phase == .running }
}
