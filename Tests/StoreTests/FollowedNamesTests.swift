import Keyspace
import TestSupport
import Testing

@testable import Store

@Suite struct FollowedNamesTests {
  private func names(_ numbers: Range<Int>) -> [KeyName] { numbers.map { KeyName("k:\($0)") } }

  private func note(_ numbers: Range<Int>, at now: Int64, in followed: inout FollowedNames) {
    followed.note(names(numbers), count: numbers.count, at: now)
  }

  @Test func eachNameWaitsOnceHoweverOftenItIsTold() {
    var followed = FollowedNames(limit: 1000, at: 0)
    for _ in 0..<50 { followed.note(["a", "b"], count: 2, at: 0) }
    #expect(followed.count == 2)
    #expect(followed.take(300) == ["a", "b"])
    #expect(followed.take(300).isEmpty)
    // Told again after it was taken, it is asked about again: it may have gone meanwhile.
    followed.note(["a"], count: 1, at: 0)
    #expect(followed.take(300) == ["a"])
  }

  @Test func theyAreTakenInTheirOrderAndPutBackBeforeAllOthers() {
    var followed = FollowedNames(limit: 1000, at: 0)
    note(0..<7, at: 0, in: &followed)
    let first = followed.take(3)
    #expect(first == names(0..<3))
    // One of them is told meanwhile: it does not wait twice.
    followed.note([KeyName("k:1")], count: 1, at: 0)
    followed.putBack(first)
    let all = followed.take(300)
    #expect(all.count == 7 && Set(all) == Set(names(0..<7)))
    #expect(all.prefix(2) == [KeyName("k:0"), KeyName("k:2")])
    #expect(followed.count == 0)
  }

  /// Bursts are measured over a whole second, and no second may have more.
  @Test func theRateIsThatOfASecond() {
    var followed = FollowedNames(limit: 100, at: 0)
    for second in 0..<20 as Range<Int64> {
      // The hundred come within a tenth.
      note(Int(second) * 100..<Int(second) * 100 + 100, at: second * 1000 + 50, in: &followed)
      _ = followed.take(300)
      #expect(followed.excess == nil)
    }
    followed.note(["more"], count: 1, at: 19_900)
    #expect(followed.excess == .tooFast)
  }

  @Test func aSteadyRateAtTheLimitGoesOnAndOneAboveEnds() {
    var followed = FollowedNames(limit: 100, at: 7)
    for now in stride(from: 7, to: 10_000, by: 10) as StrideTo<Int64> {
      followed.note(["same"], count: 1, at: now)
      _ = followed.take(1)
    }
    #expect(followed.excess == nil)
    #expect(followed.perSecond(at: 10_000) == 100)
    for now in stride(from: 10_000, to: 12_000, by: 9) as StrideTo<Int64> { followed.note(["same"], count: 1, at: now) }
    #expect(followed.excess == .tooFast)
  }

  @Test func nothingIsKeptOrTakenBeyondTheLimit() {
    var followed = FollowedNames(limit: 100, at: 0)
    note(0..<1_000_000, at: 0, in: &followed)
    #expect(followed.excess == .tooFast)
    #expect(followed.count == 0)
    followed.note(["later"], count: 1, at: 60_000)
    followed.putBack(["taken before"])
    #expect(followed.count == 0)
  }

  /// Slow enough for the rate, but nobody gets round to verifying them.
  @Test func whatWaitsIsBounded() {
    var followed = FollowedNames(limit: 100, at: 0)
    for second in 0..<2 as Range<Int64> {
      note(Int(second) * 100..<Int(second) * 100 + 100, at: second * 1000, in: &followed)
    }
    #expect(followed.excess == nil)
    #expect(followed.count == followed.mostWaiting)
    followed.note(["one more"], count: 1, at: 5_000)
    #expect(followed.excess == .backlog)
    #expect(followed.count == 0)
  }

  @Test func longNamesAreBoundedByTheirBytes() {
    var followed = FollowedNames(limit: 1000, at: 0)
    let half = FollowedNames.mostBytes / 2
    func long(_ byte: UInt8) -> KeyName { KeyName(Array(repeating: byte, count: half)) }
    followed.note([long(1), long(2)], count: 2, at: 0)
    #expect(followed.excess == nil)
    // What was taken makes room.
    #expect(followed.take(1).count == 1)
    followed.note([long(3)], count: 1, at: 0)
    #expect(followed.excess == nil)
    followed.note(["x"], count: 1, at: 0)
    #expect(followed.excess == .backlog)
  }

  @Test func theRateIsSmoothedOverThreeSecondsAndQuietIsNought() {
    var rate = NameRate(at: 5_000)
    #expect(rate.smoothed(at: 5_000) == 0)
    for now in stride(from: 5_000, to: 8_000, by: 250) as StrideTo<Int64> { _ = rate.add(3, at: now) }
    #expect(rate.smoothed(at: 8_000) == 12)
    #expect(rate.smoothed(at: 9_000) > 0)
    #expect(rate.smoothed(at: 11_100) == 0)
    // One name is not nothing.
    _ = rate.add(1, at: 20_000)
    #expect(rate.smoothed(at: 20_100) == 1)
    #expect(rate.smoothed(at: 90_000) == 0)
  }

  @Test func whatIsGoneWaitsAndMayComeBack() {
    var departed = DepartedNames()
    departed.add(["a", "b"], at: 0)
    // Told once more: its time runs from the first.
    departed.add(["a", "c"], at: 1_000)
    departed.remove(["b", "never there"])
    #expect(departed.takeDue(at: DepartedNames.delay - 1).isEmpty)
    #expect(departed.takeDue(at: DepartedNames.delay) == ["a"])
    #expect(departed.takeDue(at: DepartedNames.delay).isEmpty)
    departed.add(["d"], at: 5_000)
    #expect(Set(departed.takeAll()) == ["c", "d"])
    #expect(departed.takeDue(at: 90_000).isEmpty)
  }

  /// The clock may begin at any number, and stand still.
  @Test(arguments: [-5_000, -1, 0, 1 << 40] as [Int64])
  func anyClock(start: Int64) {
    var rate = NameRate(at: start)
    #expect(rate.add(5, at: start) == 5)
    #expect(rate.add(5, at: start - 1_000) == 10)
    #expect(rate.add(1, at: start + 1_500) == 1)
  }
}
