import Requests
import Testing
import Values

@testable import Browser

@Suite("The history of the load")
struct LoadHistoryTests {
  private func facts(_ operations: Int?, evicted: Int? = nil, run: String = "r") -> ServerFacts {
    var facts = ServerFacts()
    facts.operationsPerSecond = operations
    facts.evictedKeys = evicted
    facts.runID = run
    return facts
  }

  private func header(_ samples: [(at: Int64, facts: ServerFacts)]) -> HeaderState {
    var header = HeaderState()
    for sample in samples { header.take(sample.facts, at: sample.at) }
    return header
  }

  @Test("A second that was missed is a gap, not a zero, and a late answer is no gap")
  func gaps() {
    let header = header([
      (1_000, facts(5)), (2_300, facts(0)), (3_250, facts(7)), (6_100, facts(9)), (7_000, facts(nil)),
    ])
    #expect(header.load.columns(.operations, count: 8, seconds: 1) == [nil, 5, 0, 7, nil, nil, 9, nil])
    #expect(header.load.columns(.operations, count: 3, seconds: 3) == [4, 9, nil])
    #expect(header.load.columns(.memory, count: 2, seconds: 1) == [nil, nil])
    #expect(header.load.has(.operations) && !header.load.has(.memory) && header.load.latest(.operations) == nil)
  }

  @Test("Columns keep their places as time goes on")
  func steadyColumns() {
    var header = HeaderState()
    for second in 0..<30 { header.take(facts(second), at: Int64(second) * 1_000) }
    let before = header.load.columns(.operations, count: 5, seconds: 10)
    header.take(facts(30), at: 30_000)
    let after = header.load.columns(.operations, count: 5, seconds: 10)
    #expect(before == [nil, nil, 4.5, 14.5, 24.5] && after == [nil, 4.5, 14.5, 24.5, 30])
  }

  @Test("Rates are of what lies between two answers of the same process")
  func rates() {
    let header = header([
      (1_000, facts(1, evicted: 100)), (3_000, facts(1, evicted: 160)), (4_000, facts(1, evicted: 50)),
    ])
    #expect(header.load.columns(.evicted, count: 4, seconds: 1) == [nil, nil, 30, nil])
    let restarted = self.header([
      (1_000, facts(1, evicted: 100)), (2_000, facts(2, evicted: 160, run: "other")),
    ])
    #expect(restarted.load.columns(.operations, count: 3, seconds: 1) == [nil, nil, 2])
    #expect(restarted.load.latest(.evicted) == nil)
  }

  @Test("Half an hour is kept, and what was denied is none of it")
  func bounds() {
    var header = HeaderState()
    for second in 0..<4_000 { header.take(facts(1), at: Int64(second) * 1_000) }
    #expect(header.load.samples.count <= 2 * LoadHistory.length && header.load.samples.count >= LoadHistory.length)
    var denied = ServerFacts()
    denied.infoDenial = Denial(command: "INFO", missingRule: "+info")
    var other = HeaderState()
    other.take(denied, at: 1_000)
    #expect(other.load.samples.isEmpty && other.load.columns(.operations, count: 5, seconds: 1).isEmpty)
  }

  @Test("Numbers of any size make no trap")
  func hostile() {
    var header = HeaderState()
    for (second, number) in [0, 1 << 53, 7, 1 << 53].enumerated() {
      var facts = ServerFacts()
      (facts.keyspaceHits, facts.keyspaceMisses, facts.usedMemory) = (number, number, number)
      (facts.expiredKeys, facts.evictedKeys, facts.clients, facts.operationsPerSecond) = (
        number, number, number, number
      )
      var details = ServerDetails()
      (details.processor.user, details.processor.system) = (Double(number), Double(number))
      (details.traffic.input, details.traffic.output) = (number, number)
      facts.details = details
      header.take(facts, at: Int64(second))
    }
    for measure in LoadHistory.Measure.allCases {
      #expect(header.load.columns(measure, count: 10, seconds: 1).compactMap(\.self).allSatisfy { $0.isFinite })
    }
  }
}
