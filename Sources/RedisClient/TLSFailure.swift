/// Why there is no encrypted connection. Names out of certificates are as the server wrote them, to be escaped where
/// they are shown; times are seconds since 1970.
package enum TLSFailure: Error, Sendable, Equatable {
  /// This build has no TLS.
  case notBuilt
  case unixSocket
  /// A file or folder that a setting names cannot be used.
  case file(path: String, FileProblem)
  case keyMismatch(key: String, certificate: String)
  /// The client's own certificate, seen before connecting.
  case ownCertificate(path: String, Lapse)
  /// This system has no list of authorities.
  case noAuthorities

  /// A certificate that the server sent, its own or one of those that vouch for it (or a trusted one among them).
  case lapsed(subject: String, isServers: Bool, Lapse)
  case selfSigned(subject: String)
  /// The chain ends at an authority that the server sent and nobody here trusts.
  case untrustedAuthority(String)
  /// Whoever issued the last certificate of the chain was not sent, and is not known here.
  case unknownIssuer(subject: String, issuer: String)
  /// `names` are those of hosts and addresses in the certificate; where there are none, `subject` is all it says.
  case nameMismatch(expected: String, names: [String], subject: String)
  /// No certificate can bear this name.
  case unmatchableName(String)
  /// Verification failed for another reason; `detail` is the library's word for it.
  case unverified(detail: String)

  /// Something that is no TLS answered; nil: it may be a Redis server.
  case plainText(ClientError.Peer?)
  case protocolTooOld
  case noCommonCipher
  case unknownServerName(String?)
  case wantsClientCertificate
  case refusesClientCertificate(Refusal)
  case closedDuringHandshake
  /// After the handshake, before the first answer: with TLS 1.3 that is how a client certificate is refused.
  case closedAfterHandshake(hasCertificate: Bool)
  case noAnswer(seconds: Int)
  /// Any other failure of the handshake; `detail` is the library's word for it.
  case handshake(detail: String)

  package enum FileProblem: Sendable, Equatable {
    /// `code` is the errno.
    case unreadable(code: Int32)
    case tooLarge
    case noCertificate
    case keyInsteadOfCertificate
    case noKey
    case certificateInsteadOfKey
    /// Of a kind that the library does not use; a key may be damaged as well.
    case unfitCertificate
    case unfitKey
    case passPhrase
    case noCertificateInFolder
  }

  /// A certificate outside its time.
  package enum Lapse: Sendable, Equatable {
    case expired(at: Int64, now: Int64)
    case notYetValid(from: Int64, now: Int64)
  }

  /// What a server says of the client certificate that it does not take (RFC 8446, section 6.2).
  package enum Refusal: Sendable, Equatable {
    case unknownAuthority
    case expired
    case revoked
    case other
  }
}

extension TLSFailure {
  /// Whether trying again by itself can help: a server that starts or stops also breaks handshakes off.
  package var isWorthRetrying: Bool {
    switch self {
    case .closedDuringHandshake, .closedAfterHandshake, .noAnswer, .handshake: true
    default: false
    }
  }
}
