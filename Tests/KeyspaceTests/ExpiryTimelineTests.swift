import Testing

@testable import Keyspace

@Suite("The expiry timeline")
struct ExpiryTimelineTests {
  /// 2026-11-26 10:20:30.500 UTC.
  private let now: Int64 = 1_795_688_430_500

  private func timeline(
    _ scale: ExpiryTimeline.Scale, _ deadlines: [Int64], localOffset: Int64 = 0
  ) -> ExpiryTimeline {
    ExpiryTimeline(scale, serverTime: now, localOffset: localOffset) { time in deadlines.count { $0 < time } }
  }

  @Test("A bucket is a second of the server's clock, and the first is under way")
  func seconds() {
    let seen = timeline(.second, [now - 1, now, now + 1, now + 499, now + 500, now + 59_499, now + 59_500])
    #expect(seen.start == now - 500)
    #expect(seen.counts.count == 60)
    // What is due is in no bucket.
    #expect(seen.counts[0] == 2)
    #expect(seen.counts[1] == 1)
    #expect(seen.counts[59] == 1)
    #expect(seen.total == 4)
  }

  @Test("Every deadline to come lies in the bucket that its range names", arguments: ExpiryTimeline.Scale.allCases)
  func ranges(scale: ExpiryTimeline.Scale) {
    var generator = SystemRandomNumberGenerator()
    let reach = scale.length * Int64(scale.buckets)
    let deadlines = (0..<500).map { _ in now + Int64.random(in: 1...2 * reach, using: &generator) }
    let seen = timeline(scale, deadlines, localOffset: 7_200_000)
    for bucket in seen.counts.indices {
      let inside = deadlines.filter { seen.range(of: bucket).contains($0) }
      #expect(seen.counts[bucket] == inside.count)
      #expect(inside.allSatisfy { seen.bucket(of: $0) == bucket })
    }
    let isWhole = scale == .day
    #expect((seen.total == 500) == isWhole)
  }

  @Test("Days begin at local midnight, and the last holds all that is beyond")
  func days() {
    let seen = timeline(.day, [now + 400 * 86_400_000], localOffset: 7_200_000)
    #expect((seen.start + 7_200_000) % 86_400_000 == 0)
    #expect(seen.counts.last == 1)
  }

  private func stampedes(
    _ scale: ExpiryTimeline.Scale, _ deadlines: [Int64], _ rule: StampedeRule = StampedeRule()
  ) -> [Int] {
    timeline(scale, deadlines).stampedes(rule) { time in deadlines.count { $0 < time } }
  }

  @Test("A stampede holds more than its share, far more than what is around it, and is not a handful")
  func stampedes() {
    let even = (0..<60).flatMap { second in (0..<70).map { _ in now + 600 + Int64(second) * 1_000 } }
    #expect(stampedes(.second, even) == [])
    let peak = Array(repeating: now + 30_600, count: 412)
    #expect(stampedes(.second, even + peak) == [31])
    #expect(stampedes(.second, even + peak, StampedeRule(share: 0.2)) == [])
    #expect(stampedes(.second, [now + 5_000, now + 9_000]) == [])
    // It lasts for two seconds.
    #expect(stampedes(.second, even + peak + peak.map { $0 + 1_000 }) == [31, 32])
    // A small part of a big server all the same.
    let minutes = (0..<20_000).map { now + Int64($0) * 180 }
    #expect(stampedes(.minute, minutes + Array(repeating: now + 20 * 60_000, count: 1_300)) == [20])
  }

  @Test(
    "What was spread evenly is no stampede, nor where it begins or ends", arguments: [3, 5, 10, 20], [0, 20, 50, 58])
  func spread(minutes: Int, offset: Int64) {
    let begin = now + 300_000 + offset * 1_000
    let flow = (0..<minutes * 300).map { begin + Int64($0) * 200 }
    #expect(stampedes(.minute, flow) == [])
    #expect(stampedes(.second, flow.map { $0 - begin + now + 5_000 }) == [])
    #expect(stampedes(.hour, flow) == [])
    #expect(stampedes(.day, flow) == [])
  }

  @Test("An hour or a day is named only where much of it is one moment")
  func coarse() {
    // Sessions of a day, begun at any time, are an even flow.
    let days = (0..<2_000).map { now + Int64($0) * 43_200 + 1 }
    #expect(stampedes(.day, days) == [])
    #expect(stampedes(.day, days + Array(repeating: now + 3 * 86_400_000, count: 1_600)) == [3])
    // As many in a day of their own, but all over it.
    let another = (0..<1_600).map { now + 3 * 86_400_000 + Int64($0) * 25_000 }
    #expect(stampedes(.day, days + another) == [])
    // All that lies beyond is no moment.
    #expect(stampedes(.day, Array(repeating: now + 90 * 86_400_000, count: 900)) == [])
    let week = (0..<2_000).map { now + Int64($0 % 7) * 86_400_000 + 1 }
    #expect(stampedes(.day, week) == [])
  }

  @Test("The densest part of a bucket")
  func densest() {
    let deadlines = [now + 65_000, now + 66_000, now + 66_100] + [now + 200_000]
    let seen = timeline(.minute, deadlines)
    let found = seen.densest(in: 1) { time in deadlines.count { $0 < time } }
    #expect(found?.count == 2)
    #expect(found.map { $0.range.contains(now + 66_000) } == true)
    #expect(timeline(.second, deadlines).densest(in: 3) { _ in 0 } == nil)
    #expect(seen.densest(in: 0) { _ in 0 } == nil)
  }

  @Test("The distribution counts each key once")
  func distribution() {
    let left: [Int64] = [-5, 0, 1, 9_999, 10_000, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000]
    let deadlines = left.map { now + $0 }
    let seen = ExpiryDistribution(serverTime: now, volatile: deadlines.count, persistent: 5) { time in
      deadlines.count { $0 < time }
    }
    #expect(seen.due == 2)
    #expect(seen.counts == [2, 2, 2, 1, 1, 5])
    #expect(seen.volatile == 8)
    #expect(seen.share(of: .none) == 5.0 / 13)
  }

  @Test("The folder that dominates is the deepest that holds half")
  func dominant() {
    let colon = [UInt8(ascii: ":")]
    let names =
      (0..<60).map { KeyName("session:eu:\($0)") } + (0..<30).map { KeyName("session:us:\($0)") }
      + (0..<10).map { KeyName("lock\($0)") }
    #expect(
      PrefixCount.dominant(in: names, separator: colon) == PrefixCount(prefix: KeyName("session:eu:"), count: 60))
    #expect(
      PrefixCount.dominant(in: names, separator: colon, share: 0.7)
        == PrefixCount(prefix: KeyName("session:"), count: 90))
    #expect(PrefixCount.dominant(in: names, separator: colon, share: 0.95) == nil)
    #expect(PrefixCount.dominant(in: [], separator: colon) == nil)
    #expect(PrefixCount.dominant(in: names, separator: []) == nil)
    #expect(
      PrefixCount.dominant(in: Array(names[..<60]), separator: colon, depth: 8)
        == PrefixCount(prefix: KeyName("session:eu:"), count: 60))
  }

  @Test(
    "Conditions for a TTL",
    arguments: [
      ("<10m", TTLCondition.left(below: 600_000)), (">1d", .left(above: 86_400_000)), ("none", .persistent),
      ("<=90", .left(below: 90_001)), (">0", .left(above: 0)), (">=2h30m", .left(above: 8_999_999)),
      ("NONE", .persistent),
    ])
  func conditions(text: String, condition: TTLCondition) {
    #expect(TTLCondition.parse(text) == .success(condition))
  }

  @Test("What is no condition is refused", arguments: ["", "<", "10m", "<x", "=10m", "<10m ", "nonsense", "<-5"])
  func noConditions(text: String) {
    #expect(throws: TTLInput.Mistake.self) { try TTLCondition.parse(text).get() }
  }

  @Test("A condition is met, is not, or cannot be told")
  func met() {
    let soon = TTLCondition.left(above: 1_000, below: 10_000)
    #expect(soon.isMet(by: .at(now + 5_000), at: now) == true)
    #expect(soon.isMet(by: .at(now + 10_000), at: now) == false)
    #expect(soon.isMet(by: .at(now + 1_000), at: now) == false)
    #expect(soon.isMet(by: .persistent, at: now) == false)
    #expect(soon.isMet(by: .unknown, at: now) == nil)
    #expect(TTLCondition.persistent.isMet(by: .persistent, at: now) == true)
    #expect(TTLCondition.persistent.isMet(by: .at(now), at: now) == false)
    #expect(TTLCondition.left(below: 5).isMet(by: .at(now - 5), at: now) == true)
    #expect(TTLCondition.left(above: 1).and(.left(above: 5, below: 9)) == .left(above: 5, below: 9))
    #expect(TTLCondition.persistent.and(.left(below: 9)) == nil)
  }
}
