import NIOPosix
import RESP
import RedisClient
import RedisTLS
import TestSupport

/// A client that logs in, so that a secret is there to be leaked.
struct Client {
  static let secret = "PW_4711_marker"

  var endpoint: Endpoint
  var patience = Duration.seconds(30)

  /// - Parameter change: the settings; as they are, the system's authorities are trusted.
  init(host: String = "localhost", port: Int, logsIn: Bool = true, _ change: (inout TLSSettings) -> Void = { _ in }) {
    endpoint = Endpoint(
      address: .tcp(host: host, port: port), password: logsIn ? Array(Self.secret.utf8) : nil)
    var settings = TLSSettings()
    change(&settings)
    endpoint.tls = settings
  }

  var options: ConnectionOptions {
    var options = ConnectionOptions(connectTimeout: patience)
    options.security = TLSSupport.security
    return options
  }

  func connect() async throws(ClientError) -> Connection {
    try await Connection.connect(to: endpoint, options: options, on: MultiThreadedEventLoopGroup.singleton)
  }

  /// Why it cannot connect; nil where it can.
  func refusal() async -> ClientError? {
    do throws(ClientError) {
      try await connect().close()
      return nil
    } catch {
      return error
    }
  }

  /// The same as a failure of TLS.
  func failure() async -> TLSFailure? {
    if case .tls(_, let failure)? = await refusal() { failure } else { nil }
  }
}

extension Connection {
  func call(_ words: String...) async throws(ClientError) -> String {
    var batch = CommandBatch()
    batch.add(words: words.map { Array($0.utf8) })
    return try await send(batch)[0].string
  }
}

extension CertificateLab {
  /// A real server that speaks TLS, with the client's password set.
  func redis(_ certificate: Pair? = nil, clients: String = "optional", _ more: String...) throws -> (
    server: TestServer, port: Int
  ) {
    // A port that is free now: the server's own TCP port is off, so that only TLS is spoken.
    let port = try FreePort.take()
    let server = try TestServer(
      redisArguments(port: port, certificate: certificate, clients: clients) + ["--requirepass", Client.secret] + more)
    return (server, port)
  }
}

/// As ``Eventually``, without blocking the thread.
func eventually(seconds: Double = 120, _ condition: () async -> Bool) async -> Bool {
  await Eventually.until(seconds: seconds, condition)
}
