/// Everything that can be wrong between here and a server. What the server itself wrote is kept as bytes, to be escaped
/// where it is shown.
package enum ClientError: Error, Sendable, Equatable {
  case refused(Endpoint.Address)
  case unknownHost(String)
  /// What starts and stops the server says that it is nowhere.
  case absent(why: String)
  case noSuchSocket(path: String)
  /// The rights of the socket's file or folder.
  case socketPermission(path: String)
  /// Any other failure to reach the address; `code` is its errno, 0 where there is none.
  case unreachable(Endpoint.Address, code: Int32)
  case connectTimeout(Endpoint.Address, seconds: Int)
  /// No encrypted connection, or none that may be trusted: nothing of ours was sent.
  case tls(Endpoint.Address, TLSFailure)
  /// Closed at the greeting without a byte, as a server does that expects TLS.
  case closedUnanswered(Endpoint.Address)
  /// Connected, but no answer for so long.
  case timedOut(seconds: Int)
  case authenticationRequired
  case wrongPassword
  case notRedis(Peer, firstBytes: [UInt8])
  /// The server is reading its data from disk.
  case loading
  /// The server runs a script, or a function, and answers nothing else.
  case busy
  case maxClients
  case protectedMode
  /// SELECT was denied, or the server has no such database.
  case databaseUnavailable(Int, serverText: [UInt8])
  case protocolError(String)
  /// The connection broke; `midReply` where a part of a reply had arrived.
  case connectionLost(midReply: Bool)
  /// The server closed the connection and said nothing; `isOwed`: in place of a reply. So ends what was idle for longer
  /// than its `timeout`, what was given more than its output-buffer limit, what was killed, and whose user was deleted.
  case closedByServer(isOwed: Bool)
  /// Closed by keyglass.
  case closed
  /// The task that asked was cancelled.
  case cancelled
  /// Read-only mode refused this command: nothing was sent.
  case readOnly(command: String, cause: ReadOnlyCause = .asked)
  /// An error reply where the connection could not go on.
  case serverError(serverText: [UInt8])

  /// Why nothing may be written.
  package enum ReadOnlyCause: Sendable, Equatable {
    /// `--read-only`.
    case asked
    /// `--insecure` without `--insecure-writes`: nobody knows who answers.
    case unverifiedServer
    /// A production server, until the user unlocks it (``WriteLock``).
    case locked
  }

  /// What listens where a Redis server was expected.
  package enum Peer: Sendable, Equatable {
    case http
    case tls
    case ssh
    case other
  }
}

extension ClientError {
  /// The server wants another password, or one at all.
  package var isLoginRefusal: Bool { self == .authenticationRequired || self == .wrongPassword }

  /// Whether trying again by itself can help. Where only a human can, trying again would fill logs and lock accounts.
  package var isWorthRetrying: Bool {
    switch self {
    case .tls(_, let failure): failure.isWorthRetrying
    case .authenticationRequired, .wrongPassword, .notRedis, .protectedMode, .databaseUnavailable, .socketPermission,
      .closed, .cancelled, .readOnly:
      false
    case .refused, .unknownHost, .absent, .noSuchSocket, .unreachable, .connectTimeout, .closedUnanswered, .timedOut,
      .loading,
      .busy, .maxClients,
      .protocolError, .connectionLost, .closedByServer, .serverError:
      true
    }
  }
}
