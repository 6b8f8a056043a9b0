import Keyspace
import Requests
import Testing
import Values

@Suite struct PlanTests {
  private let key = KeyName("k")

  private func edit(_ change: Change, _ presence: Edit.Presence) -> Edit {
    Edit(key: key, change: change, presence: presence, database: 0, session: 1)
  }

  private func text(_ plan: Plan) -> [String] {
    plan.commands.map { $0.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") }
  }

  @Test("row 3: every SET keeps the TTL, or makes a key that was not there")
  func everySetKeepsTheTTL() {
    let change = edit(.string(from: [1], to: [2]), .present(.string)).plan
    #expect(change.commands == [command("SET", key, [2] as [UInt8], "XX", "KEEPTTL")])
    for expiry in [Expiry.never, .after(5), .at(7)] {
      let create = edit(.string(from: nil, to: [2]), .absent(.string, expiry)).plan
      #expect(create.commands[0].contains("NX".word))
      #expect(create.commands[0].count == (expiry == .never ? 4 : 6))
    }
  }

  @Test("row 12: an element is removed by its index and value, never by value alone")
  func elementsAreRemovedByIndex() {
    let plan = edit(.removeElement(index: 2, "x".word, tombstone: "T".word), .present(.list)).plan
    #expect(text(plan) == ["LSET k 2 T", "LREM k 1 T"])
    #expect(plan.guards.contains(Guard(.value, command("LINDEX", key, 2), .bytes("x".word))))
  }

  /// Whatever is edited: the type is checked first, and nothing is created that was to be changed.
  @Test func theTypeComesFirst() {
    let changes: [(Change, KeyType)] = [
      (.string(from: [1], to: [2]), .string), (.field([1], from: nil, to: [2]), .hash),
      (.element(index: 0, from: [1], to: [2]), .list), (.insert([1], .head), .list), (.member([1], isIn: true), .set),
      (.score([1], from: nil, to: "1".word), .sortedSet),
      (.addEntry([.init(name: [1], value: [2])], id: nil), .stream), (.expiry(from: nil, to: .after(5)), .hash),
      (.fieldExpiry([1], from: nil, to: .never), .hash), (.deleteKey(keepsCopy: true), .set),
      (.add(.string, by: "1".word, isFloat: false), .string),
    ]
    for (change, type) in changes {
      let plan = edit(change, .present(type)).plan
      #expect(plan.guards.first == Guard(.key, command("TYPE", key), .bytes(type.word.word)))
    }
    #expect(text(edit(.insert([65], .tail), .present(.list)).plan) == ["RPUSHX k A"])
    #expect(text(edit(.insert([65], .tail), .absent(.list, .at(9))).plan) == ["RPUSH k A", "PEXPIREAT k 9"])
    let entry = edit(.addEntry([.init(name: [65], value: [66])], id: nil), .present(.stream)).plan
    #expect(text(entry) == ["XADD k NOMKSTREAM * A B"])
  }

  @Test("a field's TTL is set only while the field is there, with the TTL that was seen")
  func fieldTTLs() {
    let read = command("HPEXPIRETIME", key, "FIELDS", 1, "f")
    let cases: [(Expiry, String)] = [
      (.never, "HPERSIST k FIELDS 1 f"), (.after(5), "HPEXPIRE k 5 FIELDS 1 f"), (.at(7), "HPEXPIREAT k 7 FIELDS 1 f"),
    ]
    for (to, words) in cases {
      let plan = edit(.fieldExpiry("f".word, from: .at(9), to: to), .present(.hash)).plan
      #expect(text(plan) == [words])
      #expect(plan.guards.contains(Guard(.value, command("HEXISTS", key, "f"), .bytes("1".word))))
      #expect(plan.guards.contains(Guard(.deadline, read, .bytes("9".word))))
      #expect(plan.guards.contains(Guard(.time, command("TIME"), .before(7))) == (to == .at(7)))
      let unseen = edit(.fieldExpiry("f".word, from: nil, to: to), .present(.hash)).plan
      #expect(!unseen.guards.contains { $0.subject == .deadline })
    }
  }

  @Test func theInverseOfAFieldsTTL() {
    func inverse(_ from: Deadline?, before: Deadline, after: String?) -> Inverse {
      edit(.fieldExpiry("f".word, from: from, to: .after(5)), .present(.hash)).inverse(
        applied: Applied(
          replies: ["1".word], after: after?.word, deadlineBefore: .persistent, deadlineAfter: .persistent,
          existsAfter: true, fieldDeadline: before), tombstone: [])
    }
    func back(_ from: Deadline, _ to: Expiry) -> Inverse {
      .edit(edit(.fieldExpiry("f".word, from: from, to: to), .present(.hash)))
    }
    #expect(inverse(.at(9), before: .at(9), after: "12") == back(.at(12), .at(9)))
    #expect(inverse(nil, before: .at(9), after: "12") == back(.at(12), .at(9)))
    #expect(inverse(.persistent, before: .unknown, after: "12") == back(.at(12), .never))
    #expect(inverse(nil, before: .persistent, after: "-1") == back(.persistent, .never))
    for (before, after) in [(Deadline.unknown, "12" as String?), (.at(9), nil), (.at(9), "-2")] {
      guard case .none = inverse(nil, before: before, after: after) else {
        Issue.record("\(before) \(after ?? "nil")")
        continue
      }
    }
  }

  @Test("row 15: a rename replaces nothing unless it was asked for, of that type")
  func renameReplacesNothing() {
    let plan = edit(.renameKey(to: KeyName("b")), .present(.string)).plan
    #expect(text(plan) == ["RENAMENX k b"])
    #expect(plan.zeroMeansTaken == KeyName("b"))
    let replacing = edit(
      .renameKey(to: KeyName("b"), replacing: Replaced(type: .list, keepsCopy: true)), .present(.string)
    ).plan
    #expect(replacing.guards.contains(Guard(.target, command("TYPE", "b"), .bytes("list".word))))
    #expect(replacing.keepsakes == [.reply(command("DUMP", "b")), .deadline(KeyName("b"))])
  }

  /// The inverse of the inverse is the change again, where nothing was told by the server.
  @Test func inverseOfTheInverse() throws {
    let applied = Applied(replies: [], deadlineBefore: .at(9), deadlineAfter: .at(9), existsAfter: true)
    let changes: [(Change, KeyType)] = [
      (.string(from: [1], to: [2]), .string), (.field([1], from: [3], to: [2]), .hash),
      (.renameField([1], to: [2], value: [3]), .hash), (.element(index: 4, from: [1], to: [2]), .list),
      (.member([1], isIn: true), .set), (.renameMember([1], to: [2]), .set),
      (.score([1], from: "1".word, to: "2".word), .sortedSet),
      (.renameScored([1], to: [2], score: "3".word), .sortedSet),
    ]
    for (change, type) in changes {
      let edit = edit(change, .present(type))
      guard case .edit(let back) = edit.inverse(applied: applied, tombstone: []) else {
        Issue.record("no inverse of \(change)")
        continue
      }
      #expect(back != edit)
      #expect(back.inverse(applied: applied, tombstone: []) == .edit(edit))
    }
  }

  /// What emptied a collection is taken back with the deadline that the key had.
  @Test func emptiedCollectionsComeBackWithTheirDeadline() {
    let applied = Applied(replies: [], deadlineBefore: .at(9), deadlineAfter: .unknown, existsAfter: false)
    let removal = edit(.member([65], isIn: false), .present(.set))
    guard case .edit(let back) = removal.inverse(applied: applied, tombstone: []) else {
      Issue.record("no inverse")
      return
    }
    #expect(back.presence == .absent(.set, .at(9)))
    #expect(text(back.plan) == ["SADD k A", "PEXPIREAT k 9"])
  }
}
