import Glibc
import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// What servers refuse: it is said, nothing is written, and the next edit works again. Rows 20, 21, 23 and 24 of the fault
/// table, on every server that is here.
@Suite("Refused edits", .serialized) struct WriteRefusalTests {
  private func words(_ outcome: Outcome) -> String {
    guard case .refused(let failure) = outcome else { return "\(outcome)" }
    return String(decoding: failure.why, as: UTF8.self) + ". " + failure.nextStep
  }

  private let change = Change.string(from: bytes("old"), to: bytes("new"))

  @Test("fault 20: out of memory", arguments: ServerStateTests.servers, [WriteHarness.Way.script3, .watch])
  func outOfMemory(binary: String?, way: WriteHarness.Way) async throws {
    let harness = try await WriteHarness(TestServer(binary: binary), way)
    try harness.redis("SET", "k", "old")
    try harness.redis("CONFIG", "SET", "maxmemory", "1")
    #expect(words(await harness.outcome("k", .present(.string), change)).contains("out of memory"))
    #expect(try harness.redis("GET", "k") == "old")
    guard case .opened(let opened) = await harness.store.answer(.open("k", pageLength: 10)) else {
      Issue.record("not opened")
      return
    }
    #expect(opened.page == .string(StringPage(length: 3, offset: 0, bytes: bytes("old"))))
    // Deleting still works, but not in a transaction: the server queues nothing then.
    if way == .watch { return }
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)).isDone)
    try harness.redis("CONFIG", "SET", "maxmemory", "0")
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.redis("GET", "k") == "old")
  }

  @Test("fault 21: a replica", arguments: ServerStateTests.servers, [WriteHarness.Way.script3, .watch])
  func replica(binary: String?, way: WriteHarness.Way) async throws {
    let harness = try await WriteHarness(TestServer(binary: binary), way)
    try harness.redis("SET", "k", "old")
    try harness.redis("REPLICAOF", "127.0.0.1", "1")
    let text = words(await harness.outcome("k", .present(.string), change))
    #expect(text.contains("replica and takes no writes (its primary is 127.0.0.1:1)"), "\(text)")
    #expect(try harness.redis("GET", "k") == "old")
    try harness.redis("REPLICAOF", "NO", "ONE")
    #expect(await harness.outcome("k", .present(.string), change).isDone)
  }

  /// The server is not asked ten thousand times for what it does not do.
  @Test("fault 21: of many edits the rest is not tried") func replicaAndManyEdits() async throws {
    let harness = try await WriteHarness(TestServer())
    try harness.redis("DEBUG", "POPULATE", "500", "k")
    try harness.redis("REPLICAOF", "127.0.0.1", "1")
    let edits = (0..<500).map {
      harness.edit(KeyName("k:\($0)"), .present(.string), .expiry(from: .persistent, to: .after(9_000_000)))
    }
    guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: edits))) else {
      Issue.record("not written")
      return
    }
    #expect(report.items.count < 500 && report.items.count + report.untried == 500, "\(report.items.count)")
    #expect(report.items.allSatisfy { words($0.outcome).contains("replica") })
  }

  @Test("fault 23: the server cannot save to disk", arguments: ServerStateTests.servers)
  func cannotPersist(binary: String?) async throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let harness = try await WriteHarness(TestServer(["--dir", folder], binary: binary))
    // A snapshot cannot take the place of a folder.
    #expect(mkdir("\(folder)/dump.rdb", 0o700) == 0)
    try harness.redis("SET", "k", "old")
    try harness.redis("CONFIG", "SET", "save", "3600 1")
    try harness.redis("BGSAVE")
    #expect(try Eventually.until { try harness.redis("INFO", "persistence").contains("last_bgsave_status:err") })
    let text = words(await harness.outcome("k", .present(.string), change))
    #expect(text.contains("cannot save to disk and takes no writes (the last snapshot (RDB) failed)"), "\(text)")
    #expect(try harness.redis("GET", "k") == "old")
  }

  @Test("fault 24: too few replicas", arguments: ServerStateTests.servers) func minReplicas(binary: String?)
    async throws
  {
    let harness = try await WriteHarness(TestServer(["--min-replicas-to-write", "1"], binary: binary))
    let outcome = await harness.outcome("k", .absent(.string, .never), .string(from: nil, to: bytes("v")))
    let text = words(outcome)
    #expect(
      text.contains("too few replicas") && text.contains("NOREPLICAS Not enough good") && text.contains("(0 now)"),
      "\(text)")
    #expect(try harness.redis("EXISTS", "k") == "0")
  }

  @Test func missingRights() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "old")
    for (rules, word) in [
      (["-set", "-eval"], "may not run SET. Ask for the rule +set"),
      (["-set"], "It needs +get +set +strlen +type"), (["resetkeys", "~other"], "key"),
      (["-eval", "-watch"], "neither EVAL nor WATCH"),
      (["-eval", "-multi"], "neither EVAL nor MULTI"),
    ] {
      try server.cli(["ACL", "SETUSER", "watcher", "reset", "on", ">pw", "~*", "+@all"] + rules, database: 0)
      let harness = try await RightsHarness(server)
      let text = words(await harness.outcome(change))
      #expect(text.lowercased().contains(word.lowercased()), "\(rules): \(text)")
      #expect(try server.cli("GET", "k") == "old")
    }
  }

  /// Nothing leaves that is not known to read, whatever asks for it.
  @Test func readOnly() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "old")
    let harness = try await WriteHarness(server, isReadOnly: true)
    #expect(words(await harness.outcome("k", .present(.string), change)).contains("read-only"))
    guard case .opened(let opened) = await harness.store.answer(.open("k", pageLength: 10)) else {
      Issue.record("not opened")
      return
    }
    #expect(opened.page == .string(StringPage(length: 3, offset: 0, bytes: bytes("old"))))
    let stats = try server.cli("INFO", "commandstats")
    for command in ["eval", "set|", "multi", "watch"] { #expect(!stats.contains("cmdstat_\(command):"), "\(command)") }
  }

  /// What was sent is in the log, newest first, without the password.
  @Test func theLogOfCommands() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, .watch)
    try harness.redis("SET", "k", "old")
    #expect(await harness.outcome("k", .present(.string), change).isDone)
    guard case .log(let log) = await harness.store.answer(.log) else {
      Issue.record("no log")
      return
    }
    let lines = log.map { $0.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") }
    #expect(lines.contains("SET k new XX KEEPTTL"))
    #expect(lines.contains { $0.hasPrefix("HELLO 3 AUTH *** ***") })
    #expect(!lines.contains { $0.contains("pw") })
    #expect(log.map(\.number) == log.map(\.number).sorted(by: >))
    #expect(log.contains { $0.connection == "write" && $0.outcome != .done })
  }
}

/// A store as the user `watcher`, whatever he may do.
private struct RightsHarness {
  let store: Store

  init(_ server: TestServer) async throws {
    store = Store(
      endpoint: .init(
        address: .unix(path: server.socketPath), username: bytes("watcher"), password: bytes("pw")),
      options: StoreOptions(), notify: { _ in })
    _ = try await store.connect()
  }

  func outcome(_ change: Change) async -> Outcome {
    let edit = Edit(key: "k", change: change, presence: .present(.string), database: 0, session: 1)
    guard case .written(let report) = await store.answer(.write(WriteJob(id: 1, edits: [edit]))) else {
      return .tooBusy
    }
    return report.items[0].outcome
  }
}
