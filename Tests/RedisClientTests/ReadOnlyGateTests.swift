import RESP
import TestSupport
import Testing

@testable import RedisClient

@Suite struct ReadOnlyGateTests {
  private func refusal(_ words: String...) -> String? {
    var batch = CommandBatch()
    batch.add(words: words.map { Array($0.utf8) })
    return ReadOnlyGate.refusal(of: batch)
  }

  /// A server's commands with their flags, a container's subcommands as `config|set`.
  private func commands(of server: TestSupport.TestServer) async throws -> [(words: [String], flags: Set<String>)] {
    let connection = try await Connection.connect(
      to: Endpoint(address: .unix(path: server.socketPath)), on: ClientGroup.make())
    defer { connection.close() }
    var batch = CommandBatch()
    batch.add("COMMAND")
    let reply = try #require(try await connection.send(batch).first)
    func read(_ entry: ReplyView) -> (words: [String], flags: Set<String>) {
      (entry[0].string.split(separator: "|").map { $0.uppercased() }, Set(entry[2].children.map(\.string)))
    }
    return reply.children.flatMap { entry in
      [read(entry)] + (entry.count > 9 ? entry[9].children.map(read) : [])
    }
  }

  /// Every command that COMMAND lists as writing is refused; what passes is listed as reading, or is harmless.
  @Test func everyCommandOfAServer() async throws {
    for binary in [nil] + OtherServers.binaries.map(Optional.some) {
      let commands = try await commands(of: TestSupport.TestServer(binary: binary))
      #expect(commands.count > 200)
      var passed = 0
      for (words, flags) in commands {
        var batch = CommandBatch()
        batch.add(words: (words + ["a", "b"]).map { Array($0.lowercased().utf8) })
        let isRefused = ReadOnlyGate.refusal(of: batch) != nil
        if flags.contains("write") { #expect(isRefused, "\(words) writes") }
        if isRefused { continue }
        passed += 1
        let isHarmless = Self.harmless.contains(words[0])
        #expect(flags.contains("readonly") || isHarmless, "\(words) is not known to read: \(flags)")
      }
      #expect(passed > 70)
    }
  }

  /// Not about keys, so that servers do not call them reading: they tell, or are about the connection alone.
  private static let harmless: Set<String> = [
    "PING", "ECHO", "SELECT", "HELLO", "AUTH", "READONLY", "TIME", "LASTSAVE", "ROLE", "INFO", "CLIENT", "CONFIG",
    "COMMAND", "SLOWLOG", "LATENCY", "ACL", "PUBSUB", "SCRIPT", "FUNCTION", "CLUSTER", "MEMORY", "OBJECT", "XINFO",
  ]

  @Test(arguments: [
    ["SET", "k", "v"], ["set", "k", "v"], ["GETEX", "k"], ["GETDEL", "k"], ["SPOP", "k"], ["SORT", "k", "STORE", "d"],
    ["SORT", "k"], ["EVAL", "return 1", "0"], ["FCALL", "f", "0"], ["MULTI"], ["EXEC"], ["WATCH", "k"],
    ["BITFIELD", "k", "GET", "u8", "0"], ["GEORADIUS", "k"], ["XREADGROUP"], ["CLIENT", "KILL", "ID", "1"],
    ["CLIENT", "PAUSE", "1"], ["CONFIG", "SET", "a", "b"], ["CONFIG", "RESETSTAT"], ["SCRIPT", "FLUSH"], ["MONITOR"],
    ["DEBUG", "SLEEP", "0"], ["SHUTDOWN"], ["FLUSHALL"], ["NOSUCHCOMMAND"], ["CLIENT"], ["CONFIG"],
    ["ACL", "SETUSER", "a"],
    ["COPY", "a", "b"], ["RESTORE", "a", "0", "x"], ["REPLICAOF", "NO", "ONE"], ["FUNCTION", "LOAD", "x"],
    ["HPEXPIRE", "k", "5", "FIELDS", "1", "f"], ["HPERSIST", "k", "FIELDS", "1", "f"],
  ])
  func whatIsRefused(words: [String]) {
    var batch = CommandBatch()
    batch.add("GET", "k")
    batch.add(words: words.map { Array($0.utf8) })
    #expect(ReadOnlyGate.refusal(of: batch) != nil)
  }

  /// Hearing of what others write is not writing, whatever the prefix is called.
  @Test func followingPasses() {
    #expect(refusal("CLIENT", "TRACKING", "ON", "BCAST") == nil)
    #expect(refusal("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "SET") == nil)
  }

  @Test func aRefusedBatchSendsNothing() async throws {
    let server = try TestSupport.TestServer()
    var options = ConnectionOptions()
    options.isReadOnly = true
    let connection = try await Connection.connect(
      to: Endpoint(address: .unix(path: server.socketPath)), options: options, on: ClientGroup.make())
    var batch = CommandBatch()
    batch.add("ECHO", "with it")
    batch.add("SET", "k", "v")
    guard case .notSent(.readOnly("SET")) = await connection.deliver(batch) else {
      Issue.record("not refused")
      return
    }
    let stats = try server.cli("INFO", "commandstats")
    #expect(!stats.contains("cmdstat_set") && !stats.contains("cmdstat_echo"))
    var reading = CommandBatch()
    reading.add("GET", "k")
    #expect(try await connection.send(reading).first?.isNull == true)
    connection.close()
  }

  @Test func secretsAreNotLogged() {
    func shown(_ words: String...) -> String {
      SentBatch.shown(words.map { Array($0.utf8)[...] }).map { String(decoding: $0, as: UTF8.self) }
        .joined(separator: " ")
    }
    #expect(shown("AUTH", "user", "secret") == "AUTH *** ***")
    #expect(shown("HELLO", "3", "AUTH", "user", "secret", "SETNAME", "x") == "HELLO 3 AUTH *** *** *** ***")
    #expect(shown("CONFIG", "SET", "requirepass", "secret") == "CONFIG SET requirepass ***")
    #expect(shown("acl", "setuser", "bob", ">secret") == "acl setuser bob ***")
    #expect(shown("GET", String(repeating: "x", count: 100)).hasSuffix("x…"))
  }
}
