import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Lists by TTL, beside what the server itself says of each key.
@Suite(.serialized) struct ListByTTLTests {
  private static let batch: [[String]] =
    (0..<400).map { ["SET", "soon:\($0)", "x", "EX", "300"] }
    + (0..<50).map { ["SET", "late:\($0)", "x", "EX", "5000"] }
    + (0..<350).map { ["HSET", "kept:\($0)", "f", "x"] }

  private func list(_ harness: Harness, _ question: ListQuestion) async throws -> (keys: [KeyFacts], untold: UntoldKeys)
  {
    let told = Mutex<[KeyFacts]>([])
    let untold = try await harness.store.list(question) { page in
      told.withLock { $0 += page }
      return true
    }
    return (told.withLock { $0 }, untold)
  }

  private static let conditions: [(TTLCondition, count: Int)] = [
    (.left(below: 600_000), 400), (.left(above: 600_000), 50), (.persistent, 350), (.left(above: 0), 450),
    (.left(above: 600_000, below: 700_000), 0),
  ]

  @Test(arguments: conditions, [Endpoint.ProtocolPreference.resp2, .automatic])
  func namesOnly(_ wanted: (TTLCondition, count: Int), _ version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.pipeline(Self.batch)
    let harness = try await Harness(server, version: version)
    let (keys, untold) = try await list(harness, ListQuestion(ttl: wanted.0))
    #expect(untold == UntoldKeys())
    #expect(keys.count == wanted.count && Set(keys.map(\.name)).count == wanted.count)
    let times = try server.pipeline(keys.map { ["PEXPIRETIME", String(decoding: $0.name.bytes, as: UTF8.self)] })
    #expect(keys.map(\.deadline) == times.map { Fact.known(Deadline(told: Int64($0.text))) })
    // Nothing is asked that is not needed: of each key when it expires, and of some of them once the time left.
    #expect(harness.commands["PEXPIRETIME"] == 800)
    #expect(harness.commands["PTTL", default: 0] <= 300 + 350)
    #expect(harness.commands["TYPE"] == nil && harness.commands["MEMORY"] == nil)
  }

  @Test("types and sizes are read only of keys that meet the condition")
  func facts() async throws {
    let server = try TestServer()
    try server.pipeline(Self.batch)
    let harness = try await Harness(server)
    let keys = try await list(harness, ListQuestion(facts: .all, ttl: .left(above: 600_000))).keys
    #expect(keys.count == 50)
    #expect(keys.allSatisfy { $0.type == .known(.string) && $0.size.value != nil && $0.deadline.value != nil })
    #expect(harness.commands["MEMORY"] == 50 && harness.commands["TYPE"] == 50)
  }

  @Test(
    "deadlines of all keys, without those that are gone", arguments: OtherServers.binaries.map(Optional.some) + [nil])
  func deadlines(binary: String?) async throws {
    let server = try TestServer(binary: binary)
    try server.pipeline(Self.batch + [["SET", "gone", "x"], ["PEXPIREAT", "gone", "1"]])
    let harness = try await Harness(server)
    let (keys, untold) = try await list(harness, ListQuestion(pattern: Array("*o*".utf8), facts: .deadlines))
    #expect(untold == UntoldKeys())
    #expect(keys.count == 400)
    let left = try server.pipeline(keys.map { ["PTTL", String(decoding: $0.name.bytes, as: UTF8.self)] })
    let now = await harness.store.serverClock.serverTime(at: MonotonicClock.now())
    for (key, reply) in zip(keys, left) {
      let told = try #require(key.deadline.value?.remaining(at: now)), asked = try #require(Int64(reply.text))
      #expect(abs(told - asked) < 60_000)
    }
  }

  @Test("a pattern is a glob, and a backslash takes a character as it is")
  func pattern() async throws {
    let server = try TestServer()
    try server.pipeline(["a*b", "axb", "a[x]b", "a?b", "a\\b"].map { ["SET", $0, "x", "EX", "100"] })
    let harness = try await Harness(server)
    for (pattern, count) in [("a*b", 5), (#"a\*b"#, 1), ("a[xyz]b", 1), (#"a\[x\]b"#, 1), ("a?b", 4), (#"a\?b"#, 1)] {
      let question = ListQuestion(pattern: Array(pattern.utf8), ttl: .left(below: 1_000_000))
      #expect(try await list(harness, question).keys.count == count, "\(pattern)")
    }
  }

  // MARK: - Rights

  @Test("without a right to any deadline it ends at once, and names the rule")
  func noDeadlines() async throws {
    let server = try TestServer.withUser("+@all", "-pttl", "-pexpiretime")
    try server.pipeline(Self.batch)
    let harness = try await Harness(server, user: "limited", password: "pw")
    for question in [
      ListQuestion(facts: .deadlines), ListQuestion(ttl: .persistent), ListQuestion(facts: .all, ttl: .persistent),
    ] {
      let failure = try await #require(throws: Failure.self) { try await list(harness, question) }
      #expect(failure.kind == .denied(Denial(command: "PTTL", missingRule: "+pttl")))
      #expect(failure.nextStep == "Ask for the rule +pttl")
    }
    // Known after the first batch.
    #expect(harness.commands["PTTL", default: 0] <= 300)
    // A list that has nothing to do with deadlines goes on.
    #expect(try await list(harness, ListQuestion(facts: .all)).keys.count == 800)
  }

  @Test("one of the two commands is enough where it can be")
  func oneOfTwo() async throws {
    let server = try TestServer.withUser("+@all", "-pexpiretime")
    try server.pipeline(Self.batch)
    var harness = try await Harness(server, user: "limited", password: "pw")
    var (keys, untold) = try await list(harness, ListQuestion(ttl: .left(below: 600_000)))
    #expect(keys.count == 400 && untold == UntoldKeys())
    #expect(harness.commands["PEXPIRETIME", default: 0] <= 300)
    try server.cli("ACL", "SETUSER", "limited", "+pexpiretime", "-pttl")
    harness = try await Harness(server, user: "limited", password: "pw")
    (keys, untold) = try await list(harness, ListQuestion(ttl: .persistent))
    // The deadlines of the others are dates of a clock that nothing is known of.
    #expect(keys.count == 350 && untold.count == 450 && untold.denial?.missingRule == "+pttl")
  }

  @Test("a key beyond the user's pattern is counted, not left out in silence")
  func keyRights() async throws {
    let server = try TestServer.withUser("+@all", "resetkeys", "~soon:*")
    try server.pipeline(Self.batch)
    let harness = try await Harness(server, user: "limited", password: "pw")
    for facts in [ListQuestion.Facts.none, .all] {
      let (keys, untold) = try await list(harness, ListQuestion(facts: facts, ttl: .left(below: 600_000)))
      #expect(keys.count == 400)
      #expect(untold.count == 400 && untold.denial?.missingRule?.hasPrefix("%R") == true)
    }
  }
}
