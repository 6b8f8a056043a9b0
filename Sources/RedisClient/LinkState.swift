/// Where a `Link` stands, as the screen shows it.
package enum LinkState: Sendable, Equatable {
  /// Nothing was sent yet.
  case idle
  case connecting
  case connected(HelloFacts)
  /// Gone; the next attempt begins after `retryIn`. `attempt` counts from 1 since the last stable connection.
  case lost(ClientError, retryIn: Duration, attempt: Int)
  /// Gone, and only `retryNow` tries again: a wrong password does not become right by itself.
  case failed(ClientError)
}
