#if TLS
  internal import NIOSSL
  internal import RedisClient

  /// What is wrong with certificates that the library has refused, as far as their names and dates tell: for the message
  /// only, the refusal stands.
  struct ChainVerdict {
    /// The server's own first.
    let sent: [NIOSSLCertificate]
    /// The authorities that the user named; nil: the system's.
    let trusted: [NIOSSLCertificate]?
    /// Seconds since 1970.
    let now: Int64

    /// Nil where it is something else.
    var failure: TLSFailure? {
      guard var current = sent.first else { return nil }
      let trusted = trusted ?? SystemAuthorities.all
      var rest = sent.dropFirst()
      var isServers = true
      while true {
        if let lapse = current.lapse(at: now) {
          return .lapsed(subject: current.subject, isServers: isServers, lapse)
        }
        if let authority = trusted.first(where: { current.wasIssued(by: $0) }) {
          return authority.lapse(at: now).map { .lapsed(subject: authority.subject, isServers: false, $0) }
        }
        if current.isSelfIssued {
          return isServers ? .selfSigned(subject: current.subject) : .untrustedAuthority(current.subject)
        }
        guard let next = rest.firstIndex(where: { current.wasIssued(by: $0) }) else {
          return .unknownIssuer(subject: current.subject, issuer: current.issuer)
        }
        current = rest.remove(at: next)
        isServers = false
      }
    }
  }

  /// The authorities that NIOSSL trusts where none are named, read again only for a verdict.
  enum SystemAuthorities {
    /// Debian and its like; Fedora.
    private static let files = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]

    static var all: [NIOSSLCertificate] {
      for path in files {
        if let certificates = try? NIOSSLCertificate.fromPEMFile(path) { return certificates }
      }
      return []
    }
  }
#endif
