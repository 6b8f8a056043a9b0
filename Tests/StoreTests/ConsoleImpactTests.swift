import Commands
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing

/// What a risky command would hit, and what the server says of its commands: by reading alone.
@Suite("Looking before the console sends", .serialized) struct ConsoleImpactTests {
  private func impact(_ line: String, _ harness: ConsoleHarness, database: Int = 0) async throws -> CommandImpact {
    let risk = try #require(CommandRisk(words: bytesOf(line)), "\(line)")
    let answer = await harness.store.answer(.console(.assess(risk, database: database)))
    guard case .console(.impact(let impact)) = answer else { throw TestFailure("no impact: \(answer)") }
    return impact
  }

  private func text(_ impact: CommandImpact) -> String {
    impact.lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }

  static let risks = [
    "FLUSHALL", "FLUSHDB", "SHUTDOWN", "DEBUG SEGFAULT", "SWAPDB 0 5", "SWAPDB x y", "REPLICAOF host 6379",
    "SLAVEOF no one",
    "CONFIG SET maxmemory 1 timeout 5", "SCRIPT FLUSH", "FUNCTION FLUSH", "FUNCTION DELETE lib",
    "FUNCTION RESTORE x FLUSH",
    "KEYS user:*", "MONITOR", "CLUSTER RESET HARD", "CLUSTER MEET a 1", "FAILOVER", "CLIENT KILL ID 1",
    "CLIENT PAUSE 1000",
    "ACL DELUSER a b", "MODULE LOAD x", "SAVE", "CONFIG SET requirepass x", "CONFIG SET",
  ]

  @Test("true numbers, and nothing but reading", arguments: allServers, bothProtocols)
  func numbers(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    try server.pipeline((0..<1_234).map { ["SET", "k:\($0)", "v"] })
    for number in 0..<7 { try server.cli(["SET", "five:\(number)", "v"], database: 5) }
    try server.cli("EVAL", "return 1", "0")
    let harness = try await ConsoleHarness(server, version)
    #expect(
      try await text(impact("FLUSHALL", harness))
        == "Deletes all 1,241 keys of all databases. Nothing brings them back.\ndb0: 1,234 keys\ndb5: 7 keys")
    #expect(try await text(impact("FLUSHDB", harness)).contains("all 1,234 keys of db0"))
    #expect(try await text(impact("FLUSHDB", harness, database: 5)).contains("all 7 keys of db5"))
    #expect(try await text(impact("FLUSHDB", harness, database: 3)).contains("all 0 keys of db3"))
    #expect(try await text(impact("SWAPDB 0 5", harness)).hasSuffix("db0: 1,234 keys\ndb5: 7 keys"))
    #expect(try await text(impact("REPLICAOF host 6379", harness)).contains("copy of host:6379. Its own 1,241 keys"))
    #expect(try await text(impact("SCRIPT FLUSH", harness)).hasPrefix("Drops all 1 cached scripts"))
    #expect(try await text(impact("SHUTDOWN", harness)).contains("1,241 changes") || binary != nil)
    #expect(try await text(impact("CONFIG SET maxmemory 1", harness)).contains("maxmemory is now 0"))
    #expect(try await impact("KEYS k*", harness).isSlight)
    #expect(try await text(impact("KEYS k*", harness)).contains("all 1,234 keys of db0"))
    try server.populate(20_000)
    #expect(try await !impact("KEYS k*", harness).isSlight)
    #expect(try await impact("KEYS k*", harness, database: 5).isSlight)
  }

  @Test("every risk, in one server's statistics", arguments: allServers)
  func readsOnly(binary: String?) async throws {
    let server = try TestServer(["--requirepass", "s3cret"], binary: binary)
    // A server with a password lets nobody in to prepare it: the store logs in, the test looks at what it may.
    var socket = try ServerSocket(path: server.socketPath)
    func admin(_ words: String...) throws -> String {
      var batch = ServerBatch()
      batch.add(words)
      return try socket.send(batch).last?.text ?? ""
    }
    #expect(try admin("AUTH", "s3cret") == "OK")
    #expect(try admin("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+@all") == "OK")
    var endpoint = Endpoint(address: .unix(path: server.socketPath))
    (endpoint.username, endpoint.password) = (bytes("reader"), bytes("pw"))
    let store = Store(endpoint: endpoint, options: StoreOptions(), notify: { _ in })
    _ = try await store.connect()
    let before = try admin("DEBUG", "DIGEST")
    _ = try admin("CONFIG", "RESETSTAT")
    for line in Self.risks + [
      "CONFIG SET requirep* x", "CONFIG SET * x", "CONFIG SET [r]equirepass x", "CONFIG SET requirepas? x",
      "CONFIG SET REQUIREPASS x",
      "CONFIG SET masterauth x", "CONFIG SET require\\pass x", "CONFIG SET timeout 1 requirepass x",
    ] {
      let risk = try #require(CommandRisk(words: bytesOf(line)))
      guard case .console(.impact(let impact)) = await store.answer(.console(.assess(risk, database: 0))) else {
        Issue.record("no impact of \(line)")
        continue
      }
      #expect(!impact.lines.isEmpty && impact.lines.allSatisfy { !$0.isEmpty }, "\(line)")
      #expect(!text(impact).contains("s3cret"), "\(line): \(text(impact))")
    }
    #expect(try admin("DEBUG", "DIGEST") == before)
    let known: Set<String> = [
      "info", "dbsize", "config|get", "config", "config|resetstat", "debug", "client|tracking", "client", "hello",
      "ping",
      "client|setname", "client|no-touch", "select",
    ]
    let sent = try admin("INFO", "commandstats").split(whereSeparator: \.isNewline).filter { $0.hasPrefix("cmdstat_") }
      .compactMap { $0.dropFirst("cmdstat_".count).split(separator: ":").first.map(String.init) }
    #expect(sent.allSatisfy(known.contains), "\(sent)")
  }

  @Test("without the rights to ask, it says so", arguments: bothProtocols)
  func denied(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~*", "+@all", "-info", "-dbsize", "-config", "-select")
    let harness = try await ConsoleHarness(server, version, user: "limited")
    for line in Self.risks {
      let impact = try await impact(line, harness)
      #expect(!impact.lines.isEmpty && !impact.isSlight, "\(line)")
      // No number is made up.
      #expect(!text(impact).contains(" 0 keys"), "\(line): \(text(impact))")
    }
    #expect(try await text(impact("FLUSHALL", harness)).contains("may not be read"))
    #expect(try await text(impact("FLUSHDB", harness)).contains("may not be read"))
  }

  private func table(_ harness: ConsoleHarness) async throws -> CommandTable {
    guard case .console(.commands(let table)) = await harness.store.answer(.console(.commands)) else {
      throw TestFailure("no table")
    }
    return table
  }

  @Test("the server's own word on its commands", arguments: allServers, bothProtocols)
  func learns(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    let harness = try await ConsoleHarness(server, version)
    let table = try await table(harness)
    #expect(table.spec(named: "GET")?.syntax == "key")
    #expect(table.spec(named: "GET")?.flags.contains("readonly") == true)
    #expect(table.spec(named: "SET")?.flags.contains("write") == true)
    #expect(table.spec(named: "SET")?.syntax.hasPrefix("key value") == true)
    #expect(table.spec(named: "SET")?.syntax.contains("KEEPTTL") == true)
    #expect(table.spec(named: "BLPOP")?.flags.contains("blocking") == true)
    #expect(table.spec(named: "CONFIG SET") != nil && table.spec(named: "CLIENT KILL") != nil)
    #expect(
      table.spec(named: "XADD")?.syntax.contains("id | *") == true
        || table.spec(named: "XADD")?.syntax.contains("*") == true)
    #expect(table.keys(of: bytesOf("MSET a 1 b 2")) == [bytes("a"), bytes("b")])
    #expect(table.keys(of: bytesOf("EVAL x 2 a b c")) == [bytes("a"), bytes("b")])
    #expect(table.keys(of: bytesOf("XREAD COUNT 1 STREAMS s t 0 0")) == [bytes("s"), bytes("t")])
    // One that this server does not have is not offered; one that it has is.
    for name in ["HGETDEL", "DIGEST", "SET", "LPOS", "SSUBSCRIBE", "FCALL"] {
      let isThere = try server.cli(name).contains("unknown command") == false
      #expect((table.spec(named: name) != nil) == isThere, "\(name)")
    }
    // Two commands are asked, together.
    #expect(try (harness.calls(of: "command"), harness.calls(of: "command|docs")) == (1, 1) || binary != nil)
  }

  @Test("where it is denied the built-in table serves", arguments: bothProtocols)
  func builtIn(version: Endpoint.ProtocolPreference) async throws {
    for rules in [["-command", "-command|docs"], ["-command|docs"]] {
      let server = try TestServer()
      try server.cli(["ACL", "SETUSER", "limited", "on", ">pw", "~*", "+@all"] + rules, database: 0)
      let harness = try await ConsoleHarness(server, version, user: "limited")
      let table = try await table(harness)
      #expect(table.spec(named: "GET")?.syntax == "key")
      #expect(table.spec(named: "SET")?.syntax.hasPrefix("key value") == true)
      #expect(await harness.run("SET", "k", "v").written == ["k"])
      // Learnt once more it is the same.
      #expect(try await self.table(harness).spec(named: "GET")?.syntax == "key")
    }
  }

  @Test("in read-only mode as well, and what the server calls reading is let out")
  func learnsInReadOnlyMode() async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, isReadOnly: true)
    #expect(await harness.run("EVAL_RO", "return 1", "0").refusal != nil)
    #expect(try await table(harness).spec(named: "GET") != nil)
    #expect(await harness.run("EVAL_RO", "return 1", "0").text == "(integer) 1")
  }
}
