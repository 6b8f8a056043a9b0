import NIOCore
import RESP
import RedisClient
import RedisTLS

/// The client that a script changes the server with: connections of its own, one for each database.
actor OtherClient {
  private let find: @Sendable () -> Endpoint?
  private var endpoint: Endpoint?
  private let group: any EventLoopGroup
  private var connections: [Int: Connection] = [:]

  /// - Parameter find: tells the server on the screen; nil: there is none yet.
  init(_ find: @escaping @Sendable () -> Endpoint?) {
    self.find = find
    group = ClientGroup.make()
  }

  /// Sends one command and returns its reply as text, for regular expressions: see ``ScriptReply``.
  /// Throws a ``ClientError`` where none came.
  func send(_ arguments: [[UInt8]], database: Int?) async throws(ClientError) -> ScriptReply {
    guard var endpoint = find() else { throw .closed }
    // What a script says stands for others, whatever keyglass itself may write.
    endpoint.tls?.allowsUnverifiedWrites = true
    if endpoint != self.endpoint {
      for connection in connections.values { connection.close() }
      (connections, self.endpoint) = ([:], endpoint)
    }
    let database = database ?? endpoint.database
    let connection: Connection
    if let open = connections[database] {
      connection = open
    } else {
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
