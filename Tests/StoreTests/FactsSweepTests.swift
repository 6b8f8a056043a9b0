import Keyspace
import Requests
import Testing

@testable import Store

@Suite("What a reading of deadlines covers") struct FactsSweepTests {
  private let everything = ExpiryQuery()
  private let folder = ExpiryQuery(scope: KeyScope(prefix: Array("a:".utf8)))
  private let other = ExpiryQuery(scope: KeyScope(prefix: Array("b:".utf8)))

  @Test func readings() {
    var facts = FactsSweep()
    #expect(facts.reading(covering: everything) == nil)
    facts.note(reading: folder, at: 1_000)
    #expect(facts.reading(covering: folder) == 1_000)
    #expect(facts.reading(covering: other) == nil && facts.reading(covering: everything) == nil)
    facts.note(reading: everything, at: 2_000)
    for query in [everything, folder, other] { #expect(facts.reading(covering: query) == 2_000) }
    // A folder that was opened within it tells no more, one that was read later does, of itself.
    facts.note(reading: folder, at: 2_000)
    #expect(facts.reading(covering: everything) == 2_000)
    facts.note(reading: folder, at: 3_000)
    #expect(facts.reading(covering: folder) == 3_000 && facts.reading(covering: everything) == nil)
    // Another limit takes another sample.
    #expect(facts.reading(covering: ExpiryQuery(scope: folder.scope, sweepLimit: 10)) == nil)
    facts.forgetReadings()
    #expect(facts.reading(covering: folder) == nil)
  }
}
