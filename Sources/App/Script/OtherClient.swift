import NIOCore
import RESP
import RedisClient

/// The client that a script changes the server with: connections of its own, one for each database.
actor OtherClient {
  private let endpoint: Endpoint
  private let group: any EventLoopGroup
  private var connections: [Int: Connection] = [:]

  init(endpoint: Endpoint) {
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
      connection = try await Connection.connect(
        to: endpoint, options: ConnectionOptions(clientName: "keyglass-script"), on: group)
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
