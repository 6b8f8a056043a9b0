import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// TTLs of many keys: where the names come from, what the plan says, what is sent, and what is told afterwards.
@Suite("TTLs of many keys") struct BulkTTLTests {
  private static let now = Harness.wall

  /// A folder `s:` of so many keys; the cursor is on it.
  private func folder(_ count: Int, others: [String] = ["other"], phase: ScanProgress.Phase = .done) -> Harness {
    var harness = Harness(setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.add((0..<count).map { "s:\(100 + $0)" } + others, phase: phase)
    harness.state.moveCursor(to: .folder(KeyName("s:")))
    harness.forgetEffects()
    return harness
  }

  /// Answers the question for names as the index would.
  private func giveNames(_ harness: inout Harness, isComplete: Bool = true) {
    guard case .names(var query, let prefix, let limit)? = harness.requests(.survey).last else {
      Issue.record("no names were asked for")
      return
    }
    query.layout = .flat
    let (names, count) = RowList(index: harness.index, query: query).keys(under: KeyName(prefix), limit: limit)
    harness.answer(.survey, .names(NameList(names: names, count: count, isComplete: isComplete)))
  }

  /// Answers the question what they are: strings with these ms left (nil: no TTL).
  private func giveFacts(_ harness: inout Harness, _ left: (Int) -> Int64?) {
    guard case .survey(let names, beforeDestroying: false)? = harness.requests(.survey).last else {
      Issue.record("it was not asked what they are")
      return
    }
    let facts = names.enumerated().map { index, name in
      KeyFacts(
        name: name, type: .known(.string), deadline: .known(left(index).map { .at(Self.now + $0) } ?? .persistent))
    }
    harness.answer(.survey, .survey(Survey(facts: facts, clock: Harness.clock)))
  }

  /// The plan of a folder of so many keys, all with a minute left unless said otherwise.
  private func planned(_ count: Int, _ left: (Int) -> Int64? = { _ in 60_000 }) -> Harness {
    var harness = folder(count)
    harness.type("t")
    giveNames(&harness)
    giveFacts(&harness, left)
    return harness
  }

  private func edits(_ harness: Harness) -> [Edit] {
    harness.requests(.write).compactMap { if case .write(let job) = $0 { job.edits } else { nil } }.last ?? []
  }

  /// Types the number that the dialog wants, and confirms.
  private func confirm(_ harness: inout Harness, _ number: String) {
    harness.advance(200)
    harness.type(number)
    harness.press(.enter)
  }

  /// Reports the write that was sent last; `outcome` nil: not tried.
  private func report(_ harness: inout Harness, _ outcome: (Int, Edit) -> Outcome?) {
    guard case .write(let job)? = harness.requests(.write).last else {
      Issue.record("nothing was written")
      return
    }
    let items = job.edits.enumerated().compactMap { index, edit in
      outcome(index, edit).map { WriteReport.Item(edit: edit, outcome: $0) }
    }
    harness.answer(
      .write,
      .written(WriteReport(id: job.id, kind: .edit, items: items, untried: job.edits.count - items.count)))
  }

  private static let applied = Outcome.applied(
    Applied(replies: [], deadlineBefore: .persistent, deadlineAfter: .at(now), existsAfter: true))

  // MARK: - Names

  @Test func aFolderIsItsExactKeys() {
    var harness = folder(3, others: ["s*:1", "sX:1", "s"])
    harness.type("t")
    #expect(
      harness.requests(.survey)
        == [.names(harness.state.list.query, prefix: Array("s:".utf8), limit: 100_000)])
    giveNames(&harness)
    #expect(
      harness.requests(.survey).last
        == .survey([KeyName("s:100"), KeyName("s:101"), KeyName("s:102")], beforeDestroying: false))
    #expect(harness.text.contains("folder s:* · 3 keys"))
    #expect(harness.text.contains("reading what they are"))
    giveFacts(&harness) { _ in 60_000 }
    #expect(harness.text.contains("3 with a TTL, 0 without"))
  }

  @Test func theFilterOfTheListIsAskedForAndTold() {
    var harness = folder(30)
    harness.type("/1")
    harness.press(.enter)
    harness.giveRows()
    harness.state.moveCursor(to: .folder(KeyName("s:")))
    harness.forgetEffects()
    harness.type("t")
    giveNames(&harness)
    guard case .names(let query, _, _)? = harness.requests(.survey).first else {
      Issue.record("no names were asked for")
      return
    }
    #expect(query.filter == NameFilter(text: Array("1".utf8)))
    #expect(harness.text.contains("folder s:*, filter 1 · 30 keys"))
  }

  @Test func whatIsTypedMeanwhileIsTypedIntoTheForm() {
    var harness = folder(3)
    harness.type("t10m")
    giveNames(&harness)
    harness.type("..20m")
    giveFacts(&harness) { _ in 60_000 }
    #expect(harness.row("│ TTL  ").contains("10m..20m"))
    #expect(harness.text.contains("PEXPIRE s:"))
  }

  @Test func tooManyAreRefusedBeforeAnythingIsRead() {
    var harness = folder(3)
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
    var harness = folder(3, phase: .running)
    harness.type("t")
    giveNames(&harness, isComplete: false)
    #expect(harness.text.contains("keys known so far"))
    giveFacts(&harness) { _ in 60_000 }
    #expect(harness.text.contains("keys known so far"))
  }

  @Test func aListOfNamesIsTakenOnceEach() {
    var harness = Harness(["a"])
    harness.state.editTTL(
      of: ["b", "a", "b"].map { KeyName($0) }, from: .list(Array("keys that expire at 12:05:02".utf8)))
    harness.send(.tick(monotonic: harness.state.now, wall: harness.state.wall))
    #expect(harness.requests(.survey).last == .survey([KeyName("a"), KeyName("b")], beforeDestroying: false))
    giveFacts(&harness) { _ in 60_000 }
    #expect(harness.text.contains("keys that expire at 12:05:02: 2 keys"))
  }

  @Test func marksAreAsked() {
    var harness = Harness(["a", "b", "c"], setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.type("*t")
    giveFacts(&harness) { $0 == 0 ? nil : 60_000 }
    #expect(harness.text.contains("3 marked keys"))
    harness.type("15m")
    harness.press(.enter)
    #expect(edits(harness).map(\.key) == [KeyName("a"), KeyName("b"), KeyName("c")])
    #expect(edits(harness)[0].change == .expiry(from: .persistent, to: .after(900_000)))
    #expect(edits(harness)[1].change == .expiry(from: .at(Self.now + 60_000), to: .after(900_000)))
  }

  @Test func invertingWithAFilterReachesClosedFolders() {
    var harness = folder(5, others: ["o:1", "x1"])
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
    var harness = folder(3)
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
    var harness = folder(5)
    harness.type("t")
    giveNames(&harness)
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
    #expect(edits(harness).map(\.key) == [names[3], names[4]])
    #expect(edits(harness).map(\.presence) == [.present(.hash), .present(.list)])
  }

  @Test func addingLeavesOutKeysWithoutATTL() {
    var harness = planned(5) { $0 < 2 ? nil : 60_000 }
    harness.type("+10m")
    #expect(harness.text.contains("2 without a TTL stay as they are"))
    harness.press(.enter)
    #expect(
      edits(harness).map(\.change)
        == Array(
          repeating: .expiry(from: .at(Self.now + 60_000), to: .at(Self.now + 660_000)), count: 3))
  }

  @Test func addingToNoneIsRefused() {
    var harness = planned(3) { _ in nil }
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
    var harness = planned(3) { $0 == 1 ? nil : 60_000 }
    harness.type("none")
    #expect(harness.text.contains("1 without a TTL stays as it is"))
    harness.press(.enter)
    #expect(
      edits(harness).map(\.change) == Array(repeating: .expiry(from: .at(Self.now + 60_000), to: .never), count: 2))
  }

  @Test func aRangeGivesEachAnother() {
    var harness = planned(9)
    harness.type("10m..18m")
    harness.press(.enter)
    let times = edits(harness).map { edit -> Int64 in
      guard case .expiry(_, .after(let time)) = edit.change else { return 0 }
      return time
    }
    #expect(times.sorted() == (10...18).map { $0 * 60_000 })
    #expect(times != times.sorted())
  }

  @Test func aRangeThatIsAddedIsAddedToEach() {
    var harness = planned(4) { Int64($0 + 1) * 60_000 }
    harness.type("+0..9m")
    harness.press(.enter)
    let added = edits(harness).map { edit -> Int64 in
      guard case .expiry(.at(let from), .at(let to)) = edit.change else { return -1 }
      return to - from
    }
    #expect(added.sorted() == [0, 180_000, 360_000, 540_000])
  }

  @Test func bothHistogramsStandOnOneAxis() {
    var harness = planned(48) { $0 == 0 ? nil : 60_000 }
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
    var harness = planned(3)
    harness.type("@2020-01-01")
    harness.press(.enter)
    #expect(harness.text.contains("the keys would be gone at once"))
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func theNamesCanBeLookedThroughAndNothingIsLost() {
    var harness = planned(60)
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
    var harness = folder(3)
    harness.type("t")
    giveNames(&harness)
    harness.type("10m")
    let failure = Failure(kind: .server, what: "reading", why: Array("LOADING".utf8), nextStep: "Wait")
    harness.answer(.survey, .failed(failure))
    #expect(harness.text.contains("reading: LOADING. Enter tries again"))
    harness.forgetEffects()
    harness.advance(5_000)
    #expect(harness.requests(.survey).isEmpty)
    harness.press(.enter)
    #expect(harness.requests(.survey).count == 1)
    giveFacts(&harness) { _ in 60_000 }
    #expect(harness.text.contains("PEXPIRE s:100 600000"))
    #expect(harness.requests(.write).isEmpty)
  }

  /// The answer to an older question is not taken for these keys.
  @Test func whatWasReadOfOthersIsNotTaken() {
    var harness = folder(3)
    harness.type("t")
    giveNames(&harness)
    let facts = [KeyFacts(name: KeyName("x"), type: .known(.string), deadline: .known(.persistent))]
    harness.answer(.survey, .survey(Survey(facts: facts, clock: Harness.clock)))
    #expect(harness.text.contains("reading what they are"))
    // It is asked again.
    giveFacts(&harness) { _ in 60_000 }
    #expect(harness.text.contains("3 with a TTL"))
  }

  // MARK: - Sending

  @Test func beyondTenTheNumberIsTyped() {
    var harness = planned(10)
    harness.type("1h")
    harness.press(.enter)
    #expect(edits(harness).count == 10)
    var more = planned(11)
    more.type("1h")
    more.press(.enter)
    #expect(more.text.contains("type 11 to confirm"))
    #expect(more.text.contains("11 keys get another TTL"))
    more.advance(200)
    more.press(.tab, .enter)
    #expect(more.requests(.write).isEmpty)
    // Back to the form, with what was typed.
    more.press(.escape)
    #expect(more.row("│ TTL  ").contains("1h"))
    more.press(.enter)
    confirm(&more, "11")
    #expect(edits(more).count == 11)
    #expect(edits(more).allSatisfy { $0.session == more.state.session && $0.database == 0 })
  }

  @Test func howFarItIsIsShownAndEscStopsIt() {
    var harness = planned(200)
    harness.type("1h")
    harness.press(.enter)
    confirm(&harness, "200")
    guard case .write(let job)? = harness.requests(.write).last else {
      Issue.record("nothing was written")
      return
    }
    harness.send(.notice(.writing(id: job.id, done: 64, of: 200)))
    harness.advance(1_000)
    #expect(harness.text.contains("64 of 200  Esc stops"))
    harness.press(.escape)
    #expect(harness.requests(.link) == [.stopWriting])
    #expect(harness.text.contains("stopping"))
    report(&harness) { index, _ in index < 128 ? Self.applied : nil }
    #expect(harness.text.contains("done: 128 with another TTL, 72 not tried"))
    #expect(harness.text.contains("u undoes"))
    #expect(harness.state.overlay == nil)
  }

  @Test func theResultCountsWhatBecameOfThem() {
    var harness = planned(20)
    harness.type("1h")
    harness.press(.enter)
    confirm(&harness, "20")
    let failure = Failure(kind: .server, what: "the edit", why: Array("OOM".utf8), nextStep: "Free some")
    report(&harness) { index, _ in index < 3 ? .gone : index == 3 ? .refused(failure) : Self.applied }
    #expect(harness.text.contains("done: 16 with another TTL, 3 gone, 1 failed"))
    #expect(harness.text.contains("s:103: nothing was written: OOM"))
    #expect(harness.state.overlay == nil)
  }

  @Test func whoGotAnotherTTLMeanwhileIsAskedAbout() {
    for (typed, wanted) in [
      ("1h", Expiry.after(3_600_000)), ("none", .never), ("+10m", .at(Self.now + 900_000 + 600_000)),
    ] {
      var harness = planned(20)
      harness.type(typed)
      harness.press(.enter)
      confirm(&harness, "20")
      let theirs = Deadline.at(Self.now + 900_000)
      report(&harness) { index, _ in index < 2 ? .conflict(.deadline(theirs)) : Self.applied }
      let done = wanted == .never ? "18 without a TTL now" : "18 with another TTL"
      #expect(harness.text.contains("\(done), 2 skipped (their TTL changed meanwhile)"))
      #expect(harness.text.contains("2 keys were given another TTL by someone meanwhile"))
      #expect(harness.text.contains("s:100") && harness.text.contains("s:101"))
      harness.forgetEffects()
      harness.advance(200)
      // The first button leaves them.
      var left = harness
      left.press(.enter)
      #expect(left.requests(.write).isEmpty && left.state.overlay == nil)
      harness.press(.tab, .enter)
      #expect(edits(harness).map(\.key) == [KeyName("s:100"), KeyName("s:101")])
      #expect(edits(harness).map(\.change) == Array(repeating: .expiry(from: theirs, to: wanted), count: 2), "\(typed)")
      // And once more, should they have changed again.
      let again = Deadline.at(Self.now + 1_000_000)
      report(&harness) { index, _ in index == 0 ? .conflict(.deadline(again)) : Self.applied }
      #expect(harness.text.contains("1 key was given another TTL by someone meanwhile"), "\(harness.text)")
    }
  }

  @Test func toWhatHasNoTTLAnyMoreNothingIsAdded() {
    var harness = planned(3)
    harness.type("+10m")
    harness.press(.enter)
    report(&harness) { index, _ in
      index == 0
        ? .conflict(.deadline(.persistent)) : index == 1 ? .conflict(.deadline(.at(Self.now + 5_000))) : Self.applied
    }
    #expect(harness.text.contains("1 of them have no TTL now"))
    harness.forgetEffects()
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(edits(harness).map(\.change) == [.expiry(from: .at(Self.now + 5_000), to: .at(Self.now + 605_000))])
  }

  @Test func manySkippedOnesAreConfirmedByTheirNumber() {
    var harness = planned(30)
    harness.type("1h")
    harness.press(.enter)
    confirm(&harness, "30")
    report(&harness) { _, _ in .conflict(.deadline(.at(Self.now + 7))) }
    harness.forgetEffects()
    harness.advance(200)
    #expect(harness.text.contains("type 30 to confirm"))
    #expect(harness.text.contains("… and 23 more"))
    harness.press(.tab, .enter)
    #expect(harness.requests(.write).isEmpty)
    harness.type("30")
    harness.press(.enter)
    #expect(edits(harness).count == 30)
  }

  @Test func undoIsToldAsOne() {
    var harness = planned(3)
    let edit = Edit(
      key: KeyName("s:100"), change: .expiry(from: .persistent, to: .never), presence: .present(.string), database: 0,
      session: 1)
    harness.press(.escape)
    harness.type("u")
    harness.answer(
      .write,
      .written(
        WriteReport(id: 0, kind: .undo, items: (0..<3).map { _ in .init(edit: edit, outcome: Self.applied) })))
    #expect(harness.text.contains("undo: 3 without a TTL now  U does it again"))
  }
}
