import Testing

@testable import Store

struct ScanPaceTests {
  /// Calls to a server that takes so many microseconds a key, and some for each call: how long each took.
  private static func calls(
    _ number: Int, _ pace: inout ScanPace, perKey: Int, perCall: Int = 0
  ) -> [Int] {
    (0..<number).map { _ in
      let held = pace.count * perKey + perCall
      _ = pace.note(took: held, held: held, names: pace.count)
      return held
    }
  }

  @Test func asksForLessWhereThatMakesCallsShort() {
    var pace = ScanPace(most: 1_000)
    let calls = Self.calls(200, &pace, perKey: 20)
    #expect(calls[0] == 20_000)
    #expect(calls.suffix(100).allSatisfy { $0 <= Store.longestCall && $0 >= Store.longestCall / 4 })
    // A server that takes a second for a call is not asked for as much eight times.
    pace = ScanPace(most: 1_000)
    #expect(Self.calls(40, &pace, perKey: 1_000).filter { $0 >= 500_000 }.count <= 4)
    #expect(pace.count <= 16 && pace.count >= 1)
  }

  @Test func asksForMoreAgain() {
    var pace = ScanPace(most: 1_000)
    _ = Self.calls(200, &pace, perKey: 100)
    #expect(pace.count < 60)
    _ = Self.calls(ScanPace.window * 10, &pace, perKey: 2)
    #expect(pace.count == 1_000)
  }

  /// The machine is busy: every call takes long, whatever it asks for.
  @Test func doesNotAskForLessWhereThatDoesNotHelp() {
    var pace = ScanPace(most: 1_000)
    var counts: [Int] = []
    for _ in 0..<50 {
      _ = Self.calls(ScanPace.window, &pace, perKey: 1, perCall: 30_000)
      counts.append(pace.count)
    }
    #expect(counts.allSatisfy { $0 >= 500 })
    #expect(counts.filter { $0 == 1_000 }.count > 40)
  }

  /// One call alone is no measure.
  @Test func oneShortCallTellsThatTheOthersWereHeldUp() {
    var pace = ScanPace(most: 1_000)
    for call in 0..<400 {
      let held = call % ScanPace.window == 3 ? 1_000 : 40_000
      _ = pace.note(took: held, held: held, names: 10)
    }
    #expect(pace.count == 1_000)
  }

  @Test func restsAsLongAsACallThatWasTooLong() {
    var pace = ScanPace(most: 1_000)
    let rests = [4_900, 5_100, 40_000, 9_000_000].map { pace.note(took: $0 + 100, held: $0, names: 10) }
    #expect(rests == [0, 5_100, 40_000, 500_000])
  }

  @Test func restsWhereNothingComes() {
    var pace = ScanPace(most: 1_000)
    let rests = (0..<ScanPace.mostEmpty).map { _ in pace.note(took: 1_000, held: 900, names: 0) }
    #expect(rests.allSatisfy { $0 == 0 })
    let later = [0, 1, 0].map { pace.note(took: 1_000, held: 900, names: $0) }
    #expect(later == [1_000, 0, 0])
  }

  @Test func noHonestServerIsFruitlessForSoLong() {
    var watch = CursorWatch()
    var asked = 0
    while !watch.isFruitless(count: 1_000_000, known: 5, serverCount: 1_000) { asked += 1_000_000 }
    #expect(asked > 1 << 27)
    // Something new: patience again.
    let isOver = watch.isFruitless(count: 1_000_000, known: 6, serverCount: 1_000)
    #expect(!isOver)
    // A table of a thousand million keys of which a pattern matches none.
    watch = CursorWatch()
    let ends = (0..<1_000).map { _ in watch.isFruitless(count: 2_000_000, known: 0, serverCount: 1_000_000_000) }
    #expect(!ends.contains(true))
    #expect(CursorWatch.patience(serverCount: .max) > 0 && CursorWatch.patience(serverCount: -1) == 1 << 27)
    #expect(CursorWatch.patience(serverCount: nil) > 1 << 29)
  }
}
