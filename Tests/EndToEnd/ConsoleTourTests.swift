import TestSupport
import Testing

/// What is typed into the console has the same results as what is done with keys and forms.
@Suite("The first lesson, twice", .serialized) struct ConsoleTourTests {
  @Test func bothWaysLeadToTheSameServer() async throws { try await Aside.run { try compare() } }

  private func compare() throws {
    let byKeys = try TestServer()
    let lesson = try Keyglass().run(["-s", byKeys.socketPath, "--script", Script.lesson.path])
    #expect(lesson.status == 0, "\(lesson.output)")
    let removed = try byKeys.cli("SISMEMBER", "tags", "red") == "1" ? "blue" : "red"

    let typed = try TestServer()
    let text = try Run.output(["/bin/cat", Script.lessonInTheConsole.path]).output
    let program = try Keyglass()
    let path = try program.write(text.replacing("SREM tags REMOVED", with: "SREM tags \(removed)"), as: "console.keys")
    let console = try program.run(["-s", typed.socketPath, "--script", path])
    #expect(console.status == 0, "\(console.output)")

    let picture = try Self.picture(of: byKeys)
    #expect(try Self.picture(of: typed) == picture)
    #expect(picture.count == 6, "\(picture)")
  }

  /// Every key of every database: its type, encoding, TTL and value, of a set in order.
  private static func picture(of server: TestServer) throws -> [String] {
    try (0..<16).flatMap { database in
      func ask(_ words: String...) throws -> String { try server.cli(words, database: database) }
      return try ask("KEYS", "*").split(separator: "\n").sorted().map { name in
        let key = String(name)
        let value =
          switch try ask("TYPE", key) {
          case "string": try ask("GET", key)
          case "list": try ask("LRANGE", key, "0", "-1")
          case "set": try ask("SMEMBERS", key).split(separator: "\n").sorted().joined(separator: "\n")
          case "zset": try ask("ZRANGE", key, "0", "-1", "WITHSCORES")
          default: try ask("HGETALL", key)
          }
        return try "db\(database) \(key) \(ask("OBJECT", "ENCODING", key)) \(ask("PTTL", key)) \(value)"
      }
    }
  }
}
