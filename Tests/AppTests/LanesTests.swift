import Keyspace
import Requests
import Testing

@testable import App
@testable import Browser

@Suite("Lanes: one running and one waiting for each purpose")
struct LanesTests {
  private func job(_ purpose: Purpose, _ generation: Int, _ request: Request = .serverFacts) -> Lanes.Job {
    Lanes.Job(purpose, generation: generation, request)
  }

  @Test("a newer job replaces the waiting one, never the running one")
  func replaces() {
    var lanes = Lanes()
    #expect(lanes.submit(job(.value, 1)) == job(.value, 1))
    #expect(lanes.submit(job(.value, 2)) == nil)
    #expect(lanes.submit(job(.value, 3)) == nil)
    #expect(lanes.finish(.value) == job(.value, 3))
    #expect(lanes.finish(.value) == nil)
    #expect(lanes.submit(job(.value, 4)) == job(.value, 4))
  }

  @Test("purposes do not wait for each other")
  func independent() {
    var lanes = Lanes()
    #expect(lanes.submit(job(.value, 1)) != nil)
    #expect(lanes.submit(job(.facts, 1)) != nil)
    #expect(lanes.finish(.facts) == nil)
    #expect(lanes.submit(job(.value, 2)) == nil)
  }

  @Test("keys that are gone are not lost with the job that was replaced")
  func merges() {
    let (a, b, c) = (KeyName("a"), KeyName("b"), KeyName("c"))
    var lanes = Lanes()
    _ = lanes.submit(job(.forget, 1, .forget([a])))
    _ = lanes.submit(job(.forget, 2, .forget([b, c])))
    _ = lanes.submit(job(.forget, 3, .forget([c])))
    #expect(lanes.finish(.forget) == job(.forget, 3, .forget([b, c])))
  }

  @Test("idle but for what is read every few seconds")
  func idle() {
    var lanes = Lanes()
    #expect(lanes.isIdle)
    _ = lanes.submit(job(.header, 1))
    #expect(lanes.isIdle)
    _ = lanes.submit(job(.rows, 1))
    #expect(!lanes.isIdle)
    _ = lanes.finish(.rows)
    #expect(lanes.isIdle)
  }

  @Test("of several scan reports the latest is kept, everything else in order")
  func notices() {
    let box = NoticeBox()
    #expect(box.add(.scan(ScanProgress(database: 0, keys: 1))))
    #expect(!box.add(.flushed))
    #expect(!box.add(.scan(ScanProgress(database: 0, keys: 2))))
    #expect(!box.add(.link(.connected)))
    #expect(box.take() == [.flushed, .scan(ScanProgress(database: 0, keys: 2)), .link(.connected)])
    #expect(box.take() == [])
    #expect(box.add(.flushed))
  }

  @Test("what following tells again and again stays small while nobody takes it")
  func followingNotices() {
    let box = NoticeBox()
    func on(_ rate: Int) -> Notice { .follow(.on(prefix: [], perSecond: rate)) }
    func key(_ number: Int) -> KeyName { KeyName("k:\(number)") }
    for number in 0..<10_000 {
      _ = box.add(on(number))
      _ = box.add(.appeared([key(number)]))
    }
    _ = box.add(.follow(.interrupted(prefix: [])))
    _ = box.add(on(0))
    let kept = (10_000 - 4_096..<10_000).map(key)
    #expect(box.take() == [.appeared(kept), .follow(.interrupted(prefix: [])), on(0)])
  }
}

@Suite struct WriteLaneTests {
  /// Every write is carried out, one after the other, in the order in which they were ordered.
  @Test func writesQueue() {
    var lanes = Lanes()
    let jobs = (1...4).map { Lanes.Job(.write, generation: $0, .write(WriteJob(id: $0, edits: []))) }
    #expect(lanes.submit(jobs[0]) == jobs[0])
    for job in jobs.dropFirst() { #expect(lanes.submit(job) == nil) }
    #expect(!lanes.isIdle)
    // Waiting no longer for one does not wait for its turn.
    let stop = Lanes.Job(.link, generation: 1, .stopWriting)
    #expect(lanes.submit(stop) == stop)
    _ = lanes.finish(.link)
    for job in jobs.dropFirst() { #expect(lanes.finish(.write) == job) }
    #expect(lanes.finish(.write) == nil)
    #expect(lanes.isIdle)
  }
}
