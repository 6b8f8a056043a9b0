/// Everything that can be wrong between here and a server. What the server itself wrote is kept as bytes, to be escaped
/// where it is shown.
package enum ClientError: Error, Sendable, Equatable {
  case refused(Endpoint.Address)
  case unknownHost(String)
  case noSuchSocket(path: String)
  /// The rights of the socket's file or folder.
  case socketPermission(path: String)
  /// Any other failure to reach the address; `code` is its errno, 0 where there is none.
  case unreachable(Endpoint.Address, code: Int32)
  case connectTimeout(Endpoint.Address, seconds: Int)
  /// Connected, but no answer for so long.
  case timedOut(seconds: Int)
  case authenticationRequired
  case wrongPassword
  case notRedis(Peer, firstBytes: [UInt8])
  /// The server is reading its data from disk.
  case loading
  case maxClients
  case protectedMode
  /// SELECT was denied, or the server has no such database.
  case databaseUnavailable(Int, serverText: [UInt8])
  case protocolError(String)
  /// The server closed the connection or broke it; `midReply` where a part of a reply had arrived.
  case connectionLost(midReply: Bool)
  /// Closed by keyglass.
  case closed
  /// The task that asked was cancelled.
  case cancelled
  /// Read-only mode refused this command: nothing was sent.
  case readOnly(command: String)
  /// An error reply where the connection could not go on.
  case serverError(serverText: [UInt8])

  /// What listens where a Redis server was expected.
  package enum Peer: Sendable, Equatable {
    case http
    case tls
    case ssh
    case other
  }
}

extension ClientError {
  /// Whether trying again by itself can help. Where only a human can, trying again would fill logs and lock accounts.
  package var isWorthRetrying: Bool {
    switch self {
    case .authenticationRequired, .wrongPassword, .notRedis, .protectedMode, .databaseUnavailable, .socketPermission,
      .closed, .cancelled, .readOnly:
      false
    case .refused, .unknownHost, .noSuchSocket, .unreachable, .connectTimeout, .timedOut, .loading, .maxClients,
      .protocolError, .connectionLost, .serverError:
      true
    }
  }
}
