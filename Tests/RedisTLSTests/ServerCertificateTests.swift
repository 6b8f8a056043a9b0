import Glibc
import NIOPosix
import NIOSSL
import RedisClient
import RedisTLS
import TestSupport
import Testing

/// The rows of certificates that a server may show, each with what the user reads, and with not a byte of ours sent.
@Suite("Server certificates", .timeLimit(.minutes(3))) struct ServerCertificateTests {
  let lab: CertificateLab

  init() throws { lab = try CertificateLab() }

  /// Connects to a server that shows this chain, which must fail: why, and that nothing was sent.
  private func failure(
    chain: String, key: String, host: String = "localhost", _ change: (inout TLSSettings) -> Void
  ) async throws -> TLSFailure? {
    let server = try await RecordingServer(chain: chain, key: key)
    let error = await Client(host: host, port: server.port, change).refusal()
    #expect(server.accepted > 0)
    #expect(server.received.isEmpty, "\(String(decoding: server.received, as: UTF8.self))")
    guard case .tls(let address, let failure)? = error else {
      Issue.record("\(String(describing: error))")
      return nil
    }
    #expect(address == .tcp(host: host, port: server.port))
    #expect(error?.isWorthRetrying == false)
    return failure
  }

  private func failure(
    _ pair: CertificateLab.Pair, host: String = "localhost", _ change: (inout TLSSettings) -> Void
  ) async throws -> TLSFailure? {
    try await failure(chain: pair.certificate, key: pair.key, host: host, change)
  }

  private func trusted(_ settings: inout TLSSettings) { settings.authorityFile = lab.root.certificate }

  // MARK: - Taken

  @Test(
    "good: by name, by address, with a name of its own, by a folder of authorities",
    arguments: ["localhost", "127.0.0.1", "LOCALHOST"])
  func good(host: String) async throws {
    let (server, port) = try lab.redis()
    let client = Client(host: host, port: port, trusted)
    #expect(try await client.connect().call("PING") == "PONG")
    #expect(try await client.connect().hello.protocolVersion == 3)
    let folder = "\(lab.folder)/authorities"
    #expect(mkdir(folder, 0o700) == 0)
    let bundle = try lab.joined(lab.root.certificate, as: "authorities/any-name")
    #expect(bundle.hasPrefix(folder))
    let byFolder = Client(host: host, port: port) { $0.authorityFolder = folder }
    #expect(try await byFolder.connect().call("PING") == "PONG")
    let named = Client(host: "127.0.0.1", port: port) {
      trusted(&$0)
      $0.serverName = "localhost"
    }
    #expect(try await named.connect().call("PING") == "PONG")
    server.stop()
  }

  @Test("a name for all hosts of a domain")
  func wildcard() async throws {
    let pair = try lab.make("any", names: "DNS:*.example.test")
    let (server, port) = try lab.redis(pair)
    func client(_ name: String) -> Client {
      Client(host: "127.0.0.1", port: port) {
        trusted(&$0)
        $0.serverName = name
      }
    }
    #expect(await client("cache.example.test").refusal() == nil)
    for name in ["example.test", "a.cache.example.test"] {
      #expect(
        await client(name).failure()
          == .nameMismatch(expected: name, names: ["*.example.test"], subject: "any"))
    }
    server.stop()
  }

  @Test("IP SAN: the address is taken, a name that leads to it is not")
  func addresses() async throws {
    let pair = try lab.make("address", names: "IP:127.0.0.1")
    let (server, port) = try lab.redis(pair)
    #expect(await Client(host: "127.0.0.1", port: port, trusted).refusal() == nil)
    #expect(
      try await failure(pair, trusted)
        == .nameMismatch(expected: "localhost", names: ["127.0.0.1"], subject: "address"))
    let other = try lab.make("elsewhere", names: "IP:127.0.0.2,IP:::1,DNS:localhost")
    #expect(
      try await failure(other, host: "127.0.0.1", trusted)
        == .nameMismatch(expected: "127.0.0.1", names: ["127.0.0.2", "::1", "localhost"], subject: "elsewhere"))
    server.stop()
  }

  @Test("an address of IPv6", .enabled(if: access("/proc/net/if_inet6", F_OK) == 0, "no IPv6 here"))
  func addressOfVersion6() async throws {
    let pair = try lab.make("address", names: "IP:::1")
    let (server, port) = try lab.redis(pair, clients: "optional", "--bind", "::1")
    #expect(await Client(host: "::1", port: port, trusted).refusal() == nil)
    let (other, otherPort) = try lab.redis(nil, clients: "optional", "--bind", "::1")
    let refusal = await Client(host: "::1", port: otherPort, trusted).refusal()
    #expect(
      refusal?.message
        == "no TLS connection to [::1]:\(otherPort): the server's certificate is for 'localhost', '127.0.0.1', not for "
        + "'::1'. Connect by a name of the certificate, or say with --sni which of them is meant.")
    server.stop()
    other.stop()
  }

  @Test("no SAN: the subject stands for a name, never for an address")
  func noNames() async throws {
    let pair = try lab.make("localhost")
    let (server, port) = try lab.redis(pair)
    #expect(await Client(port: port, trusted).refusal() == nil)
    #expect(
      try await failure(pair, host: "127.0.0.1", trusted)
        == .nameMismatch(expected: "127.0.0.1", names: [], subject: "localhost"))
    server.stop()
  }

  @Test("self-signed, trusted by --cacert")
  func selfSignedTrusted() async throws {
    let pair = try lab.make("localhost", names: "DNS:localhost", isSelfSigned: true)
    let (server, port) = try lab.redis(pair)
    #expect(await Client(port: port) { $0.authorityFile = pair.certificate }.refusal() == nil)
    server.stop()
  }

  @Test("an intermediate authority that the server sends")
  func intermediateSent() async throws {
    let (pair, between) = try intermediate()
    let chain = try lab.joined(pair.certificate, between.certificate, as: "chain.pem")
    let (server, port) = try lab.redis(CertificateLab.Pair(certificate: chain, key: pair.key))
    #expect(await Client(port: port, trusted).refusal() == nil)
    server.stop()
  }

  // MARK: - Refused

  @Test func expired() async throws {
    let pair = try lab.make("localhost", names: "DNS:localhost", from: -7200, until: -3600)
    guard case .lapsed("localhost", true, .expired(let at, let now)) = try await failure(pair, trusted) else {
      Issue.record("not said to be expired")
      return
    }
    #expect((3599...3900).contains(now - at))
  }

  @Test func notYetValid() async throws {
    let pair = try lab.make("localhost", names: "DNS:localhost", from: 3600, until: 7200)
    guard case .lapsed("localhost", true, .notYetValid(let from, let now)) = try await failure(pair, trusted) else {
      Issue.record("not said to be of the future")
      return
    }
    #expect((3300...3601).contains(from - now))
  }

  @Test("expired: the authority that vouches, sent by the server or trusted here")
  func authorityExpired() async throws {
    let old = try lab.make("Old Authority", isAuthority: true, from: -7200, until: -3600)
    let pair = try lab.make("localhost", names: "DNS:localhost", by: old)
    let chain = try lab.joined(pair.certificate, old.certificate, as: "chain.pem")
    guard case .lapsed("Old Authority", false, .expired) = try await failure(chain: chain, key: pair.key, trusted)
    else {
      Issue.record("not said to be expired where the server sends it")
      return
    }
    let root = try lab.make("Old Root", isSelfSigned: true, isAuthority: true, from: -7200, until: -3600)
    let other = try lab.make("localhost", names: "DNS:localhost", by: root)
    guard case .lapsed("Old Root", false, .expired)? = try await failure(other, { $0.authorityFile = root.certificate })
    else {
      Issue.record("not said to be expired where it is trusted here")
      return
    }
  }

  @Test func wrongName() async throws {
    let pair = try lab.make("cache", names: "DNS:cache.example.test,DNS:cache,IP:10.0.0.1")
    let names = ["cache.example.test", "cache", "10.0.0.1"]
    #expect(
      try await failure(pair, trusted) == .nameMismatch(expected: "localhost", names: names, subject: "cache"))
    #expect(
      try await failure(lab.server) {
        trusted(&$0)
        $0.serverName = "other.test"
      } == .nameMismatch(expected: "other.test", names: ["localhost", "127.0.0.1"], subject: "localhost"))
  }

  @Test("a name that no certificate can bear")
  func unmatchable() async throws {
    for name in ["my_cache", String(repeating: "n", count: 300)] {
      let server = try await RecordingServer(chain: lab.server.certificate, key: lab.server.key)
      let client = Client(port: server.port) {
        trusted(&$0)
        $0.serverName = name
      }
      #expect(await client.failure() == .unmatchableName(name))
      #expect(server.received.isEmpty)
    }
  }

  @Test("self-signed, not trusted")
  func selfSigned() async throws {
    let pair = try lab.make("localhost", names: "DNS:localhost", isSelfSigned: true)
    #expect(try await failure(pair, trusted) == .selfSigned(subject: "localhost"))
    #expect(try await failure(pair) { _ in } == .selfSigned(subject: "localhost"))
  }

  @Test("unknown issuer: of the system's authorities none vouches; sent with its root or without")
  func unknownIssuer() async throws {
    #expect(
      try await failure(lab.server) { _ in } == .unknownIssuer(subject: "localhost", issuer: "Lab Root"))
    let chain = try lab.joined(lab.server.certificate, lab.root.certificate, as: "chain.pem")
    #expect(
      try await failure(chain: chain, key: lab.server.key) { _ in } == .untrustedAuthority("Lab Root"))
  }

  @Test("missing intermediate")
  func intermediateMissing() async throws {
    let (pair, _) = try intermediate()
    #expect(
      try await failure(pair, trusted) == .unknownIssuer(subject: "localhost", issuer: "Lab Intermediate"))
  }

  @Test("an authority of the same name with another key does not vouch")
  func impostor() async throws {
    let impostor = try CertificateLab()
    let failure = try await failure(impostor.server, trusted)
    guard case .unverified(let detail) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(detail == "CERTIFICATE_VERIFY_FAILED")
  }

  @Test("TLS 1.1 only: each side may be the one to refuse")
  func oldProtocol() async throws {
    let server = try await RecordingServer(
      chain: lab.server.certificate, key: lab.server.key, versions: (.tlsv1, .tlsv11))
    #expect(await Client(port: server.port, trusted).failure() == .protocolTooOld)
    #expect(server.received.isEmpty)
  }

  @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
  func eachProtocol(version: TLSVersion) async throws {
    let (server, port) = try lab.redis(
      nil, clients: "optional", "--tls-protocols", version == .tlsv12 ? "TLSv1.2" : "TLSv1.3")
    #expect(await Client(port: port, trusted).refusal() == nil)
    server.stop()
  }

  /// Whatever a certificate says is only ever shown.
  @Test func hostileSubject() async throws {
    let pair = try lab.make("evil\u{1b}]0;x\u{7}\u{202e}", isSelfSigned: true)
    let server = try await RecordingServer(chain: pair.certificate, key: pair.key)
    let message = try #require(await Client(port: server.port, trusted).refusal()?.message)
    #expect(message.contains(#"'evil\x1b]0;x\x07\xe2\x80\xae'"#))
    #expect(message.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
  }

  private func intermediate() throws -> (server: CertificateLab.Pair, between: CertificateLab.Pair) {
    let between = try lab.make("Lab Intermediate", isAuthority: true)
    return (try lab.make("localhost", names: "DNS:localhost", by: between), between)
  }

  // MARK: - Not verified

  @Test("--insecure takes anyone, and lets nothing out that writes")
  func insecure() async throws {
    let pair = try lab.make("wrong", names: "DNS:wrong", isSelfSigned: true)
    let (server, port) = try lab.redis(pair)
    let connection = try await Client(port: port) { $0.verifiesServer = false }.connect()
    #expect(try await connection.call("PING") == "PONG")
    let error = await #expect(throws: ClientError.self) { try await connection.call("SET", "k", "v") }
    #expect(error == .readOnly(command: "SET", cause: .unverifiedServer))
    #expect(
      error?.message == "SET: to a server that is not verified (--insecure) only what is known to read goes. "
        + "Start keyglass with --insecure-writes as well to send it.")
    let writer = try await Client(port: port) {
      $0.verifiesServer = false
      $0.allowsUnverifiedWrites = true
    }.connect()
    #expect(try await writer.call("SET", "k", "v") == "OK")
    server.stop()
  }

  @Test("without the room of TLS nothing is sent, least of all in plain text")
  func noSecurity() async throws {
    let fake = try FakeServer(.loopback(0), reply: { _ in Array("+OK\r\n".utf8) })
    defer { fake.stop() }
    guard case .loopback(let port) = fake.address else { return }
    let client = Client(port: port)
    let error = await #expect(throws: ClientError.self) {
      try await Connection.connect(to: client.endpoint, on: MultiThreadedEventLoopGroup.singleton)
    }
    #expect(error == .tls(client.endpoint.address, .notBuilt))
    #expect(fake.acceptedCount == 0)
  }
}
