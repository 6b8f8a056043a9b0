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

  /// Once the server was asked, all that it calls reading passes, and still nothing that writes or administers.
  @Test func everyCommandOfAServerThatWasAsked() async throws {
    for binary in [nil] + OtherServers.binaries.map(Optional.some) {
      let server = try TestSupport.TestServer(binary: binary)
      let commands = try await commands(of: server)
      var all = CommandBatch()
      for (words, _) in commands { all.add(words: (words + ["a", "b"]).map { Array($0.lowercased().utf8) }) }
      let connection = try await Connection.connect(
        to: Endpoint(address: .unix(path: server.socketPath)), on: ClientGroup.make())
      defer { connection.close() }
      let readers = try await connection.readers(among: all)
      #expect(!readers.isEmpty)
      for (words, flags) in commands {
        var batch = CommandBatch()
        batch.add(words: (words + ["a", "b"]).map { Array($0.lowercased().utf8) })
        let isRefused = ReadOnlyGate.refusal(of: batch, knownReaders: readers) != nil
        if flags.contains("write") { #expect(isRefused, "\(words) writes") }
        // Before Redis 7.0 a container has one flag for all that is in it.
        let isContainer = words.count == 1 && ReadOnlyGate.containers[words[0]] != nil
        if flags.contains("readonly"), !flags.contains("admin"), !isContainer {
          #expect(!isRefused, "\(words) reads")
        }
        if !isRefused {
          #expect(flags.contains("readonly") || Self.harmless.contains(words[0]), "\(words): \(flags)")
        }
      }
    }
  }

  @Test func onlyWhatIsNotKnownIsAsked() throws {
    var batch = CommandBatch()
    for words in [
      "GET k", "client list", "CLIENT KILL x", "nosuch a", "NOSUCH b", "set k v", "FT.CONFIG SET", "CLIENT",
    ] {
      batch.add(words: words.split(separator: " ").map { Array($0.utf8) })
    }
    #expect(ReadOnlyGate.questions(about: batch) == ["CLIENT|KILL", "NOSUCH", "SET"])
  }

  @Test func aContainerIsJudgedBySubcommand() throws {
    let wire = """
      *4\r\n*3\r\n+x.get\r\n:1\r\n~1\r\n+readonly\r\n*-1\r\n*3\r\n+bad\r\n:1\r\n*2\r\n+readonly\r\n+admin\r\n\
      *10\r\n+box\r\n:1\r\n*1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n*0\r\n*0\r\n*0\r\n*2\r\n\
      *3\r\n+box|look\r\n:1\r\n*1\r\n+readonly\r\n*3\r\n+box|break\r\n:1\r\n*1\r\n+write\r\n
      """
    let readers = ReadOnlyGate.readers(in: try #require(try Replies(parsing: Array(wire.utf8)).first))
    #expect(readers == ["X.GET", "BOX LOOK"])
    func passes(_ words: String...) -> Bool {
      var batch = CommandBatch()
      batch.add(words: words.map { Array($0.utf8) })
      return ReadOnlyGate.refusal(of: batch, knownReaders: readers) == nil
    }
    #expect(passes("x.get", "k") && passes("box", "look", "k"))
    #expect(!passes("box", "break") && !passes("box") && !passes("bad"))
    // A name that only looks like a container's subcommand, and a container that we know.
    #expect(!passes("box|look"))
    var client = CommandBatch()
    client.add("CLIENT", "KILL", "x")
    #expect(ReadOnlyGate.refusal(of: client, knownReaders: ["CLIENT"]) == "CLIENT KILL")
    // COMMAND alone lists the commands; the other containers do nothing without a word.
    #expect(refusal("command") == nil && refusal("COMMAND", "FLUSH") != nil && refusal("CONFIG") != nil)
  }

  /// Not about keys, so that servers do not call them reading: they tell, or are about the connection alone.
  private static let harmless: Set<String> = [
    "PING", "ECHO", "QUIT", "SELECT", "HELLO", "AUTH", "READONLY", "TIME", "LASTSAVE", "ROLE", "INFO", "CLIENT",
    "CONFIG",
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

  /// The way on is named: which command reads, where there is one.
  @Test(
    arguments: [
      ("SORT", "SORT_RO"), ("GEORADIUS", "GEORADIUS_RO"), ("GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO"),
      ("BITFIELD", "BITFIELD_RO"), ("EVAL", "EVAL_RO"),
    ])
  func whatReadsIsNamed(command: String, reader: String) {
    let error = ClientError.readOnly(command: command)
    #expect(error.nextStep == "Use \(reader), which only reads, or start keyglass without --read-only")
    #expect(refusal(command, "k") == command)
  }

  /// Each of these is of a server, and the server calls it reading.
  @Test func whatIsNamedReads() async throws {
    let commands = try await commands(of: TestSupport.TestServer())
    for (writer, reader) in ReadOnlyGate.readingForms {
      #expect(commands.contains { $0.words == [writer] && !$0.flags.contains("readonly") }, "\(writer)")
      #expect(commands.contains { $0.words == [reader] && $0.flags.contains("readonly") }, "\(reader)")
    }
  }

  @Test func refusalsSayNothingTwice() {
    let set = ClientError.readOnly(command: "SET")
    #expect(
      set.message
        == "SET: read-only mode lets out only what is known to read. Start keyglass without --read-only to send it.")
  }

  /// Flagged `admin`, and they only tell.
  @Test func reportsOfLatencyPass() {
    #expect(refusal("LATENCY", "DOCTOR") == nil)
    #expect(refusal("latency", "graph", "command") == nil)
    #expect(refusal("LATENCY", "RESET") == "LATENCY RESET")
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
    guard case .notSent(.readOnly("SET", _)) = await connection.deliver(batch) else {
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

  /// The switch works on a connection that is open, for batches that are answered and for those that are not.
  @Test func aLockIsObeyedAtOnce() async throws {
    let server = try TestSupport.TestServer()
    let lock = WriteLock(isLocked: true)
    var options = ConnectionOptions()
    options.lock = lock
    let connection = try await Connection.connect(
      to: Endpoint(address: .unix(path: server.socketPath)), options: options, on: ClientGroup.make())
    var batch = CommandBatch()
    batch.add("SET", "k", "v")
    for _ in 0..<2 {
      lock.set(isLocked: true)
      guard case .notSent(.readOnly("SET", .locked)) = await connection.deliver(batch) else {
        Issue.record("not refused")
        return
      }
      #expect(connection.post(batch) == .readOnly(command: "SET", cause: .locked))
      lock.set(isLocked: false)
      #expect(try await connection.send(batch).first?.isError == false)
    }
    #expect(try server.cli("INFO", "commandstats").contains("cmdstat_set:calls=2,"))
    let error = ClientError.readOnly(command: "SET", cause: .locked)
    #expect(
      error.message
        == "SET: the server is production, and locked: only what is known to read is sent. L in the browser unlocks it."
    )
    #expect(!error.isWorthRetrying)
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
