import Glibc
import NIOCore
import NIOPosix
import RESP
import RedisClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectionFailureTests {
  let group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

  /// Where a test is not about time, a busy machine has enough of it.
  func connecting(
    to endpoint: Endpoint, _ options: ConnectionOptions = .init(connectTimeout: .seconds(50))
  ) async -> ClientError? {
    await failure { () async throws(ClientError) in
      try await Connection.connect(to: endpoint, options: options, on: group)
    }
  }

  @Test(
    "fault 46: another server listens there",
    arguments: [
      (FakeServer.Script.greet(bytes("SSH-2.0-OpenSSH_9.2\r\n"), closes: false), ClientError.Peer.ssh),
      (.answer([bytes("HTTP/1.1 400 Bad Request\r\n\r\n")]), .http), (.answer([bytes("<!DOCTYPE HTML>")]), .http),
      (.answer([[0x15, 3, 3, 0, 2, 2, 70]]), .tls), (.greet(bytes("220 mail ready\r\n"), closes: false), .other),
      (.greet(bytes("+OK POP3 ready\r\n"), closes: false), .other), (.greet(bytes("H"), closes: true), .other),
    ])
  func othersAreRecognised(script: FakeServer.Script, peer: ClientError.Peer) async throws {
    let server = try await FakeServer(script, group: group)
    guard case .notRedis(let found, let firstBytes) = await connecting(to: server.endpoint) else {
      Issue.record("taken for a Redis server")
      return
    }
    #expect(found == peer)
    #expect(!firstBytes.isEmpty)
  }

  @Test(arguments: [
    ("-ERR max number of clients reached\r\n", ClientError.maxClients),
    ("-DENIED Redis is running in protected mode because\r\n", .protectedMode),
    ("-NOAUTH HELLO must be called\r\n", .authenticationRequired), ("-WRONGPASS invalid\r\n", .wrongPassword),
    ("-LOADING Redis is loading the dataset in memory\r\n", .loading),
    ("*2\r\n:1\r\n", .connectionLost(midReply: true)), ("$-7\r\n", .protocolError("a length that is no valid number")),
  ])
  func refusalsAtTheGreeting(answer: String, error: ClientError) async throws {
    let server = try await FakeServer(.answer([bytes(answer)]), group: group)
    #expect(await connecting(to: server.endpoint) == error)
  }

  /// As a server does that expects TLS, and one that starts or stops.
  @Test func closedWithoutAWord() async throws {
    let server = try await FakeServer(.answer([[]]), group: group)
    let error = await connecting(to: server.endpoint)
    #expect(error == .closedUnanswered(server.endpoint.address))
    #expect(error?.isWorthRetrying == true)
    #expect(
      error?.message
        == "cannot connect to \(server.endpoint.display): the server closed the connection without a word. "
        + "If this port speaks TLS, use --tls or rediss://; else see the server's log.")
  }

  @Test("fault 12: max clients") func aFullServerSaysSo() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(to: server.endpoint, on: group)
    _ = try await connection.call("CONFIG", "SET", "maxclients", "1")
    #expect(await connecting(to: server.endpoint) == .maxClients)
    connection.close()
  }

  /// The server's words count also where it closes before it reads, so that the greeting meets a reset.
  @Test func aRefusalBeforeTheGreeting() async throws {
    let text = bytes("-ERR max number of clients reached\r\n")
    let server = try await FakeServer(.greet(text, closes: true), group: group)
    for _ in 0..<50 { #expect(await connecting(to: server.endpoint) == .maxClients) }
  }

  @Test("fault 11: nobody listens") func nobodyListens() async throws {
    let server = try await FakeServer(.answer([]), group: group)
    let port = try #require(server.endpoint.display.split(separator: ":").last.flatMap { Int($0) })
    // A socket that is bound but does not listen keeps the port from anyone else.
    let held = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(held) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(held, generic, length) == 0 && getsockname(held, generic, &length) == 0
      }
    }
    try #require(bound)
    let free = Int(UInt16(bigEndian: address.sin_port))
    #expect(free != port)
    let closed = Endpoint.Address.tcp(host: "127.0.0.1", port: free)
    #expect(await connecting(to: Endpoint(address: closed)) == .refused(closed))
    let path = "/tmp/keyglass-no-such-folder/redis.sock"
    #expect(await connecting(to: Endpoint(address: .unix(path: path))) == .noSuchSocket(path: path))
    let long = "/tmp/" + String(repeating: "x", count: 200)
    #expect(
      await connecting(to: Endpoint(address: .unix(path: long))) == .unreachable(.unix(path: long), code: ENAMETOOLONG))
  }

  /// A host that takes no more connections: not even a refusal comes back.
  @Test("fault 11: a full backlog") func fullBacklog() async throws {
    let listening = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var waiting: [CInt] = []
    defer { for descriptor in waiting + [listening] { close(descriptor) } }
    let isReady = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard bind(listening, generic, length) == 0, listen(listening, 0) == 0,
          getsockname(listening, generic, &length) == 0
        else { return false }
        for _ in 0..<4 {
          let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
          waiting.append(descriptor)
          _ = connect(descriptor, generic, length)
        }
        return true
      }
    }
    try #require(isReady)
    let place = Endpoint.Address.tcp(host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port)))
    let error = await connecting(to: Endpoint(address: place), ConnectionOptions(connectTimeout: .seconds(1)))
    #expect(error == .connectTimeout(place, seconds: 1))
    #expect(error?.message.hasPrefix("cannot connect to \(place.display): no connection within 1 s.") == true)
  }

  @Test("fault 11: unknown host") func unknownHost() async {
    let name = "no-such-host.invalid"
    #expect(await connecting(to: Endpoint(address: .tcp(host: name, port: 6379))) == .unknownHost(name))
  }

  @Test("fault 4: a stopped server times out") func aStoppedServerTimesOut() async throws {
    let server = try await TestServer()
    let closes = Recorder<ClientError>()
    let options = ConnectionOptions(
      connectTimeout: .seconds(1), replyTimeout: .milliseconds(200), onClose: { closes.add($0) })
    let connection = try await Connection.connect(to: server.endpoint, options: options, on: group)
    server.signal(SIGSTOP)
    async let first = failure { () async throws(ClientError) in try await connection.call("PING") }
    async let second = failure { () async throws(ClientError) in try await connection.call("PING") }
    let both = await [first, second]
    #expect(both == [.timedOut(seconds: 1), .timedOut(seconds: 1)])
    #expect(closes.all == [.timedOut(seconds: 1)])
    #expect(await connecting(to: server.endpoint, options) == .timedOut(seconds: 1))
    server.signal(SIGCONT)
    try await Connection.connect(to: server.endpoint, options: options, on: group).close()
  }

  @Test("fault 7: a reply that stops halfway") func aReplyThatStopsHalfway() async throws {
    let hello = bytes("%1\r\n$5\r\nproto\r\n:3\r\n")
    let server = try await FakeServer(.answer([hello, bytes("$10\r\nabc")]), group: group)
    let options = ConnectionOptions(clientName: "", noTouch: false)
    let connection = try await Connection.connect(to: server.endpoint, options: options, on: group)
    let broken = await failure { () async throws(ClientError) in try await connection.call("GET", "k") }
    #expect(broken == .connectionLost(midReply: true))
  }

  @Test func aReplyThatNobodyAskedFor() async throws {
    let hello = bytes("%1\r\n$5\r\nproto\r\n:3\r\n+OK\r\n")
    let server = try await FakeServer(.answer([hello, []]), group: group)
    let closes = Recorder<ClientError>()
    let options = ConnectionOptions(clientName: "", noTouch: false, onClose: { closes.add($0) })
    _ = try await Connection.connect(to: server.endpoint, options: options, on: group)
    #expect(try await closes.first { _ in true } == .protocolError("a reply that nobody asked for"))
  }

  @Test func aCancelledAttemptEnds() async throws {
    let server = try await FakeServer(.answer([]), group: group)
    let attempt = Task { await connecting(to: server.endpoint, ConnectionOptions(connectTimeout: .seconds(600))) }
    try await Task.sleep(for: .milliseconds(20))
    attempt.cancel()
    #expect(await attempt.value == .cancelled)
  }
}
