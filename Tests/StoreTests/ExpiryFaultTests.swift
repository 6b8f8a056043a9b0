import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// The monitor through lost connections, other servers, other databases and missing rights.
@Suite("Expiry monitor and faults", .serialized, .timeLimit(.minutes(5))) struct ExpiryFaultTests {
  @Test("a connection lost in the middle: the rest is read, and what was read is not read again", arguments: [1, 3])
  func lostConnection(cuts: Int) async throws {
    let server = try TestServer()
    try server.populate(60_000)
    try server.pipeline((0..<30_000).map { ["EXPIRE", "key:\($0)", "\(1_000 + $0)"] })
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    defer { proxy.stop() }
    let harness = try await Harness.scanned(server, through: proxy)
    _ = try await harness.report()
    for cut in 1...cuts {
      #expect(await eventually { (harness.commands["PEXPIRETIME"] ?? 0) >= cut * 6_000 })
      let losses = harness.losses.count
      proxy.closeConnections()
      #expect(await eventually { harness.losses.count > losses })
      _ = await harness.store.answer(.reconnect)
      #expect(await eventually { harness.linkStates.last == .connected })
    }
    #expect(harness.commands["PEXPIRETIME", default: 0] < 60_000)
    expect(try await harness.finished(), equals: try NaiveExpiry(server))
    // Once more only what was on its way.
    #expect((60_000...60_000 + cuts * 900).contains(harness.commands["PEXPIRETIME", default: 0]))
  }

  @Test("a connection lost afterwards: everything is read again, and shown meanwhile")
  func lostAfterwards() async throws {
    let server = try TestServer()
    try ExpiryTests.seed(server)
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    defer { proxy.stop() }
    let harness = try await Harness.scanned(server, through: proxy)
    let before = try await harness.finished()
    try server.pipeline((0..<100).map { ["PERSIST", "session:\($0)"] })
    harness.forgetNotices()
    proxy.closeConnections()
    let report = try await harness.report {
      #expect($0.order.known == before.order.known)
      return $0.order.persistent == before.order.persistent + 100
    }
    #expect(
      harness.notices.contains { if case .expiry(let progress) = $0 { progress.phase == .rereading } else { false } })
    expect(report, equals: try NaiveExpiry(server))
  }

  @Test("another server: nothing of the old one stays, open or closed meanwhile", arguments: [true, false])
  func otherServer(isOpen: Bool) async throws {
    let server = try TestServer()
    try server.pipeline((0..<2_000).map { ["SET", "k:\($0)", "v", "EX", "\(1_000 + $0)"] })
    let harness = try await Harness.scanned(server)
    #expect(try await harness.finished().order.count == 2_000)
    if !isOpen { _ = await harness.store.answer(.endExpiry) }
    // Before it is there again: the store finds it by itself, too.
    harness.forgetNotices()
    try server.kill9()
    #expect(await eventually { !harness.losses.isEmpty })
    try server.restart()
    // Some names are the same, none has a deadline as before.
    try server.pipeline((1_000..<3_000).map { ["SET", "k:\($0)", "v", "EX", "90000"] })
    _ = await harness.store.answer(.reconnect)
    #expect(await eventually { harness.isServerReplaced })
    let soonest = try server.serverTime() + 60_000_000
    #expect(try await harness.report().order.count(before: soonest) == 0)
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    _ = try await harness.scanEnd()
    expect(try await harness.finished(), equals: try NaiveExpiry(server))
  }

  @Test func flush() async throws {
    let server = try TestServer()
    try ExpiryTests.seed(server)
    let harness = try await Harness.scanned(server)
    try await harness.finished()
    try server.cli("FLUSHALL")
    #expect(await eventually { harness.notices.contains(.flushed) })
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    _ = try await harness.scanEnd()
    let report = try await harness.finished()
    #expect(report.order.count == 0 && report.order.persistent == 0 && report.progress.percent == 100)
    #expect(try await harness.settled().persistentFolders.isEmpty)
  }

  @Test func otherDatabase() async throws {
    let server = try TestServer()
    try server.pipeline((0..<2_000).map { ["SET", "zero:\($0)", "v", "EX", "1000"] })
    try server.pipeline([["SELECT", "1"]] + (0..<700).map { ["SET", "one:\($0)", "v", "EX", "2000"] })
    let harness = try await Harness.scanned(server)
    for round in 0..<6 {
      harness.forgetNotices()
      let number = round % 2
      _ = await harness.store.answer(.select(database: number))
      // While it scans, and after.
      if round < 4 {
        _ = try await harness.report()
        expect(try await harness.finished(), equals: try NaiveExpiry(server, database: number))
      }
    }
    _ = try await harness.scanEnd()
    expect(try await harness.finished(), equals: try NaiveExpiry(server, database: 1))
  }

  @Test("while the names still come, a part of the known is not all")
  func whileScanning() async throws {
    let server = try TestServer()
    try server.populate(100_000)
    let harness = try await Harness(server)
    #expect(await eventually { await harness.isGreeted })
    _ = await harness.store.answer(.select(database: 0))
    #expect(await eventually { harness.lastScan.map { $0.keys > 0 && $0.serverCount != nil } ?? false })
    let progress = try await harness.report().progress
    #expect(progress.phase == .reading && progress.total == 100_000)
    #expect(try await harness.finished().order.persistent == 100_000)
  }

  // MARK: - Rights

  @Test("one of the commands is enough", arguments: ["-pexpiretime", "-type"])
  func withoutOne(rule: String) async throws {
    let server = try TestServer.withUser("+@all", rule)
    let now = try server.serverTime()
    try server.pipeline((0..<900).map { ["SET", "k:\($0)", "v", "PXAT", "\(now + 600_000 + Int64($0) * 20_000)"] })
    try server.pipeline((0..<50).map { ["SET", "soon:\($0)", "v", "PXAT", "\(now + 4_000)"] })
    let harness = try await Harness.scanned(server, user: "limited")
    let report = try await harness.finished()
    #expect(report.order.count == 950)
    let told = Self.deadlines(report)
    for (name, deadline) in try NaiveExpiry(server).deadlines { #expect(abs((told[name] ?? 0) - deadline) < 5_000) }
    if rule == "-pexpiretime" { #expect(harness.commands["PEXPIRETIME", default: 0] <= 900) }
    // What is due is asked about all the same.
    try await harness.report { $0.order.count == 900 }
  }

  private static func deadlines(_ report: ExpiryReport) -> [KeyName: Int64] {
    Dictionary(report.entries.map { ($0.name, $0.deadline) }, uniquingKeysWith: min)
  }

  /// Deadlines alone are dates of a clock that nothing is known of.
  @Test(
    "without a right to deadlines that is said, and not asked again",
    arguments: [["-pttl", "-pexpiretime"], ["-pttl"]])
  func denied(rules: [String]) async throws {
    let server = try TestServer.withUser("+@all", rules[0], rules.last ?? "")
    try server.pipeline((0..<5_000).map { ["SET", "k:\($0)", "v", "EX", "1000"] })
    let harness = try await Harness.scanned(server, user: "limited")
    let report = try await harness.report {
      if case .denied = $0.progress.phase { true } else { false }
    }
    #expect(report.progress.phase == .denied(Denial(command: "PTTL", missingRule: "+pttl")))
    #expect(try await harness.askedAtRest() <= 2_400)
    let sent = harness.commands
    try await Task.sleep(for: .seconds(1))
    #expect(harness.commands == sent)
    // R asks again, when the right was granted too.
    try server.cli("ACL", "SETUSER", "limited", "+pttl", "+pexpiretime")
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    _ = try await harness.scanEnd()
    expect(try await harness.finished(), equals: try NaiveExpiry(server))
  }

  @Test("keys that are denied one by one are left out, and asked about once")
  func deniedKeys() async throws {
    let server = try TestServer.withUser("+@all", "resetkeys", "~mine:*")
    try server.pipeline(
      (0..<500).flatMap { number in ["mine", "theirs"].map { ["SET", "\($0):\(number)", "v", "EX", "1000"] } })
    let harness = try await Harness.scanned(server, user: "limited")
    let report = try await harness.finished()
    expect(report, equals: try NaiveExpiry(server) { $0.hasPrefix("mine:") })
    #expect(report.progress.unreadable == 500)
    let asked = try await harness.askedAtRest()
    #expect(asked < 2_000)
    // What is pushed is read again, and nothing else with it.
    _ = try await harness.facts("mine:1", "mine:2")
    try server.pipeline([["PERSIST", "mine:1"], ["PERSIST", "mine:2"]])
    _ = try await harness.report { $0.order.persistent == 2 }
    #expect(try await harness.askedAtRest() - asked < 100)
  }
}
