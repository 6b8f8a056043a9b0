internal import Requests

/// Where the scan of the current database stands.
struct ScanState {
  var progress = ScanProgress(database: 0)
  /// What the index holds now; the progress that was told may be older.
  var status = IndexWorker.Status()
  /// Where SCAN goes on; kept over a pause and a lost connection.
  var cursor: UInt64 = 0
  var watch = CursorWatch()
  /// Counts the loops started: a loop that is not the newest ends.
  var run = 0
  var isPaused = false
  /// Whose cursor it is, and the connection that it came by (``Link/generation``).
  var server: ServerIdentity?
  var connection: Int?
  /// When the server's count was last asked for, monotonic ms.
  var countedAt: Int64?
  /// When a notice was last sent, monotonic ms.
  var toldAt: Int64 = 0
  /// A notice is on its way for what changed since.
  var isTelling = false
  /// Until then the rows are not declared old, because making the list takes its time, monotonic ms.
  var rowsRestUntil: Int64 = 0

  /// One notice a frame.
  static let noticeInterval: Int64 = 16
  /// The server's count is asked for so often while a scan runs.
  static let countInterval: Int64 = 1000
  /// A server that refuses is asked again so often.
  static let retryInterval = Duration.seconds(1)
  /// Bytes of a trouble that are told.
  static let troubleLength = 512
}
