import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// What other clients do while the monitor is open.
@Suite("Expiry monitor and other clients", .serialized, .timeLimit(.minutes(5))) struct ExpiryChangeTests {
  private static func deadlines(_ report: ExpiryReport) -> [KeyName: Int64] {
    Dictionary(report.entries.map { ($0.name, $0.deadline) }, uniquingKeysWith: min)
  }

  @Test("what was changed out of sight shows before it would expire; nothing vanishes that was given more time")
  func near() async throws {
    let server = try TestServer()
    let now = try server.serverTime()
    // They come within a minute while the test runs.
    try server.pipeline((0..<60).map { ["SET", "near:\($0)", "v", "PXAT", "\(now + 75_000 + Int64($0))"] })
    try server.pipeline((0..<60).map { ["SET", "soon:\($0)", "v", "PXAT", "\(now + 25_000 + Int64($0))"] })
    try server.pipeline((0..<60).map { ["SET", "late:\($0)", "v", "PXAT", "\(now + 900_000 + Int64($0))"] })
    let harness = try await Harness.scanned(server)
    #expect(try await harness.finished().order.count == 180)
    let names = Set(try await harness.names())
    var changes: [[String]] = []
    for folder in ["near", "soon"] {
      for number in 0..<10 {
        changes += [
          ["PEXPIREAT", "\(folder):\(number)", "\(now + 700_000)"], ["PERSIST", "\(folder):1\(number)"],
          ["DEL", "\(folder):2\(number)"], ["RENAME", "\(folder):3\(number)", "renamed:\(folder):3\(number)"],
        ]
      }
    }
    try server.pipeline(changes)
    let kept = Set((0..<10).flatMap { [KeyName("soon:\($0)"), KeyName("near:\($0)")] })
    let report = try await harness.report { report in
      let told = Self.deadlines(report)
      #expect(kept.isSubset(of: told.keys))
      #expect(Set(told.keys).count == report.order.count)
      return report.order.count == 60 + 10 + 30 && report.order.persistent == 20
    }
    expect(report, equals: try NaiveExpiry(server) { names.contains($0) })
    // The new names are found as R finds them.
    _ = await harness.store.answer(.rescan)
    _ = try await harness.scanEnd()
    expect(try await harness.finished(), equals: try NaiveExpiry(server))
  }

  @Test("what comes within a minute is read once more, however much it is")
  func stampedeComesNear() async throws {
    let server = try TestServer()
    try server.populate(10_000)
    let harness = try await Harness.scanned(server)
    let deadline = try server.serverTime() + 75_000
    // More than a round has, in one millisecond.
    try server.pipeline((0..<10_000).map { ["PEXPIREAT", "key:\($0)", "\(deadline + Int64($0 < 7_000 ? 0 : $0))"] })
    try await harness.finished()
    #expect(harness.commands["PEXPIRETIME"] ?? 0 >= 10_000)
    #expect(await eventually { (harness.commands["PEXPIRETIME"] ?? 0) >= 20_000 })
    _ = try await harness.askedAtRest()
    #expect(harness.commands["PEXPIRETIME"] == 20_000)
    #expect(harness.commands["TYPE"] == nil)
  }

  @Test("what is read for the screen, and what is pushed of it, is in the order at once", arguments: [true, false])
  func screen(isPushed: Bool) async throws {
    let server = try TestServer()
    let now = try server.serverTime()
    try server.pipeline((0..<100).map { ["SET", "k:\($0)", "v", "PXAT", "\(now + 900_000 + Int64($0))"] })
    let harness = try await Harness.scanned(server, version: isPushed ? .automatic : .resp2)
    try await harness.finished()
    if isPushed { _ = try await harness.facts("k:1", "k:2", "k:3", "k:4") }
    harness.forgetNotices()
    try server.pipeline([
      ["PEXPIREAT", "k:1", "\(now + 500_000)"], ["PERSIST", "k:2"], ["PEXPIREAT", "k:3", "\(now + 2_000_000)"],
      ["DEL", "k:4"],
    ])
    if !isPushed { _ = try await harness.facts("k:1", "k:2", "k:3") }
    let gone = isPushed ? 1 : 0
    let report = try await harness.report {
      $0.order[0].name == "k:1" && $0.order.persistent == 1 && $0.order.count == 99 - gone
    }
    #expect(report.order[98 - gone].name == "k:3")
    #expect(await eventually { harness.lastExpiry != nil })
    guard isPushed else { return }
    expect(report, equals: try NaiveExpiry(server))
  }

  @Test("keys that an undo brings back are in the order again, and in the list")
  func undo() async throws {
    let server = try TestServer()
    let now = try server.serverTime()
    try server.pipeline((0..<50).map { ["SET", "k:\($0)", "v", "PXAT", "\(now + 900_000 + Int64($0))"] })
    let harness = try await Harness.scanned(server)
    try await harness.finished()
    let edits = (0..<20).map {
      Edit(
        key: KeyName("k:\($0)"), change: .deleteKey(keepsCopy: true), presence: .present(.string), database: 0,
        session: 1)
    }
    guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: edits))) else {
      throw TestFailure("not written")
    }
    #expect(report.items.allSatisfy { $0.outcome.isApplied }, "\(report)")
    _ = await harness.store.answer(.forget(edits.map(\.key)))
    #expect(try await harness.report().order.count == 30)
    guard case .written(let undone) = await harness.store.answer(.undo(.normal)) else {
      throw TestFailure("not undone")
    }
    #expect(undone.items.count == 20)
    expect(try await harness.report { $0.order.count == 50 }, equals: try NaiveExpiry(server))
    #expect(try await harness.names().count == 50)
  }

  @Test("folders without TTLs follow where as many keys came as went")
  func folders() async throws {
    let server = try TestServer()
    try server.pipeline((0..<10).map { ["SET", "a:\($0)", "v"] } + [["SET", "b:0", "v", "EX", "1000"]])
    let harness = try await Harness.scanned(server)
    #expect(try await harness.settled().persistentFolders == [PrefixCount(prefix: "a:", count: 10)])
    try server.pipeline([["EXPIRE", "a:0", "1000"], ["PERSIST", "b:0"]])
    harness.forgetNotices()
    _ = try await harness.facts("a:0", "b:0")
    #expect(await eventually { harness.lastExpiry != nil })
    #expect(
      try await harness.settled().persistentFolders
        == [PrefixCount(prefix: "a:", count: 9), PrefixCount(prefix: "b:", count: 1)])
  }

  @Test("R keeps what is known until it is read again, adds what is new, drops what is gone")
  func rescan() async throws {
    let server = try TestServer()
    try ExpiryTests.seed(server)
    try server.populate(30_000)
    let harness = try await Harness.scanned(server)
    let old = try await harness.finished()
    try server.pipeline(
      (0..<500).map { ["SET", "new:\($0)", "v", "EX", "2000"] } + (0..<300).map { ["DEL", "late:\($0)"] }
        + (0..<400).map { ["EXPIRE", "cart:user:\($0)", "5000"] })
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    #expect(try await harness.report().progress.phase == .rereading)
    var isSeen = false
    let report = try await harness.report { report in
      isSeen = isSeen || report.progress.phase == .rereading && report.progress.known > 0
      #expect(report.order.known >= old.order.known - 300)
      return report.progress.phase == .done
    }
    let told = harness.notices.compactMap { notice -> ExpiryProgress? in
      if case .expiry(let progress) = notice { progress } else { nil }
    }
    #expect(isSeen || told.contains { $0.phase == .rereading && $0.known > 0 })
    #expect(told.last?.phase == .done)
    expect(report, equals: try NaiveExpiry(server))
    #expect((report.progress.readAt ?? 0) > (old.progress.readAt ?? 0))
  }

  @Test("R in the middle of a reading ends in all of it", arguments: [0, 1, 2, 3])
  func rescanWhileReading(_ number: Int) async throws {
    let server = try TestServer()
    try server.populate(30_000)
    let harness = try await Harness.scanned(server)
    _ = try await harness.report()
    for _ in 0..<number * 3 {
      _ = await harness.store.answer(.rescan)
      _ = try await harness.report()
    }
    try server.pipeline([["SET", "new", "v", "EX", "1000"]])
    _ = await harness.store.answer(.rescan)
    expect(try await harness.finished(), equals: try NaiveExpiry(server))
  }

  /// Random changes by another client all the time: nothing is ever in the order twice, nor counted twice.
  @Test(arguments: [UInt64(3), 4]) func churn(seed: UInt64) async throws {
    let server = try TestServer()
    let now = try server.serverTime()
    try server.pipeline((0..<3_000).map { ["SET", "k:\($0)", "v", "PXAT", "\(now + 61_000 + Int64($0))"] })
    let harness = try await Harness.scanned(server)
    try await harness.finished()
    let isOver = Mutex(false)
    let client = Task {
      try await Aside.run {
        var random = Seeded(state: seed)
        while !isOver.withLock({ $0 }) {
          try server.pipeline(
            (0..<30).map { _ in
              let key = "k:\(Int.random(in: 0..<3_300, using: &random))"
              return switch Int.random(in: 0..<6, using: &random) {
              case 0: ["PERSIST", key]
              case 1: ["DEL", key]
              case 2: ["PEXPIRE", key, "\(Int.random(in: 1...4_000, using: &random))"]
              case 3: ["RENAME", key, "k:\(Int.random(in: 0..<3_300, using: &random))"]
              case 4: ["SET", key, "v"]
              default: ["SET", key, "v", "PX", "\(Int.random(in: 1...100_000, using: &random))"]
              }
            })
        }
      }
    }
    var random = Seeded(state: seed &+ 100)
    for round in 0..<150 {
      let report = try await harness.report()
      let entries = report.entries
      #expect(Set(entries.map(\.name)).count == entries.count)
      #expect(zip(entries, entries.dropFirst()).allSatisfy { ($0.deadline, $0.name) < ($1.deadline, $1.name) })
      #expect(report.order.persistent >= 0)
      // A screen of it, which is pushed from then on.
      let first = entries.isEmpty ? 0 : Int.random(in: 0..<entries.count, using: &random)
      _ = await harness.store.answer(.facts(entries[first...].prefix(40).map(\.name)))
      if round % 50 == 49 { _ = await harness.store.answer(.rescan) }
    }
    isOver.withLock { $0 = true }
    try await client.value
    // What is about to expire has expired, so that both see the same.
    try server.pipeline((0..<3_300).map { ["EXPIRE", "k:\($0)", "5000", "LT"] })
    _ = await harness.store.answer(.rescan)
    _ = try await harness.scanEnd()
    let isSame = try await Eventually.until {
      _ = try await harness.finished()
      let naive = try NaiveExpiry(server)
      let report = try await harness.report()
      return report.entries.map(\.name) == naive.entries.map(\.name)
        && naive.entries.first.map {
          $0.deadline > (try? server.serverTime()) ?? 0 + 100
        } ?? true
    }
    #expect(isSame)
  }
}
