import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing

/// Commands that change the connection they are sent on: the next reply is still that of the next command.
@Suite("The console's connection", .serialized) struct ConsoleConnectionTests {
  static let unusable = [
    "CLIENT REPLY OFF", "client reply skip", "Client Reply Off", "SYNC", "PSYNC ? -1", "psync ? -1",
    "REPLCONF capa eof",
    "UNSUBSCRIBE", "PUNSUBSCRIBE x", "SUNSUBSCRIBE", "unsubscribe",
  ]

  static let odd = [
    "RESET", "QUIT", "quit", "HELLO", "HELLO 2", "HELLO 3", "HELLO 4", "HELLO 3 SETNAME other", "CLIENT REPLY ON",
    "CLIENT TRACKING ON BCAST", "CLIENT TRACKING OFF", "CLIENT TRACKING ON", "CLIENT CACHING YES", "CLIENT NO-EVICT ON",
    "CLIENT NO-TOUCH ON", "CLIENT SETNAME mine", "CLIENT GETNAME", "READONLY", "READWRITE", "ASKING",
    "AUTH nobody wrong",
    "AUTH wrong", "CLIENT KILL ID 999999", "CLIENT PAUSE 1", "CLIENT UNPAUSE", "SCRIPT KILL", "DEBUG PROTOCOL push",
    "DEBUG PROTOCOL attrib", "DEBUG PROTOCOL null", "DEBUG SET-ACTIVE-EXPIRE 1", "EXEC", "DISCARD", "NOSUCH", "PING",
    "LOLWUT", "COMMAND", "COMMAND DOCS", "CONFIG GET *", "SLOWLOG GET", "OBJECT HELP", "WAIT 0 0", "FAILOVER ABORT",
    "DEBUG SLEEP 0", "CLIENT LIST", "CLIENT INFO", "GET", "XINFO HELP", "EVAL return{1,{2}} 0", "EVAL broken 0",
  ]

  @Test("the console goes on", arguments: allServers, bothProtocols)
  func goesOn(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    let harness = try await ConsoleHarness(server, version)
    for line in Self.unusable {
      let report = await harness.run(bytesOf(line))
      #expect(report.refusal != nil, "\(line): \(report)")
      #expect(await harness.run("ECHO", line).text == "\"\(line)\"", "after \(line)")
    }
    for line in Self.odd {
      let report = await harness.run(bytesOf(line))
      #expect(report.isReplied, "\(line): \(report)")
      for number in 0..<3 { #expect(await harness.run("ECHO", "\(number)").text == "\"\(number)\"", "after \(line)") }
      await harness.run("SET", "k", line)
      #expect(await harness.run("GET", "k").text == "\"\(line)\"", "after \(line)")
    }
    #expect(harness.session.database == 0 && harness.session.queue == nil)
  }

  @Test("inside a transaction as well", arguments: bothProtocols)
  func insideATransaction(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    for line in Self.unusable + ["SUBSCRIBE c", "MONITOR"] {
      await harness.run("MULTI")
      #expect(await harness.run(bytesOf(line)).refusal != nil, "\(line)")
      #expect(await harness.run("ECHO", "x").text == "QUEUED")
      #expect(await harness.run("EXEC").text == "1) \"x\"")
    }
  }

  @Test("as another user, until the connection ends", arguments: bothProtocols)
  func otherUser(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.cli("ACL", "SETUSER", "other", "on", ">pw", "~*", "+@all", "-set")
    let harness = try await ConsoleHarness(server, version)
    for login in ["AUTH other pw", version == .resp2 ? "HELLO 2 AUTH other pw" : "HELLO 3 AUTH other pw"] {
      let report = await harness.run(bytesOf(login))
      #expect(report.error == nil && report.notes == ["only the console works as this user, until its connection ends"])
      #expect(await harness.run("ACL", "WHOAMI").text == "\"other\"")
      #expect(await harness.run("SET", "k", "v").error?.hasPrefix("NOPERM") == true)
      await harness.run("RESET")
      #expect(await harness.run("ACL", "WHOAMI").text == "\"default\"")
      #expect(await harness.run("SET", "k", "v").text == "OK")
    }
    #expect(await harness.run("AUTH", "other", "wrong").notes.isEmpty)
    // In a transaction EXEC does it.
    await harness.run("MULTI")
    #expect(await harness.run("AUTH", "other", "pw").notes.isEmpty)
    #expect(await harness.run("EXEC").notes == ["only the console works as this user, until its connection ends"])
    #expect(await harness.run("ACL", "WHOAMI").text == "\"other\"")
  }

  @Test("pushes that the user asked for are told, and no reply shifts") func pushes() async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, .resp3)
    #expect(await harness.run("CLIENT", "TRACKING", "ON", "BCAST").text == "OK")
    try server.cli("SET", "theirs", "1")
    #expect(
      await eventually {
        harness.consoleNotices.contains {
          if case .push(let lines) = $0 { lines.contains { $0.plain.contains("theirs") } } else { false }
        }
      })
    #expect(await harness.run("DEBUG", "PROTOCOL", "push").text.contains("Some real reply"))
    #expect(await harness.run("ECHO", "mine").text == "\"mine\"")
  }

  /// The screen is not flooded, and the Store keeps no more than it shows.
  @Test("a flood of pushes is thinned out") func floodOfPushes() async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, .resp3)
    await harness.run("CLIENT", "TRACKING", "ON", "BCAST")
    func told(_ text: String) -> [ReplyLine]? {
      harness.consoleNotices.lazy.compactMap { if case .push(let lines) = $0 { lines } else { nil } }
        .first { lines in lines.contains { $0.plain.contains(text) } }
    }
    // One by one, so that each is a push of its own.
    var socket = try ServerSocket(path: server.socketPath)
    for number in 0..<5_000 {
      var batch = ServerBatch()
      batch.add(["SET", "k:\(number)", "v"])
      _ = try socket.send(batch)
    }
    try server.cli("SET", "the last", "v")
    #expect(await harness.run("ECHO", "mine").text == "\"mine\"")
    #expect(await eventually { told("the last") != nil })
    #expect(told("were left out") != nil)
    // One push of a thousand names is cut.
    try server.pipeline((0..<1_000).map { ["SET", "more:\($0)", "v"] })
    #expect(await eventually { told("more:") != nil })
    #expect(harness.consoleNotices.allSatisfy { if case .push(let lines) = $0 { lines.count <= 21 } else { true } })
    #expect(harness.consoleNotices.count < 1_000)
  }

  @Test("errors are replies, and the connection goes on", arguments: bothProtocols)
  func errors(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~mine:*", "+@all", "-@dangerous", "-select", "-client|id")
    let harness = try await ConsoleHarness(server, version, user: "limited")
    #expect(await harness.run("FLUSHALL").error?.hasPrefix("NOPERM") == true)
    #expect(await harness.run("SET", "theirs", "1").error?.hasPrefix("NOPERM") == true)
    #expect(await harness.run("SET", "mine:1", "1").text == "OK")
    #expect(await harness.run("NOSUCH", "a").error?.hasPrefix("ERR unknown command") == true)
    #expect(await harness.run("GET").error?.contains("wrong number of arguments") == true)
    // A database that it may not go to: told, and nothing sent.
    #expect(await harness.run("SELECT", "4").error?.hasPrefix("NOPERM") == true)
    #expect(harness.session.database == 0)
  }

  @Test("MOVED and LOADING are replies") func clusterAndLoading() async throws {
    let asked = [
      "GET": "-MOVED 3999 127.0.0.1:6381\r\n", "HGET": "-ASK 3999 127.0.0.1:6381\r\n",
      "LLEN": "-LOADING Redis is loading the dataset in memory\r\n", "ECHO": "$2\r\nok\r\n", "CLIENT": "+OK\r\n",
      "SELECT": "-ERR SELECT is not allowed in cluster mode\r\n",
    ]
    let fake = try await FakeHarness { asked[$0[0].uppercased()] }
    func run(_ words: String..., id: Int, database: Int = 0) async -> ConsoleReport? {
      let answer = await fake.store.answer(
        .console(.run(ConsoleCommand(id: id, words: words.map(bytes), database: database))))
      guard case .console(.ran(let report)) = answer else { return nil }
      return report
    }
    #expect(await run("GET", "k", id: 1)?.error == "MOVED 3999 127.0.0.1:6381")
    #expect(await run("HGET", "k", "f", id: 2)?.error == "ASK 3999 127.0.0.1:6381")
    #expect(await run("LLEN", "k", id: 3)?.error?.hasPrefix("LOADING") == true)
    #expect(await run("ECHO", "ok", id: 4)?.text == "\"ok\"")
    let elsewhere = await run("ECHO", "ok", id: 5, database: 3)
    #expect(elsewhere?.refusal?.contains("SELECT is not allowed") == true)
    #expect(await run("ECHO", "ok", id: 6)?.text == "\"ok\"")
  }
}
