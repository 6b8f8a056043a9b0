import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// The browser follows what the console changes.
@Suite("Following the console", .serialized) struct ConsoleFollowTests {
  private func names(_ harness: ConsoleHarness) async -> Set<KeyName> {
    guard case .rows(let rows, _) = await harness.store.answer(.rows(ListQuery(layout: .flat))) else { return [] }
    return Set((0..<rows.count).map { rows[$0].id.name })
  }

  private func hasChanged(_ name: KeyName, _ harness: ConsoleHarness) -> Bool {
    harness.notices.contains { if case .changed(let names) = $0 { names.contains(name) } else { false } }
  }

  private func scanned(_ harness: ConsoleHarness) async throws {
    guard case .selected = await harness.store.answer(.select(database: harness.session.database)) else {
      throw TestFailure("not selected")
    }
    let isOver = await eventually {
      harness.notices.contains { if case .scan(let progress) = $0 { progress.phase == .done } else { false } }
    }
    guard isOver else { throw TestFailure("the scan does not end") }
  }

  /// A command, what is there before it, and the keys that it makes or changes.
  struct Case: Sendable {
    var command: [String]
    var written: [KeyName]
    init(_ command: String, _ written: KeyName...) {
      self.command = command.split(separator: " ").map { $0 == "SCRIPT" ? Self.script : String($0) }
      self.written = written
    }
    static let script = "redis.call('SET', KEYS[1], 'x') return redis.call('RPUSH', KEYS[2], 'y')"
  }

  static let cases = [
    Case("SET new 1", "new"), Case("MSET m1 a m2 b m3 c", "m1", "m2", "m3"),
    Case("RENAME old renamed", "old", "renamed"),
    Case("COPY old copied", "copied"), Case("XADD stream * f v", "stream"), Case("SORT list STORE sorted", "sorted"),
    Case("GEOSEARCHSTORE near geo FROMLONLAT 15 37 BYRADIUS 500 km", "near"), Case("EVAL SCRIPT 2 e1 e2", "e1", "e2"),
    Case("ZUNIONSTORE union 1 zset", "union"), Case("SUNIONSTORE sets set", "sets"),
    Case("LMOVE list other LEFT RIGHT", "other"),
    Case("BITOP AND bits old old", "bits"), Case("PFADD hll a", "hll"), Case("HSET hash f v", "hash"),
    Case("APPEND old x", "old"),
    Case("RPOPLPUSH list third", "third"), Case("SETEX brief 1000 v", "brief"), Case("getset old y", "old"),
    Case("GEOADD geo2 13 38 a", "geo2"), Case("SMOVE set moved m", "moved"), Case("MSETNX n1 a n2 b", "n1", "n2"),
    Case("EXPIRE old 1000", "old"), Case("INCRBY count 5", "count"),
  ]

  @Test("what a command writes is listed and pushed", arguments: [true, false], bothProtocols)
  func written(isLearnt: Bool, version: Endpoint.ProtocolPreference) async throws {
    for binary in isLearnt && Campaign.isOn ? allServers : [nil] {
      for isInTransaction in binary == nil || Campaign.isOn ? [false, true] : [false] {
        let server = try TestServer(binary: binary)
        for item in Self.cases {
          try server.pipeline([
            ["FLUSHALL"], ["SET", "old", "1"], ["RPUSH", "list", "2", "1"], ["GEOADD", "geo", "13", "38", "a"],
            ["ZADD", "zset", "1", "m"], ["SADD", "set", "m", "n"],
          ])
          // One of its own for each, as a flush would make it scan again.
          let harness = try await ConsoleHarness(server, version)
          if isLearnt { _ = await harness.store.answer(.console(.commands)) }
          try await scanned(harness)
          harness.forgetNotices()
          try server.cli("CONFIG", "RESETSTAT")
          if isInTransaction { await harness.run("MULTI") }
          var report = await harness.run(item.command.map(bytes))
          if isInTransaction {
            #expect(report.written.isEmpty)
            report = await harness.run("EXEC")
          }
          let mark = Comment(rawValue: "\(item.command) \(report.text)")
          #expect(report.error == nil, mark)
          #expect(Set(report.written).isSuperset(of: item.written), "\(item.command): \(report.written)")
          for name in item.written
          where try server.cli(["EXISTS", String(decoding: name.bytes, as: UTF8.self)], database: 0) == "1" {
            #expect(await eventually(seconds: 20) { await names(harness).contains(name) }, "\(item.command): \(name)")
          }
          for name in item.written {
            #expect(await eventually(seconds: 20) { hasChanged(name, harness) }, "\(item.command): \(name)")
          }
          #expect(!report.changesEverything, mark)
          #expect(try harness.calls(of: "scan") == 0, mark)
          await harness.store.shutdown()
        }
      }
    }
  }

  @Test("what reads changes nothing", arguments: bothProtocols)
  func reading(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    _ = await harness.store.answer(.console(.commands))
    await harness.run("SET", "k", "1")
    for line in ["GET k", "TTL k", "SORT_RO k", "EVAL_RO return 1 1 k", "SET k", "LPUSH k x", "SUBSTR k 0 1", "DBSIZE"]
    {
      let report = await harness.run(bytesOf(line))
      #expect(report.written.isEmpty && !report.changesEverything, "\(line): \(report.written)")
    }
    #expect(harness.session.queue == nil)
  }

  @Test("deleted keys vanish", arguments: ["DEL a b", "UNLINK a b", "EVAL SCRIPT 2 a b", "EXPIRE a -1"])
  func deleted(line: String) async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "a", "1"], ["SET", "b", "1"], ["SET", "c", "1"]])
    let harness = try await ConsoleHarness(server)
    try await scanned(harness)
    let words = line.split(separator: " ").map {
      $0 == "SCRIPT" ? "return redis.call('DEL', KEYS[1], KEYS[2])" : String($0)
    }
    let report = await harness.run(words.map(bytes))
    #expect(report.written.contains("a"))
    #expect(await eventually { hasChanged("a", harness) })
    // The screen reads what it shows of them, and finds them gone.
    _ = await harness.store.answer(.facts(["a"]))
    guard case .facts(let facts, _) = await harness.store.answer(.facts(["a"])) else { throw TestFailure("no facts") }
    #expect(facts[0].isGone)
    _ = await harness.store.answer(.forget(["a"]))
    #expect(await eventually { await !names(harness).contains("a") })
    #expect(await names(harness).contains("c"))
  }

  @Test("a flush and its like change everything", arguments: bothProtocols)
  func everything(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    for line in ["FLUSHDB", "FLUSHALL ASYNC", "SWAPDB 0 1", "flushdb"] {
      #expect(await harness.run(bytesOf(line)).changesEverything, "\(line)")
      await harness.run("MULTI")
      #expect(await !harness.run(bytesOf(line)).changesEverything)
      #expect(await harness.run("EXEC").changesEverything, "\(line)")
    }
    // Refused, it has changed nothing.
    #expect(await !harness.run("SWAPDB", "0", "99").changesEverything)
    #expect(await !harness.run("FLUSHALL", "NEVER").changesEverything)
    await harness.run("MULTI")
    await harness.run("SWAPDB", "0", "99")
    await harness.run("SET", "k", "1")
    #expect(await !harness.run("EXEC").changesEverything)
  }

  @Test("nothing is read for another database", arguments: bothProtocols)
  func elsewhere(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    try await scanned(harness)
    await harness.run("SELECT", "5")
    try server.cli("CONFIG", "RESETSTAT")
    harness.forgetNotices()
    let report = await harness.run("SET", "there", "1")
    #expect(report.written == ["there"])
    #expect(try harness.calls(of: "type") == 0)
    #expect(await harness.run("ECHO", "x").text == "\"x\"")
    #expect(!hasChanged("there", harness))
    #expect(await names(harness).isEmpty)
  }
}
