import Keyspace
import PrivateServer
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// TTLs of many keys on a real server: what others do meanwhile, what is told, and the way back.
@Suite("TTLs of many keys", .serialized) struct BulkTTLTests {
  typealias Way = WriteHarness.Way
  static let deadline: Int64 = 4_102_444_800_000

  /// Keys `s:0` … with deadlines a second apart; every tenth has none.
  private static func fill(_ count: Int, _ harness: WriteHarness) throws -> [KeyName] {
    var batch = ServerBatch()
    for index in 0..<count {
      batch.add(["SET", "s:\(index)", "v"])
      if index % 10 != 9 { batch.add(["PEXPIREAT", "s:\(index)", String(deadline + Int64(index) * 1_000)]) }
    }
    try harness.server.pipeline(batch)
    return (0..<count).map { KeyName("s:\($0)") }
  }

  /// What the keys are, as the plan sees them, and one edit for each: guarded by what was seen.
  private static func edits(
    _ names: [KeyName], _ harness: WriteHarness, _ expiry: (Int, Deadline) -> Expiry
  ) async -> [Edit] {
    guard case .survey(let survey) = await harness.store.answer(.survey(names, beforeDestroying: false)) else {
      return []
    }
    return survey.facts.enumerated().compactMap { index, fact in
      guard let type = fact.type.value.flatMap({ $0 }), let seen = fact.deadline.value else { return nil }
      return harness.edit(fact.name, .present(type), .expiry(from: seen, to: expiry(index, seen)))
    }
  }

  private static func write(_ edits: [Edit], _ harness: WriteHarness) async -> WriteReport {
    guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: edits))) else {
      return WriteReport(id: 0, kind: .edit, items: [])
    }
    return report
  }

  private static func back(_ harness: WriteHarness, isRedo: Bool = false) async -> WriteReport? {
    guard case .written(let report) = await harness.store.answer(isRedo ? .redo() : .undo()) else { return nil }
    return report
  }

  private static func deadlines(_ names: [KeyName], _ harness: WriteHarness) throws -> [Int64?] {
    try names.map { try harness.deadline($0) }
  }

  /// Between plan and write keys expire, are deleted, extended, made persistent, and of another type.
  private func others(_ way: Way, binary: String?, tolerance: Int64) async throws {
    let harness = try await WriteHarness(TestServer(binary: binary), way)
    let names = try Self.fill(200, harness)
    let edits = await Self.edits(names, harness) { index, _ in .after(10_000_000 + Int64(index) * 1_000) }
    #expect(edits.count == 200)
    try harness.redis("DEL", "s:3")
    try harness.redis("PEXPIREAT", "s:70", "1")
    try harness.redis("PEXPIRE", "s:71", "1")
    #expect(await eventually { (try? harness.redis("EXISTS", "s:71")) == "0" })
    try harness.redis("PEXPIREAT", "s:4", String(Self.deadline + 777_000))
    try harness.redis("PEXPIREAT", "s:139", String(Self.deadline + 888_000))
    try harness.redis("PERSIST", "s:5")
    try harness.redis("DEL", "s:6")
    try harness.redis("LPUSH", "s:6", "x")
    let before = try Self.deadlines(names, harness)
    let report = await Self.write(edits, harness)
    #expect(report.items.count == 200 && report.untried == 0 && report.noUndo == nil)
    for (index, item) in report.items.enumerated() {
      let mark = Comment(rawValue: "\(index): \(item.outcome)")
      let now = try harness.deadline(names[index])
      switch index {
      case 3, 70, 71:
        #expect(item.outcome == .gone, mark)
        #expect(try harness.redis("EXISTS", "s:\(index)") == "0")
      case 4, 139:
        guard case .conflict(.deadline(.at(let told))) = item.outcome else { Issue.record(mark); continue }
        #expect(abs(told - (before[index] ?? 0)) <= tolerance && abs((now ?? 0) - told) <= tolerance, mark)
      case 5:
        #expect(item.outcome == .conflict(.deadline(.persistent)), mark)
        #expect(now == -1)
      case 6:
        #expect(item.outcome == .typeChanged(.list), mark)
        #expect(now == -1)
      default:
        #expect(item.outcome.isDone, mark)
        #expect((now ?? 0) < Self.deadline && now ?? 0 > 0, mark)
      }
    }
    // The spread is what was planned: a second between neighbours, however long sending took.
    let left = try Int64(harness.redis("PTTL", "s:199")) ?? 0
    #expect(left > 10_000_000 && left <= 10_199_000)
    let after = try Self.deadlines(names, harness)
    let undone = await Self.back(harness)
    #expect(undone?.items.count == 193 && undone?.items.allSatisfy { $0.outcome.isDone } == true)
    #expect(undone?.noUndo == nil)
    for (old, new) in zip(before, try Self.deadlines(names, harness)) {
      #expect(abs((old ?? -9) - (new ?? -9)) <= tolerance)
    }
    let redone = await Self.back(harness, isRedo: true)
    #expect(redone?.items.count == 193 && redone?.items.allSatisfy { $0.outcome.isDone } == true)
    for (old, new) in zip(after, try Self.deadlines(names, harness)) {
      #expect(abs((old ?? -9) - (new ?? -9)) <= tolerance)
    }
  }

  @Test("what others did between plan and write stands", arguments: Way.allCases)
  func othersMeanwhile(way: Way) async throws { try await others(way, binary: nil, tolerance: 0) }

  /// Before Redis 7.0 a deadline is known to a few ms, and guarded to a second.
  @Test(
    "the same on other servers", .enabled(if: !OtherServers.binaries.isEmpty, "no other servers here"),
    arguments: OtherServers.binaries, [Way.script3, .watch])
  func othersMeanwhileElsewhere(binary: String, way: Way) async throws {
    try await others(way, binary: binary, tolerance: 1_000)
  }

  @Test("a folder that is called like a glob is its own keys", arguments: ["a*b:", "[x]:", "?:", "*:", "a\\*b:"])
  func globs(prefix: String) async throws {
    let harness = try await WriteHarness(TestServer())
    let names = ["a*b:1", "aXb:1", "ab:1", "a\\*b:1", "[x]:1", "x:1", "?:1", "y:1", "*:1", "*:2"]
    for name in names { try harness.redis("SET", name, "v") }
    guard case .selected = await harness.store.answer(.select(database: 0)) else { throw TestFailure("not selected") }
    let wanted = names.filter { $0.hasPrefix(prefix) }.map { KeyName($0) }.sorted()
    let request = Request.names(ListQuery(), prefix: Array(prefix.utf8), limit: 10)
    let expected = NameList(names: wanted, count: wanted.count, isComplete: true)
    #expect(
      await eventually {
        if case .names(let list) = await harness.store.answer(request) { list == expected } else { false }
      })
    let report = await Self.write(await Self.edits(wanted, harness) { _, _ in .after(1_000_000) }, harness)
    #expect(report.items.count == wanted.count && report.items.allSatisfy { $0.outcome.isDone })
    for name in names {
      #expect((try harness.redis("PTTL", name) == "-1") == !name.hasPrefix(prefix), "\(name)")
    }
  }

  @Test func namesKnowWhetherTheyAreAll() async throws {
    let server = try TestServer()
    try server.populate(300)
    try server.cli("LPUSH", "key:list", "1")
    let harness = try await Harness(server)
    func names(_ query: ListQuery = ListQuery(), limit: Int = 1_000) async -> NameList? {
      let answer = await harness.store.answer(.names(query, prefix: Array("key:".utf8), limit: limit))
      if case .names(let list) = answer { return list } else { return nil }
    }
    #expect(await names() == NameList(names: [], count: 0, isComplete: false))
    try await harness.scan()
    let all = await names()
    #expect(all?.count == 301 && all?.names.count == 301 && all?.isComplete == true)
    #expect(await names(limit: 300) == NameList(names: [], count: 301, isComplete: true))
    // Types that are not known yet: more lists may be among them.
    #expect(await names(ListQuery(kind: .list))?.isComplete == false)
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    #expect(
      await eventually {
        await names(ListQuery(kind: .list)) == NameList(names: [KeyName("key:list")], count: 1, isComplete: true)
      })
  }

  /// Many keys are read without their sizes, and one is told how far it is.
  @Test func aSurveyOfManyIsCheapAndTold() async throws {
    let server = try TestServer()
    try server.populate(1_200)
    let harness = try await Harness(server)
    let names = (0..<1_201).map { KeyName("key:\($0)") }
    guard case .survey(let survey) = await harness.store.answer(.survey(names, beforeDestroying: false)) else {
      Issue.record("no survey")
      return
    }
    #expect(survey.facts.map(\.name) == names)
    #expect(survey.facts.prefix(1_200).allSatisfy { $0.type == .known(.string) && $0.deadline == .known(.persistent) })
    #expect(survey.facts.last?.isGone == true)
    #expect(harness.notices.contains(.surveying(done: 1_000, of: 1_201)))
    #expect(harness.commands["MEMORY USAGE"] == nil && harness.commands["MEMORY"] == nil)
  }

  /// Before the third batch another client extends a key of it: that one is told, the others are written.
  @Test(arguments: [Way.script3, .watch]) func othersInTheMiddle(way: Way) async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await WriteHarness(server, way, through: proxy.address)
    let names = try Self.fill(200, harness)
    let edits = await Self.edits(names, harness) { _, _ in .after(10_000_000) }
    let batches = Mutex(0)
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        guard Self.selects(piece) else { return nil }
        let number = batches.withLock {
          $0 += 1; return $0
        }
        if number == 3 {
          _ = try? server.cli("PEXPIREAT", "s:190", "4102444999999")
          _ = try? server.cli("DEL", "s:191")
        }
        return nil
      }
    }
    let report = await Self.write(edits, harness)
    #expect(report.items.count == 200)
    for (index, item) in report.items.enumerated() {
      switch index {
      case 190: #expect(item.outcome == .conflict(.deadline(.at(4_102_444_999_999))))
      case 191: #expect(item.outcome == .gone)
      default: #expect(item.outcome.isDone, "\(index): \(item.outcome)")
      }
    }
    #expect(try harness.deadline(names[190]) == 4_102_444_999_999)
  }

  private static func selects(_ piece: [UInt8]) -> Bool {
    String(decoding: piece.prefix(100), as: UTF8.self).contains("\r\nSELECT\r\n")
  }

  /// The connection breaks in the third batch: what was done is told as done, the rest as not tried, nothing is sent twice.
  @Test(arguments: [true, false]) func aConnectionThatBreaks(isReplyLost: Bool) async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await WriteHarness(server, through: proxy.address)
    let names = try Self.fill(300, harness)
    let old = try Self.deadlines(names, harness)
    let edits = await Self.edits(names, harness) { index, _ in .at(Self.deadline + 5_000_000 + Int64(index)) }
    let batches = Mutex(0)
    let isCut = Mutex(false)
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        if Self.selects(piece) { batches.withLock { $0 += 1 } }
        guard batches.withLock({ $0 }) == 3, String(decoding: piece, as: UTF8.self).contains("EVAL"),
          isCut.withLock({
            $0
              ? false
              : {
                $0 = true; return true
              }(&$0)
          })
        else { return nil }
        // Whole commands of the batch's first piece may arrive; or all of it, and the reply is lost.
        return isReplyLost ? nil : piece.count / 2
      }
    }
    if isReplyLost {
      proxy.set(.toClient) {
        $0.onPiece = { piece, _ in
          guard isCut.withLock({ $0 }), String(decoding: piece.prefix(40), as: UTF8.self).contains("done") else {
            return nil
          }
          return 0
        }
      }
    }
    let report = await Self.write(edits, harness)
    proxy.heal()
    #expect(report.items.count + report.untried == 300)
    #expect(report.untried == 300 - 192, "\(report.items.count)")
    let now = try Self.deadlines(names, harness)
    for (index, item) in report.items.enumerated() {
      let isNew = now[index] == Self.deadline + 5_000_000 + Int64(index)
      let mark = Comment(rawValue: "\(index): \(item.outcome), \(isNew)")
      #expect(item.outcome.isApplied == isNew, mark)
      #expect(isNew || now[index] == old[index], mark)
      if index < 128 { #expect(item.outcome.isDone, mark) }
    }
    #expect(Array(now.suffix(108)) == Array(old.suffix(108)))
    // What was done is taken back as one.
    let applied = report.items.count(where: \.outcome.isApplied)
    #expect(
      await eventually {
        let undone = await Self.back(harness)
        return undone?.items.count(where: \.outcome.isApplied) == applied
      })
    #expect(try Self.deadlines(names, harness) == old)
  }

  /// Stopping ends behind the batch that is on its way: nothing is left in doubt, and the connection stays.
  @Test func stoppingLeavesNothingInDoubt() async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await WriteHarness(server, through: proxy.address)
    let names = try Self.fill(300, harness)
    let edits = await Self.edits(names, harness) { _, _ in .after(10_000_000) }
    let batches = Mutex(0)
    let isStopped = Flag()
    let store = harness.store
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        guard Self.selects(piece),
          batches.withLock({
            $0 += 1; return $0
          }) == 2
        else { return nil }
        Task {
          _ = await store.answer(.stopWriting)
          isStopped.raise()
        }
        _ = Eventually.until { isStopped.isUp }
        return nil
      }
    }
    let report = await Self.write(edits, harness)
    #expect(report.items.count == 128 && report.untried == 172)
    #expect(report.items.allSatisfy { $0.outcome.isDone })
    let undone = await Self.back(harness)
    #expect(undone?.items.count == 128 && undone?.items.allSatisfy { $0.outcome.isDone } == true)
    let clients = try server.cli("CLIENT", "LIST").split(separator: "\n").count { $0.contains("keyglass-write") }
    #expect(clients == 1)
  }

  /// The script goes out once a batch, then its digest; where that is not taken, the script, and nothing runs twice.
  @Test(arguments: [["+@all"], ["+@all", "-evalsha"], ["+@all", "-eval"]]) func scriptsByDigest(rights: [String])
    async throws
  {
    let harness = try await WriteHarness(TestServer(), rights: rights)
    let names = try Self.fill(200, harness)
    let edits = await Self.edits(names, harness) { _, _ in .after(10_000_000) }
    try harness.redis("CONFIG", "RESETSTAT")
    let report = await Self.write(edits, harness)
    #expect(report.items.count == 200 && report.items.allSatisfy { $0.outcome.isDone })
    let stats = try harness.redis("INFO", "commandstats")
    func calls(_ name: String) -> Int {
      let line = stats.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_\(name):calls=") }
      return line.flatMap { Int($0.split(separator: "=")[1].prefix { $0.isNumber }) } ?? 0
    }
    #expect(calls("pexpire") == 200)
    switch rights.last {
    case "-evalsha": #expect(calls("eval") == 200)
    case "-eval": #expect(calls("exec") == 200)
    default: #expect(calls("eval") == 4 && calls("evalsha") == 196)
    }
  }

  /// Others extend keys while thousands are written: each ends with what its outcome says.
  @Test func amongOthersWhoWrite() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server)
    let names = try Self.fill(2_000, harness)
    let edits = await Self.edits(names, harness) { index, _ in .at(Self.deadline + 9_000_000 + Int64(index)) }
    let isOver = Mutex(false)
    let writer = WorkerThread {
      var random = Seeded(state: 7)
      while !isOver.withLock({ $0 }) {
        let key = "s:\(Int.random(in: 0..<2_000, using: &random))"
        _ = try? server.pipeline(
          [Int.random(in: 0..<3, using: &random) == 0 ? ["DEL", key] : ["PEXPIREAT", key, "4102555555555"]])
      }
    }
    let report = await Self.write(edits, harness)
    isOver.withLock { $0 = true }
    writer.join()
    #expect(report.items.count == 2_000)
    let now = try Self.deadlines(names, harness)
    for (index, item) in report.items.enumerated() {
      let (mine, theirs) = (Self.deadline + 9_000_000 + Int64(index), Int64(4_102_555_555_555))
      let mark = Comment(rawValue: "\(index): \(item.outcome), \(now[index] ?? 0)")
      switch item.outcome {
      case .applied: #expect([mine, theirs, -2].contains(now[index]), mark)
      case .gone: #expect(now[index] == -2, mark)
      case .conflict(.deadline): #expect([theirs, -2].contains(now[index]), mark)
      default: Issue.record(mark)
      }
    }
  }

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isUp: Bool { value.withLock { $0 } }
    func raise() { value.withLock { $0 = true } }
  }
}
