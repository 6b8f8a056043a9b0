import Keyspace
import Requests
import Testing

@testable import Store

@Suite("What a reading of deadlines covers") struct ExpiryMemoryTests {
  private let everything = ExpiryQuery()
  private let folder = ExpiryQuery(scope: KeyScope(prefix: Array("a:".utf8)))
  private let other = ExpiryQuery(scope: KeyScope(prefix: Array("b:".utf8)))

  @Test func readings() {
    var memory = ExpiryMemory()
    #expect(memory.reading(covering: everything) == nil)
    memory.note(reading: folder, at: 1_000)
    #expect(memory.reading(covering: folder) == 1_000)
    #expect(memory.reading(covering: other) == nil && memory.reading(covering: everything) == nil)
    memory.note(reading: everything, at: 2_000)
    for query in [everything, folder, other] { #expect(memory.reading(covering: query) == 2_000) }
    // A folder that was opened within it tells no more, one that was read later does, of itself.
    memory.note(reading: folder, at: 2_000)
    #expect(memory.reading(covering: everything) == 2_000)
    memory.note(reading: folder, at: 3_000)
    #expect(memory.reading(covering: folder) == 3_000 && memory.reading(covering: everything) == nil)
    // Another limit takes another sample.
    #expect(memory.reading(covering: ExpiryQuery(scope: folder.scope, sweepLimit: 10)) == nil)
    memory.forgetReadings()
    #expect(memory.reading(covering: folder) == nil)
  }
}
