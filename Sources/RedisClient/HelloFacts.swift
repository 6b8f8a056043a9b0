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
  /// The id of this connection, as CLIENT LIST has it.
  package var clientID: Int64?
  /// What of the greeting the server refused without harm: HELLO itself, CLIENT NO-TOUCH.
  package var refused: [Refused] = []

  /// A command of the greeting that was answered by an error.
  package struct Refused: Sendable, Equatable {
    /// As one types it: `CLIENT NO-TOUCH`.
    package let command: String
    /// The user's rights are why (NOPERM), not the server, which has no such command.
    package let isDenied: Bool

    package init(command: String, isDenied: Bool) {
      self.command = command
      self.isDenied = isDenied
    }

    /// The ACL rule that allows it.
    package var rule: String { "+" + command.lowercased().split(separator: " ").joined(separator: "|") }
  }

  /// A script kept the server from taking the name, NO-TOUCH and tracking.
  package var isSetupOwed = false
  /// Whether the server pushes changes of what is read on this connection.
  package var tracking = Tracking.notAsked

  /// What came of CLIENT TRACKING in the greeting.
  package enum Tracking: Sendable, Equatable {
    /// Not wanted, or this connection speaks RESP2, which has no pushes.
    case notAsked
    case on
    case refused(serverText: [UInt8])
  }

  package init(
    server: String = "", version: String = "", mode: String = "", protocolVersion: Int = 2, role: String = "",
    clientID: Int64? = nil
  ) {
    self.server = server
    self.version = version
    self.mode = mode
    self.protocolVersion = protocolVersion
    self.role = role
    self.clientID = clientID
  }
}
