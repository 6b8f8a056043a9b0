import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// The cursor of an open value stays on what one stood on, or goes to what one made.
@Suite("Cursor after edits") struct FollowingTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func report(_ harness: inout Harness, _ applied: Applied) {
    guard case .write(let job)? = harness.requests(.write).last else {
      Issue.record("nothing was written")
      return
    }
    let items = job.edits.map { WriteReport.Item(edit: $0, outcome: .applied(applied)) }
    harness.answer(.write, .written(WriteReport(id: job.id, kind: .edit, items: items)))
  }

  private let done = Applied(
    replies: [Array("1".utf8)], deadlineBefore: .persistent, deadlineAfter: .persistent, existsAfter: true)

  /// A push re-reads a hash of which two pages are loaded: the first page alone does not move the cursor.
  @Test func aBigHashIsReadUpToTheCursor() {
    var harness = Harness.opened(.hash, Harness.fields(0..<200, of: 1_000, next: 7))
    for _ in 0..<30 { harness.press(.pageDown) }
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(200..<400, of: 1_000, next: 9), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    for _ in 0..<3 { harness.press(.pageDown) }
    let before = harness.collection?.viewport.cursor ?? 0
    #expect(before > 200)
    harness.send(.notice(.changed([KeyName("k")])))
    harness.advance(2_000)
    harness.forgetEffects()
    harness.answer(.value, .opened(Harness.openedKey(.hash, Harness.fields(0..<200, of: 1_001, next: 7))))
    #expect(harness.collection?.viewport.cursor == before)
    #expect(harness.collection?.elements.count == 400)
    #expect(harness.requests(.value) == [.page(KeyName("k"), .hash, .fields(cursor: 7, matching: nil))])
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(200..<400, of: 1_001, next: 9), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    #expect(harness.collection?.viewport.cursor == before)
    #expect(harness.collection?.total == 1_001)
    #expect(harness.state.value.renewal == nil)
  }

  /// As long as a change that the server told of is not shown, that is said.
  @Test func whatIsBehindIsMarked() {
    var harness = Harness.opened(.hash, Harness.fields(0..<200, of: 200, next: 0))
    #expect(!harness.text.contains("changed since"))
    harness.send(.notice(.changed([KeyName("k")])))
    harness.advance(300)
    #expect(!harness.text.contains("changed since"))
    harness.advance(800)
    #expect(harness.text.contains("changed since"))
    harness.answer(.value, .opened(Harness.openedKey(.hash, Harness.fields(0..<200, of: 200, next: 0))))
    #expect(!harness.text.contains("changed since"))
  }

  /// While it is read again one moves on: the cursor stays where one went.
  @Test func oneCanMoveWhileItIsReadAgain() {
    var harness = Harness.opened(.hash, Harness.fields(0..<200, of: 400, next: 7))
    for _ in 0..<30 { harness.press(.pageDown) }
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(200..<400, of: 400, next: 0), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    for _ in 0..<3 { harness.press(.pageDown) }
    harness.send(.notice(.changed([KeyName("k")])))
    harness.advance(2_000)
    harness.answer(.value, .opened(Harness.openedKey(.hash, Harness.fields(0..<200, of: 400, next: 7))))
    #expect(harness.state.value.renewal != nil)
    harness.press(.down, .down, .down)
    let aimed = harness.state.focusedElement
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(200..<400, of: 400, next: 0), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    #expect(harness.state.value.renewal == nil)
    #expect(harness.state.focusedElement == aimed)
  }

  /// Whoever moves after an edit is not taken back to what was edited.
  @Test func movingEndsFollowing() {
    func page(_ elements: [String]) -> ValuePage {
      .list(ListPage(length: elements.count, start: 0, elements: elements.map(bytes)))
    }
    var harness = Harness.opened(.list, page(["x", "y", "z"]))
    harness.type("at")
    harness.type("new")
    harness.press(.enter)
    report(
      &harness,
      Applied(
        replies: [bytes("4")], deadlineBefore: .persistent, deadlineAfter: .persistent, existsAfter: true))
    harness.type("gj")
    harness.advance(200)
    harness.answer(.value, .opened(Harness.openedKey(.list, page(["x", "y", "z", "new"]))))
    #expect(harness.collection?.viewport.cursor == 1)
  }

  @Test func aFilterStaysWhenTheHashIsReadAgain() {
    var harness = Harness.opened(.hash, Harness.fields(0..<200, of: 1_000, next: 7))
    harness.type("/f77")
    harness.press(.enter)
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(770..<780, of: 1_000, next: 0), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    harness.press(.down)
    harness.type("e!")
    harness.press(.enter)
    report(&harness, done)
    harness.advance(200)
    harness.forgetEffects()
    harness.answer(.value, .opened(Harness.openedKey(.hash, Harness.fields(0..<200, of: 1_000, next: 7))))
    #expect(harness.requests(.value) == [.page(KeyName("k"), .hash, .fields(cursor: 0, matching: bytes("*f77*")))])
    #expect(harness.collection?.element(at: 1)?.name == bytes("f771"))
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(770..<780, of: 1_000, next: 0), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    #expect(harness.collection?.viewport.cursor == 1)
    #expect(harness.collection?.filter == bytes("f77"))
  }

  /// `a` grew beyond its neighbours: the next key press is still about `a`.
  @Test func theCursorGoesWithTheMember() {
    func page(_ scores: [(String, String)]) -> ValuePage {
      .sortedSet(
        SortedSetPage(
          length: scores.count, start: 0, reverse: false,
          entries: scores.map { .init(member: bytes($0.0), score: bytes($0.1)) }))
    }
    var harness = Harness.opened(.sortedSet, page([("a", "1"), ("b", "2"), ("c", "3")]))
    harness.type("=10")
    harness.press(.enter)
    report(&harness, done)
    harness.advance(200)
    harness.answer(.value, .opened(Harness.openedKey(.sortedSet, page([("b", "2"), ("c", "3"), ("a", "11")]))))
    #expect(harness.collection?.viewport.cursor == 2)
    #expect(harness.state.focusedElement?.name == bytes("a"))
  }

  @Test func theCursorGoesToANewElement() {
    func page(_ elements: [String]) -> ValuePage {
      .list(ListPage(length: elements.count, start: 0, elements: elements.map(bytes)))
    }
    var harness = Harness.opened(.list, page(["x", "y"]))
    harness.type("jah")
    harness.type("new")
    harness.press(.enter)
    report(&harness, done)
    harness.advance(200)
    harness.answer(.value, .opened(Harness.openedKey(.list, page(["new", "x", "y"]))))
    #expect(harness.collection?.viewport.cursor == 0)
  }

  /// What is typed before the value is there is meant for its field: none of it is a command.
  @Test func keysTypedAheadGoIntoTheForm() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, nil)])
    harness.type("e")
    harness.type("uUd")
    harness.send(.paste(bytes("-pasted-")))
    harness.type("!")
    #expect(harness.requests(.write).isEmpty)
    harness.answer(
      .value, .opened(Harness.openedKey(.string, .string(StringPage(length: 2, offset: 0, bytes: bytes("hi"))))))
    #expect(harness.text.contains("hiuUd-pasted-!"))
    #expect(harness.requests(.write).isEmpty)
  }

  @Test func keysTypedAheadOfWhatDoesNotComeAreDropped() {
    var harness = Harness(["k"])
    harness.tell([("k", .string, nil)])
    harness.type("e")
    harness.type("uuu")
    harness.press(.escape)
    #expect(harness.text.contains("what was typed was not used"))
    #expect(harness.requests(.write).isEmpty)
    harness.press(.escape)
    harness.type("rnew")
    #expect(harness.text.contains("rename key"))
  }

  /// A key that is written again within the two seconds in which its row says `gone` is not taken out of the list.
  @Test func aKeyThatComesBackStays() {
    var harness = Harness(["k", "l"])
    harness.tell([("k", .string, nil), ("l", .string, nil)])
    harness.answer(.facts, .facts([KeyFacts(name: KeyName("k"), type: .known(nil))], clock: Harness.clock))
    #expect(harness.state.list.seen[KeyName("k")]?.goneAt != nil)
    harness.advance(500)
    harness.forgetEffects()
    harness.send(.notice(.changed([KeyName("k")])))
    harness.advance(200)
    #expect(
      harness.requests(.facts).contains {
        if case .facts(let names, _) = $0 { names.contains(KeyName("k")) } else { false }
      })
    harness.tell([("k", .string, nil)])
    harness.forgetEffects()
    harness.advance(5_000)
    #expect(harness.requests(.forget).isEmpty)
  }

  /// `e` right after an edit waits until our own change was read: it is nobody else's.
  @Test func theNextEditWaitsForTheOneBefore() {
    var harness = Harness.opened(
      .hash, .hash(HashPage(length: 1, fields: [.init(name: bytes("f"), value: bytes("1"))], next: 0)))
    harness.type("e2")
    harness.press(.enter)
    report(&harness, done)
    harness.forgetEffects()
    harness.type("e3")
    #expect(harness.state.overlay == nil)
    harness.advance(200)
    harness.answer(
      .value,
      .opened(
        Harness.openedKey(
          .hash, .hash(HashPage(length: 1, fields: [.init(name: bytes("f"), value: bytes("12"))], next: 0)))))
    harness.press(.enter)
    guard case .write(let job)? = harness.requests(.write).last else { Issue.record("nothing was written"); return }
    #expect(job.edits.map(\.change) == [.field(bytes("f"), from: bytes("12"), to: bytes("123"))])
  }

  /// So does `E`: it is not forgotten while it waits.
  @Test func theEditorWaitsForTheEditBefore() {
    func page(_ value: String) -> ValuePage {
      .hash(HashPage(length: 1, fields: [.init(name: bytes("f"), value: bytes(value))], next: 0))
    }
    var harness = Harness.opened(.hash, page("1"))
    harness.type("e2")
    harness.press(.enter)
    report(&harness, done)
    harness.type("E")
    harness.forgetEffects()
    harness.advance(200)
    harness.answer(.value, .opened(Harness.openedKey(.hash, page("12"))))
    #expect(harness.effects.contains(.editor(document: bytes("12"))))
  }

  /// What was opened before the first answer came is of the database that it tells.
  @Test func whatWasOpenedAtTheStartStaysOpen() {
    var harness = Harness.opened(.hash, Harness.fields(0..<2, of: 2, next: 0))
    harness.send(.answer(.database, generation: harness.state.generations[.database] ?? 0, .selected(database: 0)))
    #expect(harness.state.value.key == KeyName("k"))
    #expect(harness.state.focus == .value)
    harness.send(.answer(.database, generation: harness.state.generations[.database] ?? 0, .selected(database: 1)))
    #expect(harness.state.value.key == nil)
  }

  @Test func nothingIsPressedOnAScreenThatIsTooSmall() {
    var harness = Harness(["k"], size: Size(width: 20, height: 5))
    harness.tell([("k", .string, nil)])
    harness.type("d")
    #expect(harness.requests(.survey).isEmpty)
    #expect(harness.state.overlay == nil)
  }

  /// The answer to an undo does not replace a form that was opened since.
  @Test func aLateAnswerLeavesTheFormAlone() {
    var harness = Harness.opened(.hash, Harness.fields(0..<2, of: 2, next: 0))
    harness.type("u")
    harness.type("e!")
    let edit = Edit(
      key: KeyName("other"), change: .deleteKey(keepsCopy: true), presence: .present(.hash), database: 0, session: 1)
    harness.answer(
      .write, .written(WriteReport(id: 0, kind: .undo, items: [.init(edit: edit, outcome: .gone)])))
    #expect(harness.text.contains("v0!"))
    #expect(harness.text.contains("not undone"))
  }
}
