/// What came of trying to connect to a server, with nothing changed there.
package enum ServerTest: Sendable, Equatable {
  /// Others are tried first.
  case waiting
  case running
  case reached(ServerGreeting)
  case wantsPassword
  /// `why` in a few words, `message` as one line with the next step. Both may hold what the server said, escaped.
  case failed(why: String, message: String)

  var isOver: Bool { self != .waiting && self != .running }
}

/// How a server answers. What it says of itself is as it came: escape it to show it.
package struct ServerGreeting: Sendable, Equatable {
  /// `redis`, `valkey` …; empty where it does not say.
  package var product: String
  package var version: String
  package var role: String
  /// From a PING to its answer.
  package var microseconds: Int

  package init(product: String, version: String, role: String, microseconds: Int) {
    self.product = product
    self.version = version
    self.role = role
    self.microseconds = microseconds
  }
}

/// Why a server was not gone to.
package enum ConnectFailure: Error, Sendable, Equatable {
  /// It asks for a password; `isRefused`: another than the one that was given.
  case wantsPassword(isRefused: Bool)
  /// One line with the next step.
  case failed(String)
}
