import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// TTLs of many keys: what is confirmed and sent, and what is told afterwards.
@Suite("TTLs of many keys are written") struct BulkTTLWritingTests {
  private static let now = Harness.wall

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

  @Test func beyondTenTheNumberIsTyped() {
    var harness = Harness.planned(10)
    harness.type("1h")
    harness.press(.enter)
    #expect(harness.edits.count == 10)
    var more = Harness.planned(11)
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
    #expect(more.edits.count == 11)
    #expect(more.edits.allSatisfy { $0.session == more.state.session && $0.database == 0 })
  }

  @Test func howFarItIsIsShownAndEscStopsIt() {
    var harness = Harness.planned(200)
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
    var harness = Harness.planned(20)
    harness.type("1h")
    harness.press(.enter)
    confirm(&harness, "20")
    let failure = Failure(kind: .server, what: "the edit", why: Array("OOM".utf8), nextStep: "Free some")
    report(&harness) { index, _ in index < 3 ? .gone : index == 3 ? .refused(failure) : Self.applied }
    #expect(harness.text.contains("done: 16 with another TTL, 3 gone, 1 failed"))
    #expect(harness.text.contains("s:103: nothing was written: OOM"))
    #expect(harness.state.overlay == nil)
  }

  /// What was typed for many keys stays where none of them could be written.
  @Test("fault 21: a replica takes none of them, and the form stays") func theServerTakesNone() {
    var harness = Harness.planned(200)
    harness.type("1h")
    harness.press(.enter)
    confirm(&harness, "200")
    let failure = Failure(
      kind: .server, what: "the edit", why: Array("a replica".utf8), nextStep: "Go on", code: .isReplica)
    report(&harness) { index, _ in index < 64 ? .refused(failure) : nil }
    #expect(harness.text.contains("nothing was written: a replica. Go on"))
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.fields[0].area.text == "1h")
  }

  @Test func aReconnectKeepsTheFormAndWhatWasTyped() {
    var harness = Harness.planned(3)
    harness.type("1h")
    harness.send(.notice(.session(2)))
    harness.press(.enter)
    report(&harness) { _, _ in .otherSession }
    #expect(harness.text.contains("nothing was sent. Enter tries again"))
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    #expect(form.fields[0].area.text == "1h")
    harness.forgetEffects()
    harness.press(.enter)
    guard case .write(let job)? = harness.requests(.write).last else {
      Issue.record("nothing was written")
      return
    }
    #expect(job.edits.count == 3 && job.edits.allSatisfy { $0.session == 2 })
  }

  @Test func whoGotAnotherTTLMeanwhileIsAskedAbout() {
    for (typed, wanted) in [
      ("1h", Expiry.after(3_600_000)), ("none", .never), ("+10m", .at(Self.now + 900_000 + 600_000)),
    ] {
      var harness = Harness.planned(20)
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
      #expect(harness.edits.map(\.key) == [KeyName("s:100"), KeyName("s:101")])
      #expect(harness.edits.map(\.change) == Array(repeating: .expiry(from: theirs, to: wanted), count: 2), "\(typed)")
      // And once more, should they have changed again.
      let again = Deadline.at(Self.now + 1_000_000)
      report(&harness) { index, _ in index == 0 ? .conflict(.deadline(again)) : Self.applied }
      #expect(harness.text.contains("1 key was given another TTL by someone meanwhile"), "\(harness.text)")
    }
  }

  @Test func toWhatHasNoTTLAnyMoreNothingIsAdded() {
    var harness = Harness.planned(3)
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
    #expect(harness.edits.map(\.change) == [.expiry(from: .at(Self.now + 5_000), to: .at(Self.now + 605_000))])
  }

  @Test func manySkippedOnesAreConfirmedByTheirNumber() {
    var harness = Harness.planned(30)
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
    #expect(harness.edits.count == 30)
  }

  @Test func undoIsToldAsOne() {
    var harness = Harness.planned(3)
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
