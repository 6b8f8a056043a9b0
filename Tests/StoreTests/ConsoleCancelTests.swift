import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing

/// Esc: a blocked command is unblocked, of anything else the connection is closed.
@Suite("Cancelling in the console", .serialized) struct ConsoleCancelTests {
  /// Runs a command, cancels it once the server has it, and tells how it ended.
  private func cancelled(
    _ words: [String], times: Int = 1, in harness: ConsoleHarness, once isUnderWay: () async -> Bool
  ) async -> ConsoleReport {
    async let report = harness.run(words.map(bytes), times: times)
    #expect(await isUnderWay(), "\(words)")
    await harness.cancel()
    return await report
  }

  @Test("blocked commands are unblocked, and the connection stays", arguments: allServers, bothProtocols)
  func blocked(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    let harness = try await ConsoleHarness(server, version)
    _ = await harness.store.answer(.console(.commands))
    let key = try #require(try server.clients(named: "keyglass-rows").first)
    await harness.run("WATCH", "w")
    let first = try #require(try server.clients(named: "keyglass-console").first)
    for words in [
      "BLPOP l 0", "BRPOP l m 0", "BLMOVE a b LEFT RIGHT 0", "BZPOPMIN z 0", "XREAD BLOCK 0 STREAMS s $", "WAIT 5 0",
      "blpop l 0", "BRPOPLPUSH a b 0",
    ] {
      let report = await cancelled(words.split(separator: " ").map(String.init), in: harness) {
        await server.isBlocked()
      }
      #expect(report.isReplied && report.error == nil, "\(words): \(report)")
      // The watch is what shows that it is the same connection.
      #expect(harness.session.isWatching)
    }
    #expect(try server.clients(named: "keyglass-console") == [first])
    #expect(key != first)
  }

  /// An element that is pushed at the moment of the cancel is returned, or still in the list.
  @Test("no element is lost", arguments: bothProtocols)
  func noElementIsLost(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    await harness.run("PING")
    var returned = 0
    for round in 0..<(Campaign.isOn ? 3_000 : 80) {
      async let report = harness.run("BLPOP", "l", "0")
      // Half of the time the command is just on its way; and one that the cancel before this has let go at once, because
      // it came so close behind, is never seen blocked.
      if round % 4 < 2 { _ = await server.isBlocked() }
      async let pushed: String = Task.detached { try server.cli("RPUSH", "l", "e\(round)") }.value
      if round % 2 == 0 { await Task.yield() }
      async let cancel: Void = harness.cancel()
      _ = try await (pushed, cancel)
      let ended = await report
      let left = try server.cli("LPOP", "l")
      if ended.text == "(nil)" {
        #expect(left == "e\(round)", "lost in round \(round)")
      } else {
        #expect(ended.text.contains("\"e\(round)\"") && left == "", "round \(round): \(ended), left: \(left)")
        returned += 1
      }
    }
    #expect(returned > 0)
  }

  @Test("what holds the server up is given up with the connection", arguments: bothProtocols)
  func busy(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await ConsoleHarness(server, version, at: proxy.address)
    for words in [["DEBUG", "SLEEP", "0.3"], ["EVAL", "local i = 0 while i < 1e7 do i = i + 1 end return i", "0"]] {
      await harness.run("PING")
      let isSent = Mutex(false)
      proxy.set(.toServer) {
        $0.onPiece = { piece, _ in
          guard String(decoding: piece, as: UTF8.self).contains("\r\n\(words[0])\r\n") else { return nil }
          // Whatever the server says to it comes too late.
          proxy.set(.toClient) { $0.swallows = true }
          isSent.withLock { $0 = true }
          return nil
        }
      }
      let report = await cancelled(words, in: harness) { await eventually { isSent.withLock { $0 } } }
      proxy.heal()
      guard case .unknown(let why) = report.outcome else {
        Issue.record("\(words): \(report)")
        continue
      }
      #expect(
        String(decoding: why, as: UTF8.self)
          == "cancelled: the server may have carried it out, or may still do so")
      #expect(await harness.isUsable("back"))
    }
  }

  @Test("a server that stands still can be left, whatever it owes", arguments: bothProtocols)
  func standingStill(version: Endpoint.ProtocolPreference) async throws {
    for isConnected in [true, false] {
      for isElsewhere in [false, true] {
        let server = try TestServer()
        let harness = try await ConsoleHarness(server, version)
        if isConnected { await harness.run("PING") }
        if isElsewhere { try await harness.switchDatabase(to: 5) }
        try server.pause()
        defer { try? server.resume() }
        let isOver = Mutex(false)
        async let report = {
          let report = await harness.run("SET", "k", "1")
          isOver.withLock { $0 = true }
          return report
        }()
        // However early or late it comes.
        #expect(
          await eventually(seconds: 20) {
            await harness.cancel()
            return isOver.withLock { $0 }
          })
        if !isOver.withLock({ $0 }) { try server.resume() }
        let ended = await report
        #expect(!ended.isReplied)
        try server.resume()
        #expect(await harness.isUsable("back"))
        if ended.refusal != nil { #expect(await harness.run("EXISTS", "k").text == "(integer) 0") }
      }
    }
  }

  @Test("commands that are repeated stop between two of them", arguments: bothProtocols)
  func repeated(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    #expect(await harness.run("INCR", "n", times: 10_000).replies == 10_000)
    #expect(try server.cli("GET", "n") == "10000")
    for words in [["INCR", "n"], ["DEBUG", "SLEEP", "0.001"]] {
      try server.cli("SET", "n", "0")
      let report = await cancelled(words, times: 10_000, in: harness) {
        await eventually { ((try? server.calls())?["incr"] ?? 0) > 0 }
      }
      let count = Int(try server.cli("GET", "n")) ?? 0
      #expect(report.replies <= 10_000)
      if words[0] == "INCR" { #expect(count <= 10_000 && (!report.isReplied || report.replies == count)) }
      #expect(await harness.isUsable("back"))
    }
  }

  /// Each blocks by itself: what was not sent yet is not sent any more.
  @Test("a repeated command that blocks ends with one cancel", arguments: bothProtocols)
  func repeatedBlocking(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    let report = await cancelled(["BLPOP", "l", "0"], times: 5, in: harness) { await server.isBlocked() }
    #expect(report.isReplied && report.replies == 1, "\(report)")
    #expect(try server.calls()["blpop"] == 1)
  }

  @Test("twice, with nothing to cancel, and in the middle of what follows", arguments: bothProtocols)
  func twice(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    await harness.cancel()
    await harness.run("WATCH", "w")
    await harness.cancel()
    #expect(await harness.run("PING").session.isWatching)
    for _ in 0..<20 {
      async let report = harness.run("BLPOP", "l", "0")
      #expect(await server.isBlocked())
      async let one: Void = harness.cancel()
      async let two: Void = harness.cancel()
      _ = await (one, two)
      let ended = await report
      #expect(ended.text == "(nil)" || ended.isUnknown)
      #expect(await harness.isUsable("back"))
    }
    await harness.run("MULTI")
    await harness.cancel()
    #expect(await harness.run("SET", "k", "1").text == "QUEUED")
  }

  @Test("in read-only mode", arguments: bothProtocols)
  func readOnly(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version, isReadOnly: true)
    let report = await cancelled(["XREAD", "BLOCK", "0", "STREAMS", "s", "$"], in: harness) { await server.isBlocked() }
    #expect(report.outcome == .unknown(why: bytes("cancelled: it only reads")))
    #expect(await harness.isUsable("back"))
    #expect(try server.calls()["client|unblock"] == nil)
  }

  @Test("a transaction's command: nothing of it ran", arguments: bothProtocols)
  func transaction(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    await harness.run("MULTI")
    try server.pause()
    async let report = harness.run("SET", "k", "1")
    let isOver = Mutex(false)
    async let cancels: Bool = eventually {
      await harness.cancel()
      return isOver.withLock { $0 }
    }
    let ended = await report
    isOver.withLock { $0 = true }
    _ = await cancels
    try server.resume()
    #expect(ended.refusal != nil && ended.session.queue == nil)
    #expect(await harness.isUsable("back"))
    #expect(try server.cli("EXISTS", "k") == "0")
  }
}
