import Browser
import RedisClient
import RedisTLS
import Settings

/// The connection of exec, whose first thread blocks.
enum ExecConnection {
  /// Connects, asking for the password where that is wanted.
  ///
  /// - Parameter pushes: gets what the server pushes; nil where nobody wants it.
  static func open(
    to server: ServerChoice, for format: ReplyFormat?, isReadOnly: Bool, pushes: PushBox? = nil
  ) throws(ErrorLine) -> Connection {
    var server = server
    // As redis-cli prints it: a map is a flat list there.
    if format == .raw, server.endpoint.protocolVersion == .automatic { server.endpoint.protocolVersion = .resp2 }
    // There is nobody to type its name.
    let lock = server.profile?.stage == .prod ? WriteLock(isLocked: true) : nil
    return try Connecting.withPassword(server) { endpoint in
      wait { () async throws(ClientError) in
        var options = ConnectionOptions(clientName: "keyglass-exec", replyTimeout: nil)
        if let pushes { options.onPush = { pushes.add($0) } }
        options.isReadOnly = isReadOnly
        options.lock = lock
        options.keepsAttributes = true
        options.security = TLSSupport.security
        return try await Connection.connect(to: endpoint, options: options, on: ClientGroup.make())
      }
    }
  }

  /// Blocks until the work is done.
  static func wait<Value: Sendable>(
    for work: @escaping @Sendable () async throws(ClientError) -> Value
  ) -> Result<Value, ClientError> {
    begin(work).wait() ?? .failure(.closed)
  }

  /// Begins the work, whose result can be waited for.
  static func begin<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(ClientError) -> Value
  ) -> Handover<Result<Value, ClientError>> {
    let result = Handover<Result<Value, ClientError>>()
    Task {
      do throws(ClientError) {
        result.set(.success(try await work()))
      } catch {
        result.set(.failure(error))
      }
    }
    return result
  }
}
