import Glibc
import RedisClient
import RedisTLS
import TestSupport
import Testing

/// Mutual TLS: what is found before connecting, and what a server says of a client certificate.
@Suite("Client certificates", .timeLimit(.minutes(3))) struct ClientCertificateTests {
  let lab: CertificateLab

  init() throws { lab = try CertificateLab() }

  private func settings(_ pair: CertificateLab.Pair?) -> (inout TLSSettings) -> Void {
    { [lab] settings in
      settings.authorityFile = lab.root.certificate
      (settings.certificateFile, settings.keyFile) = (pair?.certificate, pair?.key)
    }
  }

  private static let versions = ["TLSv1.2", "TLSv1.3"]

  @Test("taken", arguments: versions)
  func taken(version: String) async throws {
    let (server, port) = try lab.redis(nil, clients: "yes", "--tls-protocols", version)
    let connection = try await Client(port: port, settings(lab.client)).connect()
    #expect(try await connection.call("PING") == "PONG")
    server.stop()
  }

  /// With TLS 1.3 the refusal comes after our handshake, when the greeting is under way: again and again, as the two may
  /// overtake each other.
  @Test("absent", arguments: versions)
  func absent(version: String) async throws {
    let (server, port) = try lab.redis(nil, clients: "yes", "--tls-protocols", version)
    for _ in 0..<20 {
      #expect(await Client(port: port, settings(nil)).failure() == .wantsClientCertificate)
    }
    server.stop()
  }

  @Test("of an authority that the server does not know", arguments: versions)
  func unknownAuthority(version: String) async throws {
    let stranger = try CertificateLab()
    // Of another name: one of the same name but another key gives another alert.
    let authority = try stranger.make("Stranger Root", isSelfSigned: true, isAuthority: true)
    let pair = try stranger.make("stranger", by: authority)
    let (server, port) = try lab.redis(nil, clients: "yes", "--tls-protocols", version)
    for _ in 0..<20 {
      #expect(
        await Client(port: port, settings(pair)).failure() == .refusesClientCertificate(.unknownAuthority))
    }
    server.stop()
  }

  /// A server that says nothing of it.
  @Test func closedAfterTheHandshake() async throws {
    let server = try await RecordingServer(
      chain: lab.server.certificate, key: lab.server.key, closesAtOnce: true)
    #expect(
      await Client(port: server.port, settings(nil)).failure() == .closedAfterHandshake(hasCertificate: false))
    #expect(
      await Client(port: server.port, settings(lab.client)).failure() == .closedAfterHandshake(hasCertificate: true))
  }

  // MARK: - Before connecting

  /// The failure, for which nobody may have been asked.
  private func failure(_ change: (inout TLSSettings) -> Void) async throws -> TLSFailure? {
    let server = try await RecordingServer(chain: lab.server.certificate, key: lab.server.key)
    let error = await Client(port: server.port, change).refusal()
    #expect(server.accepted == 0)
    guard case .tls(_, let failure)? = error else { return nil }
    #expect(error?.isWorthRetrying == false)
    return failure
  }

  @Test func expired() async throws {
    let pair = try lab.make("client", from: -7200, until: -3600)
    guard case .ownCertificate(pair.certificate, .expired(let at, let now)) = try await failure(settings(pair)) else {
      Issue.record("not said to be expired")
      return
    }
    #expect((3599...3900).contains(now - at))
  }

  @Test func notYetValid() async throws {
    let pair = try lab.make("client", from: 3600, until: 7200)
    guard case .ownCertificate(pair.certificate, .notYetValid) = try await failure(settings(pair)) else {
      Issue.record("not said to be of the future")
      return
    }
  }

  @Test func keyOfAnother() async throws {
    let mixed = CertificateLab.Pair(certificate: lab.client.certificate, key: lab.server.key)
    #expect(
      try await failure(settings(mixed)) == .keyMismatch(key: lab.server.key, certificate: lab.client.certificate))
  }

  @Test("a kind of key that BoringSSL does not know")
  func unfit() async throws {
    let (certificate, key) = ("\(lab.folder)/ed448.crt", "\(lab.folder)/ed448.key")
    let made = try Run.output([
      "/usr/bin/openssl", "req", "-x509", "-newkey", "ed448", "-nodes", "-days", "1", "-subj", "/CN=client", "-keyout",
      key,
      "-out", certificate,
    ])
    #expect(made.status == 0, "\(made.output)")
    #expect(
      try await failure(settings(.init(certificate: certificate, key: key))) == .file(path: key, .unfitKey))
    #expect(
      try await failure(settings(.init(certificate: certificate, key: lab.client.key)))
        == .file(path: certificate, .unfitCertificate))
  }

  @Test func passPhrase() async throws {
    let key = try lab.protected(lab.client.key)
    let pair = CertificateLab.Pair(certificate: lab.client.certificate, key: key)
    #expect(try await failure(settings(pair)) == .file(path: key, .passPhrase))
    let old = try lab.write(
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
        + "-----END RSA PRIVATE KEY-----\n", as: "old.key")
    #expect(
      try await failure(settings(CertificateLab.Pair(certificate: lab.client.certificate, key: old)))
        == .file(path: old, .passPhrase))
  }

  @Test func filesThatAreSomethingElse() async throws {
    let client = lab.client
    let empty = try lab.write("", as: "empty.pem")
    let garbage = try lab.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", as: "garbage.pem")
    let brokenKey = try lab.write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", as: "broken.key")
    let folder = "\(lab.folder)/nothing"
    #expect(mkdir(folder, 0o700) == 0)
    let cases: [(TLSFailure.FileProblem, String, (inout TLSSettings) -> Void)] = [
      (.keyInsteadOfCertificate, client.key, { $0.authorityFile = client.key }),
      (.noCertificate, empty, { $0.authorityFile = empty }),
      (.noCertificate, garbage, { $0.authorityFile = garbage }),
      (.unreadable(code: ENOENT), "/no/such", { $0.authorityFile = "/no/such" }),
      (.unreadable(code: EISDIR), folder, { $0.authorityFile = folder }),
      (.tooLarge, "/dev/zero", { $0.authorityFile = "/dev/zero" }),
      (.noCertificateInFolder, folder, { $0.authorityFolder = folder }),
      (.unreadable(code: ENOTDIR), empty, { $0.authorityFolder = empty }),
      (.unreadable(code: ENOENT), "/no/such", { $0.authorityFolder = "/no/such" }),
      (.keyInsteadOfCertificate, client.key, settings(.init(certificate: client.key, key: client.key))),
      (
        .certificateInsteadOfKey, client.certificate,
        settings(.init(certificate: client.certificate, key: client.certificate))
      ),
      (.unfitKey, brokenKey, settings(.init(certificate: client.certificate, key: brokenKey))),
      (.noKey, empty, settings(.init(certificate: client.certificate, key: empty))),
      (.unreadable(code: ENOENT), "/no/such", settings(.init(certificate: client.certificate, key: "/no/such"))),
    ]
    for (problem, path, change) in cases {
      #expect(try await failure(change) == .file(path: path, problem), "\(problem)")
    }
  }

  @Test("a file that you may not read", .enabled(if: geteuid() != 0, "root reads everything"))
  func forbidden() async throws {
    #expect(chmod(lab.client.key, 0) == 0)
    #expect(try await failure(settings(lab.client)) == .file(path: lab.client.key, .unreadable(code: EACCES)))
  }

  /// As `--cert <(…)` of a shell: it can be read once, and there are several connections.
  @Test func aPipeIsReadOnce() async throws {
    let (server, port) = try lab.redis(nil, clients: "yes")
    let pipe = "\(lab.folder)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let writer = try Running(["/bin/sh", "-c", #"cat "$1" > "$2""#, "sh", lab.client.key, pipe])
    let client = Client(port: port, settings(.init(certificate: lab.client.certificate, key: pipe)))
    for _ in 0..<3 { #expect(await client.refusal() == nil) }
    #expect(writer.end() == 0)
    server.stop()
  }

  /// A long session outlives the files that it began with.
  @Test func filesAreReadAgainWhenTheyChange() async throws {
    let (server, port) = try lab.redis()
    let stranger = try CertificateLab()
    let file = try lab.joined(stranger.root.certificate, as: "authorities.pem")
    let client = Client(port: port) { $0.authorityFile = file }
    #expect(await client.refusal() != nil)
    // One of them twice, as bundles are that were put together by hand.
    _ = try lab.joined(
      lab.root.certificate, stranger.root.certificate, lab.root.certificate, as: "authorities.pem")
    #expect(await client.refusal() == nil)
    server.stop()
  }
}
