import Keyspace
import PrivateServer
import Requests
import Store
import TestSupport
import Testing
import Values

/// Others act between seeing and writing: what was not seen is not changed.
@Suite("Edits only of what was seen", .serialized) struct WriteGuardTests {
  typealias Way = WriteHarness.Way

  /// `a x b x c`: the second x, and then two more in front of the list. The first x has its index now.
  @Test(arguments: Way.allCases) func anEqualElementIsNotTheSame(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let around = ListContext(
      length: 5, neighbours: [.init(index: 2, value: bytes("b")), .init(index: 4, value: bytes("c"))])
    let changes: [Change] = [
      .element(index: 3, from: bytes("x"), to: bytes("mine"), around: around),
      .removeElement(index: 3, bytes("x"), tombstone: bytes("T"), around: around),
      .insert(bytes("n"), .before(index: 3, pivot: bytes("x"), tombstone: bytes("T"), around: around)),
      .insert(bytes("n"), .after(index: 3, pivot: bytes("x"), tombstone: bytes("T"), around: around)),
    ]
    for change in changes {
      try harness.redis("DEL", "l")
      try harness.redis("RPUSH", "l", "a", "x", "b", "x", "c")
      try harness.redis("LPUSH", "l", "q", "p")
      let before = try harness.snapshot("l")
      #expect(await harness.outcome("l", .present(.list), change) == .conflict(.moved), "\(change)")
      #expect(try harness.snapshot("l") == before)
      // Pushed behind it: the neighbours are what they were.
      try harness.redis("DEL", "l")
      try harness.redis("RPUSH", "l", "a", "x", "b", "x", "c", "later")
      #expect(await harness.outcome("l", .present(.list), change).isDone, "\(change)")
      // A queue at work: as long as before, with another x at the index.
      try harness.redis("DEL", "l")
      try harness.redis("RPUSH", "l", "q", "a", "b", "x", "d")
      #expect(await harness.outcome("l", .present(.list), change) == .conflict(.moved), "\(change)")
    }
  }

  /// No other element that was seen is equal: what is written beside it all the time is not in the way.
  @Test(arguments: Way.allCases) func anElementOfItsOwnIsFoundAmongHotOnes(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let around = ListContext(
      length: 3, neighbours: [.init(index: 0, value: bytes("a")), .init(index: 2, value: bytes("c"))], hasEqual: false)
    let change = Change.element(index: 1, from: bytes("x"), to: bytes("mine"), around: around)
    for elements in [["A", "x", "C"], ["a", "x", "c", "later"]] {
      try harness.redis("DEL", "l")
      try harness.server.cli(["RPUSH", "l"] + elements, database: 0)
      #expect(await harness.outcome("l", .present(.list), change).isDone, "\(elements)")
    }
    try harness.redis("DEL", "l")
    try harness.redis("RPUSH", "l", "A", "x", "C", "later")
    #expect(await harness.outcome("l", .present(.list), change) == .conflict(.moved))
  }

  /// Undo of an edit of a list, after others have moved an equal element to its place.
  @Test(arguments: Way.allCases) func undoTakesNoEqualElementForItsOwn(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let around = ListContext(length: 3, neighbours: [.init(index: 1, value: bytes("x"))])
    let cases: [([String], Change, [String])] = [
      (["a", "x", "b"], .element(index: 0, from: bytes("a"), to: bytes("x"), around: around), ["LPOP", "l"]),
      (["x", "y"], .insert(bytes("x"), .head), ["LPOP", "l"]),
      (
        ["a", "b", "x"], .insert(bytes("x"), .before(index: 1, pivot: bytes("b"), tombstone: bytes("T"))),
        ["LPUSH", "l", "n"]
      ),
      (["x", "y", "z"], .removeElement(index: 0, bytes("x"), tombstone: bytes("T")), ["LPUSH", "l", "n"]),
    ]
    for (elements, change, act) in cases {
      try harness.redis("DEL", "l")
      try harness.server.cli(["RPUSH", "l"] + elements, database: 0)
      #expect(await harness.outcome("l", .present(.list), change).isDone, "\(change)")
      try harness.server.cli(act, database: 0)
      let before = try harness.snapshot("l")
      guard case .conflict? = await harness.undo() else { Issue.record("\(change)"); continue }
      #expect(try harness.snapshot("l") == before)
      _ = await harness.undo(.skipping)
    }
  }

  /// A table that is being rehashed is told by DUMP in another order: it is the same all the same.
  @Test(arguments: Way.allCases) func anUnchangedTableIsDeleted(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    for count in [600, 700, 1_100, 5_000] {
      try harness.redis("EVAL", "for i=1,\(count) do redis.call('SADD',KEYS[1],'m'..i..'x') end", "1", "s")
      guard case .survey(let survey) = await harness.store.answer(.survey([KeyName("s")], beforeDestroying: true))
      else {
        Issue.record("no survey")
        return
      }
      for index in 1...40 { try harness.redis("SISMEMBER", "s", "m\(index)x") }
      let seen = survey.seen[KeyName("s")]
      #expect(await harness.outcome("s", .present(.set), .deleteKey(seen: seen, keepsCopy: true)).isDone, "\(count)")
      #expect(await harness.undo()?.isDone == true)
      #expect(await harness.undo(isRedo: true)?.isDone == true)
    }
  }

  /// Also of a stream and of a long string what came since the question is not deleted.
  @Test(arguments: Way.allCases) func streamsAndLongStrings(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("XADD", "x", "1-1", "f", "v")
    try harness.redis("SETRANGE", "big", "2000000", "END")
    guard case .survey(let survey) = await harness.store.answer(.survey(["x", "big"], beforeDestroying: true)) else {
      Issue.record("no survey")
      return
    }
    try harness.redis("XADD", "x", "2-1", "f", "w")
    try harness.redis("SET", "big", "precious")
    for (name, type) in [("x" as KeyName, KeyType.stream), ("big", .string)] {
      let outcome = await harness.outcome(name, .present(type), .deleteKey(seen: survey.seen[name], keepsCopy: true))
      #expect(outcome == .conflict(.changed), "\(name)")
    }
  }

  @Test(arguments: Way.allCases) func aKeyThatIsNotWhatWasSeenStays(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "k", "seen")
    guard case .survey(let survey) = await harness.store.answer(.survey([KeyName("k")], beforeDestroying: true)) else {
      Issue.record("no survey")
      return
    }
    let seen = survey.seen[KeyName("k")]
    #expect(seen != nil)
    let deletion = Change.deleteKey(seen: seen, keepsCopy: true)
    try harness.redis("SET", "k", "theirs")
    guard case .conflict = await harness.outcome("k", .present(.string), deletion) else {
      Issue.record("deleted unseen")
      return
    }
    try harness.redis("SET", "from", "mine")
    let replacement = Change.renameKey(
      to: "k", replacing: Replaced(type: .string, seen: seen, keepsCopy: true))
    guard case .conflict = await harness.outcome("from", .present(.string), replacement) else {
      Issue.record("replaced unseen")
      return
    }
    #expect(try harness.redis("GET", "k") == "theirs")
    try harness.redis("SET", "k", "seen")
    #expect(await harness.outcome("k", .present(.string), deletion).isDone)
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.redis("GET", "k") == "seen")
  }

  /// Undo and redo destroy only what the edit left.
  @Test(arguments: Way.allCases) func undoDestroysNothingOfOthers(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    // A copy that somebody wrote to.
    try harness.redis("SET", "k", "v")
    #expect(await harness.outcome("k", .present(.string), .copyKey(to: "copy", database: 0)).isDone)
    try harness.redis("SET", "copy", "theirs")
    guard case .conflict? = await harness.undo() else { Issue.record("copy"); return }
    #expect(try harness.redis("GET", "copy") == "theirs")
    // A deleted key that came back and was written to.
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)).isDone)
    #expect(await harness.undo()?.isDone == true)
    try harness.redis("SET", "k", "theirs")
    guard case .conflict? = await harness.undo(isRedo: true) else { Issue.record("redo"); return }
    #expect(try harness.redis("GET", "k") == "theirs")
    // A new stream that somebody reads as a group.
    let entry = Change.addEntry([.init(name: bytes("f"), value: bytes("v"))], id: nil)
    #expect(await harness.outcome("x", .absent(.stream, .never), entry).isDone)
    try harness.redis("XGROUP", "CREATE", "x", "workers", "0")
    guard case .conflict? = await harness.undo() else { Issue.record("stream"); return }
    #expect(try harness.redis("XINFO", "GROUPS", "x").contains("workers"))
  }

  /// An edit without a way back is not passed over by the next `u`.
  @Test func undoStopsAtWhatHasNoWayBack() async throws {
    let harness = try await WriteHarness(TestServer())
    let entry = Change.addEntry([.init(name: bytes("f"), value: bytes("v"))], id: nil)
    try harness.redis("XADD", "x", "1-1", "f", "v")
    #expect(await harness.outcome("x", .present(.stream), entry).isDone)
    let removal = await harness.write(
      harness.edit("x", .present(.stream), .removeEntry(StreamID(milliseconds: 1, sequence: 1))))
    #expect(removal.noUndo != nil)
    guard case .written(let report) = await harness.store.answer(.undo()) else { Issue.record("no report"); return }
    #expect(report.items.isEmpty)
    #expect(report.noUndo != nil)
    #expect(try harness.redis("XLEN", "x") == "1")
    // Asked for, the one before is taken back.
    #expect(await harness.undo(.skipping)?.isDone == true)
    #expect(try harness.redis("XLEN", "x") == "0")
  }

  /// What is kept for undo is bounded, and what had to go is told.
  @Test func forgottenUndosAreTold() async throws {
    let harness = try await WriteHarness(TestServer())
    var forgotten = 0
    // What does not compress: only what DUMP takes counts.
    var random = Seeded(state: 3)
    let value = (0..<1_000_000).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
    for index in 0..<9 {
      _ = try harness.raw(command("SET", "r\(index)", value))
      let report = await harness.write(
        harness.edit(KeyName("r\(index)"), .present(.string), .deleteKey(keepsCopy: true)))
      #expect(report.items[0].outcome.isDone)
      forgotten += report.forgotten
    }
    #expect(forgotten > 0)
  }

  /// The way back of a rename onto a key: the server is out of memory for what was replaced, so nothing is renamed.
  @Test func aWayBackThatFailsChangesNothing() async throws {
    let harness = try await WriteHarness(TestServer())
    try harness.redis("SET", "a", "mine")
    try harness.redis("SET", "b", String(repeating: "x", count: 100_000))
    let change = Change.renameKey(to: "b", replacing: Replaced(type: .string, keepsCopy: true))
    #expect(await harness.outcome("a", .present(.string), change).isDone)
    try harness.redis("CONFIG", "SET", "maxmemory", "1")
    guard case .refused? = await harness.undo() else { Issue.record("not refused"); return }
    #expect(try harness.redis("EXISTS", "a") == "0")
    #expect(try harness.redis("GET", "b") == "mine")
    try harness.redis("CONFIG", "SET", "maxmemory", "0")
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.redis("GET", "a") == "mine")
    #expect(try harness.redis("STRLEN", "b") == "100000")
    #expect(try harness.redis("DBSIZE") == "2")
  }
}
