import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing

@Suite("Transactions in the console", .serialized) struct ConsoleTransactionTests {
  @Test("the queue is shown until EXEC, which tells what came of it", arguments: allServers, bothProtocols)
  func queueAndExec(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(binary: binary), version)
    #expect(await harness.run("MULTI").text == "OK")
    #expect(harness.session.queue == [])
    #expect(await harness.run("SET", "k", "1").text == "QUEUED")
    #expect(await harness.run("INCR", "k", times: 3).replies == 3)
    let incr = [bytes("INCR"), bytes("k")]
    #expect(harness.session.queue == [[bytes("SET"), bytes("k"), bytes("1")], incr, incr, incr])
    #expect(try harness.server.cli("EXISTS", "k") == "0")
    let report = await harness.run("EXEC")
    #expect(report.lineCount == 4 && report.text.hasSuffix("(integer) 4"))
    #expect(report.notes.isEmpty && harness.session.queue == nil)
    #expect(report.written.contains("k"))
    #expect(try harness.server.cli("GET", "k") == "4")
  }

  @Test("DISCARD drops it, and so do RESET and QUIT", arguments: ["DISCARD", "RESET", "QUIT"], bothProtocols)
  func discard(by end: String, version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    await harness.run("MULTI")
    await harness.run("SET", "k", "1")
    #expect(await harness.run(bytesOf(end)).text == (end == "RESET" ? "RESET" : "OK"))
    #expect(harness.session.queue == nil)
    #expect(await harness.run("GET", "k").text == "(nil)")
    #expect(await harness.run("SET", "k", "2").text == "OK")
    #expect(try harness.server.cli("GET", "k") == "2")
  }

  /// What is said of the transaction before EXEC is what EXEC does.
  @Test("a refused command: said at once, explained at EXEC, nothing ran", arguments: allServers, bothProtocols)
  func refusedInside(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(binary: binary), version)
    for refused in [
      "NOSUCHCOMMAND", "GET", "SET k", "MULTI", "MULTI x", "WATCH k", "WATCH", "DISCARD x", "SELECT", "SELECT x",
      "RESET x",
      "UNWATCH x", "AUTH", "HELLO 9", "PING a b c", "QUIT",
    ] where refused != "QUIT" {
      await harness.run("MULTI")
      await harness.run("SET", "k", "1")
      let report = await harness.run(bytesOf(refused))
      guard harness.session.queue != nil else {
        #expect(harness.session.isAborted == false)
        #expect(try harness.server.cli("EXISTS", "k") == "0", "\(refused)")
        continue
      }
      let isAborted = harness.session.isAborted
      #expect(isAborted == (report.error != nil) || refused == "MULTI" || refused == "WATCH k", "\(refused)")
      let end = await harness.run("EXEC")
      #expect(isAborted == (end.error?.hasPrefix("EXECABORT") == true), "\(refused): \(report.text) \(end.text)")
      if isAborted {
        #expect(end.notes.contains { $0.contains("nothing was carried out") })
        #expect(try harness.server.cli("EXISTS", "k") == "0", "\(refused)")
      }
      #expect(harness.session.queue == nil && !harness.session.isAborted)
      try harness.server.cli("FLUSHALL")
    }
  }

  @Test("EXEC that is refused itself ends it", arguments: allServers) func refusedExec(binary: String?) async throws {
    let harness = try await ConsoleHarness(TestServer(binary: binary))
    await harness.run("MULTI")
    await harness.run("SET", "k", "1")
    let end = await harness.run("EXEC", "x")
    #expect(end.error != nil)
    // As the server has it: another EXEC finds no transaction.
    #expect(harness.session.queue == nil)
    #expect(await harness.run("EXEC").error?.contains("without MULTI") == true)
    #expect(try harness.server.cli("EXISTS", "k") == "0")
  }

  @Test("a watched key that another client changes", arguments: bothProtocols)
  func watched(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    await harness.run("SET", "w", "1")
    await harness.run("WATCH", "w")
    #expect(harness.session.isWatching)
    try harness.server.cli("SET", "w", "theirs")
    await harness.run("MULTI")
    await harness.run("SET", "w", "mine")
    let end = await harness.run("EXEC")
    #expect(end.text == "(nil)" && end.notes == ["nothing was carried out: a watched key was changed by someone"])
    #expect(!harness.session.isWatching && harness.session.queue == nil && end.written.isEmpty)
    #expect(try harness.server.cli("GET", "w") == "theirs")
    // UNWATCH takes it back.
    await harness.run("WATCH", "w")
    await harness.run("UNWATCH")
    #expect(!harness.session.isWatching)
  }

  @Test("an error inside an executed transaction", arguments: bothProtocols)
  func errorInside(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    await harness.run("SET", "s", "text")
    await harness.run("MULTI")
    for words in [["SET", "a", "1"], ["LPUSH", "s", "x"], ["SET", "b", "2"]] { await harness.run(words.map(bytes)) }
    let end = await harness.run("EXEC")
    #expect(end.notes == ["1 of 3 failed; the others were carried out and stay so"])
    #expect(end.text.contains("WRONGTYPE"))
    #expect(try harness.server.cli("MGET", "a", "b") == "1\n2")
  }

  @Test("SELECT inside moves only with EXEC", arguments: bothProtocols)
  func selectInside(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    await harness.run("MULTI")
    await harness.run("SET", "zero", "1")
    await harness.run("SELECT", "5")
    await harness.run("SET", "five", "1")
    #expect(harness.session.database == 0)
    await harness.run("EXEC")
    #expect(harness.session.database == 5)
    #expect(await harness.run("GET", "five").text == "\"1\"")
    #expect(try harness.server.cli("KEYS", "*") == "zero")
    // Dropped, it has moved nothing.
    await harness.run("MULTI")
    await harness.run("SELECT", "7")
    await harness.run("DISCARD")
    #expect(harness.session.database == 5)
    #expect(await harness.run("GET", "five").text == "\"1\"")
    // One that fails moves nothing either.
    await harness.run("MULTI")
    await harness.run("SELECT", "99")
    await harness.run("EXEC")
    #expect(harness.session.database == 5)
  }

  @Test("repeated, each reply counts", arguments: allServers) func repeated(binary: String?) async throws {
    let harness = try await ConsoleHarness(TestServer(binary: binary))
    // The second is refused, as a transaction is open; so it is.
    #expect(await harness.run("MULTI", times: 2).error != nil)
    #expect(harness.session.queue == [])
    #expect(await harness.run("SET", "k", "1").text == "QUEUED")
    let end = await harness.run("EXEC", times: 2)
    #expect(harness.session.queue == nil && end.replies == 2)
    if try harness.server.cli("EXISTS", "k") == "1" { #expect(end.written.contains("k")) }
    #expect(await harness.run("DISCARD", times: 3).error != nil)
    await harness.run("MULTI")
    #expect(await harness.run("DISCARD", times: 3).error != nil)
    #expect(harness.session.queue == nil)
    #expect(await harness.run("ECHO", "still here").text == "\"still here\"")
  }

  @Test("the screen goes elsewhere while a transaction is open", arguments: bothProtocols)
  func screenMoves(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version)
    await harness.run("MULTI")
    await harness.run("SET", "k", "1")
    try await harness.switchDatabase(to: 3)
    #expect(await harness.run("SET", "l", "2").text == "QUEUED")
    let end = await harness.run("EXEC")
    #expect(end.session.database == 0)
    #expect(try harness.server.cli("MGET", "k", "l") == "1\n2")
    #expect(try harness.server.cli(["DBSIZE"], database: 3) == "0")
  }

  @Test("in read-only mode a write is refused inside as well, and reading goes on", arguments: bothProtocols)
  func readOnly(version: Endpoint.ProtocolPreference) async throws {
    let harness = try await ConsoleHarness(TestServer(), version, isReadOnly: true)
    try harness.server.cli("SET", "k", "1")
    await harness.run("WATCH", "k")
    #expect(await harness.run("MULTI").text == "OK")
    #expect(await harness.run("GET", "k").text == "QUEUED")
    #expect(await harness.run("SET", "k", "2").refusal?.contains("read-only") == true)
    #expect(harness.session.queue?.count == 1 && !harness.session.isAborted)
    #expect(await harness.run("EXEC").text == "1) \"1\"")
    #expect(try harness.server.cli("GET", "k") == "1")
  }
}

func bytesOf(_ line: String) -> [[UInt8]] { line.split(separator: " ").map { bytes(String($0)) } }
