internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// What is known of the connection that writes.
struct WriteTarget: Sendable {
  let connection: Connection
  /// INFO's `run_id` of the server that it leads to; empty where it may not be read.
  var runID: String
  /// CLIENT ID's answer.
  var clientID: Int64?
  /// The database that is selected; nil: not known.
  var database: Int?
  /// Why no key can be copied and put back; nil in it: nothing is in the way. Not asked yet: nil.
  var copyDenial: Denial??
}

/// The connection that writes: where it leads, and what is selected on it.
extension Store {
  /// The connection that writes, another one than `lost`; tried once more at once where it waits to be made again.
  func writeConnection(after lost: Connection? = nil) async throws(ClientError) -> Connection {
    var reason = ClientError.connectionLost(midReply: false)
    var isHurried = false
    for _ in 0..<100 {
      do throws(ClientError) {
        let connection = try await writeLink.connection()
        // The link may not have heard yet that it is lost.
        if connection !== lost { return connection }
      } catch {
        reason = error
        // A full server needs clients that stay away; the link comes back by itself, a few seconds later.
        if error == .maxClients { break }
        if !isHurried { await writeLink.retryNow() }
        isHurried = true
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    throw reason
  }

  /// Asks once for each connection where it leads.
  @discardableResult
  func target(of connection: Connection) async -> WriteTarget {
    if let target = writing.target, target.connection === connection { return target }
    var target = WriteTarget(connection: connection, runID: "", database: await writeLink.database)
    var batch = CommandBatch()
    batch.add("INFO", "server")
    batch.add("CLIENT", "ID")
    if case .replies(let replies) = await connection.deliver(batch), replies.count == 2 {
      if !replies[0].isError { target.runID = InfoText(replies[0].string)["run_id"] ?? "" }
      target.clientID = replies[1].integer
    }
    writing.target = target
    return target
  }

  /// Whether the connection that writes leads to the server that the screen shows. Where it does not, both are made
  /// anew.
  func isShownServer(at connection: Connection) async -> Bool {
    let runID = await target(of: connection).runID
    guard let shown = identity?.runID, !shown.isEmpty, !runID.isEmpty, shown != runID else { return true }
    await writeLink.drop(.connectionLost(midReply: false))
    await rowsLink.drop(.connectionLost(midReply: false))
    return false
  }

  enum Selection: Sendable {
    case selected
    case refused([UInt8])
    case lost
  }

  /// Selects a database. Whoever may not run SELECT stays in the one that is selected, which must be this one.
  func select(_ database: Int, on connection: Connection) async -> Selection {
    let before = await target(of: connection).database
    guard let reply = await ask(command("SELECT", database), on: connection) else { return .lost }
    if reply.isError { return before == database ? .selected : .refused(Array(reply.bytes)) }
    if writing.target?.connection === connection { writing.target?.database = database }
    return .selected
  }

  /// Ends the server's side of a connection that was lost here: a command that the network still holds cannot be
  /// carried out any more. False where that is not certain.
  func fence(_ lost: WriteTarget?, from connection: Connection) async -> Bool {
    let runID = await target(of: connection).runID
    // Another process has other clients under the same ids.
    guard let lost, let id = lost.clientID, !lost.runID.isEmpty, lost.runID == runID else { return false }
    return await ask(command("CLIENT", "KILL", "ID", id), on: connection)?.isError == false
  }
}
