internal import Commands
internal import RESP
internal import RedisClient
internal import Requests

extension Store {
  /// Asks the server what commands it has, and what they take. Denied or too old for that, the built-in table stays.
  func learnCommands() async throws(Failure) -> CommandTable {
    let table = CommandTable.builtIn
    var batch = CommandBatch()
    batch.add("COMMAND")
    batch.add("COMMAND", "DOCS")
    let connection: Connection
    do throws(ClientError) {
      connection = try await sweepLink.connection()
    } catch {
      throw Failure(
        kind: .connection, what: "reading the server's commands", why: Array(error.why.utf8), nextStep: error.nextStep)
    }
    guard case .replies(let replies) = await connection.deliver(batch), replies.count == 2 else {
      console.table = table
      return table
    }
    if let denial = replies[0].denial(of: "COMMAND", rule: "+command") { denials.note(denial) }
    guard !replies[0].isError else {
      console.table = table
      return table
    }
    let specs = ServerCommands.specs(commands: replies[0], docs: replies[1].isError ? nil : replies[1])
    console.table = table.merged(with: specs, isComplete: !specs.isEmpty)
    console.readers = ConsoleTurn.plain.union(
      ReadOnlyGate.readers(in: replies[0]).filter { !CommandTable.builtIn.mayWrite($0) })
    return console.table
  }
}
