import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// The lines that `keyglass acl` prints, on real servers: they are enough, and hold nothing that is not sent.
@Suite("ACL lines", .serialized) struct AccessLineTests {
  /// How old a server is, by its own word.
  static func age(of server: TestServer) throws -> ServerAge {
    func knows(_ rule: String) throws -> Bool { try server.cli("ACL", "SETUSER", "probe", rule) == "OK" }
    guard try knows("+pexpiretime") else { return .redis6_2 }
    if try knows("+hpexpiretime") { return .redis7_4 }
    return try knows("+client|no-touch") ? .redis7_2 : .redis7_0
  }

  private static let binaries =
    [nil] + (Campaign.isOn ? OtherServers.binaries : OtherServers.binaries.filter { $0 == OtherServers.valkey })

  @Test("who has a printed line misses nothing", arguments: binaries, AccessLevel.allCases)
  func isEnough(binary: String?, level: AccessLevel) async throws {
    let server = try TestServer(binary: binary)
    let age = try Self.age(of: server)
    let line = AccessLine.text(for: level, on: age).replacing(">PASSWORD", with: ">pw").split(separator: " ")
    #expect(line.prefix(3) == ["ACL", "SETUSER", "keyglass-\(level)"])
    let edits = AccessTour.edits + (age == .redis7_4 ? AccessTour.fieldEdits : [])
    var full = try await AccessTour(server, rules: ["~*", "&*", "+@all"])
    try await full.browse()
    if level == .edit { try await full.edit(edits) }
    try server.cli("CONFIG", "RESETSTAT")
    var tour = try await AccessTour(server, rules: line.dropFirst(3).map(String.init))
    try await tour.browse()
    if level == .edit { try await tour.edit(edits) }
    for (mine, all) in zip(tour.parts, full.parts) { #expect(mine == all) }
    #expect(tour.parts.count == full.parts.count)
    #expect(!tour.parts.contains { $0.result.hasPrefix("failed") || $0.result.contains("GONE") })
    #expect(tour.harness.limits.isEmpty, "\(tour.harness.limits)")
    // Redis 6 asks for the right to CLIENT NO-TOUCH before it sees that there is none.
    #expect(try server.rejections().filter { age > .redis6_2 || $0.key != "client" } == [:])
    // What was sent is in the table, and what is in the table was sent, by itself or out of a script.
    let rules = Set(AccessRule.rules(for: level, on: age).map(\.text))
    let sent = try await tour.sentRules()
    // What this server does not have is tried once.
    let unlisted = sent.subtracting(AccessRule.rules(for: level, on: .newest).map(\.text))
    #expect(unlisted.isEmpty, "not in the table: \(unlisted.sorted())")
    let elsewhere: Set = [
      // The greeting without HELLO; the keep-alive; what is read out of scripts alone, as the next test shows.
      "+auth", "+ping", "+select", "+evalsha", "+get", "+hexists", "+hget", "+hgetall", "+hstrlen", "+lindex",
      "+smembers", "+time", "+zscore", "+exists", "+client|id", "+hpersist",
    ]
    let unsent = rules.subtracting(sent).subtracting(elsewhere).subtracting(age < .redis7_4 ? [] : ["+hpttl"])
    #expect(unsent.isEmpty, "never sent: \(unsent.sorted())")
  }

  /// Without scripts: the rules that are printed for that, in place of EVAL.
  @Test func isEnoughWithoutScripts() async throws {
    let server = try TestServer()
    let rules = AccessRule.rules(for: .edit, on: try Self.age(of: server)) + AccessRule.withoutScripts
    let texts = rules.map(\.text).filter { $0 != "+eval" && $0 != "+evalsha" }
    var tour = try await AccessTour(server, rules: ["~*", "-@all"] + texts)
    try await tour.edit()
    let others = tour.parts.filter { $0.result != "done" && $0.result != "no way back: a stream takes no entry back" }
    #expect(others.isEmpty, "\(others)")
  }

  /// Who may only browse changes nothing, whatever is tried.
  @Test func browsingWritesNothing() async throws {
    let server = try TestServer()
    let rules = AccessRule.rules(for: .browse, on: try Self.age(of: server)).map(\.text)
    var tour = try await AccessTour(server, rules: ["~*", "-@all"] + rules)
    try await tour.edit()
    #expect(tour.parts.filter { !$0.result.hasPrefix("denied: ") }.isEmpty, "\(tour.parts)")
    #expect(tour.parts.allSatisfy { $0.result.contains("neither EVAL nor WATCH") && $0.result.contains("+eval") })
  }
}

extension AccessTour {
  /// The rules of all commands that were sent, out of scripts too.
  func sentRules() async throws -> Set<String> {
    guard case .log(let log) = await harness.store.answer(.log) else { throw TestFailure("no log") }
    let containers: Set = ["client", "memory", "object", "slowlog", "xinfo"]
    return Set(
      log.flatMap { [$0.words] + $0.carried }.compactMap { words in
        let names = words.prefix(2).map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard let first = names.first else { return nil }
        return "+" + (containers.contains(first) ? names.joined(separator: "|") : first)
      })
  }
}

extension TestServer {
  /// How often each command was refused to a user, `client|id` and the like.
  func rejections() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in try cli("INFO", "commandstats").split(whereSeparator: \.isNewline) {
      guard let match = line.firstMatch(of: #/cmdstat_([^:]+):.*rejected_calls=(\d+)/#), let count = Int(match.2) else {
        continue
      }
      if count > 0 { counts[String(match.1)] = count }
    }
    return counts
  }
}
