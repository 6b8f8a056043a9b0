import TestSupport
import Testing

/// The program as users see it who may not do everything: all its screens, one after the other.
@Suite("Limited users", .serialized, .timeLimit(.minutes(10))) struct LimitedUserTests {
  struct User: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rules: [String]
    /// What of the data may differ afterwards.
    var mayWrite = true
    var expects: [String] = []
    /// Rules for whoever logs in without a name, from then on.
    var others: [String] = []

    init(
      _ name: String, _ rules: String, mayWrite: Bool = true, expects: [String] = [], others: [String] = []
    ) {
      testDescription = name
      self.rules = rules.split(separator: " ").map(String.init)
      (self.mayWrite, self.expects, self.others) = (mayWrite, expects, others)
    }
  }

  static let users = [
    User("nothing", "-@all", mayWrite: false, expects: ["SCAN needs \\+scan: O opens a name"]),
    User("only GET", "~* -@all +get", mayWrite: false, expects: ["SCAN needs \\+scan"]),
    User(
      "reads by category", "~* -@all +@read +@connection", mayWrite: false, expects: ["limited .\\?.: .*INFO"]),
    User("one prefix", "~app:* &* +@all"),
    User("one prefix without SCAN", "~app:* &* +@all -scan", expects: ["SCAN needs \\+scan"]),
    User("no dangerous commands", "~* &* +@all -@dangerous", expects: ["limited .\\?.: .*INFO"]),
    User("no INFO", "~* &* +@all -info", expects: ["limited .\\?.: INFO"]),
    User(
      "hosted, without administration", "~* &* +@all -config -debug -save -bgsave -replicaof -shutdown -acl -cluster"),
    User(
      "hosted, without much", "~* &* +@all -client -config -memory -object -command -debug -info -wait",
      expects: ["limited .\\?.: CLIENT"]),
    User("writes alone", "%W~app:* &* +@all"),
    User("no scripts", "~* &* +@all -@scripting"),
    User("neither scripts nor transactions", "~* &* +@all -@scripting -@transaction", mayWrite: false),
    User("an application's user", "~app:* -@all +get +set +del +expire +ttl +exists", mayWrite: false),
    User("the default user is off", "~* &* +@all", others: ["off"]),
  ]

  private static let sample = users.filter {
    ["only GET", "reads by category", "one prefix"].contains($0.testDescription)
  }

  @Test("every screen as", arguments: Campaign.isOn ? users : sample)
  func everyScreen(user: User) async throws {
    let result = try await Aside.run { try play(user) }
    #expect(result.status == 0, "\(result.output)")
  }

  private func play(_ user: User) throws -> Keyglass.Result {
    let server = try TestServer()
    let keys = [
      ["SET", "app:s", "value", "EX", "50000"], ["RPUSH", "app:l", "a", "b"], ["HSET", "app:h", "f", "v", "g", "w"],
      ["SADD", "app:e", "a", "b"], ["ZADD", "app:z", "1", "a"], ["XADD", "app:x", "1-1", "f", "v"],
      ["SET", "other", "v"],
    ]
    try server.pipeline(keys)
    let before = try keys.map { try server.cli("DUMP", $0[1]) }
    let reply = try server.cli(["ACL", "SETUSER", "limited", "on", ">pw"] + user.rules, database: 0)
    guard reply == "OK" else { throw TestFailure(reply) }
    if !user.others.isEmpty { try server.cli(["ACL", "SETUSER", "default"] + user.others, database: 0) }
    let program = try Keyglass()
    let script = try program.write(Self.script(user), as: "tour.keys")
    let result = try program.run(
      ["-s", server.socketPath, "--user", "limited", "-a", "pw", "--script", script])
    guard user.others.isEmpty else { return result }
    if !user.mayWrite {
      #expect(try keys.map { try server.cli("DUMP", $0[1]) } == before, "\(user)")
    }
    for line in try server.cli("INFO", "commandstats").split(whereSeparator: \.isNewline) {
      guard let match = line.firstMatch(of: #/cmdstat_([^:]+):.*rejected_calls=(\d+)/#) else { continue }
      // Whole commands are found out once for each connection that needs them; beyond a prefix each key is asked about.
      let isByKey = user.rules.contains { $0.contains("~app") }
      #expect(isByKey || Int(match.2) ?? 0 <= 12, "\(match.1) was refused \(match.2) times")
    }
    return result
  }

  /// All screens and all kinds of edits; what is refused is said, and nothing that is there is ever said not to be.
  private static func script(_ user: User) -> String {
    var lines = ["size 120x36", "wait-idle"] + user.expects.map { "expect \($0)" }
    func never() { lines.append("expect-not no such key|does not exist|asking the server") }
    for key in ["s", "l", "h", "e", "z", "x"] {
      lines += ["key O", "type app:\(key)", "key Enter", "wait-idle"]
      never()
      lines += ["key i", "wait-idle"]
      never()
      lines += ["key Escape Escape"]
    }
    lines += [
      "key O", "type app:s", "key Enter", "wait-idle", "key e End", "type 1", "key Enter", "wait-idle", "key Escape",
      "wait-idle", "key Tab Enter Escape", "wait-idle", "key t", "type 900", "key Enter", "wait-idle",
      "key Escape Tab Enter Escape",
      "wait-idle", "key u", "wait-idle", "key Escape Escape", "key T", "wait-idle", "key Escape", "wait-idle", "key b",
      "wait-idle",
    ]
    lines += [
      "key Escape", "key f s", "wait-idle", "key f a", "wait-idle", "key F", "wait-idle", "key F", "wait-idle", "key v",
      "wait-idle", "key /", "type app", "key Enter", "wait-idle", "key Escape", "wait-idle", "key ? Escape @",
      "wait-idle",
      "key Escape", "key :", "type PING", "key Enter", "wait-idle", "key Escape", "wait-idle", "key R", "wait-idle",
      "key R", "wait-idle", "key ?", "dump", "quit",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The printed lines, given to a server as they are, are enough for the program.
  @Test(arguments: ["browse", "edit"]) func printedLines(level: String) async throws {
    let result = try await Aside.run {
      let server = try TestServer()
      let program = try Keyglass()
      let line = try program.run(["acl", level, "7.0"]).output.split(whereSeparator: \.isNewline)
      #expect(line.count == 1)
      let words = line.first?.split(separator: " ").map(String.init) ?? []
      #expect(try server.cli(words, database: 0) == "OK")
      try server.cli("SET", "app:s", "value", "EX", "50000")
      let script = try program.write(
        """
        size 120x36
        wait-for all 1 keys
        wait-idle
        expect-not limited
        key O
        type app:s
        key Enter
        wait-idle
        expect value
        expect 13h 5\\dm
        key e End
        type !
        key Enter
        wait-idle
        expect \(level == "edit" ? "value!" : "neither EVAL nor WATCH")
        quit

        """, as: "line.keys")
      return try program.run(
        ["-s", server.socketPath, "--user", "keyglass-\(level)", "-a", "PASSWORD", "--script", script])
    }
    #expect(result.status == 0, "\(result.output)")
  }
}
