/// Tells from the first bytes of a connection whether a Redis server is at the other end.
enum PeerGuess: Equatable {
  case redis
  /// Too few bytes to tell.
  case undecided
  case other(ClientError.Peer)

  /// How many bytes decide every case.
  static let enough = 5

  init(firstBytes: [UInt8]) {
    guard let first = firstBytes.first else {
      self = .undecided
      return
    }
    // A TLS server answers the plain bytes that it did not expect with an alert: type 21, version 3.x.
    if first == 0x15 {
      self = firstBytes.count < 2 ? .undecided : .other(firstBytes[1] == 3 ? .tls : .other)
      return
    }
    // Servers that take the request for HTTP 0.9 answer with the page alone.
    for (start, peer) in [("HTTP/", ClientError.Peer.http), ("<", .http), ("SSH-", .ssh)] {
      if firstBytes.starts(with: start.utf8) {
        self = .other(peer)
        return
      }
      if start.utf8.starts(with: firstBytes) {
        self = .undecided
        return
      }
    }
    self = "+-:$*_,#(!=~%>|".utf8.contains(first) ? .redis : .other(.other)
  }
}

extension ClientError.Peer {
  /// What first bytes that are no TLS tell of a peer; nil: it may be a Redis server.
  package init?(notTLS firstBytes: [UInt8]) {
    switch PeerGuess(firstBytes: firstBytes) {
    case .redis: return nil
    case .undecided: self = .other
    case .other(let peer): self = peer
    }
  }
}
