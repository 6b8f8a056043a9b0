import Keyspace
import PrivateServer
import Requests
import Store
import TestSupport
import Testing
import Values

/// Users who may not run one of the commands that an edit is made of: it is refused whole, or told as it is.
@Suite("Edits with few rights", .serialized) struct WriteRightsTests {
  static let deadline: Int64 = 4_102_444_800_123

  /// What is only read for undo or for the report may be denied: the edit is still told as done.
  @Test(arguments: ["-exists", "-time", "-pexpiretime", "-client", "-info", "-wait"], [false, true])
  func whatIsNotNeededIsNotMissed(right: String, mayScript: Bool) async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, rights: ["+@all", right] + (mayScript ? [] : ["-eval"]))
    for edit in WriteRowTests.edits {
      try server.cli(edit.make, database: 0)
      let name = String(decoding: edit.name.bytes, as: UTF8.self)
      try server.cli("PEXPIREAT", name, String(Self.deadline))
      let before = try harness.snapshot(edit.name)
      let outcome = await harness.outcome(edit.name, .present(edit.type), edit.change)
      #expect(outcome.isDone, "\(name): \(outcome)")
      #expect(try harness.snapshot(edit.name) != before)
      #expect(try server.cli("PEXPIRETIME", name) == String(Self.deadline))
      #expect(await harness.undo()?.isDone == true, "\(name)")
      #expect(try harness.snapshot(edit.name) == before)
    }
    // Without PEXPIRETIME and TIME nothing tells a deadline exactly: then it cannot be guarded by one.
    let ttl = await harness.outcome("s", .present(.string), .expiry(from: nil, to: .after(50_000)))
    #expect(ttl.isDone, "\(ttl)")
  }

  /// A step of several commands, of which one is denied: none of them has changed anything.
  @Test(
    arguments: [
      (
        "-lrem", ["RPUSH", "k", "a", "b", "a"], KeyType.list,
        Change.removeElement(index: 2, bytes("a"), tombstone: bytes("T"))
      ),
      (
        "-linsert", ["RPUSH", "k", "a", "b", "a"], .list,
        .insert(bytes("n"), .before(index: 2, pivot: bytes("a"), tombstone: bytes("T")))
      ),
      (
        "-linsert", ["RPUSH", "k", "a", "b", "a"], .list,
        .insert(bytes("n"), .after(index: 0, pivot: bytes("a"), tombstone: bytes("T")))
      ),
      ("-hdel", ["HSET", "k", "f", "v"], .hash, .renameField(bytes("f"), to: bytes("g"), value: bytes("v"))),
      ("-srem", ["SADD", "k", "a"], .set, .renameMember(bytes("a"), to: bytes("b"))),
      ("-zrem", ["ZADD", "k", "1", "a"], .sortedSet, .renameScored(bytes("a"), to: bytes("b"), score: bytes("1"))),
    ], [false, true])
  func aDeniedStepChangesNothing(
    item: (right: String, make: [String], type: KeyType, change: Change), mayScript: Bool
  ) async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, rights: ["+@all", item.right] + (mayScript ? [] : ["-eval"]))
    try server.cli(item.make, database: 0)
    let before = try harness.snapshot("k")
    let outcome = await harness.outcome("k", .present(item.type), item.change)
    guard case .refused = outcome else { Issue.record("\(outcome)"); return }
    #expect(try harness.snapshot("k") == before)
  }

  /// A TTL that cannot be set is not left out.
  @Test(arguments: [false, true]) func noKeyWithoutTheTTLThatItWasToHave(mayScript: Bool) async throws {
    let server = try TestServer()
    let rights = ["+@all", "-pexpire", "-pexpireat"] + (mayScript ? [] : ["-eval"])
    let harness = try await WriteHarness(server, rights: rights)
    let new = await harness.outcome("l", .absent(.list, .after(60_000)), .insert(bytes("v"), .tail))
    guard case .refused = new else { Issue.record("\(new)"); return }
    #expect(try server.cli("EXISTS", "l") == "0")
    try server.cli("RPUSH", "one", "v")
    try server.cli("PEXPIREAT", "one", String(Self.deadline))
    #expect(await harness.outcome("one", .present(.list), .pop(bytes("v"), .head)).isDone)
    guard case .refused? = await harness.undo() else { Issue.record("not refused"); return }
    #expect(try server.cli("EXISTS", "one") == "0")
  }

  /// Without TIME and PEXPIRETIME a key without a TTL is still known to have none.
  @Test(arguments: [false, true]) func aTTLWhereThereWasNone(mayScript: Bool) async throws {
    let server = try TestServer()
    let rights = ["+@all", "-time", "-pexpiretime"] + (mayScript ? [] : ["-eval"])
    let harness = try await WriteHarness(server, rights: rights)
    try server.cli("SET", "k", "v")
    #expect(await harness.outcome("k", .present(.string), .expiry(from: .persistent, to: .after(60_000))).isDone)
  }

  /// SELECT is denied: the connection is still where another edit has left it, which must be known.
  @Test func neverInAnotherDatabaseWhereSelectIsDenied() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, rights: ["+@all"])
    for database in [0, 1] { try server.cli(["SET", "k", "old"], database: database) }
    let first = Change.string(from: bytes("old"), to: bytes("new"))
    #expect(await harness.outcome("k", .present(.string), first).isDone)
    var second = harness.edit("k", .present(.string), first)
    second.database = 1
    #expect(await harness.write(second).items[0].outcome.isDone)
    try server.cli("ACL", "SETUSER", "watcher", "-select")
    // The newest is of database 1, which is selected still.
    #expect(await harness.undo()?.isDone == true)
    guard case .refused? = await harness.undo() else { Issue.record("not refused"); return }
    #expect(try server.cli(["GET", "k"], database: 0) == "new")
    #expect(try server.cli(["GET", "k"], database: 1) == "old")
  }

  /// Whether a deleted key could come back is known before it is asked about, and asking writes nothing.
  @Test(arguments: [("-dump", "DUMP"), ("-restore", "RESTORE"), ("+ping", nil)])
  func whetherCopiesCanBeKept(right: String, denied: String?) async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    let harness = try await WriteHarness(server, rights: ["+@all", right])
    guard case .survey(let survey) = await harness.store.answer(.survey([KeyName("k")], beforeDestroying: true)) else {
      Issue.record("no survey")
      return
    }
    #expect(survey.copyDenial?.command == denied)
    #expect((survey.seen[KeyName("k")]?.dump != nil) == (denied == nil))
    #expect(try server.cli("DBSIZE") == "1")
  }

  @Test("a field's TTL is not lost by who may not set one", arguments: OtherServers.binaries, [false, true])
  func fieldTTLs(binary: String, mayScript: Bool) async throws {
    let server = try TestServer(binary: binary)
    let rights = ["+@all", "-hpexpireat"] + (mayScript ? [] : ["-eval"])
    try server.cli("HSET", "h", "f", "old", "g", "1")
    guard try server.cli("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "f") == "1" else { return }
    let harness = try await WriteHarness(server, rights: rights)
    let outcome = await harness.outcome(
      "h", .present(.hash), .field(bytes("f"), from: bytes("old"), to: bytes("new")))
    guard case .refused = outcome else { Issue.record("\(outcome)"); return }
    #expect(try server.cli("HGET", "h", "f") == "old")
    #expect(try server.cli("HPEXPIRETIME", "h", "FIELDS", "1", "f") == String(Self.deadline))
    // A field without one can be edited.
    #expect(
      await harness.outcome("h", .present(.hash), .field(bytes("g"), from: bytes("1"), to: bytes("2"))).isDone)
  }
}
