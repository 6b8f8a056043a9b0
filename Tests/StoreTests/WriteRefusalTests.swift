import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// What servers refuse: it is said, nothing is written, and the next edit works again.
@Suite("Refused edits", .serialized) struct WriteRefusalTests {
  private func words(_ outcome: Outcome) -> String {
    guard case .refused(let failure) = outcome else { return "\(outcome)" }
    return String(decoding: failure.why, as: UTF8.self) + ". " + failure.nextStep
  }

  private let change = Change.string(from: bytes("old"), to: bytes("new"))

  @Test(arguments: [WriteHarness.Way.script3, .watch]) func outOfMemory(way: WriteHarness.Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "k", "old")
    try harness.redis("CONFIG", "SET", "maxmemory", "1")
    #expect(words(await harness.outcome("k", .present(.string), change)).contains("out of memory"))
    #expect(try harness.redis("GET", "k") == "old")
    // Deleting still works, but not in a transaction: the server queues nothing then.
    if way == .watch { return }
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)).isDone)
    try harness.redis("CONFIG", "SET", "maxmemory", "0")
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.redis("GET", "k") == "old")
  }

  @Test(arguments: [WriteHarness.Way.script3, .watch]) func replica(way: WriteHarness.Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "k", "old")
    try harness.redis("REPLICAOF", "127.0.0.1", "1")
    #expect(words(await harness.outcome("k", .present(.string), change)).contains("replica"))
    #expect(try harness.redis("GET", "k") == "old")
  }

  @Test func minReplicas() async throws {
    let harness = try await WriteHarness(TestServer(["--min-replicas-to-write", "1"]))
    let outcome = await harness.outcome("k", .absent(.string, .never), .string(from: nil, to: bytes("v")))
    #expect(words(outcome).contains("too few replicas"))
  }

  @Test func missingRights() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "old")
    for (rules, word) in [
      (["-set", "-eval"], "no permissions to run the 'set' command"),
      (["-set"], "may not run a command of it"), (["resetkeys", "~other"], "key"),
      (["-eval", "-watch"], "neither EVAL nor WATCH"),
      (["-eval", "-multi"], "neither EVAL nor WATCH"),
    ] {
      try server.cli(["ACL", "SETUSER", "watcher", "reset", "on", ">pw", "~*", "+@all"] + rules, database: 0)
      let harness = try await RightsHarness(server)
      let text = words(await harness.outcome(change))
      #expect(text.lowercased().contains(word.lowercased()), "\(rules): \(text)")
      #expect(try server.cli("GET", "k") == "old")
    }
  }

  @Test func aBusyServer() async throws {
    let server = try TestServer(["--busy-reply-threshold", "50"])
    let harness = try await WriteHarness(server)
    try harness.redis("SET", "k", "old")
    let blocker = WorkerThread { _ = try? server.cli("EVAL", "while true do end", "0") }
    #expect(Eventually.until { (try? server.cli("GET", "k"))?.hasPrefix("BUSY") == true })
    #expect(words(await harness.outcome("k", .present(.string), change)).contains("busy"))
    try server.cli("SCRIPT", "KILL")
    blocker.join()
    #expect(try harness.redis("GET", "k") == "old")
    #expect(await harness.outcome("k", .present(.string), change).isDone)
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
