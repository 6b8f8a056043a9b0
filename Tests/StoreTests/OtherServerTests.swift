import Keyspace
import PrivateServer
import Requests
import Store
import TestSupport
import Testing
import Values

/// The same edits on other makes and versions of the server: the way differs, the outcome does not.
@Suite("Edits on other servers", .serialized, .enabled(if: !OtherServers.binaries.isEmpty, "no other servers here"))
struct OtherServerTests {
  @Test(arguments: OtherServers.binaries, WriteHarness.Way.allCases)
  func editsUndoAndDeadlines(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await WriteHarness(TestServer(binary: binary), way)
    for edit in WriteRowTests.edits {
      let name = String(decoding: edit.name.bytes, as: UTF8.self)
      try harness.server.cli(edit.make, database: 0)
      try harness.redis("PEXPIREAT", name, String(WriteRowTests.deadline))
      let before = try harness.snapshot(edit.name)
      let outcome = await harness.outcome(edit.name, .present(edit.type), edit.change)
      #expect(outcome.isDone, "\(name): \(outcome)")
      #expect(try harness.deadline(edit.name) == WriteRowTests.deadline, "\(name)")
      #expect(try harness.snapshot(edit.name) != before)
      #expect(await harness.undo()?.isDone == true, "\(name)")
      #expect(try harness.snapshot(edit.name) == before)
      #expect(await harness.outcome(edit.name, .present(edit.type), .deleteKey(keepsCopy: true)).isDone)
      let restored = await harness.undo()
      #expect(restored?.isDone == true, "\(name): \(String(describing: restored))")
      #expect(try harness.deadline(edit.name) == WriteRowTests.deadline, "\(name)")
      #expect(
        await harness.outcome(edit.name, .present(edit.type), .expiry(from: .at(WriteRowTests.deadline), to: .never))
          .isDone)
      #expect(try harness.redis("PTTL", name) == "-1")
      #expect(await harness.undo()?.isDone == true, "\(name)")
      #expect(try harness.deadline(edit.name) == WriteRowTests.deadline, "\(name)")
      #expect(
        await harness.outcome(edit.name, .absent(edit.type, .never), edit.change) == .taken(edit.name.bytes, edit.type))
    }
  }

  @Test(
    "row 14: no edit drops the TTL of a field", arguments: OtherServers.binaries, [WriteHarness.Way.script3, .watch])
  func fieldTTLs(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await WriteHarness(TestServer(binary: binary), way)
    let deadline = String(WriteRowTests.deadline)
    try harness.redis("HSET", "h", "f", "old", "g", "1")
    let reply = try harness.redis("HPEXPIREAT", "h", deadline, "FIELDS", "1", "f")
    // A server without field TTLs has none to lose.
    if reply.contains("unknown command") { return }
    func of(_ field: String) throws -> String { try harness.redis("HPEXPIRETIME", "h", "FIELDS", "1", field) }
    let edit = Change.field(bytes("f"), from: bytes("old"), to: bytes("new"))
    #expect(await harness.outcome("h", .present(.hash), edit).isDone)
    #expect(try of("f") == deadline)
    #expect(
      await harness.outcome("h", .present(.hash), .renameField(bytes("f"), to: bytes("n"), value: bytes("new"))).isDone)
    #expect(try of("n") == deadline)
    #expect(await harness.outcome("h", .present(.hash), .field(bytes("n"), from: bytes("new"), to: nil)).isDone)
    for _ in 0..<3 { #expect(await harness.undo()?.isDone == true) }
    #expect(try harness.redis("HGET", "h", "f") == "old")
    #expect(try of("f") == deadline)
    #expect(try of("g") == "-1")
  }
}
