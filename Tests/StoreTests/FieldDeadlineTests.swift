import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// The TTLs of hash fields, as they are read with a page.
@Suite("Reading the TTLs of fields") struct FieldDeadlineTests {
  private static let deadline: Int64 = 4_102_444_800_123

  private func deadlines(_ page: ValuePage?) -> [String: Fact<Deadline>] {
    guard case .hash(let page)? = page else { return [:] }
    return Dictionary(page.fields.map { (String(decoding: $0.name, as: UTF8.self), $0.deadline) }) { $1 }
  }

  private static let hasServers: ConditionTrait = .enabled(
    if: !OtherServers.withFieldTTLs.isEmpty, "no server with TTLs of fields here")

  @Test(hasServers, arguments: OtherServers.withFieldTTLs, [Endpoint.ProtocolPreference.automatic, .resp2])
  func areToldWithThePage(binary: String, version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    try server.cli("HSET", "h", "a", "1", "b", "2", "c", "3")
    try server.cli("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "a")
    try server.cli("HPEXPIRE", "h", "600000", "FIELDS", "1", "b")
    let harness = try await Harness(server, version: version)
    let opened = try await harness.opened("h")
    let told = deadlines(opened.page)
    #expect(told["a"] == .known(.at(Self.deadline)))
    #expect(told["c"] == .known(.persistent))
    guard case .known(let soon)? = told["b"] else { Issue.record("\(told)"); return }
    // No key has a TTL here: the server's clock was learnt from a field's.
    #expect(opened.clock.isKnown)
    let left = soon.remaining(at: opened.clock.serverTime(at: MonotonicClock.now()))
    #expect(left.map { (1...600_000).contains($0) } == true, "\(String(describing: left))")
    #expect(harness.commands["HPTTL"] == 1)
    // Once it is known, a page costs one command.
    let before = harness.commands["HPEXPIRETIME"] ?? 0
    let next = try await harness.page("h", .hash, .fields(cursor: 0, matching: nil))
    #expect(deadlines(next) == told)
    #expect(harness.commands["HPEXPIRETIME"] == before + 1)
    #expect(harness.commands["HPTTL"] == 1)
  }

  @Test func aServerWithoutThemIsAskedOnce() async throws {
    let server = try TestServer()
    guard try server.cli("HPTTL", "k", "FIELDS", "1", "f").contains("unknown command") else { return }
    try server.cli("HSET", "h", "a", "1")
    try server.cli("HSET", "i", "a", "1")
    let harness = try await Harness(server)
    for _ in 0..<2 {
      for key in ["h", "i"] as [KeyName] {
        #expect(
          deadlines(try await harness.opened(key).page)
            == ["a": .denied(Denial(command: "HPEXPIRETIME", missingRule: nil))])
      }
    }
    #expect(harness.commands["HPEXPIRETIME"] == 1)
    #expect(harness.commands["HPTTL"] == nil)
  }

  @Test(hasServers, arguments: OtherServers.withFieldTTLs)
  func aDenialIsToldAndRemembered(binary: String) async throws {
    let server = try TestServer(binary: binary)
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~*", "+@all", "-hpexpiretime")
    try server.cli("HSET", "h", "a", "1")
    let harness = try await Harness(server, user: "limited", password: "pw")
    for _ in 0..<2 {
      #expect(
        deadlines(try await harness.opened("h").page)
          == ["a": .denied(Denial(command: "HPEXPIRETIME", missingRule: "+hpexpiretime"))])
    }
    #expect(harness.commands["HPEXPIRETIME"] == 1)
  }

  /// A date of a clock that is not known says nothing; without a TTL there is nothing to be compared.
  @Test(hasServers, arguments: OtherServers.withFieldTTLs)
  func withoutTheClockTheTimeLeftIsDeniedNotGuessed(binary: String) async throws {
    let server = try TestServer(binary: binary)
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~*", "+@all", "-hpttl")
    try server.cli("HSET", "h", "a", "1", "b", "2")
    try server.cli("HPEXPIREAT", "h", String(Self.deadline), "FIELDS", "1", "a")
    let harness = try await Harness(server, user: "limited", password: "pw")
    let denied: Fact<Deadline> = .denied(Denial(command: "HPTTL", missingRule: "+hpttl"))
    #expect(deadlines(try await harness.opened("h").page) == ["a": denied, "b": .known(.persistent)])
    // A key's TTL tells the clock as well.
    try server.cli("PEXPIRE", "h", "600000")
    #expect(deadlines(try await harness.opened("h").page)["a"] == .known(.at(Self.deadline)))
  }

  // MARK: - What a server may say

  private func fake(_ times: String, left: String = "*1\r\n:5000\r\n") async throws -> FakeHarness {
    try await FakeHarness { words in
      switch words[0] {
      case "TYPE": "+hash\r\n"
      case "PTTL", "PEXPIRETIME": ":-1\r\n"
      case "MEMORY": ":100\r\n"
      case "HLEN": ":2\r\n"
      case "HSCAN": FakeHarness.scanned("0", "f", "v", "g", "w")
      case "HPEXPIRETIME": words[3] == "1" ? "*1\r\n:1700000005000\r\n" : times
      case "HPTTL": left
      default: nil
      }
    }
  }

  @Test func aFieldThatWentMeanwhileIsNotShown() async throws {
    let harness = try await fake("*2\r\n:-2\r\n:-1\r\n")
    let opened = try await harness.opened()
    #expect(deadlines(opened.page) == ["g": .known(.persistent)])
    #expect(opened.inspection.length == .known(1))
  }

  /// HLEN goes on counting what has expired, which HSCAN does not tell any more.
  @Test(arguments: [("0", 2), ("7", 9)])
  func aHashThatWasReadWholeIsAsLongAsThat(next: String, length: Int) async throws {
    let harness = try await FakeHarness { words in
      switch words[0] {
      case "TYPE": "+hash\r\n"
      case "PTTL", "PEXPIRETIME": ":-1\r\n"
      case "MEMORY": ":100\r\n"
      case "HLEN": ":9\r\n"
      case "HSCAN": FakeHarness.scanned(next, "f", "v", "g", "w")
      case "HPEXPIRETIME": "*2\r\n:-1\r\n:-1\r\n"
      default: nil
      }
    }
    let opened = try await harness.opened()
    #expect(opened.inspection.length == .known(length))
    guard case .hash(let page)? = opened.page else { Issue.record("no hash"); return }
    #expect(page.length == length)
    // A later page, and what a pattern finds, are not all.
    guard case .hash(let found) = try await harness.page(.hash, .fields(cursor: 0, matching: bytes("*"))),
      case .hash(let later) = try await harness.page(.hash, .fields(cursor: 5, matching: nil))
    else { Issue.record("no hash"); return }
    #expect(found.length == 9 && later.length == 9)
  }

  /// The clock of the server was set: what it tells has passed by the clock that was known before.
  @Test func aDeadlineThatHasPassedTellsTheClockAnew() async throws {
    let harness = try await FakeHarness { words in
      switch words[0] {
      case "TYPE": "+hash\r\n"
      case "PEXPIRETIME": ":1700009000000\r\n"
      case "PTTL": ":900000\r\n"
      case "MEMORY": ":100\r\n"
      case "HLEN": ":1\r\n"
      case "HSCAN": FakeHarness.scanned("0", "f", "v")
      case "HPEXPIRETIME": "*1\r\n:1700000005000\r\n"
      case "HPTTL": "*1\r\n:5000\r\n"
      default: nil
      }
    }
    let opened = try await harness.opened()
    guard case .known(let deadline)? = deadlines(opened.page)["f"] else { Issue.record("no deadline"); return }
    let left = deadline.remaining(at: opened.clock.serverTime(at: MonotonicClock.now()))
    // By the clock before it passed hours ago.
    #expect(left.map { (-600_000...5_000).contains($0) } == true, "\(String(describing: left))")
  }

  @Test(arguments: [
    "*1\r\n:5\r\n", "*3\r\n:5\r\n:5\r\n:5\r\n", "*0\r\n", "*-1\r\n", ":5\r\n", "$1\r\n5\r\n", "-ERR no\r\n",
    "*2\r\n*1\r\n:5\r\n$-1\r\n", "*2\r\n$1\r\nx\r\n:-7\r\n", "-WRONGTYPE it is\r\n",
  ])
  func anotherReplyTellsNothing(reply: String) async throws {
    let harness = try await fake(reply)
    #expect(deadlines(try await harness.opened().page) == ["f": .unknown, "g": .unknown])
  }

  @Test(arguments: ["*1\r\n:0\r\n", "*0\r\n", ":1\r\n", "-ERR no\r\n", "*1\r\n:9223372036854775807\r\n"])
  func aClockThatCannotBeLearntMakesNothingUp(left: String) async throws {
    let harness = try await fake("*2\r\n:9223372036854775807\r\n:-1\r\n", left: left)
    #expect(deadlines(try await harness.opened().page) == ["f": .unknown, "g": .known(.persistent)])
  }
}
