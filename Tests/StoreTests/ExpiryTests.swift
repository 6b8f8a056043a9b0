import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// What the monitor shows, beside what a naive program computes from the same server.
@Suite("Expiry monitor on real servers", .serialized, .timeLimit(.minutes(5))) struct ExpiryTests {
  /// Deadlines of all kinds, none of them so near that it passes while a test runs.
  ///
  /// - Returns: the moment in which 400 keys of one folder expire.
  @discardableResult
  static func seed(_ server: TestServer) throws -> Int64 {
    let now = try server.serverTime()
    let stampede = (now + 620_000) / 1000 * 1000 + 500
    var batch = ServerBatch()
    func add(_ name: [UInt8], _ deadline: Int64?) {
      batch.add([Array("SET".utf8), name, Array("v".utf8)])
      if let deadline { batch.add([Array("PEXPIREAT".utf8), name, Array(String(deadline).utf8)]) }
    }
    func add(_ count: Int, _ folder: String, _ deadline: (Int) -> Int64?) {
      for number in 0..<count { add(Array("\(folder)\(number)".utf8), deadline(number)) }
    }
    add(1_500, "session:") { now + 600_000 + Int64($0 * 7919 % 50_000) }
    add(400, "cart:user:") { _ in stampede }
    add(300, "late:") { now + 3_600_000 + Int64($0) * 12_000_000 }
    add(80, "far:") { now + Int64($0 + 1) * 3 * 31_536_000_000 }
    add(Array("furthest".utf8), .max - 1)
    add(200, "kept:a:") { _ in nil }
    add(100, "kept:b:") { _ in nil }
    add(150, "conf:") { _ in nil }
    add(50, "plain") { _ in nil }
    add([], now + 700_000)
    for (number, name) in HostileBytes.strings.enumerated() {
      add(name, number % 2 == 0 ? now + 800_000 + Int64(number / 3) : nil)
    }
    try server.pipeline(batch)
    return stampede
  }

  struct Way: Sendable, CustomTestStringConvertible {
    var binary: String?
    var version = Endpoint.ProtocolPreference.automatic

    var testDescription: String {
      (binary?.split(separator: "/").suffix(3).joined(separator: "/") ?? "redis") + " \(version)"
    }
  }

  static let ways =
    [Way(), Way(version: .resp2)] + OtherServers.binaries.map { Way(binary: $0) }

  @Test("order, counts, classes, timelines, stampedes and folders", arguments: ways)
  func knownDeadlines(_ way: Way) async throws {
    let server = try TestServer(binary: way.binary)
    let stampede = try Self.seed(server)
    let harness = try await Harness.scanned(server, version: way.version)
    let report = try await harness.finished()
    let naive = try NaiveExpiry(server)
    expect(report, equals: naive)
    #expect(report.progress.percent == 100)
    #expect(report.progress.total == naive.deadlines.count && report.progress.known == naive.deadlines.count)
    #expect(report.progress.sampledFrom == nil)
    // Of each key its deadline, once: its type tells nothing here.
    #expect(harness.commands["TYPE"] == nil)
    if !naive.isRough { #expect(harness.commands["PEXPIRETIME"] == naive.deadlines.count) }

    let timeline = ExpiryTimeline(
      .second, serverTime: stampede - 30_000, countBefore: report.order.count(before:))
    let bucket = try #require(timeline.bucket(of: stampede))
    if !naive.isRough {
      #expect(timeline.stampedes(StampedeRule(), countBefore: report.order.count(before:)) == [bucket])
      let range = timeline.range(of: bucket)
      let positions = report.order.count(before: range.lowerBound)..<report.order.count(before: range.upperBound)
      let together = naive.deadlines.filter { range.contains($0.value) }.map(\.key)
      #expect(positions.count == together.count)
      let folder = PrefixCount.dominant(
        in: report.order.sample(positions, limit: 100_000), separator: Array(":".utf8))
      #expect(folder == PrefixCount(prefix: "cart:user:", count: 400))
      #expect(NaiveExpiry.folders(of: together, separator: UInt8(ascii: ":"), behind: 5).first == folder)
    }
    let folders = NaiveExpiry.folders(of: naive.persistent, separator: UInt8(ascii: ":"))
    #expect(try await harness.settled().persistentFolders == Array(folders.prefix(5)))
  }

  // MARK: - Scopes

  private static let scopes: [(KeyScope, Int)] = [
    (KeyScope(prefix: Array("a*b:".utf8)), 40),
    (KeyScope(prefix: Array("[x]:".utf8)), 40),
    (KeyScope(prefix: Array("a?:".utf8)), 40),
    (KeyScope(prefix: [0xff, 0x3a]), 40),
    (KeyScope(filter: NameFilter(text: Array("b:1".utf8))), 33),
    (KeyScope(filter: NameFilter(text: Array("a*b:?".utf8))), 30),
    (KeyScope(filter: NameFilter(text: Array(#"a\*b:?"#.utf8))), 10),
    (KeyScope(prefix: Array("axb:".utf8), filter: NameFilter(text: Array("3".utf8))), 13),
  ]

  @Test("only keys of the folder and the filter are read, whatever characters their names have", arguments: scopes)
  func scope(_ scope: KeyScope, count: Int) async throws {
    let server = try TestServer()
    let now = try server.serverTime()
    var batch = ServerBatch()
    for folder in ["a*b:", "axb:", "[x]:", "x:", "a?:", "ab:"].map({ Array($0.utf8) }) + [[0xff, 0x3a], [0xfe, 0x3a]] {
      for number in 0..<40 {
        batch.add([Array("SET".utf8), folder + Array("\(number)".utf8), Array("v".utf8)])
        guard number % 4 > 0 else { continue }
        batch.add(
          [Array("PEXPIREAT".utf8), folder + Array("\(number)".utf8), Array("\(now + 600_000 + Int64(number))".utf8)])
      }
    }
    try server.pipeline(batch)
    let harness = try await Harness.scanned(server)
    let names = try await harness.names().filter(scope.contains)
    try server.listen()
    let report = try await harness.finished(ExpiryQuery(scope: scope))
    let heard = try server.heard()
    let naive = try NaiveExpiry(server, of: scope.contains)
    expect(report, equals: naive)
    #expect(report.progress.total == names.count)
    #expect(names.count == count, "\(names)")
    let asked = heard.filter { ["PEXPIRETIME", "PTTL", "TYPE"].contains($0[0]) }
    #expect(Set(asked.map { $0[1] }) == Set(names))
    #expect(asked.count { $0[0] == "PEXPIRETIME" } == names.count)
    #expect(!asked.contains { $0[0] == "TYPE" })
    let folders = NaiveExpiry.folders(
      of: naive.persistent, separator: UInt8(ascii: ":"), behind: scope.prefix.count)
    #expect(try await harness.settled(ExpiryQuery(scope: scope)).persistentFolders == Array(folders.prefix(5)))
  }

  // MARK: - A sample

  @Test("above the limit a sample is read: the same keys each time")
  func sample() async throws {
    let server = try TestServer()
    try server.populate(20_000)
    try server.pipeline((0..<10_000).map { ["EXPIRE", "key:\($0)", "\(1_000 + $0)"] })
    let harness = try await Harness.scanned(server)
    let query = ExpiryQuery(sweepLimit: 4_000)
    let first = try await harness.finished(query)
    #expect(first.progress.sampledFrom == 20_000)
    #expect((3_600...4_400).contains(first.progress.total), "\(first.progress)")
    #expect(first.order.known == first.progress.total)
    #expect((1_700...2_300).contains(first.order.count))
    #expect(harness.commands["PEXPIRETIME"] == first.progress.total)
    let naive = try NaiveExpiry(server)
    #expect(first.entries.allSatisfy { naive.deadlines[$0.name] == $0.deadline })
    _ = await harness.store.answer(.endExpiry)
    let second = try await harness.finished(query)
    #expect(second.entries == first.entries && second.order.persistent == first.order.persistent)
    // A few new keys leave the part as it is.
    _ = await harness.store.answer(.endExpiry)
    try server.populate(20_500)
    _ = await harness.store.answer(.rescan)
    _ = try await harness.scanEnd()
    let third = try await harness.finished(query)
    #expect(third.progress.sampledFrom == 20_500)
    // Somewhat fewer of the old ones, and no others.
    #expect(Set(third.entries.map(\.name)).isSubset(of: first.entries.map(\.name)))
    #expect(third.order.count > first.order.count * 9 / 10)
  }

  // MARK: - Sparing the server

  @Test("what was read a moment ago is not read again: the database, and each folder of it")
  func fresh() async throws {
    let server = try TestServer()
    try Self.seed(server)
    let harness = try await Harness.scanned(server)
    let query = ExpiryQuery()
    let folder = ExpiryQuery(scope: KeyScope(prefix: Array("session:".utf8)))
    let readAt = try #require(try await harness.finished(query).progress.readAt)
    let asked = try await harness.askedAtRest()
    for query in [query, folder, query, folder, query] {
      _ = await harness.store.answer(.endExpiry)
      let report = try await harness.finished(query)
      #expect(report.progress.readAt == readAt)
      expect(report, equals: try NaiveExpiry(server) { query.scope.contains($0) })
    }
    #expect(try await harness.askedAtRest() == asked)
    // Nothing is known of a database that was selected anew.
    _ = await harness.store.answer(.endExpiry)
    _ = await harness.store.answer(.select(database: 0))
    _ = try await harness.scanEnd()
    try await harness.finished(query)
    #expect(harness.asked > asked)
  }

  @Test("that all is read is newer than any report from before, in whatever order the two arrive")
  func versions() async throws {
    let server = try TestServer()
    try Self.seed(server)
    let harness = try await Harness.scanned(server)
    harness.forgetNotices()
    let before = try await harness.report().progress
    #expect(before.phase == .reading)
    #expect(await eventually { harness.lastExpiry?.phase == .done })
    let told = try #require(harness.lastExpiry)
    #expect(told.number > before.number)
    let after = try await harness.report().progress
    #expect(after.number > told.number && after.phase == .done)
    // Opened again nothing is left to be read.
    _ = await harness.store.answer(.endExpiry)
    let again = try await harness.report().progress
    #expect(again.number > after.number && again.phase == .done)
  }

  @Test("a pause stops the questions, and going on finishes")
  func pause() async throws {
    let server = try TestServer()
    try server.populate(100_000)
    let harness = try await Harness.scanned(server)
    _ = try await harness.report()
    _ = await harness.store.answer(.pauseScan(true))
    let sent = try await harness.askedAtRest()
    #expect(sent < 100_000)
    let paused = try await harness.report()
    #expect(paused.progress.phase == .reading && paused.progress.known < 100_000)
    // On and off and on again at once.
    for _ in 0..<20 {
      _ = await harness.store.answer(.pauseScan(false))
      _ = await harness.store.answer(.pauseScan(true))
    }
    _ = await harness.store.answer(.pauseScan(false))
    let report = try await harness.finished()
    #expect(report.order.persistent == 100_000)
  }

  @Test("leaving stops the questions")
  func leaving() async throws {
    let server = try TestServer()
    try server.populate(100_000)
    let harness = try await Harness.scanned(server)
    _ = try await harness.report()
    _ = await harness.store.answer(.endExpiry)
    let sent = try await harness.askedAtRest()
    #expect(sent < 100_000)
    // What was begun is gone on with, not begun again.
    let report = try await harness.finished()
    #expect(report.order.persistent == 100_000)
  }

  @Test("leaving and coming back at once ends in a report")
  func comingBack() async throws {
    let server = try TestServer()
    try Self.seed(server)
    let harness = try await Harness.scanned(server)
    let scopes = [KeyScope(), KeyScope(prefix: Array("session:".utf8)), KeyScope(prefix: Array("kept:".utf8))]
    for round in 0..<60 {
      let query = ExpiryQuery(scope: scopes[round % 3])
      let asked = Task { await harness.store.answer(.expiry(query)) }
      if round % 2 == 0 { _ = await harness.store.answer(.endExpiry) }
      _ = await asked.value
    }
    let query = ExpiryQuery(scope: scopes[1])
    expect(try await harness.finished(query), equals: try NaiveExpiry(server) { scopes[1].contains($0) })
  }

  @Test("the server is never held up, and left alone when all is read")
  func load() async throws {
    let server = try TestServer()
    try server.populate(50_000)
    try server.pipeline((0..<50_000).map { ["EXPIRE", "key:\($0)", "\(1_000 + $0)"] })
    let harness = try await Harness.scanned(server)
    try server.pipeline([["CONFIG", "SET", "slowlog-log-slower-than", "10000"], ["SLOWLOG", "RESET"]])
    let report = try await harness.finished()
    #expect(report.order.count == 50_000)
    #expect(try server.cli("SLOWLOG", "LEN") == "0")
    #expect(harness.commands["PEXPIRETIME"] == 50_000)
    // The time left of some, once, to learn the server's time.
    #expect(harness.commands["PTTL", default: 0] <= 900)
    let asked = try await harness.askedAtRest()
    let all = harness.commands
    // Far more than one round of looking after what comes near.
    try await Task.sleep(for: .seconds(3))
    #expect(harness.asked == asked && harness.commands == all)
  }
}
