#if canImport(Glibc)
  private import Glibc
#endif

/// `WHAT: WHY. NEXT STEP.`, as ``ClientError/message``.
extension TLSFailure {
  func what(_ address: Endpoint.Address) -> String {
    switch self {
    case .file(let path, _), .keyMismatch(let path, _), .ownCertificate(let path, _):
      "cannot use \(Ascii.escaped(path.utf8))"
    default: "no TLS connection to \(address.display)"
    }
  }

  var why: String {
    switch self {
    case .notBuilt: "this build of keyglass has no TLS"
    case .unixSocket: "a Unix socket is not encrypted"
    case .file(_, let problem): problem.why
    case .keyMismatch(_, let certificate): "this key does not belong to the certificate in \(Self.shown(certificate))"
    case .ownCertificate(_, let lapse): "this certificate \(lapse.text)"
    case .noAuthorities: "this system has no list of trusted authorities"
    case .lapsed(let subject, true, let lapse): "the server's certificate \(Self.quoted(subject)) \(lapse.text)"
    case .lapsed(let subject, false, let lapse):
      "the certificate of the authority \(Self.quoted(subject)), which vouches for the server, \(lapse.text)"
    case .selfSigned(let subject):
      "the server's certificate \(Self.quoted(subject)) is signed by itself, and is not trusted here"
    case .untrustedAuthority(let name):
      "the server's certificate comes from the authority \(Self.quoted(name)), which is not trusted here"
    case .unknownIssuer(let subject, let issuer):
      "the certificate \(Self.quoted(subject)) was issued by \(Self.quoted(issuer)), which is not trusted here and whose "
        + "own certificate the server did not send"
    case .nameMismatch(let expected, let names, let subject): Self.mismatch(expected, names, subject)
    case .unmatchableName(let name): "no certificate can be for the name \(Self.quoted(name))"
    case .unverified(let detail): "the server's certificate could not be verified (\(Self.shown(detail)))"
    case .plainText(let peer): "\(Self.name(of: peer)) answered in plain text"
    case .protocolTooOld: "the server speaks no TLS 1.2 or 1.3"
    case .noCommonCipher: "the server has no cipher in common with keyglass"
    case .unknownServerName(let name?): "the server does not know the name \(Self.quoted(name))"
    case .unknownServerName(nil): "the server wants to be told the name that it is asked for"
    case .wantsClientCertificate: "the server wants a client certificate"
    case .refusesClientCertificate(let refusal): "the server refuses the client certificate: \(refusal.text)"
    case .closedDuringHandshake: "the server closed the connection during the handshake"
    case .closedAfterHandshake(true):
      "the server closed the connection right after the handshake, as those do that refuse a client certificate"
    case .closedAfterHandshake(false):
      "the server closed the connection right after the handshake, as those do that want a client certificate"
    case .noAnswer(let seconds): "no answer to the handshake within \(seconds) s"
    case .handshake(let detail): "the handshake failed (\(Self.shown(detail)))"
    }
  }

  var nextStep: String {
    switch self {
    case .notBuilt: "Build it with the package trait TLS, which is on unless --disable-default-traits is given"
    case .unixSocket: "Leave out --tls, or name a host and a port"
    case .file(_, let problem): problem.nextStep
    case .keyMismatch: "Name the key that the certificate was made for with --key"
    case .ownCertificate(_, .expired): "Get a new one; if the clock here is wrong, set it"
    case .ownCertificate(_, .notYetValid): "Wait until then, or get another; if the clock here is wrong, set it"
    case .noAuthorities: "Install the package ca-certificates, or name the server's authority with --cacert"
    case .lapsed(_, _, .expired): "Have it renewed on the server; if the clock here is wrong, set it"
    case .lapsed(_, _, .notYetValid): "Wait until then; if the clock here is wrong, set it"
    case .selfSigned: "If it is the right one, name a copy of it with --cacert"
    case .untrustedAuthority: "If it is the right one, name the file of its certificate with --cacert"
    case .unknownIssuer:
      "Name the file of that authority's certificate with --cacert, or let the server send it too if it is an "
        + "intermediate one"
    case .nameMismatch(_, let names, _):
      names.isEmpty
        ? "Have a certificate made that names this host as subjectAltName"
        : "Connect by a name of the certificate, or say with --sni which of them is meant"
    case .unmatchableName: "Say with --sni which name of the certificate is meant"
    case .unverified: "Check the certificate with 'openssl s_client -showcerts'"
    case .plainText(nil):
      "For a server without TLS leave out --tls and write redis:// for rediss://; else check the port"
    case .plainText: "Check the port"
    case .protocolTooOld: "Allow TLS 1.2 or 1.3 on the server ('tls-protocols')"
    case .noCommonCipher: "Check 'tls-ciphers' and 'tls-ciphersuites' on the server"
    case .unknownServerName: "Say with --sni which name the server has"
    case .wantsClientCertificate: "Give one with --cert and --key"
    case .refusesClientCertificate: "Check --cert against the authorities that the server trusts ('tls-ca-cert-file')"
    case .closedDuringHandshake, .noAnswer: "Check that this port speaks TLS; without TLS leave out --tls"
    case .closedAfterHandshake(true): "Check --cert against the server's log"
    case .closedAfterHandshake(false): "Give one with --cert and --key, or see the server's log"
    case .handshake: "See the server's log"
    }
  }

  // MARK: - Parts

  private static func mismatch(_ expected: String, _ names: [String], _ subject: String) -> String {
    guard !names.isEmpty else {
      return "the server's certificate names no host and no address, only its subject \(quoted(subject)); "
        + "\(quoted(expected)) is wanted"
    }
    let limit = 5
    let more = names.count > limit ? " and \(names.count - limit) more" : ""
    return "the server's certificate is for \(names.prefix(limit).map(quoted).joined(separator: ", "))\(more), "
      + "not for \(quoted(expected))"
  }

  private static func name(of peer: ClientError.Peer?) -> String {
    switch peer {
    case .http?: "an HTTP server"
    case .ssh?: "an SSH server"
    case .tls?, .other?: "something that is no Redis server"
    case nil: "a server"
    }
  }

  private static func quoted(_ text: String) -> String { "'\(shown(text))'" }

  /// At most 100 characters: a certificate may hold anything.
  private static func shown(_ text: String) -> String {
    let bytes = text.utf8
    return Ascii.escaped(bytes.prefix(100)) + (bytes.count > 100 ? "..." : "")
  }
}

extension TLSFailure.FileProblem {
  fileprivate var why: String {
    switch self {
    case .unreadable(ENOENT): "there is no such file"
    case .unreadable(EACCES): "you may not read it"
    case .unreadable(EISDIR): "it is a folder"
    case .unreadable(ENOTDIR): "it is no folder"
    case .unreadable(let code): "reading it failed with system error \(code)"
    case .tooLarge: "it is larger than any file of certificates"
    case .noCertificate: "there is no certificate in it (PEM, with a line BEGIN CERTIFICATE)"
    case .keyInsteadOfCertificate: "it holds a private key, where a certificate is expected"
    case .noKey: "there is no private key in it (PEM, with a line BEGIN PRIVATE KEY)"
    case .certificateInsteadOfKey: "it holds a certificate, where a private key is expected"
    case .unfitKey: "the private key in it is damaged, or of a kind that cannot be used for TLS here"
    case .unfitCertificate: "its certificate is of a kind that cannot be used for TLS here"
    case .passPhrase: "this key is protected by a pass phrase, which keyglass does not ask for"
    case .noCertificateInFolder: "no file in this folder holds a certificate (PEM)"
    }
  }

  fileprivate var nextStep: String {
    switch self {
    case .unreadable(EACCES): "Check the rights of the file and of its folder"
    case .unreadable(EISDIR): "Name a file; --cacertdir takes a folder"
    case .unreadable: "Check the path"
    case .tooLarge, .noCertificate: "Name a PEM file of certificates"
    case .keyInsteadOfCertificate: "Name the certificate here; the key of the client's own belongs to --key"
    case .noKey: "Name the PEM file of the key"
    case .certificateInsteadOfKey: "Name the key here; the certificate belongs to --cert"
    case .unfitCertificate, .unfitKey: "Get one with an RSA or an elliptic key"
    case .passPhrase: "Make a copy without one, readable only for you: 'openssl pkey -in KEY -out COPY'"
    case .noCertificateInFolder: "Name a folder of PEM files, or one such file with --cacert"
    }
  }
}

extension TLSFailure.Refusal {
  fileprivate var text: String {
    switch self {
    case .unknownAuthority: "it does not trust the authority that issued it"
    case .expired: "it takes it for expired"
    case .revoked: "it was revoked"
    case .other: "it gives no reason"
    }
  }
}

extension TLSFailure.Lapse {
  fileprivate var text: String {
    switch self {
    case .expired(let time, let now): "expired on \(UTCTime.text(time)); the clock here says \(UTCTime.text(now))"
    case .notYetValid(let time, let now):
      "is valid only from \(UTCTime.text(time)); the clock here says \(UTCTime.text(now))"
    }
  }
}

/// Points in time for messages.
enum UTCTime {
  /// `2026-01-31 23:59:59 UTC`.
  static func text(_ secondsSince1970: Int64) -> String {
    let (day, second) = secondsSince1970.flooredDivision(by: 86_400)
    // Days since 0000-03-01, so that a leap day ends its year; in eras of 400 years (Hinnant, civil_from_days).
    let (era, dayOfEra) = (day + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(dayOfMonth)) "
      + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
