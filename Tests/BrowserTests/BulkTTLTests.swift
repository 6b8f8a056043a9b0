import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// TTLs of many keys: where the names come from, and what the plan says before anything is sent.
@Suite("TTLs of many keys") struct BulkTTLTests {
  private static let now = Harness.wall

  // MARK: - Names

  @Test func aFolderIsItsExactKeys() {
    var harness = Harness.folder(3, others: ["s*:1", "sX:1", "s"])
    harness.type("t")
    #expect(
      harness.requests(.survey)
        == [.names(harness.state.list.query, prefix: Array("s:".utf8), limit: 100_000)])
    harness.giveNames()
    #expect(
      harness.requests(.survey).last
        == .survey([KeyName("s:100"), KeyName("s:101"), KeyName("s:102")], beforeDestroying: false))
    #expect(harness.text.contains("folder s:* · 3 keys"))
    #expect(harness.text.contains("reading what they are"))
    harness.giveFacts { _ in 60_000 }
    #expect(harness.text.contains("3 with a TTL, 0 without"))
  }

  @Test func theFilterOfTheListIsAskedForAndTold() {
    var harness = Harness.folder(30)
    harness.type("/1")
    harness.press(.enter)
    harness.giveRows()
    harness.state.moveCursor(to: .folder(KeyName("s:")))
    harness.forgetEffects()
    harness.type("t")
    harness.giveNames()
    guard case .names(let query, _, _)? = harness.requests(.survey).first else {
      Issue.record("no names were asked for")
      return
    }
    #expect(query.filter == NameFilter(text: Array("1".utf8)))
    #expect(harness.text.contains("folder s:*, filter 1 · 30 keys"))
  }

  @Test func whatIsTypedMeanwhileIsTypedIntoTheForm() {
    var harness = Harness.folder(3)
    harness.type("t10m")
    harness.giveNames()
    harness.type("..20m")
    harness.giveFacts { _ in 60_000 }
    #expect(harness.row("│ TTL  ").contains("10m..20m"))
    #expect(harness.text.contains("PEXPIRE s:"))
  }

  @Test func tooManyAreRefusedBeforeAnythingIsRead() {
    var harness = Harness.folder(3)
    harness.type("t")
    harness.answer(.survey, .names(NameList(names: [], count: 611_020, isComplete: true)))
    #expect(harness.state.overlay == nil)
    #expect(harness.text.contains("at most 100,000 keys at once: narrow it"))
    #expect(harness.text.contains("611,020 keys"))
    #expect(harness.requests(.survey).count == 1)
    // The same for names that are handed over.
    var other = Harness(["a"])
    other.forgetEffects()
    other.state.editTTL(of: (0...100_000).map { KeyName("k\($0)") }, from: .list(Array("a bucket".utf8)))
    #expect(other.text.contains("at most 100,000 keys at once"))
    #expect(other.state.overlay == nil)
    #expect(other.requests(.survey).isEmpty)
  }

  @Test func anIncompleteIndexIsTold() {
    var harness = Harness.folder(3, phase: .running)
    harness.type("t")
    harness.giveNames(isComplete: false)
    #expect(harness.text.contains("keys known so far"))
    harness.giveFacts { _ in 60_000 }
    #expect(harness.text.contains("keys known so far"))
  }

  @Test func aListOfNamesIsTakenOnceEach() {
    var harness = Harness(["a"])
    harness.state.editTTL(
      of: ["b", "a", "b"].map { KeyName($0) }, from: .list(Array("keys that expire at 12:05:02".utf8)))
    harness.send(.tick(monotonic: harness.state.now, wall: harness.state.wall))
    #expect(harness.requests(.survey).last == .survey([KeyName("a"), KeyName("b")], beforeDestroying: false))
    harness.giveFacts { _ in 60_000 }
    #expect(harness.text.contains("keys that expire at 12:05:02: 2 keys"))
  }

  @Test func marksAreAsked() {
    var harness = Harness(["a", "b", "c"], setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.type("*t")
    harness.giveFacts { $0 == 0 ? nil : 60_000 }
    #expect(harness.text.contains("3 marked keys"))
    harness.type("15m")
    harness.press(.enter)
    #expect(harness.edits.map(\.key) == [KeyName("a"), KeyName("b"), KeyName("c")])
    #expect(harness.edits[0].change == .expiry(from: .persistent, to: .after(900_000)))
    #expect(harness.edits[1].change == .expiry(from: .at(Self.now + 60_000), to: .after(900_000)))
  }

  @Test func invertingWithAFilterReachesClosedFolders() {
    var harness = Harness.folder(5, others: ["o:1", "x1"])
    harness.type("*")
    #expect(harness.state.list.marked == [KeyName("x1")])
    harness.type("*/1")
    harness.press(.enter)
    harness.giveRows()
    harness.type("*")
    #expect(harness.state.list.marked.count == 7)
    #expect(harness.text.contains("7 keys that the filter picks, 6 of them in closed folders: 7 marked now"))
    harness.type("*")
    #expect(harness.state.list.marked.isEmpty)
  }

  @Test func readOnlyAndWithoutAConnectionNothingOpens() {
    var harness = Harness.folder(3)
    harness.send(.notice(.link(.lost(why: "refused", retryIn: 500))))
    harness.type("t")
    #expect(harness.text.contains("not connected"))
    var readOnly = Harness(["s:1"], setup: Setup(endpointName: "127.0.0.1:6379", isReadOnly: true))
    readOnly.type("t")
    #expect(readOnly.text.contains("read-only"))
    #expect(harness.requests(.survey).isEmpty && readOnly.requests(.survey).isEmpty)
  }

  // MARK: - The plan

  @Test func whatIsGoneOrMayNotBeReadIsCountedAndLeftOut() {
    var harness = Harness.folder(5)
    harness.type("t")
    harness.giveNames()
    let denial = Denial(command: "PTTL", missingRule: "+pttl")
    let names = (0..<5).map { KeyName("s:\(100 + $0)") }
    harness.answer(
      .survey,
      .survey(
        Survey(
          facts: [
            KeyFacts(name: names[0], type: .known(nil)), KeyFacts(name: names[1], type: .denied(denial)),
            KeyFacts(name: names[2], type: .known(.hash), deadline: .denied(denial)),
            KeyFacts(name: names[3], type: .known(.hash), deadline: .known(.persistent)),
            KeyFacts(name: names[4], type: .known(.list), deadline: .known(.at(Self.now + 5_000))),
          ], clock: Harness.clock)))
    #expect(harness.text.contains("1 with a TTL, 1 without, 1 gone, 2 whose type or TTL may not be read stay"))
    harness.type("1h")
    harness.press(.enter)
    #expect(harness.edits.map(\.key) == [names[3], names[4]])
    #expect(harness.edits.map(\.presence) == [.present(.hash), .present(.list)])
  }

  @Test func addingLeavesOutKeysWithoutATTL() {
    var harness = Harness.planned(5) { $0 < 2 ? nil : 60_000 }
    harness.type("+10m")
    #expect(harness.text.contains("2 without a TTL stay as they are"))
    harness.press(.enter)
    #expect(
      harness.edits.map(\.change)
        == Array(
          repeating: .expiry(from: .at(Self.now + 60_000), to: .at(Self.now + 660_000)), count: 3))
  }

  @Test func addingToNoneIsRefused() {
    var harness = Harness.planned(3) { _ in nil }
    harness.type("+10m")
    harness.press(.enter)
    #expect(harness.text.contains("none of them has a TTL to add to"))
    #expect(harness.requests(.write).isEmpty)
    harness.press(.control("u"))
    harness.type("none")
    #expect(harness.text.contains("no TTL is there to be taken away"))
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.state.overlay == nil)
  }

  @Test func takingAwayLeavesOutKeysWithoutATTL() {
    var harness = Harness.planned(3) { $0 == 1 ? nil : 60_000 }
    harness.type("none")
    #expect(harness.text.contains("1 without a TTL stays as it is"))
    harness.press(.enter)
    #expect(
      harness.edits.map(\.change) == Array(repeating: .expiry(from: .at(Self.now + 60_000), to: .never), count: 2))
  }

  @Test func aRangeGivesEachAnother() {
    var harness = Harness.planned(9)
    harness.type("10m..18m")
    harness.press(.enter)
    let times = harness.edits.map { edit -> Int64 in
      guard case .expiry(_, .after(let time)) = edit.change else { return 0 }
      return time
    }
    #expect(times.sorted() == (10...18).map { $0 * 60_000 })
    #expect(times != times.sorted())
  }

  @Test func aRangeThatIsAddedIsAddedToEach() {
    var harness = Harness.planned(4) { Int64($0 + 1) * 60_000 }
    harness.type("+0..9m")
    harness.press(.enter)
    let added = harness.edits.map { edit -> Int64 in
      guard case .expiry(.at(let from), .at(let to)) = edit.change else { return -1 }
      return to - from
    }
    #expect(added.sorted() == [0, 180_000, 360_000, 540_000])
  }

  @Test func bothHistogramsStandOnOneAxis() {
    var harness = Harness.planned(48) { $0 == 0 ? nil : 60_000 }
    #expect(harness.row("before").contains("highest 47  none 1"))
    harness.type("1s..20m")
    // All in the first twentieth of the axis before, and spread over it afterwards.
    #expect(harness.row("before  ").contains("highest 47  none 1"))
    #expect(harness.row("after  ").contains("highest 1"))
    #expect(!harness.row("after  ").contains("none"))
    #expect(harness.row("now  ").contains("20m"))
    guard case .form(let form)? = harness.state.overlay, case .bulkTTL(let bulk) = form.subject, let plan = bulk.plan
    else {
      Issue.record("no plan")
      return
    }
    #expect(plan.before.counts.reduce(0, +) == 47 && plan.before.none == 1)
    #expect(plan.after?.counts.reduce(0, +) == 48 && plan.after?.none == 0)
    #expect(plan.before.axis == plan.after?.axis)
    #expect(plan.before.counts.count { $0 > 0 } == 1)
    #expect((plan.after?.counts.count { $0 > 0 } ?? 0) > 40)
    let plain = harness.frame(.ascii).trimmedRows().filter { $0.contains("before  ") || $0.contains("after  ") }
    #expect(plain.count == 2 && plain.joined().filter { ".:|#".contains($0) }.count > 40)
  }

  @Test func aDateThatHasPassedIsRefused() {
    var harness = Harness.planned(3)
    harness.type("@2020-01-01")
    harness.press(.enter)
    #expect(harness.text.contains("the keys would be gone at once"))
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func theNamesCanBeLookedThroughAndNothingIsLost() {
    var harness = Harness.planned(60)
    harness.type("10m..20m")
    harness.press(.tab, .tab, .tab, .enter)
    #expect(harness.text.contains("60 names, exactly these"))
    #expect(harness.row("s:100").contains("1m"))
    #expect(!harness.text.contains("s:159"))
    harness.press(.end)
    #expect(harness.text.contains("s:159"))
    for key in [Key.escape, .control("c"), .enter, .character("q")] {
      harness.press(key)
      guard case .form(let form)? = harness.state.overlay else {
        Issue.record("\(key) does not go back")
        return
      }
      #expect(form.fields[0].area.text == "10m..20m")
      harness.press(.enter)
      guard case .names? = harness.state.overlay else {
        Issue.record("the names do not open again")
        return
      }
    }
  }

  @Test func whatCannotBeReadKeepsTheText() {
    var harness = Harness.folder(3)
    harness.type("t")
    harness.giveNames()
    harness.type("10m")
    let failure = Failure(kind: .server, what: "reading", why: Array("LOADING".utf8), nextStep: "Wait")
    harness.answer(.survey, .failed(failure))
    #expect(harness.text.contains("reading: LOADING. Enter tries again"))
    harness.forgetEffects()
    harness.advance(5_000)
    #expect(harness.requests(.survey).isEmpty)
    harness.press(.enter)
    #expect(harness.requests(.survey).count == 1)
    harness.giveFacts { _ in 60_000 }
    #expect(harness.text.contains("PEXPIRE s:100 600000"))
    #expect(harness.requests(.write).isEmpty)
  }

  /// The answer to an older question is not taken for these keys.
  @Test func whatWasReadOfOthersIsNotTaken() {
    var harness = Harness.folder(3)
    harness.type("t")
    harness.giveNames()
    let facts = [KeyFacts(name: KeyName("x"), type: .known(.string), deadline: .known(.persistent))]
    harness.answer(.survey, .survey(Survey(facts: facts, clock: Harness.clock)))
    #expect(harness.text.contains("reading what they are"))
    // It is asked again.
    harness.giveFacts { _ in 60_000 }
    #expect(harness.text.contains("3 with a TTL"))
  }
}
