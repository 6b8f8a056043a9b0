import NIOCore
import RESP
import RedisClient
import RedisTLS

/// The client that a script changes the server with: connections of its own, one for each database.
actor OtherClient {
  private let endpoint: Endpoint
  private let group: any EventLoopGroup
  private var connections: [Int: Connection] = [:]

  init(endpoint: Endpoint) {
    var endpoint = endpoint
    // What a script says stands for others, whatever keyglass itself may write.
    endpoint.tls?.allowsUnverifiedWrites = true
    self.endpoint = endpoint
    group = ClientGroup.make()
  }

  /// Sends one command and returns its reply as text, for regular expressions: see ``ScriptReply``.
  /// Throws a ``ClientError`` where none came.
  func send(_ arguments: [[UInt8]], database: Int?) async throws(ClientError) -> ScriptReply {
    let database = database ?? endpoint.database
    let connection: Connection
    if let open = connections[database] {
      connection = open
    } else {
      var endpoint = endpoint
      endpoint.database = database
      var options = ConnectionOptions(clientName: "keyglass-script")
      options.security = TLSSupport.security
      connection = try await Connection.connect(to: endpoint, options: options, on: group)
      connections[database] = connection
    }
    var batch = CommandBatch()
    batch.add(words: arguments)
    do throws(ClientError) {
      let replies = try await connection.send(batch)
      guard let reply = replies.first else { throw .connectionLost(midReply: false) }
      return ScriptReply(reply)
    } catch {
      // Such as after SHUTDOWN: the next command connects again.
      connections[database] = nil
      throw error
    }
  }
}
