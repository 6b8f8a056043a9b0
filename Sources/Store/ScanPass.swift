internal import Keyspace

/// One way through the key space by SCAN: how far it is, whose cursor that is, and how fast it goes.
struct ScanPass: Sendable {
  /// MATCH; nil: all names.
  let pattern: [UInt8]?
  /// Where SCAN goes on; kept over a pause and a lost connection.
  var cursor: UInt64 = 0
  var watch = CursorWatch()
  var pace: ScanPace
  /// Whose cursor it is, and the connection that it came by (``Link/generation``).
  var server: ServerIdentity?
  var connection: Int?
  /// The sum of COUNT: about so many keys were looked at.
  var visited = 0

  init(pattern: [UInt8]? = nil, count: Int) {
    self.pattern = pattern
    pace = ScanPace(most: count)
  }

  /// A cursor means nothing to another server, or to the same one after a restart.
  mutating func beginAnew() {
    cursor = 0
    watch = CursorWatch()
    visited = 0
  }
}
