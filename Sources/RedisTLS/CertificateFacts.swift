#if TLS
  internal import NIOSSL
  internal import RedisClient

  extension NIOSSLCertificate {
    /// The subject in short: its common name, or what comes nearest.
    var subject: String { Self.short(subjectName) }
    var issuer: String { Self.short(issuerName) }

    /// Whether it says that it was issued by itself, as roots do.
    var isSelfIssued: Bool { subjectName == issuerName }

    func wasIssued(by other: NIOSSLCertificate) -> Bool { issuerName == other.subjectName }

    /// - Parameter now: seconds since 1970.
    func lapse(at now: Int64) -> TLSFailure.Lapse? {
      let (start, end) = (Int64(notValidBefore), Int64(notValidAfter))
      if now > end { return .expired(at: end, now: now) }
      return now < start ? .notYetValid(from: start, now: now) : nil
    }

    /// The hosts and addresses that it is for (subjectAltName), as text.
    var names: [String] {
      _subjectAlternativeNames().compactMap { name in
        switch name.nameType {
        case .dnsName: String(decoding: name.contents, as: UTF8.self)
        case .ipAddress: IPAddress.text(Array(name.contents))
        default: nil
        }
      }
    }

    /// Whether it is for this host, by its names of hosts alone. NIOSSL also takes the address that the host's name led
    /// to, which whoever answers for the name service can choose.
    ///
    /// A certificate without any such extension was judged by its common name, as OpenSSL does.
    func isFor(host: String) -> Bool {
      let alternatives = _subjectAlternativeNames()
      return alternatives.isEmpty
        || alternatives.contains {
          $0.nameType == .dnsName && HostName.matches(host, pattern: String(decoding: $0.contents, as: UTF8.self))
        }
    }

    private static func short(_ name: [SSLCertificateName]) -> String {
      for type in [SSLCertificateNameType.commonName, .organizationalUnit, .organization] {
        // The last is the most significant.
        if let part = name.last(where: { $0.type == type }) { return part.value }
      }
      return name.last?.value ?? "(no name)"
    }
  }
#endif
