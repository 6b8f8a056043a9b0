internal import Keyspace
internal import Requests

/// Where the scan of the current database stands.
struct ScanState {
  var progress: ScanProgress
  /// What the index holds now; the progress that was told may be older.
  var status = IndexWorker.Status()
  /// Which names, and how many, are listed.
  var scope = IndexScope()
  var pass: ScanPass
  /// The server is asked for a pattern apart from the scan; nil: it is not.
  var search: ScanPass?
  /// Counts the searches, as ``run`` the scans.
  var searchRun = 0
  /// One SCAN is under way in all; these wait until it is answered.
  var isAsking = false
  var waiting: [CheckedContinuation<Void, Never>] = []
  /// Counts the loops started: a loop that is not the newest ends.
  var run = 0
  var isPaused = false
  /// When the server's count was last asked for, monotonic ms.
  var countedAt: Int64?
  /// What was told last.
  var told: ScanProgress?
  /// When a notice was last sent, monotonic ms.
  var toldAt: Int64 = 0
  /// A notice is on its way for what changed since.
  var isTelling = false
  /// Until then the rows are not declared old, because making the list takes its time, monotonic ms.
  var rowsRestUntil: Int64 = 0

  init(database: Int, scope: IndexScope = IndexScope(), count: Int, run: Int = 0) {
    progress = ScanProgress(database: database)
    progress.pattern = scope.pattern
    progress.listedPattern = scope.pattern
    self.scope = scope
    pass = ScanPass(pattern: scope.pattern, count: count)
    self.run = run
  }

  /// One notice a frame.
  static let noticeInterval: Int64 = 16
  /// The server's count is asked for so often while a scan runs.
  static let countInterval: Int64 = 1000
  /// A server that refuses is asked again so often.
  static let retryInterval = Duration.seconds(1)
  /// Bytes of a trouble that are told.
  static let troubleLength = 512
}
