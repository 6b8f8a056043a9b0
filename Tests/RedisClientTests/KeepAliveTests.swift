import Glibc
import NIOCore
import NIOPosix
import RESP
import RedisClient
import Testing

/// Whether anybody is there, on connections where nothing is asked.
@Suite("Keep-alive", .timeLimit(.minutes(1))) struct KeepAliveTests {
  let group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

  func options(_ closes: Recorder<ClientError>, every interval: Duration?) -> ConnectionOptions {
    var options = ConnectionOptions(replyTimeout: .seconds(600), onClose: { closes.add($0) })
    options.keepAlive = interval
    options.keepAlivePatience = .milliseconds(200)
    return options
  }

  @Test("fault 9: a silence that nobody asked into is found out")
  func idle() async throws {
    let server = try await TestServer()
    let closes = Recorder<ClientError>()
    _ = try await Connection.connect(to: server.endpoint, options: options(closes, every: .milliseconds(50)), on: group)
    server.signal(SIGSTOP)
    #expect(try await closes.first { _ in true } == .timedOut(seconds: 1))
    server.signal(SIGCONT)
  }

  /// The reply to a PING of ours is nobody else's.
  @Test func askingHarmsNothing() async throws {
    let server = try await TestServer()
    let closes = Recorder<ClientError>()
    var options = options(closes, every: .milliseconds(1))
    options.keepAlivePatience = .seconds(60)
    let connection = try await Connection.connect(to: server.endpoint, options: options, on: group)
    for round in 0..<200 {
      #expect(try await connection.call("ECHO", "\(round)").string == "\(round)")
      if round % 20 == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }
    let stats = try await connection.call("INFO", "commandstats").string
    #expect(stats.contains("cmdstat_ping"))
    #expect(closes.all.isEmpty)
    connection.close()
  }

  @Test func withoutItNothingIsSent() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(
      to: server.endpoint, options: options(Recorder(), every: nil), on: group)
    try await Task.sleep(for: .milliseconds(100))
    #expect(!(try await connection.call("INFO", "commandstats").string.contains("cmdstat_ping")))
    connection.close()
  }

  @Test func onlyWhatIsIdleIsClosedAsIdle() async throws {
    let server = try await TestServer()
    let closes = Recorder<ClientError>()
    let connection = try await Connection.connect(to: server.endpoint, options: options(closes, every: nil), on: group)
    async let blocked = connection.call("BLPOP", "nothing", "1")
    try await Task.sleep(for: .milliseconds(50))
    connection.closeIfIdle(.timedOut(seconds: 1))
    #expect(try await blocked.isNull)
    connection.closeIfIdle(.timedOut(seconds: 1))
    #expect(try await closes.first { _ in true } == .timedOut(seconds: 1))
  }

  // MARK: - The greeting

  @Test(arguments: [Endpoint.ProtocolPreference.automatic, .resp2])
  func trackingIsPartOfTheGreeting(version: Endpoint.ProtocolPreference) async throws {
    let server = try await TestServer()
    var options = ConnectionOptions()
    options.tracks = true
    var endpoint = server.endpoint
    endpoint.protocolVersion = version
    endpoint.database = 5
    let connection = try await Connection.connect(to: endpoint, options: options, on: group)
    #expect(connection.hello.tracking == (version == .resp2 ? .notAsked : .on))
    let flags = try await connection.call("CLIENT", "TRACKINGINFO")
    #expect(flags.children.contains { $0.children.contains { $0.string == "on" } } == (version != .resp2))
    #expect(try await connection.call("CLIENT", "INFO").string.contains(" db=5 "))
    connection.close()
  }

  @Test func aDeniedTrackingIsTold() async throws {
    let server = try await TestServer()
    let admin = try await Connection.connect(to: server.endpoint, on: group)
    _ = try await admin.call("ACL", "SETUSER", "small", "on", ">pw", "+hello", "+auth")
    var options = ConnectionOptions()
    options.tracks = true
    var endpoint = server.endpoint
    (endpoint.username, endpoint.password) = (bytes("small"), bytes("pw"))
    let connection = try await Connection.connect(to: endpoint, options: options, on: group)
    guard case .refused(let text) = connection.hello.tracking else {
      Issue.record("\(connection.hello.tracking)")
      return
    }
    #expect(String(decoding: text, as: UTF8.self).hasPrefix("NOPERM"))
    connection.close()
    admin.close()
  }
}
