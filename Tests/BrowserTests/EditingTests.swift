import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Editing") struct EditingTests {
  /// A hash under the cursor, with the value pane in focus.
  private func hash(_ fields: [(String, String)] = [("name", "ada"), ("age", "36")], left: Int64? = nil) -> Harness {
    var harness = Harness(["user"])
    harness.tell([("user", .hash, left)])
    harness.press(.enter)
    let page = HashPage(
      length: fields.count, fields: fields.map { HashPage.Field(name: bytes($0.0), value: bytes($0.1)) }, next: 0)
    harness.open("user", .hash, .hash(page), left: left, length: fields.count)
    harness.forgetEffects()
    return harness
  }

  private func string(_ text: String) -> Harness {
    var harness = Harness(["s"])
    harness.tell([("s", .string, nil)])
    harness.press(.enter)
    let page = StringPage(length: text.utf8.count, offset: 0, bytes: bytes(text))
    harness.open("s", .string, .string(page), length: text.utf8.count)
    harness.forgetEffects()
    return harness
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func edits(_ harness: Harness) -> [Edit] {
    harness.requests(.write).flatMap { if case .write(let job) = $0 { job.edits } else { [Edit]() } }
  }

  private func report(_ harness: inout Harness, _ outcome: Outcome, noUndo: String? = nil) {
    guard case .write(let job)? = harness.requests(.write).last else {
      Issue.record("nothing was written")
      return
    }
    harness.answer(
      .write,
      .written(
        WriteReport(
          id: job.id, kind: .edit, items: job.edits.map { .init(edit: $0, outcome: outcome) }, noUndo: noUndo)))
  }

  private let applied = Outcome.applied(
    Applied(replies: ["0".word], deadlineBefore: .persistent, deadlineAfter: .persistent, existsAfter: true))

  @Test func aFieldIsEditedInPlace() {
    var harness = hash()
    harness.type("e")
    #expect(harness.text.contains("unchanged: nothing is sent"))
    harness.press(.control("u"))
    harness.type("ada lovelace")
    #expect(harness.text.contains(#"HSET user name "ada lovelace""#))
    #expect(harness.requests(.write).isEmpty)
    harness.press(.enter)
    #expect(edits(harness).map(\.change) == [.field(bytes("name"), from: bytes("ada"), to: bytes("ada lovelace"))])
    #expect(edits(harness).first?.presence == .present(.hash))
    harness.forgetEffects()
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func anUnchangedValueSendsNothing() {
    var harness = hash()
    harness.type("e")
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.text.contains("unchanged: nothing is sent"))
    #expect(harness.state.overlay == nil)
  }

  @Test func whatWasTypedIsNotThrownAwayUnasked() {
    var harness = hash()
    harness.type("e!")
    harness.press(.escape)
    #expect(harness.text.contains("[Keep editing]"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.text.contains("ada!"))
    harness.press(.escape)
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.state.overlay == nil)
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func aConflictShowsBothAndWritesNothing() {
    var harness = hash()
    harness.type("e!")
    harness.press(.enter)
    report(&harness, .conflict(.value(bytes("eva"))))
    for words in ["conflict", "theirs  eva", "mine    ada!", "[Keep editing]", "[Write mine]", "[Leave]"] {
      #expect(harness.text.contains(words), "\(words)")
    }
    harness.forgetEffects()
    // Whoever presses Enter twice has not read it.
    harness.press(.enter)
    #expect(harness.text.contains("[Write mine]"))
    harness.advance(160)
    harness.press(.enter)
    harness.type("?")
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
    harness.advance(160)
    harness.press(.enter)
    #expect(edits(harness).map(\.change) == [.field(bytes("name"), from: bytes("eva"), to: bytes("ada!?"))])
    report(&harness, .conflict(.value(bytes("zoe"))))
    harness.forgetEffects()
    harness.advance(160)
    harness.press(.tab, .enter)
    #expect(edits(harness).map(\.change) == [.field(bytes("name"), from: bytes("zoe"), to: bytes("ada!?"))])
  }

  @Test func anExpiredKeyComesBackOnlyWhenAsked() {
    var harness = hash()
    harness.type("e!")
    harness.press(.enter)
    report(&harness, .gone)
    #expect(harness.text.contains("expired or was deleted meanwhile: nothing was written"))
    harness.forgetEffects()
    harness.advance(160)
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
    // What was typed is not thrown away by the only way out.
    #expect(harness.text.contains("What you typed is not saved"))
    harness.advance(160)
    harness.press(.tab, .enter)
    #expect(harness.state.overlay == nil)
  }

  @Test func anOldSessionIsRefusedOnceAndThenFollowed() {
    var harness = hash()
    harness.type("e!")
    harness.send(.notice(.session(2)))
    harness.press(.enter)
    #expect(edits(harness).first?.session == 1)
    report(&harness, .otherSession)
    #expect(harness.text.contains("nothing was sent"))
    harness.forgetEffects()
    harness.press(.enter)
    #expect(edits(harness).first?.session == 2)
  }

  @Test func whatTheServerRefusesKeepsTheText() {
    var harness = hash()
    harness.type("e!")
    harness.press(.enter)
    report(
      &harness,
      .refused(Failure(kind: .server, what: "the edit", why: bytes("out of memory"), nextStep: "Free some")))
    #expect(harness.text.contains("nothing was written: out of memory. Free some"))
    #expect(harness.text.contains("ada!"))
  }

  @Test func aWriteUnderWayIsNotSentTwiceAndCanBeGivenUp() {
    var harness = hash()
    harness.type("e!")
    harness.press(.enter, .enter, .character("x"))
    #expect(harness.requests(.write).count == 1)
    harness.advance(700)
    #expect(harness.text.contains("sending for 0.7 s"))
    harness.press(.escape)
    #expect(harness.requests(.link) == [.stopWriting])
    report(&harness, .unknown(.notApplied, why: "you stopped waiting"))
    #expect(harness.text.contains("read back: it was not applied"))
    #expect(harness.text.contains("ada!"))
  }

  @Test(arguments: [
    ("abc", "type a number"), ("", "type a number"), ("nan", "type a number"), ("+5", "type a number"),
    ("0", "0 changes nothing"),
  ])
  func whatIsNoNumber(typed: String, words: String) {
    var harness = hash([("age", "36")])
    harness.type("=" + typed)
    harness.press(.enter)
    #expect(harness.text.contains(words))
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func numbersAreAddedAsWhatTheyAre() {
    for (old, by, isFloat) in [("36", "-4", false), ("36", "0.5", true), ("1.5", "2", true)] {
      var harness = hash([("age", old)])
      harness.type("=" + by)
      harness.press(.enter)
      #expect(edits(harness).map(\.change) == [.add(.field(bytes("age")), by: bytes(by), isFloat: isFloat)])
    }
    var text = hash([("age", "old")])
    text.type("=")
    #expect(text.text.contains("what is there is no number"))
    #expect(text.state.overlay == nil)
  }

  @Test func severalLinesAreEditedInSeveralLines() {
    var harness = string("one\ntwo")
    harness.type("e")
    harness.press(.enter)
    harness.type("three")
    harness.press(.tab, .enter)
    #expect(edits(harness).map(\.change) == [.string(from: bytes("one\ntwo"), to: bytes("one\ntwo\nthree"))])
  }

  @Test func aLongStringGoesToTheEditor() {
    var harness = string(String(repeating: "x", count: State.fieldLimit + 1))
    harness.type("e")
    #expect(harness.text.contains("E edits it in $EDITOR"))
    #expect(harness.state.overlay == nil)
  }

  @Test func theEditorsTextIsShownBeforeItIsSent() {
    var harness = string("v\u{0}1")
    harness.type("E")
    #expect(harness.effects == [.editor(document: bytes("v\\x001"))])
    harness.send(.editorEnded(.saved(bytes("v\\x001\n"))))
    #expect(harness.text.contains("unchanged: nothing was sent"))
    harness.forgetEffects()
    harness.type("E")
    harness.send(.editorEnded(.saved(bytes("v\\x002\n"))))
    #expect(harness.text.contains("will run"))
    #expect(harness.requests(.write).isEmpty)
    harness.press(.enter)
    #expect(edits(harness).map(\.change) == [.string(from: bytes("v\u{0}1"), to: bytes("v\u{0}2"))])
    harness = string("v")
    harness.type("E")
    harness.send(.editorEnded(.failed(why: "it ended with status 1", keptAt: "/tmp/x/value.txt")))
    #expect(harness.text.contains("ended with status 1"))
  }

  @Test func aTTLShowsItsDeadlineAsItIsTyped() {
    var harness = hash(left: 60_000)
    harness.type("t1x")
    #expect(harness.text.contains("is no TTL"))
    harness.press(.backspace)
    harness.type("0m")
    #expect(harness.text.contains("in 10m"))
    #expect(harness.text.contains("2026-01-01 00:10:00Z"))
    #expect(harness.text.contains("PEXPIRE user 600000"))
    harness.press(.enter)
    let deadline = Deadline.at(Harness.wall + 60_000)
    #expect(edits(harness).map(\.change) == [.expiry(from: deadline, to: .after(600_000))])
  }

  @Test func ttlsThatAreNotSent() {
    var persistent = hash()
    persistent.type("t+10m")
    #expect(persistent.text.contains("no TTL to add to"))
    persistent.press(.control("u"))
    persistent.type("none")
    persistent.press(.enter)
    #expect(persistent.text.contains("nothing is sent"))
    persistent.type("t@2020-01-01")
    persistent.press(.enter)
    #expect(persistent.text.contains("that time has passed"))
    #expect(persistent.requests(.write).isEmpty)
  }

  @Test func deletingAsksFirstAndTakesNoHastyKey() {
    var harness = hash()
    harness.type("d")
    #expect(harness.text.contains("HDEL user name"))
    harness.press(.tab, .enter)
    #expect(harness.requests(.write).isEmpty)
    harness.advance(160)
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.state.overlay == nil)
    harness.type("d")
    harness.advance(160)
    harness.press(.tab, .enter)
    #expect(edits(harness).map(\.change) == [.field(bytes("name"), from: bytes("ada"), to: nil)])
  }

  @Test func manyKeysAreDeletedByTypingTheirNumber() {
    var harness = Harness((0..<12).map { "k\($0)" })
    harness.tell((0..<12).map { ("k\($0)", .string, nil) })
    harness.type("*d")
    guard case .survey(let names, _)? = harness.requests(.survey).last else {
      Issue.record("nothing was asked")
      return
    }
    #expect(names.count == 12)
    let facts = names.map { KeyFacts(name: $0, type: .known(.string), deadline: .known(.persistent), size: .known(60)) }
    harness.answer(.survey, .survey(Survey(facts: facts, clock: Harness.clock)))
    harness.advance(160)
    #expect(harness.text.contains("type 12 to confirm"))
    harness.press(.tab, .enter)
    #expect(harness.requests(.write).isEmpty)
    harness.type("12")
    harness.press(.enter)
    #expect(edits(harness).count == 12)
    #expect(edits(harness).allSatisfy { $0.change == .deleteKey(keepsCopy: true) })
  }

  @Test func theDialogSaysWhenThereIsNoWayBack() {
    var harness = Harness(["big"])
    harness.tell([("big", .string, nil)])
    harness.type("d")
    let fact = KeyFacts(
      name: KeyName("big"), type: .known(.string), deadline: .known(.persistent), size: .known(9 << 20))
    harness.answer(.survey, .survey(Survey(facts: [fact], clock: Harness.clock)))
    #expect(harness.text.contains("There is no way back"))
    harness.advance(160)
    harness.press(.tab, .enter)
    #expect(edits(harness).map(\.change) == [.deleteKey(keepsCopy: false)])
  }

  @Test func aDeniedCopyIsSaidBefore() {
    for denied in ["DUMP", "RESTORE"] {
      var harness = Harness(["key"])
      harness.tell([("key", .string, nil)])
      harness.type("d")
      let fact = KeyFacts(name: KeyName("key"), type: .known(.string), deadline: .known(.persistent), size: .known(60))
      let denial = Denial(command: denied, missingRule: nil)
      harness.answer(.survey, .survey(Survey(facts: [fact], copyDenial: denial, clock: Harness.clock)))
      #expect(harness.text.contains("There is no way back: this user may not run \(denied)"))
      harness.advance(160)
      harness.press(.tab, .enter)
      #expect(edits(harness).last?.change == .deleteKey(keepsCopy: false))
    }
  }

  @Test func whatHasNoReadableTTLIsNotKept() {
    var harness = Harness(["key"])
    harness.tell([("key", .string, nil)])
    harness.type("d")
    let denial = Denial(command: "PTTL", missingRule: "+pttl")
    harness.answer(
      .survey,
      .survey(
        Survey(
          facts: [KeyFacts(name: KeyName("key"), type: .known(.string), deadline: .denied(denial), size: .known(60))],
          clock: Harness.clock)))
    #expect(harness.text.contains("There is no way back: this user may not read the TTL"))
  }

  @Test func marksStayOnTheirKeys() {
    var harness = Harness(["a", "b", "c", "d"])
    harness.type(" ")
    harness.press(.down)
    harness.type("V")
    #expect(harness.state.list.marked == [KeyName("a"), KeyName("b"), KeyName("c")])
    #expect(harness.text.contains("3 marked"))
    harness.type("*")
    #expect(harness.state.list.marked == [KeyName("d")])
    harness.press(.escape)
    #expect(harness.state.list.marked.isEmpty)
  }

  @Test func readOnlyOpensNothing() {
    var harness = Harness(["user"], setup: Setup(endpointName: "h", isReadOnly: true))
    harness.tell([("user", .hash, nil)])
    for key in "eEarctduU" {
      harness.type(String(key))
      #expect(harness.text.contains("read-only: nothing is written"), "\(key)")
      #expect(harness.state.overlay == nil)
    }
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func aPasteIsTextAndPressesNothing() {
    var harness = hash()
    harness.type("e")
    harness.send(.paste(bytes("x\ny")))
    #expect(harness.requests(.write).isEmpty)
    // A value takes several lines, and a carriage return for a line's end, as terminals send it.
    harness.send(.paste(bytes("1\r2\r\n3")))
    harness.press(.tab, .enter)
    #expect(edits(harness).map(\.change) == [.field(bytes("name"), from: bytes("ada"), to: bytes("adax\ny1\n2\n3"))])
    report(&harness, .refused(.init(kind: .server, what: "the edit", why: [], nextStep: "")))
    harness.forgetEffects()
    harness.press(.escape)
    harness.advance(200)
    harness.send(.paste(bytes("\n\n")))
    #expect(harness.text.contains("[Keep editing]"))
  }

  @Test func undoThatIsInTheWayIsAskedAbout() {
    var harness = hash()
    harness.type("u")
    #expect(harness.requests(.write) == [.undo(.normal)])
    let edit = Edit(
      key: KeyName("user"), change: .field(bytes("name"), from: bytes("b"), to: bytes("a")), presence: .present(.hash),
      database: 0, session: 1)
    harness.answer(
      .write,
      .written(WriteReport(id: 0, kind: .undo, items: [.init(edit: edit, outcome: .conflict(.value(bytes("theirs"))))]))
    )
    #expect(harness.text.contains("somebody else made it \"theirs\"; nothing was written"))
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.requests(.write).last == .undo(.skipping))
  }
}
