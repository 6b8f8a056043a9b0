import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// Lists by what the server says of the keys: read once, paced, and only where it is wanted.
@Suite(.serialized) struct SortTests {
  /// Rows of a sorted list.
  private func names(_ harness: Harness, _ sort: ListSort, _ layout: ListQuery.Layout = .flat) async throws -> [KeyName]
  {
    var query = ListQuery(layout: layout)
    query.sort = sort
    return try await harness.names(query)
  }

  private func isKnown(_ harness: Harness, _ count: Int) async -> Bool {
    await eventually { harness.lastScan?.sweep.map { $0.known == count && $0.isDone } ?? false }
  }

  @Test func bySizeAsTheServerTellsIt() async throws {
    let server = try TestServer()
    try server.pipeline((0..<700).map { ["SET", "k:\($0)", String(repeating: "x", count: $0 * 37 % 5000)] })
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size))
    #expect(await isKnown(harness, 700))
    var sizes: [KeyName: Int] = [:]
    for name in try await names(harness, ListSort()) {
      sizes[name] = Int(
        try server.cli("MEMORY", "USAGE", String(decoding: name.bytes, as: UTF8.self)).filter(\.isNumber))
    }
    #expect(Set(sizes.values).count > 20)
    let expected = sizes.keys.sorted { (-(sizes[$0] ?? 0), $0) < (-(sizes[$1] ?? 0), $1) }
    #expect(try await names(harness, ListSort(.size)) == expected)
    let reversed = sizes.keys.sorted { (sizes[$0] ?? 0, $0) < (sizes[$1] ?? 0, $1) }
    #expect(try await names(harness, ListSort(.size, isReversed: true)) == reversed)
    #expect(harness.commands["MEMORY"] == 700)
    #expect(harness.commands["TYPE"] == nil && harness.commands["PEXPIRETIME"] == nil)
    // What folders take is the sum of it.
    guard case .folders(let folders) = await harness.store.answer(.folders(["k:", ""], filter: nil)) else {
      throw TestFailure("no folders")
    }
    #expect(folders.map(\.bytes) == [sizes.values.reduce(0, +), sizes.values.reduce(0, +)])
    // What is fresh is not read again.
    _ = await harness.store.answer(.sweep([]))
    _ = await harness.store.answer(.sweep([.size, .type]))
    #expect(await isKnown(harness, 700))
    #expect(harness.commands["TYPE"] == 700 && harness.commands["MEMORY"] == 700)
  }

  @Test func byTimeWithoutUse() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "source", "v"]])
    let script =
      "local d = redis.call('DUMP', KEYS[1]) return redis.call('RESTORE', KEYS[2], 0, d, 'IDLETIME', ARGV[1])"
    for (name, idle) in [("b", 900), ("a", 90_000), ("c", 4_000_000), ("d", 30)] {
      try server.cli("EVAL", script, "2", "source", name, "\(idle)")
    }
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.idle))
    #expect(await isKnown(harness, 5))
    #expect(try await names(harness, ListSort(.idle)) == ["c", "a", "b", "d", "source"])
    #expect(try await names(harness, ListSort(.idle, isReversed: true)) == ["source", "d", "b", "a", "c"])
    // Asking is no use of the key; rows tell it too.
    guard case .facts(let facts, _) = await harness.store.answer(.facts(["c"], withIdle: true)) else {
      throw TestFailure("no facts")
    }
    #expect(facts[0].idleSeconds.value.map { $0 >= 4_000_000 && $0 < 4_001_000 } == true)
  }

  @Test func byTTLAndKind() async throws {
    let server = try TestServer()
    try server.pipeline([
      ["SET", "s1", "v", "EX", "5000"], ["SET", "s2", "v"], ["RPUSH", "l", "v"], ["HSET", "h", "f", "v"],
      ["EXPIRE", "h", "900"], ["SADD", "set", "m"], ["EXPIRE", "set", "80000"], ["ZADD", "z", "1", "m"],
      ["XADD", "x", "*", "f", "v"],
    ])
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.deadline, .type]))
    #expect(await isKnown(harness, 7))
    #expect(try await names(harness, ListSort(.ttl)) == ["h", "s1", "set", "l", "s2", "x", "z"])
    #expect(try await names(harness, ListSort(.ttl, isReversed: true)) == ["l", "s2", "x", "z", "set", "s1", "h"])
    #expect(try await names(harness, ListSort(.kind)) == ["s1", "s2", "l", "h", "set", "z", "x"])
  }

  @Test func onlyWhatAFilterPicksIsRead() async throws {
    let server = try TestServer()
    try server.populate(3000)
    try server.pipeline((0..<50).map { ["SET", "mine:\($0)", "v"] })
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size, filter: NameFilter(text: Array("mine:".utf8))))
    #expect(await isKnown(harness, 50))
    #expect(harness.lastScan?.sweep?.total == 50)
    #expect(harness.commands["MEMORY"] == 50)
  }

  @Test func ofManyKeysASampleIsRead() async throws {
    let server = try TestServer()
    try server.populate(20_000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size, sampleAbove: 2000))
    #expect(await eventually { harness.lastScan?.sweep?.isDone == true })
    let sweep = try #require(harness.lastScan?.sweep)
    #expect(sweep.sampledFrom == 20_000 && sweep.known == sweep.total)
    #expect((1_600...2_400).contains(sweep.total))
    #expect(harness.commands["MEMORY"] == sweep.total)
    // All of them: only the others are read.
    _ = await harness.store.answer(.sweep(.size))
    #expect(await isKnown(harness, 20_000))
    #expect(harness.commands["MEMORY"] == 20_000)
  }

  @Test func endsWhereItIsDenied() async throws {
    let server = try TestServer.withUser("+@all", "-memory|usage")
    try server.populate(3000)
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size))
    #expect(await eventually { harness.lastScan?.denial?.command == "MEMORY USAGE" })
    #expect(harness.lastScan?.denial?.missingRule == "+memory|usage")
    #expect((harness.commands["MEMORY"] ?? 0) < 3000)
  }

  @Test func aServerThatCountsUsesKeepsNoIdleTimes() async throws {
    let server = try TestServer(["--maxmemory-policy", "allkeys-lfu"])
    try server.populate(3000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.idle))
    #expect(await eventually { harness.lastScan?.sweep?.isUnkept == true })
    #expect((harness.commands["OBJECT"] ?? 0) < 3000)
  }

  /// `R`: what was known stays in order until it was read again.
  @Test func aSecondScanReadsItAgain() async throws {
    let server = try TestServer()
    try server.populate(2000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size))
    #expect(await isKnown(harness, 2000))
    try server.cli("SET", "key:1234", String(repeating: "y", count: 9000))
    #expect(try await names(harness, ListSort(.size)).first != "key:1234")
    _ = await harness.store.answer(.rescan)
    #expect(await eventually { (try? await names(harness, ListSort(.size)))?.first == "key:1234" })
    #expect(await isKnown(harness, 2000))
  }
}
