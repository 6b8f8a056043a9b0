import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

@Suite(.serialized) struct DenialTests {
  /// Logging in is all that a user needs; what is denied shows as denied, never as empty or gone.
  @Test func needsNoRightsToConnect() async throws {
    let server = try TestServer.withUser("-@all")
    try server.cli("SET", "k", "v")
    let harness = try await Harness(server, user: "limited", password: "pw")
    let end = try await harness.scan()
    #expect(
      end.phase == .denied && end.denial == Denial(command: "SCAN", missingRule: "+scan") && end.serverCount == nil)
    let facts = try await harness.facts("k")
    #expect(facts[0].type.denial?.missingRule == "+type")
    #expect(facts[0].size.denial?.missingRule == "+memory|usage")
    #expect(facts[0].deadline.denial != nil)
    #expect(!facts[0].isGone)
    let opened = try await harness.opened("k")
    #expect(opened.denial?.command == "TYPE" && opened.page == nil && !opened.facts.isGone)
    guard case .server(let server) = await harness.store.answer(.serverFacts) else {
      Issue.record("no server facts")
      return
    }
    #expect(server.isInfoDenied && server.keys == nil && !server.version.isEmpty)
    #expect(try await harness.failure(.databases).kind == .denied(Denial(command: "INFO", missingRule: "+info")))
    for request: Request in [
      .isMember("k", member: []), .rank("k", .member([]), reverse: false), .rank("k", .score([0x31]), reverse: true),
      .union("k", "k", limit: 10), .dump("k", limit: 10),
    ] {
      guard case .denied = try await harness.failure(request).kind else {
        Issue.record("\(request)")
        continue
      }
    }
    guard case .inspection(let inspection, _) = await harness.store.answer(.inspect("k")) else {
      throw TestFailure("another answer")
    }
    #expect(inspection.encoding.denial?.missingRule == "+object|encoding")
  }

  /// A date of the server's clock alone does not say how long is left.
  @Test func withoutPTTLTheTimeLeftIsDeniedNotGuessed() async throws {
    let server = try TestServer.withUser("+@all", "-pttl")
    try server.cli("SET", "brief", "v", "PX", "1000000")
    try server.cli("SET", "kept", "v")
    let harness = try await Harness(server, user: "limited", password: "pw")
    for _ in 0..<2 {
      #expect(try await harness.facts("brief")[0].deadline.denial?.missingRule == "+pttl")
      #expect(try await harness.facts("kept")[0].deadline == .known(.persistent))
    }
  }

  @Test func asksOnceForWhatIsDenied() async throws {
    let server = try TestServer.withUser("+@all", "-memory|usage", "-object|freq", "-info")
    try server.cli("SET", "k", "v")
    let harness = try await Harness(server, user: "limited", password: "pw")
    for _ in 0..<5 {
      let facts = try await harness.facts("k")
      #expect(facts[0].type == .known(.string))
      #expect(facts[0].size.denial?.command == "MEMORY USAGE")
    }
    #expect(harness.commands["MEMORY"] == 1)
    let opened = try await harness.opened("k")
    #expect(opened.inspection.frequency.denial?.missingRule == "+object|freq")
    #expect(opened.inspection.idleSeconds.value != nil)
    #expect(opened.page == .string(StringPage(length: 1, offset: 0, bytes: [UInt8(ascii: "v")])))
  }

  /// A key beyond the user's pattern says nothing about the next one.
  @Test func aDeniedKeyIsNotADeniedCommand() async throws {
    let server = try TestServer()
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~mine:*", "+@all")
    try server.pipeline([["SET", "mine:1", "v"], ["SET", "theirs", "v"]])
    let harness = try await Harness(server, user: "limited", password: "pw")
    let facts = try await harness.facts("theirs", "mine:1")
    #expect(facts[0].type.denial != nil && facts[0].size.denial != nil && facts[0].deadline.denial != nil)
    #expect(facts[0].type.denial?.missingRule?.hasPrefix("%R~") == true)
    #expect(facts[1].type == .known(.string) && facts[1].size.value != nil)
    #expect(try await harness.opened("theirs").denial != nil)
    #expect(try await harness.opened("mine:1").page != nil)
    let end = try await harness.scan()
    #expect(end.phase == .done && end.keys == 2)
  }

  @Test(arguments: ["getrange", "strlen", "type", "pttl", "pexpiretime", "dbsize", "client|tracking", "select"])
  func anyOneRightMayBeMissing(_ command: String) async throws {
    let server = try TestServer.withUser("+@all", "-\(command)")
    try server.cli("SET", "k", "value", "EX", "1000")
    let harness = try await Harness(server, user: "limited", password: "pw")
    let end = try await harness.scan()
    #expect(end.phase == .done && end.keys == 1 && end.serverCount == 1)
    let opened = try await harness.opened("k")
    #expect(!opened.facts.isGone)
    // Short strings are read whole where they may not be read in part; the type is found out by reading.
    #expect(opened.page != nil && opened.denial == nil)
    let facts = try await harness.facts("k")
    if case .known(.at) = facts[0].deadline {
      #expect(command != "pttl")
    } else {
      #expect(command == "pttl", "no deadline: \(facts[0].deadline)")
    }
  }

  @Test func commandsThatTheServerDoesNotHave() async throws {
    let server = try TestServer(
      ["PEXPIRETIME", "MEMORY", "OBJECT", "INFO", "CLIENT"].flatMap { ["--rename-command", $0, ""] })
    try server.cli("SET", "k", "v", "EX", "1000")
    let harness = try await Harness(server)
    try await harness.scan()
    let facts = try await harness.facts("k")
    #expect(facts[0].size == .denied(Denial(command: "MEMORY USAGE", missingRule: nil)))
    guard case .known(.at(let deadline)) = try await harness.facts("k")[0].deadline else {
      Issue.record("no deadline by PTTL alone")
      return
    }
    let left = deadline - (await harness.store.serverClock).serverTime(at: MonotonicClock.now())
    #expect((1...1_000_000).contains(left))
    #expect(harness.commands["PEXPIRETIME"] == 1)
    guard case .databases(let databases) = await harness.store.answer(.databases) else {
      throw TestFailure("another answer")
    }
    #expect(databases.map(\.keys) == [1])
    #expect(try await harness.opened("k").page != nil)
  }

  /// The whole table, by the server's own word.
  @Test(arguments: [nil] + OtherServers.withFieldTTLs)
  func nothingThatWrites(binary: String?) async throws {
    let server = try TestServer(binary: binary)
    let hasFieldTTLs = try !server.cli("HPTTL", "k", "FIELDS", "1", "f").contains("unknown command")
    for command in ReadCommand.allCases where hasFieldTTLs || command != .hPExpireTime && command != .hPTTL {
      let name = command.rawValue.lowercased().split(separator: " ").joined(separator: "|")
      let info = try server.cli("COMMAND", "INFO", name)
      #expect(!info.isEmpty && info.contains(name), "\(name): \(info)")
      #expect(!info.split(whereSeparator: \.isWhitespace).contains("write"), "\(name): \(info)")
      #expect(try server.cli("ACL", "SETUSER", "probe", command.rule) == "OK")
    }
  }

  @Test func sendsNothingButTheTable() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "k", "v"], ["RPUSH", "l", "v"]])
    let harness = try await Harness(server)
    try await harness.scan()
    _ = try await harness.opened("k")
    _ = try await harness.opened("l")
    _ = await harness.store.answer(.serverFacts)
    let known = Set(ReadCommand.allCases.compactMap { $0.rawValue.split(separator: " ").first.map(String.init) })
    #expect(Set(harness.commands.keys).isSubset(of: known))
    #expect(!harness.commands.isEmpty)
  }
}
