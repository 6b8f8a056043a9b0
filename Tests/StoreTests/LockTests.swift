import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// A locked server, by what it counts itself: nothing that writes reaches it, on any connection, until it is unlocked.
@Suite("The lock of a production server", .serialized) struct LockTests {
  /// What changes keys or the server, of what it has carried out.
  private static func writes(_ server: TestServer) throws -> [String: Int] {
    let reading: Set<String> = [
      "hello", "auth", "select", "ping", "info", "config|resetstat", "config|get", "client|setname", "client|no-touch",
      "client|tracking", "client|id", "command", "command|info", "command|docs", "scan", "type", "pttl", "pexpiretime",
      "dbsize", "get", "exists", "lrange", "zscore", "hget", "debug", "client|list", "strlen", "object|encoding",
      "object|idletime", "object|freq", "memory|usage", "getrange", "llen", "hlen", "scard", "zcard", "xlen", "hscan",
      "time", "expiretime", "ttl", "dump",
    ]
    return try server.calls().filter { !reading.contains($0.key) }
  }

  @Test(
    "every edit is refused while it is locked, and carried out once it is not", arguments: WriteHarness.Way.allCases)
  func edits(way: WriteHarness.Way) async throws {
    let lock = WriteLock(isLocked: true)
    let harness = try await WriteHarness(TestServer(), way, lock: lock)
    for edit in WriteRowTests.edits { try harness.server.cli(edit.make, database: 0) }
    let before = try harness.redis("DEBUG", "DIGEST")
    try harness.redis("CONFIG", "RESETSTAT")
    let keys: [(KeyName, KeyType, Change)] =
      WriteRowTests.edits.map { ($0.name, $0.type, $0.change) } + [
        ("s", .string, .string(from: bytes("old"), to: nil)), ("s", .string, .expiry(from: nil, to: .after(60_000))),
        ("s", .string, .renameKey(to: "other")), ("s", .string, .copyKey(to: "other", database: 3)),
        ("s", .string, .deleteKey(keepsCopy: true)),
      ]
    for (name, type, change) in keys {
      guard case .refused(let failure) = await harness.outcome(name, .present(type), change) else {
        Issue.record("\(change) was not refused")
        continue
      }
      #expect(failure.nextStep == "L unlocks it")
    }
    _ = await harness.undo()
    #expect(try Self.writes(harness.server) == [:])
    #expect(try harness.redis("DEBUG", "DIGEST") == before)
    lock.set(isLocked: false)
    #expect(await harness.outcome("s", .present(.string), .string(from: bytes("old"), to: bytes("new"))).isDone)
    // And again, on the connection that has written just now.
    lock.set(isLocked: true)
    #expect(await harness.outcome("s", .present(.string), .string(from: bytes("new"), to: bytes("2"))).isDone == false)
    if case .applied? = await harness.undo() { Issue.record("an undo is a write") }
    #expect(try harness.redis("GET", "s") == "new")
    lock.set(isLocked: false)
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.redis("GET", "s") == "old")
  }

  /// Fails without the gate in front of the socket, which is all that the console has.
  @Test("nothing typed into the console goes past it", arguments: bothProtocols)
  func console(version: Endpoint.ProtocolPreference) async throws {
    let lock = WriteLock(isLocked: true)
    let harness = try await ConsoleHarness(TestServer(), version, lock: lock)
    try harness.server.cli("SET", "k", "1")
    let lines = [
      "SET k 2", "FLUSHALL", "FLUSHDB", "DEL k", "EVAL return(1) 0", "MULTI\nSET k 2\nEXEC", "CONFIG SET maxmemory 1gb",
      "SWAPDB 0 1", "MIGRATE 127.0.0.1 1 k 0 10", "REPLICAOF NO ONE", "SHUTDOWN NOSAVE", "DEBUG SLEEP 0", "GETDEL k",
      "CLIENT KILL ID 1", "SCRIPT FLUSH", "NOSUCH k",
    ]
    func runAll() async -> [ConsoleReport] {
      var reports: [ConsoleReport] = []
      for line in lines.flatMap({ $0.split(separator: "\n") }) {
        reports.append(await harness.run(bytesOf(String(line))))
      }
      return reports
    }
    try harness.server.cli("CONFIG", "RESETSTAT")
    let passed = await runAll().filter { $0.refusal == nil }
    #expect(passed.isEmpty, "\(passed)")
    #expect(try harness.server.cli("GET", "k") == "1")
    #expect(
      try Self.writes(harness.server).filter { !["multi", "exec", "discard"].contains($0.key) } == [:])
    #expect(await harness.run("SET", "k", "3").refusal?.contains("production, and locked") == true)
    lock.set(isLocked: false)
    #expect(await harness.run("SET", "k", "3").text == "OK")
    lock.set(isLocked: true)
    #expect(await harness.run("SET", "k", "4").refusal?.contains("production, and locked") == true)
    #expect(await harness.run("GET", "k").text == "\"3\"")
    #expect(try harness.server.cli("GET", "k") == "3")
  }

  @Test("a connection that is made anew obeys it as well") func reconnected() async throws {
    let lock = WriteLock(isLocked: false)
    let harness = try await ConsoleHarness(TestServer(), lock: lock)
    #expect(await harness.run("SET", "k", "1").text == "OK")
    lock.set(isLocked: true)
    try await harness.killConsole()
    #expect(await harness.run("SET", "k", "2").refusal?.contains("production, and locked") == true)
    #expect(try harness.server.cli("GET", "k") == "1")
  }
}
