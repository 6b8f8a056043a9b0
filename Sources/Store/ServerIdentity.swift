internal import RedisClient

/// What tells one server from another: after a reconnect it may be a different one, or the same one started anew.
struct ServerIdentity: Sendable, Equatable {
  /// INFO's `run_id`; empty where INFO is denied.
  var runID: String
  var role: String
  var version: String

  init(info: InfoText) {
    runID = info["run_id"] ?? ""
    role = info["role"] ?? ""
    version = info["valkey_version"] ?? info["redis_version"] ?? ""
  }

  /// As far as HELLO tells it.
  init(hello: HelloFacts) {
    runID = ""
    // INFO says slave where HELLO says replica.
    role = hello.role == "replica" ? "slave" : hello.role
    version = hello.version
  }

  /// Whether the SCAN cursors of `other` hold here too: they do not survive a restart.
  func isSameProcess(as other: ServerIdentity?) -> Bool { !runID.isEmpty && runID == other?.runID }
}
