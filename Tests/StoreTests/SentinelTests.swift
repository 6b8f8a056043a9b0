import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Safety.md 1.10: whatever is done on database 9, and wherever the connections break meanwhile, database 0 stays as it
/// is to the byte, and the next edit goes to database 9.
@Suite("Database 0 stays as it is", .serialized) struct SentinelTests {
  typealias Way = WriteHarness.Way

  /// Something that a user does on database 9, with what must be there for it.
  struct Action: Sendable {
    var name: String
    var make: [[String]] = []
    /// What is done before the connections break.
    var before: @Sendable (WriteHarness) async -> Void = { _ in }
    var perform: @Sendable (WriteHarness) async -> Void
  }

  private static func edit(
    _ name: String, _ make: [[String]], _ key: KeyName, _ presence: Edit.Presence, _ change: Change
  ) -> Action {
    Action(name: name, make: make) { _ = await $0.outcome(key, presence, change) }
  }

  private static func asking(_ name: String, _ make: [[String]], _ requests: Request...) -> Action {
    Action(name: name, make: make) { harness in
      for request in requests { _ = await harness.store.answer(request) }
    }
  }

  private static func console(_ words: [String], id: Int, isInTransaction: Bool = false) -> Request {
    .console(
      .run(ConsoleCommand(id: id, words: words.map(bytes), database: 9, isInTransaction: isInTransaction)))
  }

  private static let value: [[String]] = [
    ["SET", "s", "old"], ["HSET", "h", "f", "v", "g", "w"], ["RPUSH", "l", "a", "b"], ["SADD", "e", "a", "b"],
    ["SADD", "e2", "c"], ["ZADD", "z", "1", "a", "2", "b"], ["XADD", "x", "1-1", "f", "v"],
  ]

  static let actions: [Action] =
    WriteRowTests.edits.map { item in
      edit("\(item.change)", [item.make], item.name, .present(item.type), item.change)
    } + [
      edit("create", [], "s", .absent(.string, .after(90_000)), .string(from: nil, to: bytes("new"))),
      edit("create a hash", [], "h", .absent(.hash, .never), .field(bytes("f"), from: nil, to: bytes("v"))),
      edit(
        "create a stream", [], "x", .absent(.stream, .never),
        .addEntry([.init(name: bytes("f"), value: bytes("v"))], id: nil)),
      edit("delete a string", value, "s", .present(.string), .string(from: bytes("old"), to: nil)),
      edit("remove a field", value, "h", .present(.hash), .field(bytes("f"), from: bytes("v"), to: nil)),
      edit("remove a member", value, "e", .present(.set), .member(bytes("a"), isIn: false)),
      edit("remove a score", value, "z", .present(.sortedSet), .score(bytes("a"), from: bytes("1"), to: nil)),
      edit("remove an entry", value, "x", .present(.stream), .removeEntry(StreamID(milliseconds: 1, sequence: 1))),
      edit("TTL", value, "s", .present(.string), .expiry(from: nil, to: .after(90_000))),
      edit("no TTL", value + [["EXPIRE", "h", "900"]], "h", .present(.hash), .expiry(from: nil, to: .never)),
      edit("rename", value, "s", .present(.string), .renameKey(to: "renamed")),
      edit(
        "rename onto", value, "s", .present(.string),
        .renameKey(to: "h", replacing: Replaced(type: .hash, keepsCopy: true))),
      edit("copy", value, "s", .present(.string), .copyKey(to: "copy", database: 9)),
      edit("copy to another database", value, "h", .present(.hash), .copyKey(to: "h", database: 3)),
      edit("delete", value, "l", .present(.list), .deleteKey(keepsCopy: true)),
      edit("delete for good", value, "z", .present(.sortedSet), .deleteKey(keepsCopy: false)),
      Action(
        name: "undo a deletion", make: value,
        before: { _ = await $0.outcome("h", .present(.hash), .deleteKey(keepsCopy: true)) },
        perform: { _ = await $0.undo() }),
      Action(
        name: "undo an edit", make: value,
        before: { _ = await $0.outcome("s", .present(.string), .string(from: bytes("old"), to: bytes("new"))) },
        perform: { _ = await $0.undo() }),
      Action(
        name: "redo", make: value,
        before: {
          _ = await $0.outcome("s", .present(.string), .string(from: bytes("old"), to: bytes("new")))
          await $0.undo()
        }, perform: { await $0.undo(isRedo: true) }),
      Action(
        name: "many TTLs", make: (0..<150).map { ["SET", "n\($0)", "v"] },
        perform: { harness in
          let edits = (0..<150).map {
            harness.edit(KeyName("n\($0)"), .present(.string), .expiry(from: nil, to: .after(900_000)))
          }
          _ = await harness.store.answer(.write(WriteJob(id: 1, edits: edits)))
        }),
      asking("another database and back", value, .select(database: 4), .select(database: 9)),
      asking(
        "reading", value, .facts(["s", "h"]), .open("h", pageLength: 10),
        .page("z", .sortedSet, .ranks(start: 0, count: 9, reverse: true)),
        .open("x", pageLength: 10), .inspect("s"), .dump("h", limit: 9_999), .isMember("e", member: bytes("a")),
        .union("e", "e2", limit: 99), .rank("z", .member(bytes("a")), reverse: false), .databases, .serverFacts),
      asking(
        "listing", value, .rescan, .sweep([.type, .deadline]), .survey(["s", "h"], beforeDestroying: true),
        .forget(["gone"])),
      Action(
        name: "following", make: value,
        perform: { harness in
          _ = await harness.store.answer(.follow(prefix: []))
          _ = try? harness.redis("SET", "followed", "v")
          _ = await harness.store.answer(.facts(["followed"]))
          _ = await harness.store.answer(.follow(prefix: nil))
        }),
      asking("console", value, console(["SET", "s", "mine"], id: 1), console(["DEL", "h", "l"], id: 2)),
      asking(
        "console transaction", value, console(["MULTI"], id: 1),
        console(["SET", "s", "mine"], id: 2, isInTransaction: true), console(["EXEC"], id: 3, isInTransaction: true)),
      Action(
        name: "giving up", make: value,
        perform: { harness in
          async let answer = harness.store.answer(.open("h", pageLength: 10))
          _ = await harness.store.answer(.giveUp)
          _ = await answer
          _ = await harness.outcome("s", .present(.string), .string(from: bytes("old"), to: bytes("new")))
        }),
    ]

  enum Cut: CaseIterable, Sendable { case before, inside, after }

  /// Counts what crosses the proxy, either way, and breaks the connection that carries one piece of it.
  private final class Breaker: Sendable {
    private let state = Mutex((count: 0, target: Int?.none, cut: Cut.before))

    var count: Int { state.withLock { $0.count } }

    func arm(_ target: Int?, _ cut: Cut) { state.withLock { $0 = (0, target, cut) } }

    func judge(_ piece: [UInt8]) -> Int? {
      state.withLock { state in
        defer { state.count += 1 }
        guard state.count == state.target else { return nil }
        switch state.cut {
        case .before: return 0
        case .inside: return piece.count / 2
        case .after: return piece.count
        }
      }
    }
  }

  @Test("connections killed between any two steps of any action", arguments: Way.allCases)
  func sentinels(way: Way) async throws {
    let server = try TestServer()
    // Under the names of database 9, so that what goes astray hits something.
    try server.pipeline(
      Self.value + WriteRowTests.edits.map(\.make) + [["SET", "probe", "0"], ["PEXPIREAT", "h", "4102444800123"]])
    func sentinel() throws -> [String] {
      try server.cli("KEYS", "*").split(separator: "\n").map(String.init).sorted().flatMap { key in
        [key, try server.cli("DEBUG", "DIGEST-VALUE", key), try server.cli("PEXPIRETIME", key)]
      }
    }
    let before = try sentinel()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let breaker = Breaker()
    for direction in FaultProxy.Direction.allCases {
      proxy.set(direction) { $0.onPiece = { piece, _ in breaker.judge(piece) } }
    }
    /// Plays an action with the break; returns how many pieces crossed.
    func play(_ action: Action, breakingAt target: Int?, _ cut: Cut) async throws -> Int {
      let mark = Comment(rawValue: "\(way): \(action.name), \(cut) piece \(target ?? -1)")
      for database in 1..<16 { try server.cli(["FLUSHDB"], database: database) }
      for words in action.make { try server.cli(words, database: 9) }
      let harness = try await WriteHarness(server, way, database: 9, through: proxy.address)
      #expect(await eventually { await harness.isGreeted })
      _ = await harness.store.answer(.select(database: 9))
      await action.before(harness)
      breaker.arm(target, cut)
      await action.perform(harness)
      let count = breaker.count
      breaker.arm(nil, cut)
      // Whatever has happened, the next edit goes where it is meant to go.
      let isBack = await eventually(seconds: 30) {
        let probe = await harness.outcome("probe", .absent(.string, .never), .string(from: nil, to: bytes("9")))
        return probe.isDone || (try? server.cli(["GET", "probe"], database: 9)) == "9"
      }
      #expect(isBack, mark)
      await harness.store.shutdown()
      #expect(try server.cli(["GET", "probe"], database: 9) == "9", mark)
      #expect(try sentinel() == before, mark)
      let others = try server.cli("INFO", "keyspace").matches(of: /db(\d+):/).compactMap { Int($0.1) }
      #expect(Set(others).isSubset(of: action.name.contains("another") ? [0, 3, 9] : [0, 9]), mark)
      return count
    }
    var random = Seeded(state: UInt64(way == .script3 ? 11 : way == .script2 ? 12 : 13))
    let actions = Campaign.isOn ? Self.actions : Array(Self.actions.shuffled(using: &random).prefix(9))
    for action in actions {
      let steps = try await play(action, breakingAt: nil, .before)
      #expect(steps > 0, "\(action.name)")
      let all = (0..<steps).flatMap { step in Cut.allCases.map { (step, $0) } }
      for (step, cut) in Campaign.isOn ? all : Array(all.shuffled(using: &random).prefix(2)) {
        _ = try await play(action, breakingAt: step, cut)
      }
    }
  }
}
