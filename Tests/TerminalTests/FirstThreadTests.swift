import Glibc
import Testing

@testable import Terminal

/// Counts what reaches it, and where.
private actor Counter {
  private let thread: FirstThread
  private(set) var numbers: [Int] = []
  private(set) var strangers = 0

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(thread: FirstThread) { self.thread = thread }

  func add(_ number: Int) {
    thread.checkIsolated()
    if thread.isIsolatingCurrentContext() != true { strangers += 1 }
    numbers.append(number)
  }
}

/// Each loop has a thread of its own: it blocks, and the jobs come from the concurrency pool.
@Suite(.serialized) struct FirstThreadTests {
  @Test func runsJobsOfOtherThreadsInOrder() async {
    let (numbers, strangers) = await onThread {
      guard let thread = try? FirstThread() else { return ([Int](), -1) }
      let counter = Counter(thread: thread)
      Task.detached {
        for number in 0..<1000 { await counter.add(number) }
      }
      thread.run(watching: nil) {
        counter.assumeIsolated { $0.numbers.count == 1000 } ? .stop : .wait(until: nil)
      }
      return counter.assumeIsolated { ($0.numbers, $0.strangers) }
    }
    #expect(numbers == Array(0..<1000))
    #expect(strangers == 0)
  }

  @Test func knowsItsThread() async throws {
    let thread = await onThread { try? FirstThread() }
    #expect(try #require(thread).isIsolatingCurrentContext() == false)
  }

  @Test func sleepsUntilTheInstant() async {
    let turns = await onThread {
      guard let thread = try? FirstThread() else { return 0 }
      let instant = ContinuousClock.now + .milliseconds(30)
      var turns = 0
      thread.run(watching: nil) {
        turns += 1
        return ContinuousClock.now >= instant ? .stop : .wait(until: instant)
      }
      return turns
    }
    #expect(turns == 2, "one turn to ask, one when it is due")
  }

  @Test func wakesForInputAndSurvivesItsEnd() async {
    let (received, turns) = await onThread {
      var ends: [Int32] = [0, 0]
      guard let thread = try? FirstThread(), pipe(&ends) == 0 else { return ([Int](), 0) }
      let (reader, writer) = (ends[0], ends[1])
      defer { close(reader) }
      Task.detached {
        var byte: UInt8 = 7
        _ = write(writer, &byte, 1)
        close(writer)
      }
      var received: [Int] = []
      var turns = 0
      // After the end of the input nothing wakes the loop but the limit.
      var limit: ContinuousClock.Instant?
      thread.run(watching: reader) {
        if let limit, ContinuousClock.now >= limit { return .stop }
        var byte: UInt8 = 0
        var ready = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        while limit == nil, poll(&ready, 1, 0) > 0 {
          let count = read(reader, &byte, 1)
          received.append(count)
          if count == 0 { limit = ContinuousClock.now + .milliseconds(100) }
        }
        turns += 1
        return .wait(until: limit)
      }
      return (received, turns)
    }
    #expect(received == [1, 0])
    #expect(turns < 6, "the closed end is not polled for ever")
  }

  @Test func roundsTimesUp() {
    let now = ContinuousClock.now
    #expect(FirstThread.milliseconds(until: nil) == -1)
    #expect(FirstThread.milliseconds(until: now, now: now) == 0)
    #expect(FirstThread.milliseconds(until: now - .seconds(3), now: now) == 0)
    #expect(FirstThread.milliseconds(until: now + .nanoseconds(1), now: now) == 1)
    #expect(FirstThread.milliseconds(until: now + .microseconds(2_000_001), now: now) == 2001)
    #expect(FirstThread.milliseconds(until: now + .seconds(100_000_000), now: now) == 1_000_000_000)
  }
}
