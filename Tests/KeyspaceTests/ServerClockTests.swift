import Keyspace
import Testing

@Suite struct ServerClockTests {
  /// Server time is local time + 1,000,000 in these tests.
  private func observed(_ times: (sent: Int64, served: Int64, received: Int64)...) -> ServerClock {
    var clock = ServerClock()
    for time in times {
      let pttl: Int64 = 5000
      clock.observe(
        expireTime: time.served + 1_000_000 + pttl, pttl: pttl, sentAt: time.sent, receivedAt: time.received)
    }
    return clock
  }

  @Test func unknownAtFirst() {
    let clock = ServerClock()
    #expect(!clock.isKnown)
    #expect(clock.uncertainty == nil)
    #expect(clock.serverTime(at: 77) == 77)
  }

  @Test func oneObservationIsTheMiddle() {
    let clock = observed((sent: 100, served: 110, received: 140))
    #expect(clock.isKnown)
    #expect(clock.serverTime(at: 120) == 1_000_110)
    #expect(clock.uncertainty == 20)
  }

  @Test func boundsFromBothSidesAreCombined() {
    // One request was slow on its way there, the other on its way back: together they leave little room.
    let clock = observed(
      (sent: 100, served: 190, received: 192), (sent: 200, served: 202, received: 290))
    #expect(abs(clock.serverTime(at: 200) - 1_000_200) <= 2)
    #expect((clock.uncertainty ?? .max) <= 3)
  }

  @Test func aSlowReplyDoesNotSpoilAGoodOne() {
    let clock = observed((sent: 100, served: 101, received: 102), (sent: 200, served: 900, received: 901))
    #expect(abs(clock.serverTime(at: 200) - 1_000_200) <= 2)
  }

  @Test func aServerClockThatWasSetIsFollowed() {
    var clock = observed((sent: 100, served: 101, received: 102))
    clock.observe(expireTime: 9_005_000, pttl: 5000, sentAt: 200, receivedAt: 202)
    #expect(clock.serverTime(at: 201) == 9_000_000)
  }

  @Test func boundsWidenWithAge() {
    var clock = observed((sent: 0, served: 1, received: 2))
    // After 10,000 s the server's clock is 3 s ahead (300 ppm): no contradiction, and the new bounds count.
    clock.observe(expireTime: 11_003_000 + 5000, pttl: 5000, sentAt: 9_999_990, receivedAt: 10_000_010)
    #expect(abs(clock.serverTime(at: 10_000_000) - 11_003_000) <= 10)
  }

  @Test(
    arguments: [
      (-1, -1, 0, 1), (-2, -2, 0, 1), (5000, 0, 0, 1), (5000, -2, 0, 1), (5000, 10, 2, 1),
      (Int64.max, 1, 0, 1), (5000, Int64.max, 0, 1), (5000, 10, Int64.min, Int64.min),
    ] as [(Int64, Int64, Int64, Int64)])
  func uselessRepliesAreIgnored(expireTime: Int64, pttl: Int64, sentAt: Int64, receivedAt: Int64) {
    var clock = ServerClock()
    clock.observe(expireTime: expireTime, pttl: pttl, sentAt: sentAt, receivedAt: receivedAt)
    #expect(!clock.isKnown)
  }

  @Test func wallTimeOnlyWhileNothingIsKnown() {
    var guessed = ServerClock()
    guessed.assume(wallTime: 5_000, at: 1_000)
    #expect(guessed.serverTime(at: 1_500) == 5_500)
    var known = observed((sent: 100, served: 101, received: 102))
    let before = known
    known.assume(wallTime: 1, at: 100)
    #expect(known == before)
  }

  @Test func deadlineFromPTTLAlone() {
    var clock = ServerClock()
    clock.assume(wallTime: 1_000_000, at: 0)
    #expect(clock.deadline(pttl: -1, sentAt: 0, receivedAt: 2) == .persistent)
    #expect(clock.deadline(pttl: -2, sentAt: 0, receivedAt: 2) == nil)
    #expect(clock.deadline(pttl: 500, sentAt: 10, receivedAt: 20) == .at(1_000_515))
    #expect(clock.deadline(pttl: .max, sentAt: 10, receivedAt: 20) == .at(.max))
  }

  @Test func remainingSaturates() {
    #expect(Deadline.at(1500).remaining(at: 1000) == 500)
    #expect(Deadline.at(.max).remaining(at: -1) == .max)
    #expect(Deadline.at(.min).remaining(at: 1) == .min)
    #expect(Deadline.persistent.remaining(at: 0) == nil)
    #expect(Deadline.unknown.remaining(at: 0) == nil)
  }
}
