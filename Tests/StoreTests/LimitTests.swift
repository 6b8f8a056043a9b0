import Keyspace
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// What servers and users of other kinds say.
@Suite("Limits", .serialized) struct LimitTests {
  /// EXEC is denied after all was queued: that must not stay queued for what comes next.
  @Test func aTransactionThatMayNotEndIsLeft() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, rights: ["+@all", "-eval", "-exec"])
    for key in ["a", "b"] { try server.cli("SET", key, "old") }
    let change = Change.string(from: bytes("old"), to: bytes("new"))
    for key: KeyName in ["a", "b"] {
      guard case .refused(let failure) = await harness.outcome(key, .present(.string), change) else {
        Issue.record("not refused")
        continue
      }
      #expect(failure.kind == .denied(Denial(command: "EXEC", missingRule: "+exec")))
    }
    try server.cli("ACL", "SETUSER", "watcher", "+exec")
    #expect(await harness.outcome("a", .present(.string), change).isDone)
    #expect(try server.cli("MGET", "a", "b") == "new\nold")
  }

  /// The same where the server, or a proxy, has none: it keeps what was queued, and would queue what comes next.
  @Test func aTransactionThatCannotEndIsLeft() async throws {
    let server = try TestServer(["EVAL", "EXEC"].flatMap { ["--rename-command", $0, ""] })
    let harness = try await WriteHarness(server)
    for key in ["a", "b"] { try server.cli("SET", key, "old") }
    for key: KeyName in ["a", "b"] {
      let outcome = await harness.outcome(
        key, .present(.string), .string(from: bytes("old"), to: bytes("new")))
      guard case .refused(let failure) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(failure.kind == .denied(Denial(command: "EXEC", missingRule: nil)))
    }
    #expect(try server.cli("MGET", "a", "b") == "old\nold")
  }

  /// The types of keys that TYPE may not tell, from what may be read of them.
  @Test(arguments: [
    (["-type"], "s", KeyType.string), (["-type"], "h", .hash), (["-type"], "empty", .string),
    (["-type", "-hlen"], "h", .hash), (["-type", "-xlen"], "x", .stream), (["-@all", "+lrange"], "l", .list),
    (["-@all", "+get"], "s", .string), (["-@all", "+get"], "empty", .string),
    (["-@all", "+zrange", "+pttl"], "z", .sortedSet),
  ])
  func probedTypes(rules: [String], key: String, type: KeyType) async throws {
    let tour = try await AccessTour(TestServer(), rules: ["~*", "+@all"] + rules)
    _ = await tour.harness.store.answer(.select(database: 0))
    _ = try? await tour.harness.scanEnd()
    let opened = try await tour.harness.opened(KeyName(key))
    #expect(opened.facts.type == .known(type) && opened.denial == nil, "\(opened)")
    #expect(opened.page != nil)
  }

  /// Nothing that may be run tells what it is, or whether it is there: that is a denial, not `no such key`.
  @Test(arguments: [
    (["-@all", "+strlen", "+getrange"], "empty"), (["-@all", "+get"], "l"), (["-@all", "+lrange"], "s"),
    (["-@all"], "s"),
    (["-@all", "+strlen"], "missing"),
  ])
  func whatCannotBeToldIsDenied(rules: [String], key: String) async throws {
    let tour = try await AccessTour(TestServer(), rules: ["~*", "+@all"] + rules)
    let opened = try await tour.harness.opened(KeyName(key))
    #expect(opened.denial?.command == "TYPE" && !opened.facts.isGone && opened.page == nil)
  }

  @Test(arguments: [["-type"], ["-@all", "+get"], ["-@all", "+type"], ["-@all", "+llen", "+hlen"]])
  func aMissingKeyIsMissing(rules: [String]) async throws {
    let tour = try await AccessTour(TestServer(), rules: ["~*", "+@all"] + rules)
    _ = await tour.harness.store.answer(.select(database: 0))
    _ = try? await tour.harness.scanEnd()
    #expect(try await tour.harness.opened("missing").facts.isGone)
  }

  /// A string of unknown length that nothing but GET reads is not read again once it has turned out to be long.
  @Test func aLongStringIsReadWholeOnce() async throws {
    let server = try TestServer()
    let tour = try await AccessTour(server, rules: ["~*", "-@all", "+get"])
    try server.cli("SETRANGE", "long", "1048580", "x")
    _ = await tour.harness.store.answer(.select(database: 0))
    _ = try? await tour.harness.scanEnd()
    try server.cli("CONFIG", "RESETSTAT")
    let first = try await tour.harness.opened("long")
    guard case .string(let page)? = first.page else { throw TestFailure("no string: \(first)") }
    #expect(page.length == 1_048_581 && page.bytes.count == 1 << 16)
    for _ in 0..<3 { #expect(try await tour.harness.opened("long").denial != nil) }
    #expect(try server.cli("INFO", "commandstats").contains("cmdstat_get:calls=2,"))
  }

  /// A prefix: what is beyond it is listed by SCAN all the same, and denied key by key.
  @Test func onePrefix() async throws {
    let server = try TestServer()
    let tour = try await AccessTour(server, rules: ["~app:*", "+@all"])
    try server.pipeline([["RPUSH", "app:l", "a", "b"], ["RPUSH", "theirs", "a", "b"]])
    let harness = tour.harness
    #expect(try await harness.opened("app:l").page != nil)
    #expect(try await harness.opened("theirs").denial?.isOfKey == true)
    let failure = try await harness.failure(.dump("theirs", limit: 10))
    #expect(String(decoding: failure.why, as: UTF8.self) == "this user may not read this key")
    for request: Request in [.isMember("theirs", member: []), .rank("theirs", .member([]), reverse: false)] {
      guard case .denied(let denial) = try await harness.failure(request).kind else {
        Issue.record("\(request)")
        continue
      }
      #expect(denial.isOfKey)
    }
    // No command is known to be denied by that.
    #expect(harness.limits.isEmpty)
    let edit = Edit(
      key: "theirs", change: .pop(bytes("a"), .head), presence: .present(.list), database: 0, session: 1)
    guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: [edit]))),
      case .refused(let refused)? = report.items.first?.outcome
    else { throw TestFailure("not refused") }
    #expect(String(decoding: refused.why, as: UTF8.self) == "this user may not use this key")
    #expect(refused.nextStep.contains("~PATTERN"))
  }

  /// What is found out is told, and R asks again.
  @Test func whatIsLimitedIsTold() async throws {
    let server = try TestServer.withUser("+@all", "-memory", "-info", "-dbsize")
    try server.cli("SET", "k", "v")
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    _ = try await harness.facts("k")
    #expect(harness.limits.map(\.command) == ["DBSIZE", "INFO", "MEMORY USAGE"])
    #expect(harness.limits.compactMap(\.missingRule) == ["+dbsize", "+info", "+memory|usage"])
    try server.cli("ACL", "SETUSER", "limited", "+memory", "+info", "+dbsize")
    _ = await harness.store.answer(.rescan)
    #expect(await eventually { harness.limits.isEmpty })
    #expect(try await harness.facts("k")[0].size.value != nil)
  }

  @Test(arguments: ["-3", "-2"]) func noTouchIsMissed(version: String) async throws {
    guard let binary = OtherServers.withFieldTTLs.first else { return }
    let server = try TestServer(binary: binary)
    let tour = try await AccessTour(
      server, rules: ["~*", "+@all", "-client|no-touch"], version: version == "-2" ? .resp2 : .automatic)
    let missing = Denial(command: "CLIENT NO-TOUCH", missingRule: "+client|no-touch")
    #expect(await eventually { tour.harness.limits.contains(missing) })
  }

  /// What proxies and hosted servers say where they have no such command.
  @Test(arguments: [
    "-ERR unknown command 'SCAN', with args beginning with: '0'", "-unsupported command 'scan'",
    "-ERR Command is not available: 'SCAN'. See the documentation", "-ERR command not supported",
  ])
  func otherWordsForNoSuchCommand(words: String) async throws {
    let harness = try await FakeHarness { command in
      switch command[0] {
      case "SCAN": words + "\r\n"
      case "CLIENT", "SELECT": "+OK\r\n"
      default: nil
      }
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.phase == .denied })
    #expect(harness.scans.last?.denial == Denial(command: "SCAN", missingRule: nil))
    #expect(harness.scans.last?.trouble == nil)
  }

  /// An error that says nothing of rights is told as it is, not as a denial.
  @Test func anotherErrorIsNoDenial() async throws {
    let harness = try await FakeHarness { command in
      switch command[0] {
      case "SCAN": "-ERR the moon is full\r\n"
      case "CLIENT", "SELECT": "+OK\r\n"
      default: nil
      }
    }
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.scans.last?.trouble == bytes("ERR the moon is full") })
  }

  /// A key of another node is no missing key, and says nothing of its neighbours.
  @Test func anotherNodesKey() async throws {
    let harness = try await FakeHarness { command in
      switch (command[0], command.last) {
      case ("CLIENT", _), ("SELECT", _): "+OK\r\n"
      case (_, "far"): "-MOVED 3999 10.1.2.3:6381\r\n"
      case ("TYPE", _): "+list\r\n"
      case ("PTTL", _): ":-1\r\n"
      default: nil
      }
    }
    guard case .facts(let facts, _) = await harness.store.answer(.facts(["far", "near"])) else {
      throw TestFailure("no facts")
    }
    #expect(facts[0].type == .unknown && !facts[0].isGone && facts[1].type == .known(.list))
    for request: Request in [.open("far", pageLength: 10), .inspect("far"), .isMember("x", member: bytes("far"))] {
      guard case .failed(let failure) = await harness.store.answer(request) else {
        Issue.record("\(request)")
        continue
      }
      let why = String(decoding: failure.why, as: UTF8.self)
      #expect(why == "the key belongs to another node of the cluster, 10.1.2.3:6381")
    }
  }

  /// Other databases: of a cluster, of a user, of a server without SELECT.
  @Test func selecting() async throws {
    let words: [(reply: String, why: String, nextStep: String)] = [
      ("-NOPERM this user has no permissions to run the 'select' command", "may not run SELECT", "+select"),
      ("-ERR unknown command 'SELECT'", "has no SELECT", "renamed or disabled"),
      ("-ERR SELECT is not allowed in cluster mode", "cluster mode", "database 0 alone"),
      ("-ERR DB index is out of range", "out of range", "Choose another one"),
    ]
    for (reply, why, nextStep) in words {
      let harness = try await FakeHarness { command in
        switch command[0] {
        case "SELECT": reply + "\r\n"
        case "CLIENT": "+OK\r\n"
        default: nil
        }
      }
      guard case .failed(let failure) = await harness.store.answer(.select(database: 3)) else {
        Issue.record("selected")
        continue
      }
      #expect(String(decoding: failure.why, as: UTF8.self).contains(why) && failure.nextStep.contains(nextStep))
    }
  }
}

extension Harness {
  /// As they were told last.
  var limits: [Denial] {
    notices.reversed().lazy.compactMap { if case .limits(let limits) = $0 { limits } else { nil } }.first ?? []
  }
}
