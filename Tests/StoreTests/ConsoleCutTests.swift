import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing

/// The console's connection broken between any two steps, and in any of them: what is said is what the server did.
@Suite("The console among faults", .serialized) struct ConsoleCutTests {
  enum Cut: CaseIterable, Sendable {
    case before, request, afterRequest, beforeReply, reply, between, betweenAndSeen
  }

  /// Breaks the connection that sends this word next, once; where the reply is cut, the next one that begins so.
  static func arm(_ proxy: FaultProxy, _ cut: Cut, at word: String, reply: String = "") {
    let isArmed = Mutex(true)
    let isAwaited = Mutex(false)
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        let text = String(decoding: piece, as: UTF8.self).uppercased()
        guard text.contains("\r\n\(word)\r\n"), isArmed.withLock({ $0 }) else { return nil }
        isArmed.withLock { $0 = false }
        switch cut {
        case .before: return 0
        case .request: return piece.count / 2
        case .afterRequest: return piece.count
        case .beforeReply, .reply:
          isAwaited.withLock { $0 = true }
          return nil
        case .between, .betweenAndSeen: return nil
        }
      }
    }
    proxy.set(.toClient) {
      $0.onPiece = { piece, _ in
        guard piece.first != UInt8(ascii: ">"), piece.starts(with: reply.utf8), isAwaited.withLock({ $0 }) else {
          return nil
        }
        isAwaited.withLock { $0 = false }
        return cut == .beforeReply ? 0 : piece.count / 2
      }
    }
  }

  static let steps = [["WATCH", "w"], ["MULTI"], ["SET", "k", "1"], ["APPEND", "l", "x"], ["EXEC"]]

  @Test("a transaction cut at each step", arguments: bothProtocols, 0..<steps.count)
  func transaction(version: Endpoint.ProtocolPreference, step: Int) async throws {
    let server = try TestServer()
    for cut in Cut.allCases {
      try server.cli("FLUSHALL")
      try server.cli("CONFIG", "RESETSTAT")
      let proxy = try FaultProxy(to: .unix(server.socketPath))
      let harness = try await ConsoleHarness(server, version, at: proxy.address)
      await harness.run("PING")
      for words in Self.steps[..<step] { #expect(await harness.run(words.map(bytes)).isReplied) }
      let words = Self.steps[step]
      let mark = Comment(rawValue: "\(words[0]) \(cut)")
      let before = harness.session
      if cut == .between || cut == .betweenAndSeen {
        try await harness.killConsole()
        if cut == .betweenAndSeen, step > 0 {
          #expect(
            await eventually {
              harness.consoleNotices.contains { if case .lost(_, before) = $0 { true } else { false } }
            }, mark)
        }
      } else {
        Self.arm(proxy, cut, at: words[0])
      }
      let report = await harness.run(words.map(bytes))
      proxy.heal()
      let ran = try server.cli("EXISTS", "k", "l") == "2"
      let calls = try server.calls()
      #expect((calls["exec"] ?? 0) <= 1, mark)
      switch report.outcome {
      case .notSent(let why, _):
        #expect(!ran && !why.isEmpty, mark)
        #expect(before.queue != nil || cut == .between || cut == .betweenAndSeen, mark)
      case .unknown:
        // Of a transaction only what EXEC did can be unknown.
        #expect(before.queue == nil || words == ["EXEC"], mark)
      case .replied:
        // Outside a transaction a connection that was lost before is made anew, if that is known in time.
        let isAnew = before.queue == nil && (cut == .between || cut == .betweenAndSeen)
        #expect(cut == .afterRequest || isAnew, mark)
      case .streaming: Issue.record(mark)
      }
      if words != ["EXEC"] { #expect(!ran, mark) }
      if report.isUnknown || report.refusal != nil {
        #expect(report.session.queue == nil && !report.session.isWatching, mark)
      }
      // Whatever was told, the next command does what it says, on a connection without a past.
      if report.isReplied, harness.session.queue != nil { await harness.run("DISCARD") }
      #expect(await harness.isUsable("back"), mark)
      #expect(await harness.run("SET", "after", "1").text == "OK", mark)
    }
  }

  @Test("what was typed inside a lost transaction is not sent outside it", arguments: bothProtocols)
  func notOutside(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    for isSeen in [false, true] {
      await harness.run("MULTI")
      await harness.run("SET", "k", "1")
      try await harness.killConsole()
      if isSeen {
        #expect(await eventually { harness.consoleNotices.contains { if case .lost = $0 { true } else { false } } })
      }
      let report = await harness.run("SET", "l", "1")
      #expect(report.refusal != nil && report.session.queue == nil)
      #expect(try server.cli("DBSIZE") == "0")
      #expect(await harness.run("EXEC").error?.contains("without MULTI") == true)
      harness.forgetNotices()
    }
  }

  @Test("a watch that was lost is told", arguments: bothProtocols)
  func lostWatch(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await ConsoleHarness(server, version, at: proxy.address)
    await harness.run("WATCH", "w")
    Self.arm(proxy, .before, at: "STRLEN")
    let report = await harness.run("STRLEN", "w")
    #expect(report.isUnknown && !report.session.isWatching)
    #expect(report.notes.contains { $0.contains("watch") })
  }

  /// A command that was meant for database 9 never runs in database 0.
  @Test("db 0 stays as it is", arguments: bothProtocols, [true, false])
  func sentinels(version: Endpoint.ProtocolPreference, isTyped: Bool) async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    try server.pipeline([
      ["SET", "k", "sentinel"], ["RPUSH", "list", "a", "b"], ["HSET", "h", "f", "v"], ["SET", "n", "5"],
    ])
    func sentinel() throws -> [String] {
      try ["k", "list", "h", "n"].map { try server.cli("DEBUG", "DIGEST-VALUE", $0) } + [server.cli("DBSIZE")]
    }
    let before = try sentinel()
    let steps = [
      ["SET", "k", "mine"], ["DEL", "list"], ["MULTI"], ["INCR", "n"], ["DEL", "h"], ["EXEC"], ["FLUSHDB"],
      ["EVAL", "return redis.call('SET', KEYS[1], 'x')", "1", "k"], ["RESET"], ["DEL", "k"], ["WATCH", "k"],
      ["HELLO", "3"],
      ["RENAME", "n", "m"], ["QUIT"], ["UNLINK", "h"], ["LPUSH", "list", "z"],
    ]
    for cut in Cut.allCases {
      for place in steps.indices {
        let harness = try await ConsoleHarness(server, version, database: isTyped ? 0 : 9, at: proxy.address)
        if isTyped { #expect(await harness.run("SELECT", "9").session.database == 9) }
        for (index, words) in steps.enumerated() {
          if index == place {
            switch cut {
            case .between: try await harness.killConsole()
            case .betweenAndSeen:
              try await harness.killConsole()
              #expect(await eventually { (try? server.clients(named: "keyglass-console"))?.isEmpty ?? false })
            default: Self.arm(proxy, cut, at: words[0])
            }
          }
          await harness.run(words.map(bytes))
          #expect(harness.session.database == 9, "\(cut) at \(steps[place]), then \(words)")
        }
        proxy.heal()
        #expect(try sentinel() == before, "\(cut) at \(steps[place])")
        await harness.store.shutdown()
      }
    }
  }

  @Test("SELECT moves the session, and what follows goes there", arguments: bothProtocols)
  func select(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    #expect(await harness.run("SELECT", "9").session.database == 9)
    await harness.run("SET", "k", "9")
    #expect(await harness.run("SELECT", "nine").session.database == 9)
    #expect(await harness.run("SELECT", "99").session.database == 9)
    #expect(await harness.run("SELECT", "3", times: 2).session.database == 3)
    #expect(await harness.run("DBSIZE").text == "(integer) 0")
    try await harness.switchDatabase(to: 9)
    #expect(await harness.run("GET", "k").text == "\"9\"")
    #expect(try server.cli("DBSIZE") == "0")
  }

  @Test("SELECT whose reply is lost moves nothing", arguments: bothProtocols)
  func lostSelect(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    for cut in [Cut.before, .request, .beforeReply, .reply] {
      let proxy = try FaultProxy(to: .unix(server.socketPath))
      let harness = try await ConsoleHarness(server, version, at: proxy.address)
      await harness.run("PING")
      Self.arm(proxy, cut, at: "SELECT", reply: "+OK")
      #expect(await harness.run("SELECT", "9").session.database == 0)
      proxy.heal()
      await harness.run("SET", "here", "1")
      #expect(try server.cli("DEL", "here") == "1")
      // One that the console sends by itself: the command that it was for is not sent.
      try await harness.switchDatabase(to: 4)
      await harness.run("PING")
      harness.forgetNotices()
      try await harness.switchDatabase(to: 5)
      // The scan goes there as well, with a SELECT of its own.
      #expect(
        await eventually {
          harness.notices.contains { if case .scan(let progress) = $0 { progress.phase == .done } else { false } }
        })
      Self.arm(proxy, cut, at: "SELECT", reply: "+OK")
      let report = await harness.run("SET", "there", "1")
      proxy.heal()
      #expect(report.refusal != nil, "\(cut)")
      #expect(report.session.database == 5)
      #expect(await harness.run("SET", "there", "1").text == "OK")
      #expect(try server.cli(["EXISTS", "there"], database: 5) == "1")
      #expect(try server.cli("DBSIZE") == "0" && server.cli(["DBSIZE"], database: 4) == "0")
      try server.cli("FLUSHALL")
    }
  }

  @Test("what was refused leaves the screen where it is") func refusedElsewhere() async throws {
    let harness = try await ConsoleHarness(TestServer())
    try await harness.switchDatabase(to: 3)
    #expect(await harness.run("UNSUBSCRIBE").session.database == 3)
    #expect(await harness.run("SYNC").session.database == 3)
    harness.server.stop()
    #expect(await harness.run("PING").session.database == 3)
  }

  /// Another server behind the same path: what was typed for the old one does not reach it unseen.
  @Test("a server that was replaced", arguments: bothProtocols, [true, false])
  func replaced(version: Endpoint.ProtocolPreference, isUsed: Bool) async throws {
    for isSeen in [false, true] {
      let server = try TestServer()
      let harness = try await ConsoleHarness(server, version)
      if isUsed { #expect(await harness.run("SET", "k", "1").text == "OK") }
      try server.restart()
      if isSeen { #expect(await eventually { harness.isServerReplaced }) }
      // Until the screen's own connection is back the way may not be open.
      var report = await harness.run("SET", "k", "2")
      let isTold = harness.isServerReplaced
      if isUsed || !isTold {
        #expect(report.refusal != nil, "\(report)")
        #expect(try server.cli("EXISTS", "k") == "0")
      }
      #expect(
        await eventually {
          report = await harness.run("SET", "k", "2")
          return report.text == "OK"
        })
      #expect(try server.cli("GET", "k") == "2")
    }
  }

  /// The connection is dead, and nothing has told so yet.
  @Test("after any end the console connects again", arguments: bothProtocols)
  func again(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await ConsoleHarness(server, version, at: proxy.address)
    for round in 0..<60 {
      #expect(await harness.isUsable("round \(round)"))
      switch round % 3 {
      case 0: try await harness.killConsole()
      case 1: proxy.closeConnections()
      default:
        Self.arm(proxy, Cut.allCases[round % 5], at: "ECHO")
        await harness.run("ECHO", "lost")
        proxy.heal()
      }
    }
  }
}
