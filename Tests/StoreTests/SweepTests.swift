import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

@Suite(.serialized) struct SweepTests {
  /// All types by their names, deadlines to the millisecond, through many batches.
  @Test func learnsTypesAndDeadlinesOfAll() async throws {
    let server = try TestServer()
    try server.populate(5000)
    try server.pipeline([
      ["RPUSH", "l", "v"], ["HSET", "h", "f", "v"], ["SADD", "s", "m"], ["ZADD", "z", "1", "m"],
      ["XADD", "x", "*", "f", "v"], ["SET", "t", "v", "PXAT", "4000000000123"],
    ])
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(await eventually { harness.lastScan?.sweep?.known == 5006 })
    let kinds: [(KeyType, [KeyName])] = [
      (.list, ["l"]), (.hash, ["h"]), (.set, ["s"]), (.sortedSet, ["z"]), (.stream, ["x"]),
    ]
    for (kind, names) in kinds { #expect(try await harness.names(ListQuery(layout: .flat, kind: kind)) == names) }
    #expect(try await harness.names(ListQuery(layout: .flat, kind: .string)).count == 5001)
    #expect(try await harness.names(ListQuery(layout: .flat, expiry: .volatile)) == ["t"])
    // Nobody is asked twice.
    #expect(harness.commands["TYPE"] == 5006)
  }

  @Test func keysThatAreGoneLeave() async throws {
    let server = try TestServer()
    try server.populate(2000)
    let harness = try await Harness(server)
    try await harness.scan()
    try server.pipeline((0..<2000).filter { $0 % 2 == 0 }.map { ["DEL", "key:\($0)"] })
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(await eventually { harness.lastScan.map { $0.sweep?.known == $0.keys && $0.keys <= 1001 } ?? false })
    let left = try server.cli("DBSIZE")
    #expect(try await harness.names().count == Int(left.filter(\.isNumber)))
  }

  /// What may not be read stays unknown, and the sweep ends all the same.
  @Test func endsWhereKeysAreDenied() async throws {
    let server = try TestServer()
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~key:*", "+@all")
    try server.populate(700)
    try server.pipeline((0..<700).map { ["SET", "theirs:\($0)", "v"] })
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(await eventually { harness.lastScan?.sweep?.known == 700 })
    // No key is asked about a second time.
    #expect(await eventually { harness.commands["TYPE"] == 1400 })
    try await Task.sleep(for: .milliseconds(200))
    #expect(harness.commands["TYPE"] == 1400)
  }

  @Test func stopsWhereTypeIsDenied() async throws {
    let server = try TestServer.withUser("+@all", "-type")
    try server.populate(5000)
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(await eventually { harness.lastScan?.denial?.command == "TYPE" })
    #expect(harness.lastScan?.keys == 5000)
    #expect((harness.commands["TYPE"] ?? 0) < 5000)
  }

  /// As before Redis 7.0: the batch that finds out is asked again by PTTL.
  @Test func needsNoPExpireTime() async throws {
    let server = try TestServer(["--rename-command", "PEXPIRETIME", ""])
    try server.populate(2000)
    try server.pipeline((0..<50).map { ["EXPIRE", "key:\($0)", "1000"] })
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(await eventually { harness.lastScan?.sweep?.known == 2000 })
    let volatileNames = try await harness.names(ListQuery(layout: .flat, expiry: .volatile))
    #expect(!volatileNames.isEmpty && volatileNames.count <= 50)
    #expect((harness.commands["PEXPIRETIME"] ?? 0) < 2000)
  }

  @Test func pausesAndGoesOn() async throws {
    let server = try TestServer()
    try server.populate(50_000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    _ = await harness.store.answer(.pauseScan(true))
    // What is on its way is still answered.
    try await Task.sleep(for: .milliseconds(100))
    let sent = harness.commands["TYPE"] ?? 0
    #expect(sent < 50_000)
    try await Task.sleep(for: .milliseconds(100))
    #expect(harness.commands["TYPE"] ?? 0 == sent)
    _ = await harness.store.answer(.pauseScan(false))
    #expect(await eventually { harness.lastScan?.sweep?.known == 50_000 })
    #expect(harness.commands["TYPE"] == 50_000)
  }

  @Test func endsWhenNotWanted() async throws {
    let server = try TestServer()
    try server.populate(100_000)
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    _ = await harness.store.answer(.sweep([]))
    try await Task.sleep(for: .milliseconds(100))
    let sent = harness.commands["TYPE"] ?? 0
    #expect(sent < 100_000)
    try await Task.sleep(for: .milliseconds(100))
    #expect(harness.commands["TYPE"] ?? 0 == sent)
  }
}
