internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// The clients of the server, of which the first `limit` are told. There is no way to ask for a part of them.
  func clients(limit: Int) async throws(Failure) -> ClientList {
    var question = Question("listing the clients", denials: denials)
    question.ask(.clientList)
    // It may be long: nobody waits behind it there.
    let reply = try await ask(question, on: sweepLink).require(.clientList)
    let own = await ownClients()
    var list = ClientList(clients: [], count: 0)
    for line in reply.bytes.split(separator: UInt8(ascii: "\n")) {
      list.count += 1
      guard list.clients.count < limit, var client = ClientLine.client(line) else { continue }
      client.isOwn = own.contains(client)
      list.clients.append(client)
    }
    list.clients.sort { $0.id < $1.id }
    guard list.count > 0 else { throw .unreadable(.clientList, what: question.what) }
    return list
  }

  /// Ends the connection of a client, if this is still the process that has told its id. Sent at most once.
  func killClient(_ id: Int, session: Int) async throws(Failure) -> KillOutcome {
    let what = "killing client \(id)"
    func failure(_ kind: Failure.Kind, _ why: String, _ nextStep: String) -> Failure {
      Failure(kind: kind, what: what, why: Array(why.utf8), nextStep: nextStep)
    }
    if options.isReadOnly {
      throw failure(.server, "read-only mode: nothing is sent that changes anything", "Start without --read-only")
    }
    guard !(await ownClients().ids.contains(Int64(id))) else {
      throw failure(.server, "it is one of Keyglass's own connections", "It would be made again at once")
    }
    let connection: Connection
    do throws(ClientError) {
      connection = try await rowsLink.connection()
    } catch {
      throw failure(.connection, error.why, error.nextStep)
    }
    guard await rowsLink.generation == session else {
      throw failure(
        .server, "the connection was made anew since: this id may be another client's", "R reads the clients again")
    }
    var batch = CommandBatch()
    batch.add("CLIENT", "KILL", "ID", id)
    switch await connection.deliver(batch) {
    case .notSent(let error): throw failure(.connection, error.why, error.nextStep)
    case .lost(let error):
      throw failure(.connection, "\(error.why), so it is not known whether it was killed", "R reads the clients again")
    case .replies(let replies):
      guard let reply = replies.first?.element else { throw failure(.server, "no reply", "R reads the clients again") }
      guard reply.isError else { return reply.integer == 0 ? .gone : .killed }
      if reply.errorCode == "NOPERM" {
        throw failure(
          .denied(Denial(command: "CLIENT KILL", missingRule: "+client|kill")), "this user may not run CLIENT KILL",
          "Ask for the rule +client|kill")
      }
      if reply.isUnknownCommand {
        throw failure(
          .denied(Denial(command: "CLIENT KILL", missingRule: nil)), "this server has no CLIENT KILL",
          "It may be renamed or disabled")
      }
      throw Failure(kind: .server, what: what, why: Array(reply.bytes), nextStep: "R reads the clients again")
    }
  }

  /// The connections that Keyglass has to this server.
  struct OwnClients {
    var ids: Set<Int64> = []
    /// Of some the id is not known (RESP2): every client that has a name like theirs counts as one.
    var hasNameless = false

    func contains(_ client: ClientFacts) -> Bool {
      ids.contains(Int64(client.id)) || hasNameless && client.name.starts(with: "keyglass-".utf8)
    }
  }

  func ownClients() async -> OwnClients {
    let hellos = [
      await rowsLink.hello, await sweepLink.hello, await writeLink.hello, await following?.link.hello,
      console.connection?.hello, console.streamConnection?.hello,
    ]
    var own = OwnClients()
    for hello in hellos.compactMap(\.self) {
      if let id = hello.clientID { own.ids.insert(id) } else { own.hasNameless = true }
    }
    return own
  }
}
