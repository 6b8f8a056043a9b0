import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// What is told, and what can be taken back, after the reply to a write was lost.
@Suite("Lost replies", .serialized) struct ReadBackTests {
  static let deadline: Int64 = 4_102_444_800_123

  /// A store behind a proxy that, once armed, cuts the reply to the next EVAL off.
  private struct Cut {
    let server: TestServer
    let harness: WriteHarness
    private let isArmed = Box()
    private let proxy: FaultProxy

    final class Box: Sendable {
      let value = Mutex((armed: false, sent: false))
    }

    init(binary: String? = nil) async throws {
      server = try TestServer(binary: binary)
      proxy = try FaultProxy(to: .unix(server.socketPath))
      harness = try await WriteHarness(server, through: proxy.address)
      let box = isArmed
      proxy.set(.toServer) {
        $0.onPiece = { piece, _ in
          guard String(decoding: piece, as: UTF8.self).contains("\r\nEVAL\r\n") else { return nil }
          box.value.withLock { $0.sent = $0.armed }
          return nil
        }
      }
      proxy.set(.toClient) {
        $0.onPiece = { piece, _ in
          guard piece.first != UInt8(ascii: ">") else { return nil }
          return box.value.withLock { state in
            guard state.sent else { return nil }
            state = (false, false)
            return 0
          }
        }
      }
      // The first write opens the connection.
      _ = await harness.outcome("none", .present(.string), .expiry(from: nil, to: .never))
    }

    func arm() { isArmed.value.withLock { $0.armed = true } }
  }

  @Test func aTTLIsToldAndTakenBack() async throws {
    let cut = try await Cut()
    try cut.server.cli("SET", "k", "v")
    try cut.server.cli("PEXPIREAT", "k", String(Self.deadline))
    cut.arm()
    let outcome = await cut.harness.outcome(
      "k", .present(.string), .expiry(from: .at(Self.deadline), to: .after(90_000)))
    guard case .unknown(.applied, _) = outcome else { Issue.record("\(outcome)"); return }
    #expect(await cut.harness.undo()?.isDone == true)
    #expect(try cut.server.cli("PEXPIRETIME", "k") == String(Self.deadline))
  }

  /// What stood behind the element is known from the screen: it goes back to its place.
  @Test func anElementGoesBackToItsPlace() async throws {
    let cut = try await Cut()
    try cut.server.cli("RPUSH", "l", "a", "b", "c", "d")
    let around = ListContext(
      length: 4, neighbours: [.init(index: 0, value: bytes("a")), .init(index: 2, value: bytes("c"))])
    cut.arm()
    let outcome = await cut.harness.outcome(
      "l", .present(.list), .removeElement(index: 1, bytes("b"), tombstone: bytes("T"), around: around))
    guard case .unknown(.applied, _) = outcome else { Issue.record("\(outcome)"); return }
    #expect(try cut.server.cli("LRANGE", "l", "0", "-1") == "a\nc\nd")
    #expect(await cut.harness.undo()?.isDone == true)
    #expect(try cut.server.cli("LRANGE", "l", "0", "-1") == "a\nb\nc\nd")
  }

  /// Many deletions in one batch: each is told, and what was seen before brings them back.
  @Test func manyDeletedKeysComeBack() async throws {
    let cut = try await Cut()
    let names = (0..<100).map { KeyName("k\($0)") }
    for name in names {
      _ = try cut.harness.raw(command("SET", name, name.bytes))
      _ = try cut.harness.raw(command("PEXPIREAT", name, Self.deadline))
    }
    guard case .survey(let survey) = await cut.harness.store.answer(.survey(names, beforeDestroying: true)) else {
      Issue.record("no survey")
      return
    }
    let edits = names.map { name in
      cut.harness.edit(
        name, .present(.string), .deleteKey(seen: survey.seen[name], keepsCopy: true))
    }
    cut.arm()
    guard case .written(let report) = await cut.harness.store.answer(.write(WriteJob(id: 1, edits: edits))) else {
      Issue.record("no report")
      return
    }
    let gone = report.items.filter(\.outcome.isApplied).count
    #expect(try cut.server.cli("DBSIZE") == String(100 - gone))
    #expect(gone > 0 && report.untried > 0, "\(gone) \(report.untried)")
    #expect(report.items.allSatisfy { !$0.outcome.isUnsure })
    #expect(report.noUndo == nil)
    _ = await cut.harness.store.answer(.undo())
    #expect(try cut.server.cli("DBSIZE") == "100")
    #expect(try cut.server.cli("PEXPIRETIME", "k63") == String(Self.deadline))
  }

  /// A field's TTL went with the reply: it is not given back without, unless the server has none.
  @Test(arguments: OtherServers.binaries) func aFieldWithATTL(binary: String) async throws {
    let cut = try await Cut(binary: binary)
    try cut.server.cli("HSET", "h", "f", "v", "g", "w")
    let hasTTLs = try cut.server.cli("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "f") == "1"
    cut.arm()
    let report = await cut.harness.write(
      cut.harness.edit("h", .present(.hash), .field(bytes("f"), from: bytes("v"), to: nil)))
    guard case .unknown(.applied, _) = report.items[0].outcome else { Issue.record("\(report.items)"); return }
    #expect((report.noUndo?.contains("TTL") == true) == hasTTLs)
  }

  /// Setting a field's TTL is told and taken back, whatever was set; what was there before is known from the screen.
  @Test(arguments: OtherServers.withFieldTTLs, [Expiry.at(4_102_444_900_456), .after(90_000), .never])
  func theTTLOfAField(binary: String, to: Expiry) async throws {
    let cut = try await Cut(binary: binary)
    try cut.server.cli("HSET", "h", "f", "v")
    try cut.server.cli("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "f")
    cut.arm()
    let outcome = await cut.harness.outcome(
      "h", .present(.hash), .fieldExpiry(bytes("f"), from: .at(Self.deadline), to: to))
    guard case .unknown(.applied, _) = outcome else { Issue.record("\(outcome)"); return }
    #expect(try cut.server.cli("HPEXPIRETIME", "h", "FIELDS", "1", "f") != String(Self.deadline))
    #expect(await cut.harness.undo()?.isDone == true)
    #expect(try cut.server.cli("HPEXPIRETIME", "h", "FIELDS", "1", "f") == String(Self.deadline))
  }

  /// The network holds the command back: once it is told as not applied, it cannot be carried out any more.
  @Test func aCommandThatWasHeldBackDoesNotArrive() async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await WriteHarness(server, through: proxy.address)
    try server.cli("SET", "n", "10")
    _ = await harness.outcome("none", .present(.string), .expiry(from: nil, to: .never))
    let isHeld = Mutex(false)
    let mayGo = Mutex(false)
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        guard String(decoding: piece, as: UTF8.self).contains("INCRBY") else { return nil }
        isHeld.withLock { $0 = true }
        _ = Eventually.until { mayGo.withLock { $0 } }
        return nil
      }
    }
    async let outcome = harness.outcome("n", .present(.string), .add(.string, by: bytes("5"), isFloat: false))
    #expect(await eventually { isHeld.withLock { $0 } })
    _ = await harness.store.answer(.stopWriting)
    guard case .unknown(.notApplied, _) = await outcome else { Issue.record("\(await outcome)"); return }
    mayGo.withLock { $0 = true }
    // The proxy has passed it on, or found nobody there: the next edit comes behind it.
    proxy.heal()
    #expect(
      await eventually { await harness.outcome("n", .present(.string), .expiry(from: nil, to: .after(50_000))).isDone })
    #expect(try server.cli("GET", "n") == "10")
  }
}
