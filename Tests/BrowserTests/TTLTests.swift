import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("TTLs on the screen")
struct TTLTests {
  static let cells: [(Int64, String)] = [
    (9_400, "9.4s !"), (10_000, "10s"), (42_999, "42s"), (760_000, "12m 40s"), (7_500_000, "2h 5m"),
    (93_600_000, "1d 2h"), (400 * 86_400_000, "400d"),
  ]

  @Test(arguments: cells)
  func aCellSaysWhatIsLeft(left: Int64, cell: String) {
    var harness = Harness(["k"])
    harness.tell([("k", .string, left)])
    #expect(harness.row("STR").contains(" \(cell) "))
  }

  @Test func withoutADeadlineThereIsADash() {
    var harness = Harness(["k"])
    #expect(harness.row("│▌").contains("?"))
    harness.tell([("k", .string, nil)])
    #expect(harness.row("STR").contains(" - "))
  }

  @Test func deniedIsACross() {
    var harness = Harness(["k"])
    let denial = Denial(command: "PTTL", missingRule: "+pttl")
    harness.answer(
      .facts,
      .facts(
        [KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .denied(denial), size: .denied(denial))],
        clock: Harness.clock))
    #expect(harness.row("STR").filter { $0 == "✗" }.count == 2)
  }

  @Test func itCountsDownFromOneClock() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 60_000)])
    harness.advance(18_000)
    #expect(harness.row("STR").contains("42s"))
  }

  @Test func aClockThatIsAheadOrBehindDoesNotMatter() {
    var harness = Harness(["k"])
    // The server's clock is two hours ahead of the harness's wall clock.
    let server = Harness.wall + 7_200_000
    var clock = ServerClock()
    clock.observe(expireTime: server + 30_000, pttl: 30_000, sentAt: harness.state.now, receivedAt: harness.state.now)
    let facts = KeyFacts(
      name: KeyName("k"), type: .known(.string), deadline: .known(.at(server + 30_000)), size: .known(1))
    harness.answer(.facts, .facts([facts], clock: clock))
    #expect(harness.row("STR").contains("30s"))
    // The local wall clock jumps: nothing changes.
    harness.send(.tick(monotonic: harness.state.now + 1, wall: harness.state.wall - 86_400_000))
    #expect(harness.row("STR").contains("29s"))
  }

  @Test("row 59: the wall clock jumps by an hour either way, or the machine slept: countdowns stay true")
  func jumpsOfTheClock() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 600_000)])
    harness.open("k", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x76])), left: 600_000)
    var wall = harness.state.wall
    for (second, jump) in [(1, 3_600_000), (2, -7_200_000), (3, 3_600_000), (4, -1 << 40), (5, 1 << 41)] {
      wall += 1_000 + Int64(jump)
      harness.send(.tick(monotonic: 1_000_000 + Int64(second) * 1_000, wall: wall))
      #expect(harness.row("STR").contains(" 9m \(60 - second)s "), "\(harness.text)")
      #expect(harness.row("ttl ").contains("9m \(60 - second)s"), "\(harness.text)")
    }
    // The monotonic clock runs on while the machine sleeps: the deadline has come meanwhile, and the server is asked.
    harness.forgetEffects()
    harness.send(.tick(monotonic: 1_000_000 + 3_600_000, wall: wall))
    #expect(harness.row("STR").contains(" due "))
    #expect(harness.requests(.due) == [.facts([KeyName("k")])])
  }

  @Test func atZeroItIsDueAskedOnceAndThenGone() {
    var harness = Harness(["k", "l"])
    harness.tell([("k", .string, 1_000), ("l", .string, nil)])
    harness.forgetEffects()
    harness.advance(1_001)
    #expect(harness.row("STR").contains("due"))
    #expect(harness.requests(.due) == [.facts([KeyName("k")])])
    harness.advance(100)
    #expect(harness.requests(.due).count == 1)
    harness.answer(.due, .facts([KeyFacts(name: KeyName("k"), type: .known(nil))], clock: Harness.clock))
    #expect(harness.row("gone").contains("k"))
    harness.advance(1_900)
    #expect(harness.requests(.forget).isEmpty)
    harness.advance(200)
    #expect(harness.requests(.forget) == [.forget([KeyName("k")])])
  }

  @Test func atZeroAnExtendedKeyGoesOn() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 1_000)])
    harness.advance(1_500)
    let deadline = Harness.wall + harness.state.now - 1_000_000 + 30_000
    let facts = KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .known(.at(deadline)), size: .known(1))
    harness.answer(.due, .facts([facts], clock: Harness.clock))
    #expect(harness.row("STR").contains("30s"))
  }

  @Test func whileTheServerIsAwayADeadlineThatComesStaysDue() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 1_000)])
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 1_000))))
    harness.forgetEffects()
    harness.advance(5_000)
    #expect(harness.row("STR").contains("due"))
    #expect(harness.requests(.due).isEmpty)
    #expect(harness.text.contains("[STALE]"))
  }

  @Test func afterAReconnectNothingOldIsShownAsTrue() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 60_000)])
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 1_000))))
    #expect(harness.row("STR").contains("1m"))
    harness.send(.notice(.link(.connected)))
    #expect(harness.row("STR").contains("?"))
    #expect(harness.requests(.facts).last == .facts([KeyName("k")]))
    #expect(!harness.text.contains("[STALE]"))
  }

  @Test func aChangedKeyIsReadAgainAtOnce() {
    var harness = Harness(["k"], setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.tell([("k", .string, 60_000)])
    harness.advance(1_000)
    harness.forgetEffects()
    harness.send(.notice(.changed([KeyName("k"), KeyName("elsewhere")])))
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
  }

  @Test func aStormForOneKeyIsCoalescedAndItsLastChangeIsRead() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 60_000)])
    harness.forgetEffects()
    for _ in 0..<1_000 {
      harness.send(.notice(.changed([KeyName("k")])))
      harness.advance(1)
      if harness.state.owed.contains(.facts) { harness.tell([("k", .string, 60_000)]) }
    }
    #expect((9...11).contains(harness.requests(.facts).count))
    harness.forgetEffects()
    harness.send(.notice(.changed([KeyName("k")])))
    #expect(Browser.nextTick(harness.state) <= harness.state.now + State.rereadPause)
    harness.advance(State.rereadPause)
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
  }

  @Test func aScriptCanMoveTheCountdownAlone() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 60_000)])
    harness.forgetEffects()
    harness.state.displayOffset = 61_000
    #expect(harness.row("STR").contains("due"))
    harness.advance(1)
    #expect(harness.requests(.due).isEmpty)
  }

  @Test func theNextTickIsThatOfTheNearestChange() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 5_000)])
    #expect(Browser.nextTick(harness.state) <= harness.state.now + 100)
    harness.tell([("k", .string, 3_600_000)])
    #expect(Browser.nextTick(harness.state) > harness.state.now + 100)
  }

  @Test func theBarIsFullAtTheLongestTTLSeen() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, 1_800_000)])
    harness.press(.enter)
    harness.open("k", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])), left: 1_800_000)
    harness.advance(900_000)
    #expect(harness.row("ttl").contains("15m of 30m"))
  }
}
