package import RESP
package import RedisClient
package import Requests

/// How a ``Store`` behaves.
package struct StoreOptions: Sendable {
  /// Names asked for with each SCAN (COUNT). More gains nothing and holds the server up longer.
  package var scanCount: Int
  /// Nothing leaves that is not known to read.
  package var isReadOnly = false
  /// With so many keys the first rows of a filtered list are told before the others are sought.
  package var partialListsFrom = 500_000
  /// What encrypts, where the endpoint asks for TLS.
  package var security: (any TransportSecurity)?
  /// The same for as long as this is locked; nil: it never is.
  package var lock: WriteLock?
  /// Nothing that writes may leave now.
  var refusesWrites: Bool { isReadOnly || lock?.isLocked == true }
  /// How long a reply may be owed before the connection is given up.
  package var replyTimeout: Duration?
  /// After so long a silence the server is asked whether it is there, and may take so long to answer: together with
  /// `replyTimeout` this finds a network that swallows everything within ten seconds.
  package var keepAlive: Duration? = .seconds(3)
  package var keepAlivePatience = Duration.seconds(6)
  /// For reaching the server and logging in.
  package var connectTimeout: Duration
  /// Is told of every batch, for the trace: a command's name, how many of it the batch had, and how long the whole
  /// batch took in microseconds. Called on any thread.
  package var onCommand: @Sendable (_ name: String, _ count: Int, _ microseconds: Int) -> Void

  /// Tells the password as it is now, where the server refuses the one that the endpoint has; nil: only the user can.
  package var passwordSource: Credentials.Source?
  /// Finds out where the server is now, after a connection was lost; nil: where the endpoint says.
  package var find: (@Sendable () async -> Whereabouts.Finding)?

  /// Writes replies out, as a page for eyes or not, in any form but that of an element: how they are escaped is for the
  /// rooms of the screen to decide.
  package var format: @Sendable (_ replies: [ReplyView], _ isPage: Bool, _ form: ReplyForm) -> [UInt8] = { _, _, _ in []
  }

  package init(
    scanCount: Int = 1000, replyTimeout: Duration? = .seconds(9), connectTimeout: Duration = .seconds(5),
    onCommand: @escaping @Sendable (_ name: String, _ count: Int, _ microseconds: Int) -> Void = { _, _, _ in }
  ) {
    self.scanCount = scanCount
    self.replyTimeout = replyTimeout
    self.connectTimeout = connectTimeout
    self.onCommand = onCommand
  }
}
