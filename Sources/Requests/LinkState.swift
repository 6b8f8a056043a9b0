/// How the connection to the server stands, as the screen shows it.
package enum LinkState: Sendable, Equatable {
  case connecting
  case connected
  /// The connection was lost, or was not made again; what was loaded stays readable and is stale.
  case lost(LinkLoss)
}

/// Why there is no connection, and when the next attempt begins.
package struct LinkLoss: Sendable, Equatable {
  /// What did not work: `connection lost`, `cannot connect to 10.0.0.1:6379`.
  package var what: String
  /// Escaped already.
  package var why: String
  /// What the user can do.
  package var nextStep: String
  /// When it is tried again by itself, monotonic ms; nil: only the user can bring it back.
  package var retryAt: Int64?

  package init(what: String, why: String, nextStep: String, retryAt: Int64?) {
    self.what = what
    self.why = why
    self.nextStep = nextStep
    self.retryAt = retryAt
  }
}
