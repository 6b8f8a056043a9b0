/// What the server said of itself in its answer to HELLO. On RESP2 there is no HELLO and all texts are empty.
package struct HelloFacts: Sendable, Equatable {
  /// `redis` or `valkey`, or whatever a relative calls itself.
  package var server: String
  /// The server's own version. Valkey says 7.2.4 in INFO's `redis_version`, but its own version here.
  package var version: String
  /// `standalone`, `cluster` or `sentinel`.
  package var mode: String
  /// 2 or 3.
  package var protocolVersion: Int
  /// `master` or `replica`.
  package var role: String

  package init(
    server: String = "", version: String = "", mode: String = "", protocolVersion: Int = 2, role: String = ""
  ) {
    self.server = server
    self.version = version
    self.mode = mode
    self.protocolVersion = protocolVersion
    self.role = role
  }
}
