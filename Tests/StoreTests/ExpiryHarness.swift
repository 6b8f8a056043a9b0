import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

extension Harness {
  /// A scanned database, after the store knows who it talks to: what is read from then on is read once.
  static func scanned(
    _ server: TestServer, user: String? = nil, database: Int = 0, version: Endpoint.ProtocolPreference = .automatic,
    through proxy: FaultProxy? = nil
  ) async throws -> Harness {
    let harness = try await Harness(
      server, user: user, password: user.map { _ in "pw" }, database: database, version: version, through: proxy)
    guard await eventually({ await harness.isGreeted }) else { throw TestFailure("not greeted") }
    try await harness.scan(database)
    return harness
  }

  var isGreeted: Bool { get async { await store.isGreeted } }

  var lastExpiry: ExpiryProgress? {
    notices.reversed().lazy.compactMap { if case .expiry(let progress) = $0 { progress } else { nil } }.first
  }

  func report(_ query: ExpiryQuery = ExpiryQuery()) async throws -> ExpiryReport {
    let answer = await store.answer(.expiry(query))
    guard case .expiry(let report) = answer else { throw TestFailure("no report: \(answer)") }
    return report
  }

  /// The report once it fulfils the condition: by itself, that all is read.
  @discardableResult
  func report(
    _ query: ExpiryQuery = ExpiryQuery(), seconds: Double = 180,
    when condition: (ExpiryReport) throws -> Bool
  ) async throws -> ExpiryReport {
    var last: ExpiryReport?
    let isThere = try await Eventually.until(seconds: seconds) {
      let report = try await self.report(query)
      last = report
      return try condition(report)
    }
    guard isThere, let last else { throw TestFailure("it stays at \(String(describing: last?.progress))") }
    return last
  }

  @discardableResult
  func finished(_ query: ExpiryQuery = ExpiryQuery()) async throws -> ExpiryReport {
    try await report(query) { $0.progress.phase == .done }
  }

  /// The report after which nothing new is told: as the screen does it, another one is only asked for where the
  /// version that is told is another.
  func settled(_ query: ExpiryQuery = ExpiryQuery()) async throws -> ExpiryReport {
    var report = try await finished(query)
    while await Eventually.until(
      seconds: 3, { () async in lastExpiry.map { $0.version != report.progress.version } ?? false })
    {
      report = try await self.report(query)
      forgetNotices()
    }
    return report
  }

  /// Questions for deadlines that the store has sent.
  var asked: Int { commands["PEXPIRETIME", default: 0] + commands["PTTL", default: 0] }

  /// Returns how many questions have been sent once no more are.
  func askedAtRest() async throws -> Int {
    var last = -1
    // What is on its way is still answered.
    guard
      await eventually({
        let now = asked
        defer { last = now }
        try? await Task.sleep(for: .milliseconds(300))
        return now == last
      })
    else { throw TestFailure("no rest: \(commands)") }
    return last
  }
}

extension ExpiryReport {
  var entries: [ExpiryIndex.Entry] { (0..<order.count).map { order[$0] } }
}

extension TestServer {
  /// From now on the server keeps what it is asked.
  func listen() throws {
    try cli("CONFIG", "SET", "slowlog-max-len", "1000000")
    try cli("CONFIG", "SET", "slowlog-log-slower-than", "0")
    try cli("SLOWLOG", "RESET")
  }

  /// Every command that the store's connections have sent since ``listen()``.
  func heard() throws -> [[KeyName]] {
    guard case .array(let entries?) = try pipeline([["SLOWLOG", "GET", "1000000"]])[0] else { return [] }
    return entries.compactMap { entry in
      guard case .array(let parts?) = entry, parts.count >= 6, case .array(let words?) = parts[3],
        case .bulk(let client?) = parts[5], client.starts(with: Array("keyglass".utf8))
      else { return nil }
      return words.map { if case .bulk(let bytes?) = $0 { KeyName(bytes) } else { KeyName($0.text) } }
    }
  }

  func serverTime() throws -> Int64 {
    let time = try cli("TIME").split(separator: "\n").compactMap { Int64($0) }
    return time[0] * 1000 + time[1] / 1000
  }
}

/// Says where a report is not what a naive program finds. Deadlines that only PTTL tells may be off by some time.
func expect(
  _ report: ExpiryReport, equals naive: NaiveExpiry, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let order = report.order
  let (ours, theirs) = (report.entries, naive.entries)
  #expect(order.count == theirs.count, comment, sourceLocation: sourceLocation)
  #expect(order.persistent == naive.persistent.count, comment, sourceLocation: sourceLocation)
  guard ours.count == theirs.count else { return }
  if naive.isRough {
    let told = Dictionary(ours.map { ($0.name, $0.deadline) }, uniquingKeysWith: min)
    for entry in theirs {
      guard let deadline = told[entry.name], abs(deadline - entry.deadline) < 5_000 else {
        Issue.record("\(entry) is \(told[entry.name] ?? -1)", sourceLocation: sourceLocation)
        return
      }
    }
    #expect(zip(ours, ours.dropFirst()).allSatisfy { $0.deadline <= $1.deadline }, sourceLocation: sourceLocation)
    return
  }
  for (our, their) in zip(ours, theirs) where our.name != their.name || our.deadline != their.deadline {
    Issue.record("\(our) is not \(their): \(comment ?? "")", sourceLocation: sourceLocation)
    return
  }
  var times: Set<Int64> = [.min, 0, .max]
  for entry in theirs { times.formUnion([entry.deadline, entry.deadline + 1]) }
  // Both in one pass: so many searches of the naive kind would take minutes.
  var place = 0
  for time in times.sorted() {
    while place < theirs.count, theirs[place].deadline < time { place += 1 }
    guard order.count(before: time) == place else {
      Issue.record("\(order.count(before: time)) before \(time), not \(place)", sourceLocation: sourceLocation)
      return
    }
  }
  let now = report.clock.serverTime(at: MonotonicClock.now())
  for moment in [now, now + 31_001, now + 590_000, now + 3_000_000] {
    let distribution = ExpiryDistribution(
      serverTime: moment, volatile: order.count, persistent: order.persistent, countBefore: order.count(before:))
    let counts = naive.distribution(at: moment)
    #expect(
      ExpiryDistribution.Class.allCases.map { distribution[$0] }
        == ExpiryDistribution.Class.allCases.map { counts[$0] ?? 0 }, comment, sourceLocation: sourceLocation)
    #expect(distribution.due == naive.count(before: moment + 1), comment, sourceLocation: sourceLocation)
    for scale in ExpiryTimeline.Scale.allCases {
      for offset in [0, 3 * 3_600_000] as [Int64] {
        let timeline = ExpiryTimeline(
          scale, serverTime: moment, localOffset: offset, countBefore: order.count(before:))
        #expect(
          timeline.counts == naive.timeline(scale, at: moment, localOffset: offset), comment,
          sourceLocation: sourceLocation)
      }
    }
  }
}
