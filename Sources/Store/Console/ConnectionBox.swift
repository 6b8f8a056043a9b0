internal import RedisClient
internal import Synchronization

/// A connection, for what has to be said of it before it was made.
final class ConnectionBox: Sendable {
  let connection = Mutex<Connection?>(nil)
}
