internal import RedisClient
internal import Requests

/// What tells one server from another: after a reconnect it may be a different one, or the same one started anew.
struct ServerIdentity: Sendable, Equatable {
  /// INFO's `run_id`; empty where INFO is denied.
  var runID: String
  /// `master` or `slave`.
  var role: String
  var version: String
  /// The primary of a replica: `10.0.0.1:6379`.
  var primary: String?
  /// `master_replid` and `master_replid2`: the history of its data set, and the one that it went on from.
  var history = ""
  var earlierHistory = ""
  /// When the process was started at the latest, monotonic ms; nil: not told.
  var startedAt: Int64?

  /// - Parameter readAt: when INFO was answered, monotonic ms.
  init(info: InfoText, readAt: Int64 = 0) {
    runID = info["run_id"] ?? ""
    role = info["role"] ?? ""
    version = info["valkey_version"] ?? info["redis_version"] ?? ""
    if let host = info["master_host"], let port = info["master_port"] { primary = "\(host):\(port)" }
    history = info["master_replid"] ?? ""
    earlierHistory = info["master_replid2"] ?? ""
    // Whole seconds, cut off.
    startedAt = info.count("uptime_in_seconds").flatMap { 0...Self.longestUptime ~= $0 ? $0 : nil }
      .map { readAt - Int64($0) * 1_000 }
  }

  /// As far as HELLO tells it.
  init(hello: HelloFacts) {
    runID = ""
    // INFO says slave where HELLO says replica.
    role = hello.role == "replica" ? "slave" : hello.role
    version = hello.version
  }

  /// A thousand years, in seconds: a server may say any number.
  private static let longestUptime = 31_536_000_000

  /// Whether the SCAN cursors of `other` hold here too: they do not survive a restart.
  func isSameProcess(as other: ServerIdentity?) -> Bool { !runID.isEmpty && runID == other?.runID }

  /// What is different from the server before, which was heard of last at `heardAt`, monotonic ms.
  func comparison(with old: ServerIdentity, heardAt: Int64) -> Reconnection {
    var found = Reconnection(server: .same)
    if runID.isEmpty || old.runID.isEmpty {
      found.server = .unknown(why: "INFO does not tell its run id")
    } else if runID != old.runID {
      // The server counts its uptime in whole seconds of its own clock.
      let ranBefore = startedAt.map { $0 + Self.uptimeTolerance < heardAt } ?? false
      found.server = ranBefore ? .another : .restarted
      found.continuesData = !old.history.isEmpty && [history, earlierHistory].contains(old.history)
    }
    if !role.isEmpty, !old.role.isEmpty, role != old.role { found.role = role }
    if role == "slave" { found.primary = primary }
    if !version.isEmpty, !old.version.isEmpty, version != old.version { found.version = version }
    return found
  }

  private static let uptimeTolerance: Int64 = 2_000
}
