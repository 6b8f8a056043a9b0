import Keyspace
import PrivateServer
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Seeded: another client acts, and the connection breaks, at any step of any edit. A twin server tells what must come
/// of it: there the other client acts first and nothing breaks.
@Suite("Edits in disorder", .serialized) struct WriteChaosTests {
  typealias Way = WriteHarness.Way

  enum Cut: CaseIterable, Sendable {
    case never, beforeRequest, inRequest, afterRequest, beforeReply, inReply
  }

  /// What other clients do to a key of each type.
  private static func acts(_ type: KeyType, _ key: String) -> [[String]] {
    let common = [
      [], [], ["PEXPIREAT", key, "4102444800777"], ["PERSIST", key], ["DEL", key], ["PEXPIREAT", key, "1"],
      ["RENAME", key, "elsewhere"], ["FLUSHALL"], ["SWAPDB", "0", "1"], ["SET", key, "retyped"],
    ]
    let own: [[String]] =
      switch type {
      case .string: [["SET", key, "77", "KEEPTTL"], ["APPEND", key, "0"]]
      case .hash:
        [["HSET", key, "f", "77"], ["HSET", key, "z", "theirs"], ["HDEL", key, "f"], ["HSET", key, "n", "1"]]
      case .list:
        [["LSET", key, "0", "theirs"], ["LPUSH", key, "x"], ["RPUSH", key, "y"], ["LPOP", key], ["RPOP", key]]
      case .set: [["SADD", key, "theirs"], ["SREM", key, "a"], ["SADD", key, "c"]]
      case .sortedSet:
        [["ZADD", key, "5", "a"], ["ZADD", key, "5", "theirs"], ["ZREM", key, "a"], ["ZADD", key, "1", "c"]]
      case .stream:
        [["XADD", key, "1-7", "f", "theirs"], ["XADD", key, "9-9", "f", "theirs"], ["XTRIM", key, "MAXLEN", "0"]]
      default: []
      }
    return common + own + own
  }

  private struct Plot: Sendable {
    var step = ""
    var act: [String] = []
    var cut = Cut.never
    var isCommitted = false
  }

  @Test(arguments: Way.allCases) func whatIsReportedIsWhatWasDone(way: Way) async throws {
    let (server, twin) = (try TestServer(), try TestServer())
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await WriteHarness(server, way, through: proxy.address)
    let calm = try await WriteHarness(twin, way)
    let commit = way == .watch ? "EXEC" : "EVAL"
    let steps = way == .watch ? ["SELECT", "TYPE", "WATCH", "MULTI", "EXEC"] : ["SELECT", "TYPE", "EVAL"]
    let plot = Mutex(Plot())
    @Sendable func holds(_ piece: [UInt8], _ word: String) -> Bool {
      String(decoding: piece, as: UTF8.self).contains("\r\n\(word)\r\n")
    }
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        let (act, cut) = plot.withLock { plot -> ([String], Cut) in
          var act: [String] = []
          if !plot.step.isEmpty, holds(piece, plot.step) {
            act = plot.act
            plot.step = ""
          }
          guard plot.cut != .never, holds(piece, commit) else { return (act, .never) }
          if plot.cut == .beforeReply || plot.cut == .inReply {
            plot.isCommitted = true
            return (act, .never)
          }
          defer { plot.cut = .never }
          return (act, plot.cut)
        }
        if !act.isEmpty { _ = try? server.cli(act, database: 0) }
        return switch cut {
        case .beforeRequest: 0
        case .inRequest: piece.count / 2
        case .afterRequest: piece.count
        case .never, .beforeReply, .inReply: nil
        }
      }
    }
    proxy.set(.toClient) {
      $0.onPiece = { piece, _ in
        // Pushes of tracking go to another connection.
        guard piece.first != UInt8(ascii: ">") else { return nil }
        return plot.withLock { plot in
          guard plot.isCommitted else { return nil }
          defer { (plot.isCommitted, plot.cut) = (false, .never) }
          return plot.cut == .beforeReply ? 0 : piece.count / 2
        }
      }
    }
    var random = Seeded(state: way == .script3 ? 1 : way == .script2 ? 2 : 3)
    for round in 0..<(Campaign.isOn ? 2_000 : 60) {
      let edit = WriteRowTests.edits[Int.random(in: 0..<WriteRowTests.edits.count, using: &random)]
      let key = String(decoding: edit.name.bytes, as: UTF8.self)
      let acts = Self.acts(edit.type, key)
      let next = Plot(
        step: steps[Int.random(in: 0..<steps.count, using: &random)],
        act: acts[Int.random(in: 0..<acts.count, using: &random)],
        // Half of the time nothing breaks.
        cut: Bool.random(using: &random) ? .never : Cut.allCases[Int.random(in: 0..<6, using: &random)])
      for server in [server, twin] {
        try server.cli("FLUSHALL")
        try server.cli(edit.make, database: 0)
        try server.cli("PEXPIREAT", key, String(WriteRowTests.deadline))
      }
      let before = try calm.snapshot(edit.name)
      let mark = Comment(rawValue: "\(way) round \(round): \(edit.change), \(next)")
      plot.withLock { $0 = next }
      let outcome = await harness.outcome(edit.name, .present(edit.type), edit.change)
      plot.withLock { $0 = Plot() }
      if !next.act.isEmpty { try twin.cli(next.act, database: 0) }
      let untouched = try calm.snapshot(edit.name)
      let expected = await calm.outcome(edit.name, .present(edit.type), edit.change)
      let changed = try calm.snapshot(edit.name)
      let found = try harness.snapshot(edit.name)
      switch outcome {
      // Applied, or somebody else did the very same: the key is what it was to be.
      case .unknown(.applied, _) where !expected.isDone:
        try twin.cli("FLUSHALL")
        try twin.cli(edit.make, database: 0)
        try twin.cli("PEXPIREAT", key, String(WriteRowTests.deadline))
        _ = await calm.outcome(edit.name, .present(edit.type), edit.change)
        #expect(try calm.snapshot(edit.name) == found, "\(mark) \(outcome)")
      case .unknown(.applied, _): #expect(found == changed, "\(mark) \(outcome)")
      // Not applied, or taken back by somebody else: the key is what it was.
      case .unknown(.notApplied, _), .unknown(.notYet, _):
        #expect(found == untouched || found == before, "\(mark) \(outcome)")
      // Whoever came in between makes it impossible to tell; but it is one of the two.
      case .unknown: #expect(found == changed || found == untouched, "\(mark) \(outcome)")
      // A lost connection before anything was sent that writes.
      case .refused(let failure) where failure.kind == .connection && next.cut != .never:
        #expect(found == untouched, "\(mark) \(outcome)")
      case .applied: #expect(expected.isDone && found == changed, "\(mark) \(outcome) \(expected)")
      default: #expect(outcome == expected && found == untouched, "\(mark) \(outcome) \(expected)")
      }
    }
  }
}
