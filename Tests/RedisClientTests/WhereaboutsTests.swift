import NIOPosix
import RESP
import RedisClient
import Synchronization
import Testing

/// A server that is elsewhere after its start, as a container is.
@Suite(.timeLimit(.minutes(1))) struct WhereaboutsTests {
  private final class Finder: Sendable {
    let finding = Mutex<Whereabouts.Finding>(.unknown)
    let moves = Recorder<Endpoint.Address>()
    func whereabouts(_ first: TestServer) -> Whereabouts {
      Whereabouts(
        address: first.endpoint.address, find: { self.finding.withLock { $0 } }, onMove: { self.moves.add($0) })
    }
  }

  private func link(_ server: TestServer, _ finder: Finder, _ states: Recorder<LinkState>) -> Link {
    Link(
      endpoint: server.endpoint, options: ConnectionOptions(connectTimeout: .seconds(1)),
      group: MultiThreadedEventLoopGroup.singleton,
      credentials: Credentials(password: nil, whereabouts: finder.whereabouts(server)), onState: { states.add($0) })
  }

  @Test func `a connection is made again where the server is now`() async throws {
    let (first, second) = (try await TestServer(), try await TestServer())
    let (finder, states) = (Finder(), Recorder<LinkState>())
    let link = link(first, finder, states)
    _ = try await link.send(command("SET", "who", "first"))
    let other = try await Connection.connect(to: second.endpoint, on: MultiThreadedEventLoopGroup.singleton)
    _ = try await other.call("SET", "who", "second")
    finder.finding.withLock { $0 = .at(second.endpoint.address) }
    let seen = states.all.count
    first.end()
    try await states.first(from: seen) { if case .connected = $0 { true } else { false } }
    #expect(try await link.send(command("GET", "who"))[0].string == "second")
    #expect(finder.moves.all == [second.endpoint.address])
    await link.shutdown()
    other.close()
  }

  /// Another server may have taken its place, and is not the one that was meant.
  @Test func `nothing is connected to while the server is nowhere`() async throws {
    let server = try await TestServer()
    let (finder, states) = (Finder(), Recorder<LinkState>())
    let link = link(server, finder, states)
    _ = try await link.send(command("PING"))
    finder.finding.withLock { $0 = .absent(why: "'cache' has ended") }
    let seen = states.all.count
    let killer = try await Connection.connect(to: server.endpoint, on: MultiThreadedEventLoopGroup.singleton)
    _ = try await killer.call("CLIENT", "KILL", "TYPE", "normal")
    try await states.first(from: seen) {
      if case .lost(.absent(why: "'cache' has ended"), _, _) = $0 { true } else { false }
    }
    #expect(await link.generation == 1)
    finder.finding.withLock { $0 = .unknown }
    try await states.first(from: seen) { if case .connected = $0 { true } else { false } }
    await link.shutdown()
    killer.close()
  }
}
