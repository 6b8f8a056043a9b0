import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// The TTL of a hash field: set, changed, taken away, and taken back.
@Suite(
  "Setting the TTLs of fields", .serialized,
  .enabled(if: !OtherServers.withFieldTTLs.isEmpty, "no server with TTLs of fields here"))
struct FieldExpiryTests {
  private static let deadline: Int64 = 4_102_444_800_123
  private static let later: Int64 = 4_102_444_900_456

  /// A hash `h` of two fields, of which `f` expires.
  private func harness(_ binary: String, _ way: WriteHarness.Way, rights: [String]? = nil) async throws -> WriteHarness
  {
    let harness = try await WriteHarness(TestServer(binary: binary), way, rights: rights)
    try harness.redis("HSET", "h", "f", "v", "g", "w")
    try harness.redis("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "f")
    return harness
  }

  private func of(_ field: String, _ harness: WriteHarness) throws -> Int64? {
    Int64(try harness.redis("HPEXPIRETIME", "h", "FIELDS", "1", field))
  }

  @discardableResult
  private func set(
    _ field: String, _ from: Deadline?, _ to: Expiry, _ harness: WriteHarness
  ) async -> Outcome {
    await harness.outcome("h", .present(.hash), .fieldExpiry(bytes(field), from: from, to: to))
  }

  @Test(arguments: OtherServers.withFieldTTLs, WriteHarness.Way.allCases)
  func isSetAndTakenBack(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await harness(binary, way)
    let steps: [(field: String, from: Deadline?, to: Expiry, before: Int64)] = [
      ("f", .at(Self.deadline), .at(Self.later), Self.deadline), ("f", nil, .never, Self.deadline),
      ("f", .at(Self.deadline), .after(90_000_000), Self.deadline), ("g", .persistent, .at(Self.later), -1),
      ("g", nil, .after(90_000_000), -1),
    ]
    for step in steps {
      let outcome = await set(step.field, step.from, step.to, harness)
      #expect(outcome.isDone, "\(step): \(outcome)")
      let after = try of(step.field, harness)
      switch step.to {
      case .never: #expect(after == -1)
      case .at(let time): #expect(after == time)
      case .after: #expect(after.map { $0 > 0 && $0 != Self.deadline } == true)
      }
      #expect(await harness.undo()?.isDone == true, "\(step)")
      #expect(try of(step.field, harness) == step.before, "\(step)")
      #expect(await harness.undo(isRedo: true)?.isDone == true, "\(step)")
      if step.to != .after(90_000_000) { #expect(try of(step.field, harness) == after, "\(step)") }
      #expect(await harness.undo()?.isDone == true, "\(step)")
      #expect(try of(step.field, harness) == step.before, "\(step)")
    }
    #expect(try harness.redis("HGET", "h", "f") == "v")
    #expect(try harness.redis("HGET", "h", "g") == "w")
    #expect(try harness.redis("PTTL", "h") == "-1")
  }

  @Test(arguments: OtherServers.withFieldTTLs, WriteHarness.Way.allCases)
  func onlyWhileItIsWhatWasSeen(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await harness(binary, way)
    #expect(await set("f", .at(Self.later), .never, harness) == .conflict(.deadline(.at(Self.deadline))))
    #expect(await set("f", .persistent, .at(Self.later), harness) == .conflict(.deadline(.at(Self.deadline))))
    #expect(await set("g", .at(Self.later), .never, harness) == .conflict(.deadline(.persistent)))
    #expect(try of("f", harness) == Self.deadline)
    #expect(try of("g", harness) == -1)
  }

  /// The server would take it away at once.
  @Test(arguments: OtherServers.withFieldTTLs, WriteHarness.Way.allCases)
  func aTimeThatHasPassedIsRefused(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await harness(binary, way)
    guard case .refused(let failure) = await set("f", .at(Self.deadline), .at(1_000), harness) else {
      Issue.record("not refused")
      return
    }
    #expect(failure.nextStep.contains("deletes the field"))
    #expect(try harness.redis("HGET", "h", "f") == "v")
    #expect(try of("f", harness) == Self.deadline)
  }

  @Test(arguments: OtherServers.withFieldTTLs, WriteHarness.Way.allCases)
  func whatIsGoneStaysGone(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await harness(binary, way)
    #expect(await set("f", .at(Self.deadline), .at(Self.later), harness).isDone)
    try harness.redis("HDEL", "h", "f")
    for to in [Expiry.never, .after(5_000), .at(Self.deadline)] {
      #expect(await set("f", .at(Self.later), to, harness) == .conflict(.value(nil)))
      #expect(await set("f", nil, to, harness) == .conflict(.value(nil)))
    }
    #expect(await harness.undo() == .conflict(.value(nil)))
    #expect(try harness.redis("HEXISTS", "h", "f") == "0")
    try harness.redis("DEL", "h")
    #expect(await set("f", nil, .after(5_000), harness) == .gone)
    try harness.redis("SET", "h", "text")
    #expect(await set("f", nil, .after(5_000), harness) == .typeChanged(.string))
    #expect(try harness.redis("GET", "h") == "text")
    #expect(try harness.redis("PTTL", "h") == "-1")
  }

  @Test(arguments: OtherServers.withFieldTTLs, [true, false])
  func whoMayNotSetItChangesNothing(binary: String, mayScript: Bool) async throws {
    let harness = try await harness(
      binary, .script3, rights: ["+@all", "-hpexpire", "-hpexpireat", "-hpersist"] + (mayScript ? [] : ["-eval"]))
    for to in [Expiry.never, .after(5_000), .at(Self.later)] {
      guard case .refused = await set("f", .at(Self.deadline), to, harness) else {
        Issue.record("not refused: \(to)")
        return
      }
    }
    #expect(try of("f", harness) == Self.deadline)
  }

  /// A value edit (`e`, `E`) and a rename are looked at with the other edits; this is `=`, there and back.
  @Test(arguments: OtherServers.withFieldTTLs, WriteHarness.Way.allCases)
  func addingANumberKeepsIt(binary: String, way: WriteHarness.Way) async throws {
    let harness = try await harness(binary, way)
    try harness.redis("HSET", "h", "n", "10")
    try harness.redis("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "n")
    for (by, isFloat, sum) in [("5", false, "15"), ("0.5", true, "10.5")] {
      #expect(
        await harness.outcome("h", .present(.hash), .add(.field(bytes("n")), by: bytes(by), isFloat: isFloat)).isDone)
      #expect(try harness.redis("HGET", "h", "n") == sum)
      #expect(try of("n", harness) == Self.deadline)
      #expect(await harness.undo()?.isDone == true)
      #expect(try harness.redis("HGET", "h", "n") == "10")
      #expect(try of("n", harness) == Self.deadline)
    }
  }
}
