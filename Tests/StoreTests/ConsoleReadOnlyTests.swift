import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing

/// Read-only mode in the console, by what the server counts.
@Suite("The console in read-only mode", .serialized) struct ConsoleReadOnlyTests {
  /// Every command of the server by its name, a container's subcommands as two words; with the server's flags.
  private static func commands(of server: TestServer) throws -> [(words: [String], flags: Set<String>)] {
    var batch = ServerBatch()
    batch.add(["COMMAND"])
    guard case .array(let entries?)? = try server.pipeline(batch).first else { return [] }
    func read(_ entry: ServerReply) -> [(words: [String], flags: Set<String>)] {
      guard case .array(let fields?) = entry, fields.count > 5, case .array(let flags?) = fields[2] else { return [] }
      let subcommands: [ServerReply] = if fields.count > 9, case .array(let list?) = fields[9] { list } else { [] }
      let words = fields[0].text.split(separator: "|").map(String.init)
      return [(words, Set(flags.map(\.text)))] + subcommands.flatMap(read)
    }
    return entries.flatMap(read)
  }

  /// Words behind a command that make it do something where it can.
  private static let arguments: [[String]] = [
    [], ["s"], ["s", "1"], ["l", "0", "-1"], ["h", "f", "v"], ["z", "1", "m", "2"], ["0"], ["1", "s"],
    ["return 1", "0"],
    ["return redis.call('SET','s','changed')", "0"], ["s", "STORE", "d"], ["d", "s"], ["ON"], ["maxmemory", "1"], ["x"],
  ]

  /// Before Redis 7.0 a server has no subcommands in its list.
  private static let oldSubcommands: [String: [String]] = [
    "client": ["kill", "pause", "reply", "unblock", "getname", "list", "no-evict"],
    "config": ["set", "rewrite", "resetstat", "get"],
    "script": ["flush", "load", "kill", "exists", "debug"],
    "acl": ["setuser", "deluser", "load", "save", "genpass", "log"],
    "memory": ["purge", "usage"], "cluster": ["reset", "meet", "info"], "latency": ["reset", "latest"],
    "slowlog": ["reset", "get"], "xgroup": ["create", "destroy", "setid"], "debug": ["jmap", "reload", "sleep"],
    "module": ["load", "list", "unload"], "object": ["freq", "encoding"], "function": ["load", "flush"],
  ]

  @Test("nothing of all that COMMAND lists writes", arguments: allServers, [true, false])
  func everyCommand(binary: String?, isLearnt: Bool) async throws {
    // The gate's own tests look at the lists of all servers.
    if binary != nil, !Campaign.isOn { return }
    let server = try TestServer(binary: binary)
    try server.pipeline([
      ["SET", "s", "1"], ["RPUSH", "l", "a", "b"], ["HSET", "h", "f", "v"], ["ZADD", "z", "1", "m"],
      ["SADD", "set", "m"],
      ["XADD", "x", "1-1", "f", "v"],
    ])
    let listed = try Self.commands(of: server)
    #expect(listed.count > 200)
    let all = listed.map(\.words)
    let extra = all.filter { $0.count == 1 }.flatMap { words in
      (Self.oldSubcommands[words[0]] ?? []).map { words + [$0] }
    }
    let harness = try await ConsoleHarness(server, isReadOnly: true)
    if isLearnt { _ = await harness.store.answer(.console(.commands)) }
    let before = try server.cli("DEBUG", "DIGEST")
    try server.cli("CONFIG", "RESETSTAT")
    // A stream ends with its connection, and these hold the server up; they are tried by themselves elsewhere.
    let streams: Set<String> = ["subscribe", "psubscribe", "ssubscribe", "monitor"]
    for name in all + extra where !streams.contains(name[0]) {
      for arguments in Self.arguments {
        let blocks = ["xread", "wait", "waitaof"].contains(name[0]) && arguments.contains("BLOCK")
        if blocks { continue }
        let report = await harness.run((name + arguments).map(bytes))
        if harness.session.queue != nil { await harness.run("DISCARD") }
        #expect(!report.isStreaming, "\(name) \(arguments)")
      }
    }
    #expect(try server.cli("DEBUG", "DIGEST") == before)
    let flags = Dictionary(listed.map { ($0.words.joined(separator: "|"), $0.flags) }) { first, _ in first }
    // What only reads, though the server flags the whole of it as its administrator's.
    let looking: Set<String> = [
      "config|get", "config|help", "client|list", "client|info", "client|id", "slowlog|get", "slowlog|len",
      "slowlog|help",
      "latency|latest", "latency|doctor", "latency|graph", "latency|history", "latency|histogram", "latency|help",
      "acl|getuser", "acl|list", "acl|users",
      "acl|dryrun", "acl|cat", "acl|help", "acl|whoami", "role", "lastsave",
    ]
    for (command, _) in try server.calls() {
      // What the test itself sends.
      if ["debug", "config|resetstat", "info", "config"].contains(command) { continue }
      let known = flags[command] ?? []
      #expect(!known.contains("write"), "\(command) was carried out")
      // Before 7.0 the statistics tell no subcommands, and the gate's own tests have them.
      let isContainer = Self.oldSubcommands[command] != nil
      #expect(!known.contains("admin") || looking.contains(command) || isContainer, "\(command) was carried out")
      #expect(
        !["eval", "evalsha", "fcall", "script|load", "function|load", "client|kill", "client|pause"].contains(command))
    }
  }

  @Test("scripts, the unknown and what looks like a module's are refused", arguments: bothProtocols)
  func refused(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version, isReadOnly: true)
    _ = await harness.store.answer(.console(.commands))
    try harness.server.cli("CONFIG", "RESETSTAT")
    for line in [
      "EVAL return 1 0", "EVALSHA x 0", "FCALL f 0", "NOSUCH a", "JSON.SET k $ 1", "FT.CREATE i", "GRAPH.QUERY g q",
      "SET k v",
      "GETDEL k", "GETEX k", "SORT l STORE d", "SORT l", "SPOP s", "XREADGROUP GROUP g c STREAMS x >",
      "CLIENT KILL ID 1",
      "CONFIG SET maxmemory 1", "SCRIPT FLUSH", "SHUTDOWN", "DEBUG SLEEP 0", "PUBLISH c m", "BITFIELD s SET u8 0 1",
      "SAVE", "BGSAVE", "MIGRATE a 1 k 0 1", "RESTORE k 0 x", "SWAPDB 0 1", "REPLICAOF NO ONE", "set k v", "PFCOUNT",
      "WAIT 0 0",
    ] where line != "PFCOUNT" {
      let report = await harness.run(bytesOf(line))
      #expect(report.refusal?.contains("read-only") == true, "\(line): \(report)")
    }
    let sent = try harness.server.calls().keys.filter { !["config|resetstat", "info", "select"].contains($0) }
    #expect(
      sent.allSatisfy { ["hello", "client|setname", "client|id", "client|no-touch", "dbsize"].contains($0) }, "\(sent)")
    #expect(await harness.run("EVAL_RO", "return 1", "0").text == "(integer) 1")
    // A script that may only read and writes is refused by the server.
    #expect(await harness.run("EVAL_RO", "return redis.call('SET','k','v')", "0").error != nil)
    #expect(try harness.server.cli("DBSIZE") == "0")
  }

  @Test("listening is allowed", arguments: bothProtocols, ["SUBSCRIBE c", "PSUBSCRIBE c*", "MONITOR", "subscribe c"])
  func listening(version: Endpoint.ProtocolPreference, line: String) async throws {
    let harness = try await ConsoleHarness(TestServer(), version, isReadOnly: true)
    #expect(await harness.run(bytesOf(line)).isStreaming)
    #expect(
      await eventually {
        _ = try? harness.server.cli("PUBLISH", "c", "hello")
        return harness.consoleNotices.contains {
          if case .stream(let status) = $0 { status.tail.contains { $0.plain.contains("hello") } } else { false }
        }
      })
  }
}
