internal import Commands
internal import RedisClient
internal import Requests

/// What the Store keeps for the console: its connection, how that stands, and the replies that are shown.
struct ConsoleTurn: Sendable {
  /// nil: not connected, or not any more.
  var connection: Connection?
  /// CLIENT ID's answer on it; nil: it may not be asked.
  var clientID: Int64?
  var session: ConsoleSession
  /// The connection that is just being made.
  var opening: Task<Result<Connection, ClientError>, Never>?
  /// The server that the connection led to, by its run id; nil: it was never asked, or may not be.
  var runID: String?
  /// What is known of the server's commands; the built-in table until the server was asked.
  var table = CommandTable.builtIn
  /// Commands that read, by the server's own flags: for the gate of read-only mode.
  var readers = Self.plain
  var running: Running?
  var replies = KeptReplies()
  /// The newest stream; what it has kept stays until another begins.
  var stream: ConsoleStream?
  var streamConnection: Connection?

  /// Commands about the connection alone: whatever a transaction holds has passed the gate by itself.
  static let plain: Set<String> = ["MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "RESET", "QUIT"]

  /// The command that is under way.
  struct Running: Sendable {
    var id: Int
    /// Its reply may never come by itself.
    var canBlock: Bool
    /// It may change something.
    var writes: Bool
    /// It was given to the connection; before, the connection is made and brought to its database.
    var isSent = false
    var isCancelled = false
  }

  init(database: Int) { session = ConsoleSession(database: database) }

  /// The connection is gone, and with it what it had in mind.
  mutating func disconnect() {
    connection = nil
    clientID = nil
    session = ConsoleSession(database: session.database)
  }
}
