import Canvas
import Keyspace
import TestSupport
import Testing

@testable import App

@Suite("The histogram of ls")
struct HistogramReportTests {
  /// 2026-11-26 10:20:30.500 UTC.
  private static let now: Int64 = 1_795_688_430_500
  private static let utc = LocalTime { _ in 0 }
  private let colon = [UInt8(ascii: ":")]

  private func census(_ keys: [(String, Deadline)], readAt: Int64 = now) -> ExpiryCensus {
    var census = ExpiryCensus(separator: colon, localOffset: 0, seed: 1)
    for (name, deadline) in keys { census.add(KeyName(name), deadline, serverTime: readAt) }
    return census
  }

  private func text(
    _ report: HistogramReport, glyphs: GlyphSet = .unicode, localTime: LocalTime = utc
  ) -> String {
    HistogramReportText(report: report, database: 0, glyphs: glyphs, localTime: localTime).text
  }

  /// A bit of everything, the peak at 10:21:00.
  private var mixed: HistogramReport {
    let now = Self.now
    var keys: [(String, Deadline)] = (0..<90).map { ("session:eu:\($0)", .at(now + 29_600 + $0)) }
    keys += (0..<10).map { ("cache:\($0)", .at(now + 29_700)) }
    keys += (0..<20).map { ("page:\($0)", .at(now + Int64($0) * 150_000 + 1)) }
    keys += (0..<9).map { ("far:\($0)", .at(now + Int64($0) * 5 * 86_400_000 + 90_000_000)) }
    keys += (0..<3).map { ("user:\($0)", .persistent) } + [("single", .persistent), ("late", .at(now - 1))]
    var census = census(keys)
    return census.report(at: now)
  }

  @Test("as text: the classes, the four scales with their highest, what comes at once, and what never goes")
  func asText() {
    #expect(
      text(mixed) == """
        134 keys in database 0, 2026-11-26 10:20:30 by the server's clock
          < 10s            1    0.8%  ▎
          < 1m           100   75.2%  ██████████████████████████████
          < 1h            19   14.3%  █████▋
          < 1d             0      0%
          > 1d             9    6.8%  ██▋
          none             4    3.0%  █▏
          due              1          ran out while the keys were read

        Next 60 s by second: 101 keys, at most 100 in one (10:21:00)
          ▁                             █
          10:20:30       10:20:45       10:21:00       10:21:15

        Next hour by minute: 120 keys, at most 100 in one (10:21)
          ▁█ ▁ ▁  ▁ ▁  ▁ ▁  ▁ ▁  ▁ ▁  ▁ ▁  ▁ ▁  ▁ ▁  ▁ ▁  ▁
          10:20          10:35          10:50          11:05

        Next 24 h by hour: 120 keys, at most 116 in one (2026-11-26 10:00)
          ██▁▁
          10:00       16:00       22:00       04:00

        Next 30 days by day: 129 keys, at most 120 in one (2026-11-26)
          ██▁▁        ▁▁        ▁▁        ▁▁        ▁▁        ▁▁    ▁▁
          2026-11-26    2026-12-03    2026-12-10    2026-12-17      later

        Many at once:
          10:21:00: 100 keys in one second, 90.0% in session:eu:

        Most keys without a TTL:
                      3  user:
                      1  (in no folder)

        """)
  }

  @Test("no line is wider than 80 columns, however many keys, and ASCII is ASCII")
  func width() {
    var report = HistogramReport(
      serverTime: Self.now,
      distribution: ExpiryDistribution(serverTime: Self.now, volatile: 99_999_999, persistent: 99_999_999) { time in
        time > Self.now + 1 ? 99_999_999 : 0
      },
      timelines: ExpiryTimeline.Scale.allCases.map {
        ExpiryTimeline($0, serverTime: Self.now) { time in time > Self.now + 1 ? 99_999_999 : 0 }
      }, withoutTTL: [PrefixCount(prefix: "user:", count: 99_999_999)], isExact: false)
    report.unread = 99_999_999
    #expect(text(report).contains("(at least so many; there are too many folders):"))
    for line in text(report).split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(text(mixed, glyphs: .ascii).utf8.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 0x0a })
  }

  @Test("nothing is said to be nothing")
  func empty() {
    var census = census([])
    let text = text(census.report(at: Self.now))
    for span in ["60 s.", "hour.", "24 h.", "30 days or later."] {
      #expect(text.contains("None in the next \(span)\n"))
    }
    #expect(!text.contains("at once") && !text.contains("without"))
  }

  @Test("times are local, and a day is dated by its middle where the clocks were set")
  func localTime() {
    let kolkata = LocalTime { _ in 19_800_000 }
    #expect(text(mixed, localTime: kolkata).contains("  15:51:00: 100 keys in one second"))
    #expect(Self.utc.date(0) == "1970-01-01" && Self.utc.date(-1) == "1969-12-31" && Self.utc.second(-1) == "23:59:59")
    #expect(Self.utc.date(951_782_400_000) == "2000-02-29" && Self.utc.date(4_107_542_399_999) == "2100-02-28")
    #expect(Self.utc.date(4_107_542_400_000) == "2100-03-01")
    // Counts that began at midnight of summer time, in winter time.
    let winter = LocalTime { $0 < Self.now ? 7_200_000 : 3_600_000 }
    var keys = ExpiryCensus(separator: colon, localOffset: 7_200_000, seed: 1)
    keys.add("a", .at(Self.now + 3 * 86_400_000), serverTime: Self.now)
    #expect(text(keys.report(at: Self.now), localTime: winter).contains("at most 1 in one (2026-11-29)"))
  }

  @Test("as JSON: one object, with the buckets whole")
  func json() {
    let json = mixed.json(database: 3)
    let start =
      #"{"database":3,"server_time_ms":1795688430500,"keys":134,"distribution":{"lt_10s":1,"lt_1m":100,"lt_1h":19,"#
      + #""lt_1d":0,"gt_1d":9,"none":4,"due":1,"unread":0},"timeline":{"second":{"start_ms":1795688430000,"#
      + #""bucket_ms":1000,"counts":[1,0,"#
    #expect(json.hasPrefix(start), "\(json)")
    let end =
      #""stampedes":[{"scale":"second","at_ms":1795688460000,"count":100,"prefix":"session:eu:","prefix_count":90,"#
      + #""densest_at_ms":null,"densest_ms":null,"densest_count":null,"sample":100}],"without_ttl":[{"prefix":"user:","count":3},{"prefix":"","count":1}],"#
      + #""without_ttl_exact":true}"#
    #expect(json.hasSuffix(end), "\(json)")
    #expect(json.matches(of: #/"counts":\[([0-9]+,?)+\]/#).count == 4)
  }

  @Test("a name forges neither a line nor a field")
  func hostile() {
    let name = "\u{1b}[2J\n\",\"x\":\u{202e}:"
    var keys = census(
      (0..<60).map { ("\(name)\($0)", .at(Self.now + 5_000)) } + [("\(name)a", .persistent)])
    let report = keys.report(at: Self.now)
    let lines = text(report).split(separator: "\n")
    #expect(lines.contains { $0.hasSuffix(#"100% in \x1b[2J\x0a","x":\xe2\x80\xae:"#) }, "\(lines)")
    #expect(lines.last == #"              1  \x1b[2J\x0a","x":"#)
    let json = report.json(database: 0)
    let prefix = #""prefix":"\\x1b[2J\\x0a\",\"x\":\\xe2\\x80\\xae:","prefix_base64":"G1sySgoiLCJ4IjrigK46""#
    #expect(json.contains(prefix), "\(json)")
    for bytes in HostileBytes.strings.prefix(1500) {
      var one = ExpiryCensus(separator: colon, localOffset: 0, seed: 1)
      for _ in 0..<30 { one.add(KeyName(bytes + colon), .at(Self.now + 5_000), serverTime: Self.now) }
      one.add(KeyName(bytes + colon), .persistent, serverTime: Self.now)
      let report = one.report(at: Self.now)
      let json = report.json(database: 0)
      #expect(!json.utf8.contains { $0 < 0x20 || $0 == 0x7f })
      let lines = text(report).split(separator: "\n")
      #expect(lines.count == 23, "\(lines)")
      #expect(!text(report).utf8.contains { $0 < 0x20 && $0 != 0x0a || $0 == 0x7f })
    }
  }

  // MARK: - The census

  @Test("counts are of the moment of the report, conditions too, and as a naive program has them")
  func naive() {
    var generator = Seeded(state: 7)
    let readAt = Self.now - 20_000
    let keys: [(String, Deadline)] = (0..<3_000).map { number in
      let left = Int64.random(in: 1...Int64(1) << Int64.random(in: 8...33, using: &generator), using: &generator)
      return ("k:\(number)", number % 5 == 0 ? .persistent : .at(readAt + left))
    }
    let conditions: [TTLCondition?] = [
      nil, .persistent, .left(below: 600_000), .left(above: 60_000), .left(above: 5_000, below: 86_400_000),
    ]
    for condition in conditions {
      var census = census(keys, readAt: readAt)
      #expect(census.count == 3_000)
      let report = census.report(at: Self.now, condition: condition)
      let met = keys.map(\.1).filter { condition?.isMet(by: $0, at: Self.now) ?? true }
      let left = met.compactMap { $0.remaining(at: Self.now) }
      #expect(report.keys == met.count)
      #expect(report.distribution.due == left.count { $0 <= 0 })
      #expect(report.distribution[.minute] == left.count { (10_000..<60_000).contains($0) })
      #expect(report.distribution[.beyond] == left.count { $0 >= 86_400_000 })
      #expect(report.distribution[.none] == met.count { $0 == .persistent })
      #expect(report.withoutTTL.map(\.count) == (condition == nil || condition == .persistent ? [600] : []))
      for timeline in report.timelines {
        for (bucket, count) in timeline.counts.enumerated() {
          let range = timeline.range(of: bucket)
          #expect(count == left.count { $0 > 0 && range.contains($0 + Self.now) })
        }
      }
    }
  }

  @Test("deadlines that no calendar has are counted, and end nothing")
  func extremes() {
    var census = census([("a", .at(.max)), ("b", .at(.max - 1)), ("c", .at(0)), ("d", .at(.min)), ("e", .unknown)])
    let report = census.report(at: Self.now, condition: .left(above: .min))
    #expect(report.distribution[.beyond] == 2 && report.keys == report.distribution.due + 2)
    #expect(report.timelines.last?.counts.last == 2)
    #expect(text(report).contains("at most 2 in one (later)"))
  }

  @Test("a peak is named once, at the finest scale; what lies beyond the last day is none")
  func peaks() {
    let now = Self.now
    var keys: [(String, Deadline)] = (0..<100).map { ("a:\($0)", .at(now + 30_000)) }
    keys += (0..<300).map { ("b:\($0)", .at(now + 7_200_000 + Int64($0) * 100)) }
    keys += (0..<900).map { ("c:\($0)", .at(now + 100 * 86_400_000)) }
    var census = census(keys)
    let seen = census.report(at: now).stampedes
    #expect(seen.map(\.scale) == [.second, .hour])
    #expect(seen.map(\.count) == [100, 300])
    #expect(seen.map(\.folder) == [PrefixCount(prefix: "a:", count: 100), PrefixCount(prefix: "b:", count: 300)])
  }

  @Test("of a big peak only some names are kept, and they show the folder all the same")
  func samples() throws {
    let now = Self.now
    // The many come first: a sample of the last ones would miss them.
    var keys: [(String, Deadline)] = (0..<16_000).map { ("many:\($0)", .at(now + 30_000)) }
    keys += (0..<4_000).map { ("few:\($0)", .at(now + 30_000)) }
    var census = census(keys, readAt: now - 5_000)
    let peak = try #require(census.report(at: now).stampedes.first)
    #expect(peak.count == 20_000 && peak.sample == BucketSamples.size)
    let folder = try #require(peak.folder)
    #expect(folder.prefix == "many:" && (13_000...19_000).contains(folder.count), "\(folder)")
  }

  @Test("names of buckets that have passed, or are too far ahead, are not kept")
  func sampleWindow() {
    var samples = BucketSamples(.second, localOffset: 0, seed: 1)
    let start = Self.now - 500
    samples.add("a", deadline: start + 1_500, serverTime: Self.now)
    samples.add("far", deadline: start + 3_600_000, serverTime: Self.now)
    samples.add("past", deadline: start - 1, serverTime: Self.now)
    #expect(samples.items(ofBucketAt: start + 1_000).map(\.name) == ["a"])
    #expect(samples.items(ofBucketAt: start + 3_600_000).isEmpty && samples.items(ofBucketAt: start - 1_000).isEmpty)
    samples.add("b", deadline: start + 2_500, serverTime: start + 2_000)
    #expect(samples.items(ofBucketAt: start + 1_000).isEmpty)
    let long = KeyName([UInt8](repeating: 0x61, count: 70_000))
    samples.add(long, deadline: start + 3_500, serverTime: start + 2_000)
    #expect(samples.items(ofBucketAt: start + 3_000).map(\.name.bytes.count) == [256])
  }

  @Test("folders without end do not take memory without end")
  func folders() {
    var folders = FolderCounts(separator: colon, limit: 100)
    for number in 0..<5_000 {
      folders.add("big:\(number)")
      folders.add(KeyName("f\(number):x"))
    }
    #expect(!folders.isExact)
    #expect(folders.fullest(1) == [PrefixCount(prefix: "big:", count: 5_000)])
    #expect(folders.fullest(.max).count <= 100)
    var none = FolderCounts(separator: [])
    none.add("a:b")
    #expect(none.isExact && none.fullest(5) == [PrefixCount(prefix: "", count: 1)])
  }
}

extension KeyName: ExpressibleByStringInterpolation {
  public init(stringLiteral text: String) { self.init(text) }
}
