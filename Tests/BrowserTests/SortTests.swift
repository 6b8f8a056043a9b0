import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("The order of the list")
struct SortTests {
  private func sorted(_ keys: String, known: Int = 1, total: Int = 4) -> Harness {
    var harness = Harness(["a", "b", "c", "d"])
    harness.press(.down, .down)
    harness.type(keys)
    harness.giveRows()
    var scan = harness.state.list.scan
    if case .sweep(let facts, _, _)? = harness.requests(.sweep).last {
      scan.sweep = SweepProgress(facts: facts, known: known, total: total)
    }
    harness.send(.notice(.scan(scan)))
    return harness
  }

  @Test(arguments: [("sz", FactSet.size), ("st", .deadline), ("si", .idle), ("sk", .type)])
  func whatItNeedsIsReadAndNoMore(_ keys: String, _ facts: FactSet) {
    var harness = sorted(keys)
    #expect(harness.requests(.sweep) == [.sweep(facts)])
    // The same again turns it round and reads nothing anew.
    harness.type(keys)
    #expect(harness.requests(.sweep).count == 1 && harness.state.list.query.sort.isReversed)
    harness.type("sn")
    #expect(harness.requests(.sweep).last == .sweep([]))
    #expect(harness.state.list.query.sort == ListSort())
  }

  @Test func theTitleSaysHowMuchIsKnown() {
    #expect(sorted("sz").text.contains("by size · 25% known"))
    #expect(sorted("sz", known: 4).text.contains("by size"))
    #expect(!sorted("sz", known: 4).text.contains("known"))
    #expect(sorted("szsz").text.contains("by size, smallest first · 25% known"))
    #expect(sorted("sn").text.contains("by name, z to a"))
  }

  @Test func whatCannotBeKnownIsSaid() {
    var harness = sorted("sz")
    var scan = harness.state.list.scan
    scan.denial = Denial(command: "MEMORY USAGE", missingRule: "+memory|usage")
    harness.send(.notice(.scan(scan)))
    #expect(harness.text.contains("by size ✗ MEMORY USAGE needs +memory|usage"))
    harness = sorted("si")
    scan = harness.state.list.scan
    scan.sweep?.isUnkept = true
    harness.send(.notice(.scan(scan)))
    #expect(harness.text.contains("by idle time · not kept: LFU policy"))
  }

  @Test func itBeginsAtTheTopAndThenStaysWithItsKey() {
    var harness = Harness(["a", "b", "c", "d"])
    harness.press(.down, .down)
    harness.type("sz")
    for (name, size) in [("a", 1), ("b", 900), ("c", 5), ("d", 70)] {
      harness.index.record(KeyName(name), FactValues(size: size))
    }
    harness.version += 1
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("b")))
    harness.press(.down)
    #expect(harness.state.list.cursor == .key(KeyName("d")))
    harness.index.record(KeyName("d"), FactValues(size: 2))
    harness.version += 1
    harness.giveRows()
    #expect(harness.state.list.cursor == .key(KeyName("d")) && harness.state.list.viewport.cursor == 2)
  }

  @Test func idleTimesAreReadAndShownOfTheRows() {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.forgetEffects()
    harness.type("si")
    harness.giveRows()
    harness.advance(110)
    #expect(harness.requests(.facts) == [.facts([KeyName("a")], withIdle: true)])
    var facts = KeyFacts(name: KeyName("a"), type: .known(.string), deadline: .known(.persistent), size: .known(9))
    facts.idleSeconds = .known(7_300)
    harness.answer(.facts, .facts([facts], clock: Harness.clock))
    #expect(harness.text.contains("IDLE") && harness.text.contains(" 2h"))
  }

  @Test func theFirstControlCStopsWhatIsReadForIt() {
    var harness = sorted("sz")
    harness.press(.control("c"))
    #expect(harness.state.list.query.sort == ListSort() && !harness.effects.contains(.quit(status: 0)))
    #expect(harness.requests(.sweep).last == .sweep([]))
    harness.press(.control("c"))
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  @Test func inTheOrderOfIdleTimesAFolderShowsNoBytes() {
    var harness = Harness(["f:1", "f:2"])
    harness.type("si")
    harness.giveRows()
    harness.state.list.folders[KeyName("f:")] = FolderFacts(prefix: KeyName("f:"))
    harness.state.list.folders[KeyName("f:")]?.keys = 2
    #expect(harness.text.contains("IDLE"))
    let row = harness.text.split(separator: "\n").first { $0.contains("▸ f:") } ?? ""
    #expect(row.contains("100%") && !row.contains("k "))
  }

  @Test func onlyWhatIsListedIsRead() {
    var harness = Harness(["a", "b"])
    harness.type("sz/b")
    #expect(harness.requests(.sweep) == [.sweep(.size)])
    harness.press(.enter)
    #expect(harness.requests(.sweep).last == .sweep(.size, filter: NameFilter(text: Array("b".utf8))))
    harness.press(.escape)
    #expect(harness.requests(.sweep).last == .sweep(.size))
  }
}
