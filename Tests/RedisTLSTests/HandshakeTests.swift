import NIOPosix
import RedisClient
import RedisTLS
import Synchronization
import TestSupport
import Testing

/// What else may answer where TLS is expected, and a session that outlives the certificate.
@Suite("Handshakes", .timeLimit(.minutes(3))) struct HandshakeTests {
  private func port(of server: FakeServer) throws -> Int {
    guard case .loopback(let port) = server.address else { throw TestFailure("no port") }
    return port
  }

  @Test(arguments: [
    ("-ERR Protocol error: unbalanced quotes in request\r\n", ClientError.Peer?.none),
    ("HTTP/1.1 400 Bad Request\r\n\r\n", .http), ("SSH-2.0-OpenSSH_9.2\r\n", .ssh), ("220 mail ready\r\n", .other),
  ])
  func plainText(answer: String, peer: ClientError.Peer?) async throws {
    let server = try FakeServer(.loopback(0), answerToAnything: Array(answer.utf8))
    defer { server.stop() }
    let error = await Client(port: try port(of: server)).refusal()
    #expect(error == .tls(.tcp(host: "localhost", port: try port(of: server)), .plainText(peer)))
    #expect(error?.isWorthRetrying == false)
  }

  @Test("a plain Redis port waits for the end of a line, and says nothing")
  func plainRedis() async throws {
    let server = try TestServer(tcp: true)
    var client = Client(port: try #require(server.port))
    client.patience = .seconds(1)
    #expect(await client.failure() == .noAnswer(seconds: 1))
    #expect(try server.cli("PING") == "PONG")
  }

  /// An alert in place of the server's first word: type 21, level 2.
  @Test(arguments: [
    (UInt8(40), TLSFailure.noCommonCipher), (70, .protocolTooOld), (71, .noCommonCipher),
    (112, .unknownServerName("localhost")), (42, .wantsClientCertificate), (48, .wantsClientCertificate),
    (80, .handshake(detail: "TLSV1_ALERT_INTERNAL_ERROR")),
  ])
  func alerts(number: UInt8, failure: TLSFailure) async throws {
    let server = try FakeServer(.loopback(0), answerToAnything: [0x15, 3, 3, 0, 2, 2, number])
    defer { server.stop() }
    #expect(await Client(port: try port(of: server)).failure() == failure)
  }

  @Test(arguments: [
    (UInt8(42), TLSFailure.Refusal.other), (44, .revoked), (45, .expired), (46, .other), (48, .unknownAuthority),
  ])
  func alertsAboutOurCertificate(number: UInt8, refusal: TLSFailure.Refusal) async throws {
    let lab = try CertificateLab()
    let server = try FakeServer(.loopback(0), answerToAnything: [0x15, 3, 3, 0, 2, 2, number])
    defer { server.stop() }
    let client = Client(port: try port(of: server)) {
      ($0.certificateFile, $0.keyFile) = (lab.client.certificate, lab.client.key)
    }
    #expect(await client.failure() == .refusesClientCertificate(refusal))
  }

  @Test func closedDuringTheHandshake() async throws {
    let server = try FakeServer(.loopback(0), answerToAnything: [])
    defer { server.stop() }
    let error = await Client(port: try port(of: server)).refusal()
    #expect(error == .tls(.tcp(host: "localhost", port: try port(of: server)), .closedDuringHandshake))
    // As a server that just starts does.
    #expect(error?.isWorthRetrying == true)
  }

  @Test func aSocketIsNotEncrypted() async throws {
    var client = Client(port: 1)
    client.endpoint.address = .unix(path: "/tmp/no-such.sock")
    #expect(await client.failure() == .unixSocket)
  }

  @Test("a cancelled handshake ends")
  func cancelled() async throws {
    let server = try FakeServer(.loopback(0)) { connection in while !connection.read().isEmpty {} }
    defer { server.stop() }
    let client = Client(port: try port(of: server))
    let attempt = Task { await client.refusal() }
    #expect(await eventually { server.acceptedCount == 1 })
    attempt.cancel()
    #expect(await attempt.value == .cancelled)
  }

  @Test("in pieces of one byte, both ways")
  func oneByteAtATime() async throws {
    let lab = try CertificateLab()
    let (server, port) = try lab.redis()
    let proxy = try FaultProxy(to: .loopback(port), listening: .loopback(0))
    defer { proxy.stop() }
    for direction in FaultProxy.Direction.allCases { proxy.set(direction) { $0.slice = 1 } }
    guard case .loopback(let through) = proxy.address else { throw TestFailure("no port") }
    let connection = try await Client(port: through) { $0.authorityFile = lab.root.certificate }.connect()
    let text = String(repeating: "x", count: 5_000)
    #expect(try await connection.call("SET", "k", text) == "OK")
    #expect(try await connection.call("GET", "k") == text)
    server.stop()
  }

  /// One byte changed on the way is no reply, and is never taken for one.
  @Test func garbled() async throws {
    let lab = try CertificateLab()
    let (server, port) = try lab.redis()
    let proxy = try FaultProxy(to: .loopback(port), listening: .loopback(0))
    defer { proxy.stop() }
    guard case .loopback(let through) = proxy.address else { throw TestFailure("no port") }
    let connection = try await Client(port: through) { $0.authorityFile = lab.root.certificate }.connect()
    proxy.set(.toClient) { $0.garble = { piece, _ in piece[piece.count - 1] ^= 1 } }
    let error = await #expect(throws: ClientError.self) { try await connection.call("PING") }
    #expect(error == .connectionLost(midReply: false))
    server.stop()
  }

  @Test("fault 62: the certificate expires while connected: the session is kept, a new one is refused")
  func expiresWhileConnected() async throws {
    let lab = try CertificateLab()
    // On a busy machine a short life may be over before the first connection.
    for lifetime in [4, 20, 60] where try await outlives(lab, lifetime) { return }
    Issue.record("never connected before the certificate expired")
  }

  /// False: not even the first connection was made in time.
  private func outlives(_ lab: CertificateLab, _ lifetime: Int) async throws -> Bool {
    let pair = try lab.make("localhost", names: "DNS:localhost", until: lifetime)
    let (server, port) = try lab.redis(pair)
    let client = Client(port: port) { $0.authorityFile = lab.root.certificate }
    let states = Mutex<[LinkState]>([])
    let link = Link(
      endpoint: client.endpoint, options: client.options, group: MultiThreadedEventLoopGroup.singleton,
      onState: { state in states.withLock { $0.append(state) } })
    guard let connection = try? await link.connection() else { return false }
    // Until it has expired for whoever comes now.
    #expect(
      await eventually(seconds: 90) {
        if case .lapsed(_, _, .expired)? = await client.failure() { true } else { false }
      })
    #expect(try await connection.call("PING") == "PONG")
    #expect(try server.pipeline([["AUTH", Client.secret], ["CLIENT", "KILL", "TYPE", "normal"]]).count == 2)
    #expect(
      await eventually {
        guard case .failed(.tls(_, .lapsed("localhost", true, .expired)))? = states.withLock({ $0.last }) else {
          return false
        }
        return true
      })
    await link.shutdown()
    return true
  }

  @Test("a lost connection is made again, verified as the first")
  func reconnects() async throws {
    let lab = try CertificateLab()
    let (server, port) = try lab.redis()
    let client = Client(port: port) { $0.authorityFile = lab.root.certificate }
    let link = Link(endpoint: client.endpoint, options: client.options, group: MultiThreadedEventLoopGroup.singleton)
    #expect(try await link.connection().call("PING") == "PONG")
    #expect(try server.pipeline([["AUTH", Client.secret], ["CLIENT", "KILL", "TYPE", "normal"]]).count == 2)
    #expect(await eventually { await link.generation == 2 })
    #expect(try await link.connection().call("PING") == "PONG")
    await link.shutdown()
  }
}
