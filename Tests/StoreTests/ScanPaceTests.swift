import Testing

@testable import Store

struct ScanPaceTests {
  @Test func asksForLessWhereCallsAreLong() {
    var pace = ScanPace(most: 1_000)
    // One alone may have had another reason.
    let rest1 = pace.note(took: 9_000, held: 8_000, names: 10)
    #expect(rest1 == 8_000)
    #expect(pace.count == 1_000)
    let rest2 = pace.note(took: 9_000, held: 8_000, names: 10)
    #expect(rest2 == 8_000)
    #expect(pace.count == 500)
    for _ in 0..<20 { _ = pace.note(took: 9_000, held: 8_000, names: 10) }
    #expect(pace.count == 1)
  }

  @Test func creepsBackWhereCallsAreShort() {
    var pace = ScanPace(most: 1_000)
    for _ in 0..<4 { _ = pace.note(took: 9_000, held: 8_000, names: 10) }
    #expect(pace.count == 125)
    let rest3 = pace.note(took: 1_000, held: 900, names: 10)
    #expect(rest3 == 0)
    #expect(pace.count == 156)
    // Just right.
    let rest4 = pace.note(took: 4_100, held: 4_000, names: 10)
    #expect(rest4 == 0)
    #expect(pace.count == 156)
    for _ in 0..<100 { _ = pace.note(took: 1_000, held: 900, names: 10) }
    #expect(pace.count == 1_000)
  }

  /// A server that needs 20 µs a key: the calls settle below 5 ms.
  @Test func settles() {
    var pace = ScanPace(most: 1_000)
    var calls: [Int] = []
    for _ in 0..<200 {
      let held = pace.count * 20
      calls.append(held)
      _ = pace.note(took: held, held: held, names: pace.count)
    }
    #expect(calls.suffix(100).allSatisfy { $0 <= 5_000 && $0 >= 1_250 })
  }

  @Test func restsWhereNothingComes() {
    var pace = ScanPace(most: 1_000)
    var rest = 0
    for _ in 0..<ScanPace.mostEmpty { rest += pace.note(took: 1_000, held: 900, names: 0) }
    #expect(rest == 0)
    let rest5 = pace.note(took: 1_000, held: 900, names: 0)
    #expect(rest5 == 1_000)
    let rest6 = pace.note(took: 1_000, held: 900, names: 1)
    #expect(rest6 == 0)
    let rest7 = pace.note(took: 1_000, held: 900, names: 0)
    #expect(rest7 == 0)
    // Never for longer than half a second.
    let rest8 = pace.note(took: 9_000_000, held: 9_000_000, names: 1)
    #expect(rest8 == 500_000)
  }

  @Test func noHonestServerIsFruitlessForSoLong() {
    var watch = CursorWatch()
    var asked = 0
    while !watch.isFruitless(count: 1_000_000, known: 5, serverCount: 1_000) { asked += 1_000_000 }
    #expect(asked > 1 << 27)
    // Something new: patience again.
    let isNoEnd = !watch.isFruitless(count: 1_000_000, known: 6, serverCount: 1_000)
    #expect(isNoEnd)
    // A table of a thousand million keys of which a pattern matches none.
    watch = CursorWatch()
    let ends = (0..<1_000).map { _ in watch.isFruitless(count: 2_000_000, known: 0, serverCount: 1_000_000_000) }
    #expect(!ends.contains(true))
    #expect(CursorWatch.patience(serverCount: .max) > 0 && CursorWatch.patience(serverCount: -1) == 1 << 27)
    #expect(CursorWatch.patience(serverCount: nil) > 1 << 29)
  }
}
