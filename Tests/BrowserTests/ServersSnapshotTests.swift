import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

/// The screen of connections and a locked production server, recorded as the other screens are.
@Suite("Screens of servers") struct ServersSnapshotTests {
  static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]

  @Test(arguments: sizes) func connections(size: Size) throws {
    var harness = Harness.servers(size: size)
    harness.press(.character("T"))
    let greeting = ServerGreeting(product: "redis", version: "7.0.15", role: "master", microseconds: 412)
    harness.send(.serverTested(Harness.entries[0].place, .reached(greeting)))
    harness.send(
      .serverTested(
        Harness.entries[1].place,
        .failed(
          why: "connection refused",
          message: "cannot connect to 127.0.0.1:6379: connection refused. Start a server there, name another one as "
            + "HOST:PORT, or look around with 'keyglass demo'.")))
    harness.send(.serverTested(Harness.entries[2].place, .wantsPassword))
    harness.press(.down)
    try Snapshot.check(harness, "servers")
  }

  @Test(arguments: sizes) func none(size: Size) throws {
    try Snapshot.check(Harness.servers([], size: size), "servers-none")
  }

  @Test(arguments: sizes) func unlocking(size: Size) throws {
    var harness = Harness(["config", "session:1", "session:2"], size: size, setup: .profile())
    harness.tell([("config", .string, nil)])
    harness.press(.character("L"))
    harness.advance(200)
    harness.type("prod-c")
    try Snapshot.check(harness, "unlock")
  }
}
