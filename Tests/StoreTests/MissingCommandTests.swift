import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// Each command that Keyglass sends, missing in turn: it is said which, all else is as with all rights, and what is
/// denied is not asked for again and again.
@Suite("One command is missing", .serialized) struct MissingCommandTests {
  private static let all =
    AccessRule.rules(for: .edit, on: .redis7_0).map { String($0.text.dropFirst()) }.filter {
      $0 != "hello" && $0 != "auth"
    }
  private static let sample = ["type", "memory|usage", "info", "hscan", "set"]

  /// What comes of the tour with all rights.
  private static let whole = Task {
    var tour = try await AccessTour(TestServer(), rules: nil)
    try await tour.browse()
    try await tour.edit()
    return Dictionary(uniqueKeysWithValues: tour.parts.map { ($0.name, $0.result) })
  }

  /// Compares with the tour of all rights: what differs must be a denial that names one of `words`.
  private static func compare(_ tour: AccessTour, _ words: [String]) async throws -> Int {
    let whole = try await whole.value
    var denied = 0
    for (name, result) in tour.parts where result != whole[name] {
      denied += 1
      // What cannot be read before is not kept, and said so.
      if name.hasPrefix("undo"), result.hasPrefix("no way back") { continue }
      let isNamed = words.contains { result.uppercased().contains($0.uppercased()) }
      #expect(result.hasPrefix("denied: ") && isNamed, "\(name): \(result) in place of \(whole[name] ?? "nothing")")
    }
    #expect(!tour.parts.contains { $0.result.contains("GONE") || $0.result.contains("NO PAGE") })
    return denied
  }

  @Test("fault 16: NOPERM", arguments: Campaign.isOn ? all : sample)
  func byRights(command: String) async throws {
    let server = try TestServer()
    var tour = try await AccessTour(server, rules: ["~*", "&*", "+@all", "-\(command)"])
    try await tour.browse()
    let asked = try server.rejections()[command] ?? 0
    #expect(asked <= 8, "\(command) was asked for \(asked) times")
    let title = command.uppercased().replacing("|", with: " ")
    if asked > 0, command != "client|setname", command != "client|id" {
      #expect(tour.harness.limits.contains(Denial(command: title, missingRule: "+\(command)")))
    }
    try await tour.edit()
    let denied = try await Self.compare(tour, ["+\(command)", title])
    // Those that something else does as well, or that only tell.
    let spare: Set = [
      "ping", "select", "client|setname", "client|id", "command", "dbsize", "pexpiretime", "getrange", "eval",
      "evalsha",
      "exists", "time", "get", "hgetall", "smembers",
    ]
    #expect(denied > 0 || spare.contains(command), "nothing is missing without \(command)")
  }

  private static let renamable = [
    "CONFIG", "KEYS", "INFO", "COMMAND", "CLIENT", "MEMORY", "OBJECT", "DBSIZE", "SELECT", "SCAN", "EVAL", "WATCH",
    "HELLO",
  ]

  @Test(
    "renamed or disabled (faults 47 and 63)",
    arguments: Campaign.isOn ? renamable : ["SCAN", "CLIENT", "HELLO"])
  func renamed(command: String) async throws {
    let server = try TestServer(["--rename-command", command, ""])
    var tour = try await AccessTour(server, rules: nil)
    try await tour.browse()
    for word in [command] where word != "HELLO" {
      #expect(tour.harness.commands[word] ?? 0 <= 8, "\(word): \(tour.harness.commands[word] ?? 0)")
    }
    try await tour.edit()
    let denied = try await Self.compare(tour, command == "HELLO" ? ["RESP2"] : [command])
    let spare: Set = ["CONFIG", "KEYS", "COMMAND", "DBSIZE", "SELECT", "EVAL", "WATCH"]
    #expect(denied > 0 || spare.contains(command))
    let limits = tour.harness.limits
    #expect(limits.allSatisfy { $0.missingRule == nil && $0.command.hasPrefix(command) }, "\(limits)")
    #expect(!limits.isEmpty || ["CONFIG", "KEYS", "SELECT", "WATCH"].contains(command))
  }

  /// SCAN, MULTI and WATCH are those that proxies lack; EVAL too, and nothing is left that guards.
  @Test("fault 63: a proxy in between without MULTI, WATCH, SCAN")
  func proxyWithoutTransactions() async throws {
    let server = try TestServer(["SCAN", "EVAL", "WATCH", "MULTI"].flatMap { ["--rename-command", $0, ""] })
    var tour = try await AccessTour(server, rules: nil)
    try await tour.browse()
    try await tour.edit()
    for (name, result) in tour.parts where name.hasPrefix("edit") {
      #expect(result.hasPrefix("denied: this server has neither EVAL nor WATCH") && result.contains("console"))
    }
    _ = try await Self.compare(tour, ["SCAN", "EVAL"])
    #expect(Set(tour.harness.limits.map(\.command)) == ["SCAN", "EVAL", "WATCH"])
    // EVAL alone: the same with MULTI.
    let other = try TestServer(["EVAL", "MULTI"].flatMap { ["--rename-command", $0, ""] })
    var second = try await AccessTour(other, rules: nil)
    try await second.edit()
    #expect(second.parts.allSatisfy { $0.result.contains("neither EVAL nor MULTI") }, "\(second.parts)")
  }
}
