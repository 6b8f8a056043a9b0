import Keyspace
import PrivateServer
import Requests
import Store
import TestSupport
import Testing
import Values

/// The rows of safety.md, section 2, each against a real server and in every way by which an edit can go.
@Suite("Data-loss hazards", .serialized) struct WriteRowTests {
  typealias Way = WriteHarness.Way
  static let deadline: Int64 = 4_102_444_800_123

  /// A key of each type with a deadline, and an edit of a part of it.
  static let edits: [(name: KeyName, make: [String], type: KeyType, change: Change)] = [
    ("s", ["SET", "s", "old"], .string, .string(from: bytes("old"), to: bytes("new"))),
    ("h", ["HSET", "h", "f", "old", "g", "1"], .hash, .field(bytes("f"), from: bytes("old"), to: bytes("new"))),
    ("hr", ["HSET", "hr", "f", "old"], .hash, .renameField(bytes("f"), to: bytes("n"), value: bytes("old"))),
    ("l", ["RPUSH", "l", "x", "y", "x"], .list, .element(index: 2, from: bytes("x"), to: bytes("new"))),
    ("li", ["RPUSH", "li", "x", "y"], .list, .insert(bytes("new"), .head)),
    (
      "lb", ["RPUSH", "lb", "x", "x", "y"], .list,
      .insert(bytes("new"), .before(index: 1, pivot: bytes("x"), tombstone: bytes("T")))
    ),
    (
      "la", ["RPUSH", "la", "x", "x", "y"], .list,
      .insert(bytes("new"), .after(index: 1, pivot: bytes("x"), tombstone: bytes("T")))
    ),
    ("ld", ["RPUSH", "ld", "x", "y", "x", "z"], .list, .removeElement(index: 2, bytes("x"), tombstone: bytes("T"))),
    ("lp", ["RPUSH", "lp", "x", "y"], .list, .pop(bytes("y"), .tail)),
    ("e", ["SADD", "e", "a", "b"], .set, .member(bytes("c"), isIn: true)),
    ("er", ["SADD", "er", "a", "b"], .set, .renameMember(bytes("a"), to: bytes("c"))),
    ("z", ["ZADD", "z", "1.5", "a", "2", "b"], .sortedSet, .score(bytes("a"), from: bytes("1.5"), to: bytes("7"))),
    ("zr", ["ZADD", "zr", "1.5", "a"], .sortedSet, .renameScored(bytes("a"), to: bytes("c"), score: bytes("1.5"))),
    ("n", ["SET", "n", "41"], .string, .add(.string, by: bytes("1"), isFloat: false)),
    ("nf", ["SET", "nf", "1.5"], .string, .add(.string, by: bytes("0.25"), isFloat: true)),
    ("hn", ["HSET", "hn", "f", "1"], .hash, .add(.field(bytes("f")), by: bytes("-3"), isFloat: false)),
    ("zn", ["ZADD", "zn", "1", "a"], .sortedSet, .add(.member(bytes("a")), by: bytes("2.5"), isFloat: true)),
    (
      "x", ["XADD", "x", "1-1", "f", "v"], .stream,
      .addEntry([.init(name: bytes("f"), value: bytes("w"))], id: StreamID(milliseconds: 2, sequence: 0))
    ),
  ]

  @Test("rows 1 and 2: no edit drops or moves a TTL", arguments: Way.allCases)
  func noEditDropsATTL(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    for edit in Self.edits {
      try harness.server.cli(edit.make, database: 0)
      try harness.redis("PEXPIREAT", string(edit.name), String(Self.deadline))
      let before = try harness.snapshot(edit.name)
      let outcome = await harness.outcome(edit.name, .present(edit.type), edit.change)
      #expect(outcome.isDone, "\(edit.name): \(outcome)")
      #expect(try harness.redis("PEXPIRETIME", string(edit.name)) == String(Self.deadline))
      #expect(try harness.snapshot(edit.name) != before, "\(edit.name): nothing changed")
    }
  }

  @Test("undo gives value and deadline back, redo does it again", arguments: Way.allCases)
  func undoAndRedo(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    for edit in Self.edits {
      try harness.server.cli(edit.make, database: 0)
      try harness.redis("PEXPIREAT", string(edit.name), String(Self.deadline))
      let before = try harness.snapshot(edit.name)
      _ = await harness.outcome(edit.name, .present(edit.type), edit.change)
      let after = try harness.snapshot(edit.name)
      let undone = await harness.undo()
      #expect(undone?.isDone == true, "\(edit.name): \(String(describing: undone))")
      #expect(try harness.snapshot(edit.name) == before)
      guard edit.type != .stream else { continue }
      #expect(await harness.undo(isRedo: true)?.isDone == true, "\(edit.name)")
      #expect(try harness.snapshot(edit.name) == after)
    }
  }

  /// The last element goes, and the key with it; undo brings both back, deadline and all.
  @Test(arguments: Way.allCases) func undoOfWhatEmptiedAKey(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let removals: [([String], KeyType, Change)] = [
      (["HSET", "k", "f", "v"], .hash, .field(bytes("f"), from: bytes("v"), to: nil)),
      (["RPUSH", "k", "v"], .list, .removeElement(index: 0, bytes("v"), tombstone: bytes("T"))),
      (["RPUSH", "k", "v"], .list, .pop(bytes("v"), .head)),
      (["SADD", "k", "v"], .set, .member(bytes("v"), isIn: false)),
      (["ZADD", "k", "0.1", "v"], .sortedSet, .score(bytes("v"), from: bytes("0.1"), to: nil)),
      (["SET", "k", "v"], .string, .deleteKey(keepsCopy: true)),
      (["XADD", "k", "5-5", "f", "v"], .stream, .deleteKey(keepsCopy: true)),
    ]
    for (make, type, change) in removals {
      try harness.server.cli(make, database: 0)
      try harness.redis("PEXPIREAT", "k", String(Self.deadline))
      let before = try harness.snapshot("k")
      let outcome = await harness.outcome("k", .present(type), change)
      #expect(outcome.isDone, "\(change): \(outcome)")
      #expect(try harness.redis("EXISTS", "k") == "0")
      let undone = await harness.undo()
      #expect(undone?.isDone == true, "\(change): \(String(describing: undone))")
      #expect(try harness.snapshot("k") == before)
      #expect(await harness.undo(isRedo: true)?.isDone == true)
      #expect(try harness.redis("EXISTS", "k") == "0")
    }
  }

  @Test("row 4: an expired key is not resurrected", arguments: Way.allCases)
  func expiredKeysStayGone(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    for edit in Self.edits {
      #expect(await harness.outcome(edit.name, .present(edit.type), edit.change) == .gone)
      #expect(try harness.redis("DBSIZE") == "0")
    }
    #expect(await harness.outcome("k", .present(.string), .expiry(from: nil, to: .after(1000))) == .gone)
    #expect(await harness.outcome("k", .present(.string), .renameKey(to: "b")) == .gone)
    #expect(await harness.outcome("k", .present(.string), .copyKey(to: "b", database: 1)) == .gone)
    #expect(await harness.outcome("k", .present(.string), .deleteKey(keepsCopy: true)) == .gone)
    #expect(try harness.redis("DBSIZE") == "0")
  }

  @Test("row 5: a concurrent change is not overwritten, and is shown", arguments: Way.allCases)
  func concurrentChangesStay(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let changes: [([String], KeyType, Change, Now)] = [
      (["SET", "k", "theirs"], .string, .string(from: bytes("old"), to: bytes("mine")), .value(bytes("theirs"))),
      (
        ["HSET", "k", "f", "theirs"], .hash, .field(bytes("f"), from: bytes("old"), to: bytes("mine")),
        .value(bytes("theirs"))
      ),
      (["HSET", "k", "g", "1"], .hash, .field(bytes("f"), from: bytes("old"), to: bytes("mine")), .value(nil)),
      (
        ["RPUSH", "k", "theirs"], .list, .element(index: 0, from: bytes("old"), to: bytes("mine")),
        .value(bytes("theirs"))
      ),
      (["RPUSH", "k", "a"], .list, .pop(bytes("b"), .head), .value(bytes("a"))),
      (["ZADD", "k", "3", "m"], .sortedSet, .score(bytes("m"), from: bytes("1"), to: bytes("2")), .value(bytes("3"))),
      (["SADD", "k", "a"], .set, .member(bytes("b"), isIn: false), .value(nil)),
    ]
    for (make, type, change, now) in changes {
      try harness.redis("DEL", "k")
      try harness.server.cli(make, database: 0)
      let before = try harness.snapshot("k")
      #expect(await harness.outcome("k", .present(type), change) == .conflict(now), "\(change)")
      #expect(try harness.snapshot("k") == before)
    }
    try harness.redis("PEXPIREAT", "k", String(Self.deadline))
    let outcome = await harness.outcome("k", .present(.set), .expiry(from: .persistent, to: .after(1000)))
    #expect(outcome == .conflict(.deadline(.at(Self.deadline))))
    #expect(try harness.redis("PEXPIRETIME", "k") == String(Self.deadline))
  }

  @Test("row 6: a new key overwrites none, of whatever type; a changed type is said", arguments: Way.allCases)
  func noTypeIsOverwritten(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let creations: [(KeyType, Change)] = [
      (.string, .string(from: nil, to: bytes("v"))), (.hash, .field(bytes("f"), from: nil, to: bytes("v"))),
      (.list, .insert(bytes("v"), .tail)), (.set, .member(bytes("v"), isIn: true)),
      (.sortedSet, .score(bytes("v"), from: nil, to: bytes("1"))),
      (.stream, .addEntry([.init(name: bytes("f"), value: bytes("v"))], id: nil)),
    ]
    for edit in Self.edits {
      try harness.server.cli(edit.make, database: 0)
      let before = try harness.snapshot(edit.name)
      for (type, change) in creations {
        let outcome = await harness.outcome(edit.name, .absent(type, .after(60_000)), change)
        #expect(outcome == .taken(edit.name.bytes, edit.type))
        if type != edit.type {
          let wrong = await harness.outcome(edit.name, .present(type), change)
          #expect(wrong == .typeChanged(edit.type))
        }
      }
      #expect(try harness.snapshot(edit.name) == before)
    }
    for (type, change) in creations {
      let name = KeyName("new-\(type.word)")
      #expect(await harness.outcome(name, .absent(type, .at(Self.deadline)), change).isDone)
      #expect(try harness.redis("TYPE", string(name)) == type.word)
      #expect(try harness.redis("PEXPIRETIME", string(name)) == String(Self.deadline))
      #expect(await harness.undo()?.isDone == true)
      #expect(try harness.redis("EXISTS", string(name)) == "0")
    }
  }

  @Test("row 7: bytes are bytes, in names, fields, members and values", arguments: Way.allCases)
  func bytesStayBytes(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    var random = Seeded(state: 7)
    for round in 0..<(Campaign.isOn ? 20_000 : 60) {
      func some() -> [UInt8] {
        (0..<Int.random(in: 1...24, using: &random)).map { _ in .random(in: .min ... .max, using: &random) }
      }
      let key = KeyName(some() + [UInt8(round & 0xff)])
      let (field, value, other, mine) = (some(), some(), some(), some() + [0])
      let kinds: [([[UInt8]], KeyType, Change)] = [
        (command("SET", key, value), .string, .string(from: value, to: mine)),
        (command("HSET", key, field, value, field + [0], other), .hash, .field(field, from: value, to: mine)),
        (command("RPUSH", key, other, value, other), .list, .element(index: 1, from: value, to: mine)),
        (command("SADD", key, value, value + [0]), .set, .renameMember(value, to: value + [1])),
        (command("ZADD", key, "0.1", value), .sortedSet, .score(value, from: bytes("0.1"), to: bytes("0.3"))),
        (command("RPUSH", key, value, value), .list, .removeElement(index: 1, value, tombstone: bytes("T-1"))),
      ]
      let (make, type, change) = kinds[round % kinds.count]
      _ = try harness.raw(make)
      _ = try harness.raw(command("PEXPIREAT", key, Self.deadline))
      let before = try harness.snapshot(key)
      let outcome = await harness.outcome(key, .present(type), change)
      #expect(outcome.isDone, "\(change): \(outcome)")
      #expect(try harness.raw(command("PEXPIRETIME", key))?.text == String(Self.deadline))
      if case .field = change {
        #expect(try harness.raw(command("HGET", key, field)) == .bulk(mine))
        #expect(try harness.raw(command("HGET", key, field + [0])) == .bulk(other))
      }
      #expect(await harness.undo()?.isDone == true)
      #expect(try harness.snapshot(key) == before, "\(change)")
      _ = try harness.raw(command("DEL", key))
    }
  }

  @Test("row 10: a score is compared as a number and written as it was typed", arguments: Way.allCases)
  func scoresAreNumbers(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    for (old, seen, new) in [("0.1", "0.1", "0.3"), ("0.1", "0.10000000000000001", "1e3"), ("inf", "inf", "-inf")] {
      try harness.redis("ZADD", "z", old, "m")
      let outcome = await harness.outcome(
        "z", .present(.sortedSet), .score(bytes("m"), from: bytes(seen), to: bytes(new)))
      #expect(outcome.isDone, "\(old): \(outcome)")
      #expect(Double(try harness.redis("ZSCORE", "z", "m")) == Double(new))
    }
    let nan = await harness.outcome(
      "z", .present(.sortedSet), .score(bytes("m"), from: bytes("-inf"), to: bytes("nan")))
    guard case .refused = nan else { Issue.record("\(nan)"); return }
    #expect(try harness.redis("ZSCORE", "z", "m") == "-inf")
  }

  @Test("rows 11 and 12: the element that was chosen, not another, whoever pushes meanwhile", arguments: Way.allCases)
  func theChosenElement(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("RPUSH", "l", "x", "y", "x")
    #expect(
      await harness.outcome("l", .present(.list), .removeElement(index: 2, bytes("x"), tombstone: bytes("T"))).isDone)
    #expect(try harness.redis("LRANGE", "l", "0", "-1") == "x\ny")
    try harness.redis("LPUSH", "l", "first")
    let edit = await harness.outcome("l", .present(.list), .element(index: 1, from: bytes("y"), to: bytes("mine")))
    #expect(edit == .conflict(.value(bytes("x"))))
    let removal = await harness.outcome(
      "l", .present(.list), .removeElement(index: 9, bytes("y"), tombstone: bytes("T")))
    #expect(removal == .conflict(.value(nil)))
    #expect(try harness.redis("LRANGE", "l", "0", "-1") == "first\nx\ny")
  }

  @Test("row 13: renaming a field or member is one step, and overwrites none", arguments: Way.allCases)
  func renamingParts(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("HSET", "h", "a", "1", "b", "2")
    try harness.redis("SADD", "s", "a", "b")
    try harness.redis("ZADD", "z", "1", "a", "2", "b")
    for (key, type, change) in [
      ("h" as KeyName, KeyType.hash, Change.renameField(bytes("a"), to: bytes("b"), value: bytes("1"))),
      ("s", .set, .renameMember(bytes("a"), to: bytes("b"))),
      ("z", .sortedSet, .renameScored(bytes("a"), to: bytes("b"), score: bytes("1"))),
    ] {
      let before = try harness.snapshot(key)
      #expect(await harness.outcome(key, .present(type), change) == .taken(bytes("b"), nil))
      #expect(try harness.snapshot(key) == before)
    }
  }

  @Test("row 15: a rename overwrites nothing unasked; asked, it can be taken back", arguments: Way.allCases)
  func renamingKeys(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "a", "mine", "PXAT", String(Self.deadline))
    try harness.redis("RPUSH", "b", "theirs")
    try harness.redis("PEXPIREAT", "b", String(Self.deadline + 1))
    let (a, b) = (try harness.snapshot("a"), try harness.snapshot("b"))
    #expect(await harness.outcome("a", .present(.string), .renameKey(to: "b")) == .taken(bytes("b"), .list))
    #expect(try harness.snapshot("b") == b)
    let replacing = Change.renameKey(to: "b", replacing: Replaced(type: .list, keepsCopy: true))
    #expect(await harness.outcome("a", .present(.string), replacing).isDone)
    #expect(try harness.snapshot("b") == a)
    for _ in 0..<2 {
      #expect(await harness.undo()?.isDone == true)
      #expect(try harness.snapshot("a") == a)
      #expect(try harness.snapshot("b") == b)
      #expect(await harness.undo(isRedo: true)?.isDone == true)
      #expect(try harness.snapshot("b") == a)
    }
    // Another type than the one that was shown.
    try harness.redis("SET", "c", "x")
    let wrong = Change.renameKey(to: "b", replacing: Replaced(type: .list, keepsCopy: true))
    #expect(await harness.outcome("c", .present(.string), wrong) == .taken(bytes("b"), .string))
  }

  @Test("a copy keeps the deadline and overwrites nothing", arguments: Way.allCases)
  func copies(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "a", "mine", "PXAT", String(Self.deadline))
    #expect(await harness.outcome("a", .present(.string), .copyKey(to: "b", database: 3)).isDone)
    #expect(try harness.server.cli(["PEXPIRETIME", "b"], database: 3) == String(Self.deadline))
    #expect(await harness.outcome("a", .present(.string), .copyKey(to: "b", database: 3)) == .taken(bytes("b"), nil))
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.server.cli(["EXISTS", "b"], database: 3) == "0")
    #expect(try harness.redis("GET", "a") == "mine")
  }

  @Test("row 16: exactly the keys that were shown are deleted, whatever they are called", arguments: Way.allCases)
  func exactNames(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    let names = ["a[1]", "a*", "a?b", "a\\x", "a^", "a-z"]
    for name in names + ["a1", "ab", "aXb", "abc"] { try harness.redis("SET", name, "1") }
    let report = await harness.write(
      harness.edit("a[1]", .present(.string), .deleteKey(keepsCopy: true)),
      harness.edit("a*", .present(.string), .deleteKey(keepsCopy: true)),
      harness.edit("gone", .present(.string), .deleteKey(keepsCopy: true)),
      harness.edit("a?b", .present(.string), .deleteKey(keepsCopy: true)))
    #expect(report.items.map(\.outcome.isDone) == [true, true, false, true])
    #expect(report.items[2].outcome == .gone)
    #expect(try harness.redis("DBSIZE") == "7")
    #expect(try harness.redis("EXISTS", "a1", "ab", "aXb", "abc") == "4")
    _ = await harness.undo()
    #expect(try harness.redis("DBSIZE") == "10")
  }

  @Test("row 18: a stream takes no entry back, and that is said", arguments: Way.allCases)
  func streamEntries(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("XADD", "x", "1-1", "f", "v")
    let id = StreamID(milliseconds: 1, sequence: 1)
    let report = await harness.write(harness.edit("x", .present(.stream), .removeEntry(id)))
    #expect(report.items[0].outcome.isDone)
    #expect(report.noUndo?.contains("no entry back") == true)
    #expect(await harness.undo() == nil)
    #expect(await harness.outcome("x", .present(.stream), .removeEntry(id)) == .conflict(.value(nil)))
  }

  @Test("row 19: what fails half way is prevented by checking first", arguments: Way.allCases)
  func nothingIsHalfDone(way: Way) async throws {
    let harness = try await WriteHarness(TestServer(), way)
    try harness.redis("SET", "n", "not a number")
    try harness.redis("SET", "top", "9223372036854775807")
    for (key, by) in [("n" as KeyName, "1"), ("top", "1"), ("top", "x")] {
      let before = try harness.snapshot(key)
      let outcome = await harness.outcome(key, .present(.string), .add(.string, by: bytes(by), isFloat: false))
      guard case .refused(let failure) = outcome else { Issue.record("\(outcome)"); continue }
      #expect(!String(decoding: failure.why, as: UTF8.self).contains("script"))
      #expect(try harness.snapshot(key) == before)
    }
  }

  @Test("row 23: edits carry the key's bytes, not a place in a list") func keysByBytes() async throws {
    let harness = try await WriteHarness(TestServer())
    try harness.redis("SET", "a", "1")
    try harness.redis("SET", "b", "2")
    let edit = harness.edit("b", .present(.string), .deleteKey(keepsCopy: false))
    try harness.redis("RENAME", "a", "0")
    try harness.redis("SET", "aa", "3")
    let report = await harness.write(edit)
    #expect(report.items[0].outcome.isDone)
    #expect(report.noUndo != nil)
    #expect(try harness.redis("EXISTS", "0", "aa", "b") == "2")
  }

  private func string(_ name: KeyName) -> String { String(decoding: name.bytes, as: UTF8.self) }
}
