import Glibc
import NIOCore
import NIOPosix
import RESP
import RedisClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct LinkTests {
  let group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

  func link(_ endpoint: Endpoint, _ states: Recorder<LinkState>, replyTimeout: Duration = .seconds(10)) -> Link {
    Link(
      endpoint: endpoint, options: ConnectionOptions(connectTimeout: .seconds(1), replyTimeout: replyTimeout),
      group: group, onState: { states.add($0) })
  }

  @Test func comesBackAfterKill() async throws {
    let server = try await TestServer()
    let states = Recorder<LinkState>()
    let link = link(server.endpoint, states)
    #expect(await link.generation == 0)
    async let other = link.send(command("PING"))
    #expect(try await link.send(command("PING"))[0].string == "PONG")
    #expect(try await other[0].string == "PONG")
    #expect(await link.generation == 1)
    try await link.select(database: 5)

    server.end()
    try await states.first { if case .lost = $0 { true } else { false } }
    let down = await failure { () async throws(ClientError) in try await link.send(command("SET", "k", "v")) }
    #expect(down != nil)
    let seen = states.all.count
    try await server.start()
    await link.retryNow()
    try await states.first(from: seen) { if case .connected = $0 { true } else { false } }
    #expect(await link.generation == 2)
    #expect(try await link.send(command("CLIENT", "INFO"))[0].string.contains(" db=5 "))
    // What failed while it was down was not sent later.
    #expect(try await link.send(command("EXISTS", "k"))[0].integer == 0)
    await link.shutdown()
    #expect(await failure { () async throws(ClientError) in try await link.send(command("PING")) } == .closed)
  }

  @Test func reconnectsByItself() async throws {
    let server = try await TestServer()
    let states = Recorder<LinkState>()
    let link = link(server.endpoint, states)
    _ = try await link.send(command("PING"))
    let seen = states.all.count
    let killer = try await Connection.connect(to: server.endpoint, on: group)
    _ = try await killer.call("CLIENT", "KILL", "TYPE", "normal")
    try await states.first(from: seen) { if case .connected = $0 { true } else { false } }
    #expect(await link.generation == 2)
    guard case .lost(_, let retryIn, attempt: 1) = states.all[seen] else {
      Issue.record("\(states.all)")
      return
    }
    #expect(retryIn <= .milliseconds(120))
    await link.shutdown()
    killer.close()
  }

  @Test func aWrongPasswordIsNotTriedAgain() async throws {
    let server = try await TestServer("--requirepass", "right")
    let states = Recorder<LinkState>()
    var endpoint = server.endpoint
    endpoint.password = bytes("wrong")
    let link = link(endpoint, states)
    #expect(await failure { () async throws(ClientError) in try await link.send(command("PING")) } == .wrongPassword)
    #expect(states.all == [.connecting, .failed(.wrongPassword)])
    #expect(await failure { () async throws(ClientError) in try await link.send(command("PING")) } == .wrongPassword)
    #expect(states.all.count == 2)
    await link.shutdown()
  }

  @Test func aDatabaseThatIsNotThereChangesNothing() async throws {
    let server = try await TestServer("--databases", "2")
    let link = link(server.endpoint, Recorder())
    try await link.select(database: 1)
    let denied = await failure { () async throws(ClientError) in try await link.select(database: 9) }
    guard case .databaseUnavailable(9, _) = denied else {
      Issue.record("\(String(describing: denied))")
      return
    }
    #expect(await link.database == 1)
    #expect(try await link.send(command("CLIENT", "INFO"))[0].string.contains(" db=1 "))
    await link.shutdown()
  }

  @Test func aStoppedServerBlocksNothing() async throws {
    let server = try await TestServer()
    let states = Recorder<LinkState>()
    let link = link(server.endpoint, states, replyTimeout: .milliseconds(200))
    _ = try await link.send(command("PING"))
    server.signal(SIGSTOP)
    let hung = await failure { () async throws(ClientError) in try await link.send(command("PING")) }
    #expect(hung == .timedOut(seconds: 1))
    try await states.first { if case .lost(.timedOut, _, _) = $0 { true } else { false } }
    await link.shutdown()

    let waiting = self.link(server.endpoint, Recorder())
    async let answer = failure { () async throws(ClientError) in try await waiting.send(command("PING")) }
    try await Task.sleep(for: .milliseconds(20))
    await waiting.shutdown()
    #expect(await answer == .closed)
    server.signal(SIGCONT)
  }
}
