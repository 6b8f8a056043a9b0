import Glibc
import Keyspace
import PrivateServer
import Requests
import Store
import TestSupport
import Testing
import Values

/// What undo must not do: give back less than there was, or act elsewhere than where the edit was made.
@Suite("Undo", .serialized) struct UndoTests {
  typealias Way = WriteHarness.Way
  static let deadline: Int64 = 4_102_444_800_123

  /// PEXPIREAT with a time that has passed deletes the key.
  @Test(arguments: Way.allCases) func aPassedDeadlineDeletesNothing(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "k", "v", "PX", "8000")
    #expect(await harness.outcome("k", .present(.string), .expiry(from: nil, to: .never)).isDone)
    try harness.redis("SET", "clock", "v", "PX", "8050")
    #expect(await eventually { (try? harness.redis("EXISTS", "clock")) == "0" })
    guard case .refused? = await harness.undo() else { Issue.record("not refused"); return }
    #expect(try harness.redis("GET", "k") == "v")
    let direct = await harness.outcome("k", .present(.string), .expiry(from: .persistent, to: .at(1_000)))
    guard case .refused = direct else { Issue.record("\(direct)"); return }
    #expect(try harness.redis("GET", "k") == "v")
  }

  /// A key that was deleted and would have expired since does not come back, and that is said.
  @Test(arguments: Way.allCases) func whatHasExpiredSinceStaysGone(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "k", "v", "PX", "5000")
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)).isDone)
    try harness.redis("SET", "clock", "v", "PX", "5050")
    #expect(await eventually { (try? harness.redis("EXISTS", "clock")) == "0" })
    guard case .refused? = await harness.undo() else { Issue.record("not refused"); return }
    #expect(try harness.redis("EXISTS", "k") == "0")
  }

  @Test(arguments: Way.allCases) func bigNumbersAreTakenBackExactly(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let number = "9007199254740992"
    try harness.redis("SET", "s", number)
    try harness.redis("HSET", "h", "f", number)
    for (key, type, counter) in [
      ("s" as KeyName, KeyType.string, Counter.string), ("h", .hash, .field(bytes("f"))),
    ] {
      let before = try harness.snapshot(key)
      #expect(await harness.outcome(key, .present(type), .add(counter, by: bytes("1"), isFloat: false)).isDone)
      #expect(await harness.undo()?.isDone == true)
      #expect(try harness.snapshot(key) == before)
    }
  }

  /// A user who may not read deadlines: where one would be lost there is no undo, and that is said.
  @Test(arguments: [false, true]) func anUnreadableTTLIsNotTakenForNone(mayScript: Bool) async throws {
    let server = try TestServer()
    let rights = ["+@all", "-pexpiretime", "-pttl", "-ttl", "-expiretime"] + (mayScript ? [] : ["-eval"])
    let harness = try await WriteHarness(server, rights: rights)
    let edits: [([String], KeyType, Change)] = [
      (["SET", "k", "v"], .string, .deleteKey(keepsCopy: true)),
      (["SET", "k", "v"], .string, .expiry(from: nil, to: .never)),
      (["HSET", "k", "f", "v"], .hash, .field(bytes("f"), from: bytes("v"), to: nil)),
      (["SET", "k2", "v"], .string, .renameKey(to: "k", replacing: Replaced(type: .string, keepsCopy: true))),
    ]
    for (make, type, change) in edits {
      try server.cli("FLUSHALL")
      try server.cli(["SET", "k", "v"], database: 0)
      if type != .string { try server.cli("DEL", "k") }
      try server.cli(make, database: 0)
      try server.cli("PEXPIREAT", "k", String(Self.deadline))
      let report = await harness.write(harness.edit(KeyName(make[1]), .present(type), change))
      #expect(report.items[0].outcome.isDone, "\(report.items)")
      #expect(report.noUndo?.contains("TTL") == true, "\(change)")
      #expect(await harness.undo() == nil)
    }
  }

  /// A user who may not run DUMP can delete, when it was said that there is no way back.
  @Test(arguments: [false, true]) func withoutTheRightToACopy(mayScript: Bool) async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, rights: ["+@all", "-dump"] + (mayScript ? [] : ["-eval"]))
    try server.cli("SET", "k", "v")
    let refused = await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true))
    guard case .refused(let failure) = refused, case .denied(let denial) = failure.kind else {
      Issue.record("\(refused)")
      return
    }
    #expect(denial.command == "DUMP")
    #expect(try server.cli("GET", "k") == "v")
    let report = await harness.write(harness.edit("k", .present(.string), .deleteKey(keepsCopy: false)))
    #expect(report.items[0].outcome.isDone)
    #expect(report.noUndo != nil)
  }

  /// A server that was started anew, and another one under the same name: nothing is put back there unasked.
  @Test func neverOnAnotherServerUnasked() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server)
    try server.cli("SET", "k", "v")
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)).isDone)
    let session = harness.session
    try server.kill9()
    try server.restart()
    #expect(await eventually { harness.session > session })
    #expect(await eventually { await harness.undo() == .otherServer })
    #expect(try server.cli("EXISTS", "k") == "0")
    // As long as the screen may still be that of the server before, nothing is written either.
    #expect(await eventually { await harness.undo(.anyServer)?.isDone == true })
    #expect(try server.cli("GET", "k") == "v")
  }

  /// A connection that is lost and made again to the same server is no reason not to undo.
  @Test func afterAReconnect() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server)
    try server.cli("SET", "k", "v")
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)).isDone)
    let session = harness.session
    try server.cli("CLIENT", "KILL", "TYPE", "normal")
    #expect(await eventually { harness.session > session })
    #expect(await eventually { await harness.undo()?.isDone == true })
    #expect(try server.cli("GET", "k") == "v")
  }
}

/// Edits on a name behind which another server stands by now.
@Suite("Edits behind a changed address", .serialized) struct MovedServerTests {
  @Test func theWriteConnectionLeadsWhereTheScreenDoes() async throws {
    let (first, second) = (try TestServer(), try TestServer())
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let link = folder + "/redis.sock"
    symlink(first.socketPath, link)
    let harness = try await WriteHarness(first, through: .unix(link))
    for server in [first, second] { try server.cli("SET", "k", "old") }
    #expect(await eventually { await harness.isGreeted })
    // The screen's connection stays at the first; the writing one, which is made now, comes to the second.
    unlink(link)
    symlink(second.socketPath, link)
    let outcome = await harness.outcome("k", .present(.string), .string(from: bytes("old"), to: bytes("new")))
    #expect(outcome == .otherServer)
    #expect(try first.cli("GET", "k") == "old")
    #expect(try second.cli("GET", "k") == "old")
    // Both are made anew, and lead to the same one.
    let edit = Change.string(from: bytes("old"), to: bytes("new"))
    #expect(await eventually { await harness.outcome("k", .present(.string), edit).isDone })
    #expect(try first.cli("GET", "k") == "old")
    #expect(try second.cli("GET", "k") == "new")
  }
}
