/// How long to wait before the next attempt to connect: 0.1 s at first, doubled each time, 5 s at most, each with up to
/// a fifth of jitter so that many clients do not come back at once.
///
/// Only a connection that lasted for `stable` starts the sequence again, so that one which is made and lost again and
/// again does not become a storm.
struct Backoff: Equatable {
  static let shortest = Duration.milliseconds(100)
  static let longest = Duration.seconds(5)
  static let stable = Duration.seconds(5)

  /// Attempts since the last stable connection.
  private(set) var attempt = 0

  /// The connection was lost after `lasting`, or was never made (nil).
  mutating func delay(
    after error: ClientError, lasting: Duration?, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    if let lasting, lasting >= Self.stable { attempt = 0 }
    // A server that is full needs clients that stay away.
    let base = error == .maxClients ? Self.longest : min(Self.longest, Self.shortest * (1 << min(attempt, 10)))
    attempt += 1
    return base * Double.random(in: error == .maxClients ? 1...1.2 : 0.8...1.2, using: &generator)
  }

  mutating func reset() {
    attempt = 0
  }
}
