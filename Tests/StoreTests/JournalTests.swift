import Keyspace
import Requests
import Testing

@testable import Store

/// What is kept for undo is bounded, also where it is made of very many small edits.
@Suite struct JournalTests {
  @Test func manyEditsCountToo() {
    var journal = Journal()
    let edit = Edit(
      key: KeyName("k"), change: .expiry(from: .persistent, to: .never), presence: .present(.string), database: 0,
      session: 1)
    let half = (40 << 20) / MemoryLayout<Edit>.stride
    func entry(_ count: Int) -> Journal.Entry {
      Journal.Entry(edits: Array(repeating: edit, count: count), reason: nil, runID: "")
    }
    #expect(journal.note(entry(1)) == 0)
    #expect(journal.note(entry(half)) == 0)
    // The newest stays, whatever its size; the older ones go, and that is told.
    #expect(journal.note(entry(half)) == 2)
    #expect(journal.top(isRedo: false)?.edits.count == half)
    #expect(journal.undos.count == 1)
  }
}
