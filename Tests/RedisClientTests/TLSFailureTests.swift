import RedisClient
import Testing

/// What a user reads of each failure of TLS.
@Suite struct TLSFailureTests {
  private static let address = Endpoint.Address.tcp(host: "db.example", port: 6380)

  @Test(arguments: [
    (
      TLSFailure.lapsed(subject: "db", isServers: true, .expired(at: 1_767_225_599, now: 1_767_225_600)),
      "no TLS connection to db.example:6380: the server's certificate 'db' expired on 2025-12-31 23:59:59 UTC; "
        + "the clock here says 2026-01-01 00:00:00 UTC. Have it renewed on the server; if the clock here is wrong, set it."
    ),
    (
      .lapsed(subject: "CA", isServers: false, .notYetValid(from: 1_709_164_800, now: 0)),
      "no TLS connection to db.example:6380: the certificate of the authority 'CA', which vouches for the server, "
        + "is valid only from 2024-02-29 00:00:00 UTC; the clock here says 1970-01-01 00:00:00 UTC. "
        + "Wait until then; if the clock here is wrong, set it."
    ),
    (
      .selfSigned(subject: "db"),
      "no TLS connection to db.example:6380: the server's certificate 'db' is signed by itself, and is not trusted here. "
        + "If it is the right one, name a copy of it with --cacert."
    ),
    (
      .untrustedAuthority("CA"),
      "no TLS connection to db.example:6380: the server's certificate comes from the authority 'CA', which is not trusted "
        + "here. If it is the right one, name the file of its certificate with --cacert."
    ),
    (
      .unknownIssuer(subject: "db", issuer: "CA"),
      "no TLS connection to db.example:6380: the certificate 'db' was issued by 'CA', which is not trusted here and whose "
        + "own certificate the server did not send. Name the file of that authority's certificate with --cacert, or let "
        + "the server send it too if it is an intermediate one."
    ),
    (
      .nameMismatch(expected: "db.example", names: ["a", "b", "c", "d", "e", "f", "g"], subject: "a"),
      "no TLS connection to db.example:6380: the server's certificate is for 'a', 'b', 'c', 'd', 'e' and 2 more, "
        + "not for 'db.example'. Connect by a name of the certificate, or say with --sni which of them is meant."
    ),
    (
      .nameMismatch(expected: "db.example", names: [], subject: "a"),
      "no TLS connection to db.example:6380: the server's certificate names no host and no address, only its subject 'a'; "
        + "'db.example' is wanted. Have a certificate made that names this host as subjectAltName."
    ),
    (
      .plainText(nil),
      "no TLS connection to db.example:6380: a server answered in plain text. "
        + "For a server without TLS leave out --tls and write redis:// for rediss://; else check the port."
    ),
    (
      .plainText(.http),
      "no TLS connection to db.example:6380: an HTTP server answered in plain text. Check the port."
    ),
    (
      .wantsClientCertificate,
      "no TLS connection to db.example:6380: the server wants a client certificate. Give one with --cert and --key."
    ),
    (
      .refusesClientCertificate(.unknownAuthority),
      "no TLS connection to db.example:6380: the server refuses the client certificate: it does not trust the authority "
        + "that issued it. Check --cert against the authorities that the server trusts ('tls-ca-cert-file')."
    ),
    (
      .protocolTooOld,
      "no TLS connection to db.example:6380: the server speaks no TLS 1.2 or 1.3. "
        + "Allow TLS 1.2 or 1.3 on the server ('tls-protocols')."
    ),
    (
      .ownCertificate(path: "c.pem", .expired(at: 0, now: 1)),
      "cannot use c.pem: this certificate expired on 1970-01-01 00:00:00 UTC; the clock here says 1970-01-01 00:00:01 UTC. "
        + "Get a new one; if the clock here is wrong, set it."
    ),
    (
      .keyMismatch(key: "k.pem", certificate: "c.pem"),
      "cannot use k.pem: this key does not belong to the certificate in c.pem. "
        + "Name the key that the certificate was made for with --key."
    ),
    (
      .file(path: "k.pem", .passPhrase),
      "cannot use k.pem: this key is protected by a pass phrase, which keyglass does not ask for. "
        + "Make a copy without one, readable only for you: 'openssl pkey -in KEY -out COPY'."
    ),
    (
      .file(path: "ca.pem", .keyInsteadOfCertificate),
      "cannot use ca.pem: it holds a private key, where a certificate is expected. "
        + "Name the certificate here; the key of the client's own belongs to --key."
    ),
    (
      .file(path: "ca.pem", .unreadable(code: 13)),
      "cannot use ca.pem: you may not read it. Check the rights of the file and of its folder."
    ),
    (
      .noAnswer(seconds: 5),
      "no TLS connection to db.example:6380: no answer to the handshake within 5 s. "
        + "Check that this port speaks TLS; without TLS leave out --tls."
    ),
    (
      .notBuilt,
      "no TLS connection to db.example:6380: this build of keyglass has no TLS. "
        + "Build it with the package trait TLS, which is on unless --disable-default-traits is given."
    ),
  ])
  func messages(failure: TLSFailure, message: String) {
    #expect(ClientError.tls(Self.address, failure).message == message)
  }

  /// A certificate may hold anything, and any amount of it.
  @Test func namesAreEscapedAndCut() {
    let long = String(repeating: "n", count: 10_000)
    let failure = TLSFailure.nameMismatch(
      expected: "h", names: ["a\u{1b}[31m\u{202e}", long], subject: "")
    let message = ClientError.tls(Self.address, failure).message
    #expect(message.contains(#"'a\x1b[31m\xe2\x80\xae'"#))
    #expect(message.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    #expect(message.utf8.count < 600)
  }
}
