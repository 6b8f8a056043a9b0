import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// Of a big hash or set only what is visible is read again.
@Suite("The visible part of a big value") struct VisiblePartTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// Two pages of a thousand fields are loaded, and the cursor is in the second; what was asked so far is forgotten.
  private func deep(_ type: KeyType = .hash, next: UInt64 = 9, total: Int = 1_000) -> Harness {
    func page(_ range: Range<Int>, next: UInt64) -> ValuePage {
      type == .hash
        ? Harness.fields(range, of: total, next: next)
        : .set(SetPage(length: total, members: range.map { bytes("f\($0)") }, next: next))
    }
    var harness = Harness.opened(type, page(0..<200, next: 7))
    for _ in 0..<30 { harness.press(.pageDown) }
    harness.answer(
      .value, .page(KeyName("k"), page(200..<400, next: next), facts: Harness.openedFacts(type), clock: Harness.clock))
    for _ in 0..<3 { harness.press(.pageDown) }
    harness.advance(1_000)
    if !harness.requests(.facts).isEmpty { harness.tell([("k", type, nil)], size: 60) }
    harness.forgetEffects()
    return harness
  }

  /// The names asked for, where they were.
  private func namesAsked(_ harness: Harness) -> [String] {
    switch harness.requests(.value).last {
    case .open(_, _, .named(let names)), .page(_, _, .named(let names)):
      names.map { String(decoding: $0, as: UTF8.self) }
    default: []
    }
  }

  private func named(_ names: [String], of total: Int, value: String, gone: [String] = []) -> ValuePage {
    .named(
      NamedPage(
        length: total,
        there: names.filter { !gone.contains($0) }.map { .init(name: bytes($0), value: bytes(value)) },
        gone: gone.map(bytes)))
  }

  /// Answers what is asked by name until nothing is.
  private func answerNamed(_ harness: inout Harness, _ type: KeyType, of total: Int) {
    while harness.state.owed.contains(.value), case .page(_, _, .named)? = harness.requests(.value).last {
      let page = named(namesAsked(harness), of: total, value: "new")
      harness.answer(.value, .page(KeyName("k"), page, facts: Harness.openedFacts(type), clock: Harness.clock))
    }
  }

  @Test(arguments: [KeyType.hash, .set]) func onlyWhatIsVisibleIsReadAgain(type: KeyType) {
    var harness = deep(type)
    let cursor = harness.collection?.viewport.cursor ?? 0
    let top = harness.collection?.viewport.top ?? 0
    harness.send(.notice(.changed([KeyName("k")])))
    let asked = namesAsked(harness)
    #expect(asked.contains("f\(top)") && asked.contains("f\(cursor)"))
    #expect(asked.count < 60)
    // One above the cursor went meanwhile: the cursor stays on its own.
    harness.answer(.value, .opened(Harness.openedKey(type, named(asked, of: 999, value: "new", gone: ["f\(top)"]))))
    #expect(harness.row("▌f").contains("f\(cursor)"))
    #expect(harness.collection?.elements.count == 399)
    #expect(harness.collection?.total == 999)
    #expect(type == .set || harness.row("▌f").contains("new"))
    #expect(type == .set || harness.row("▌f").contains("◂"))
    // What comes into sight is of before, and read too.
    harness.forgetEffects()
    for _ in 0..<3 { harness.press(.pageUp) }
    let behind = namesAsked(harness)
    #expect(!behind.isEmpty && Set(behind).isDisjoint(with: asked))
    answerNamed(&harness, type, of: 999)
    #expect(type == .set || !harness.row("▌f").contains(" v"))
    #expect(type == .set || !harness.row(" f\(top - 10) ").contains(" v"))
    // Nothing is asked twice.
    harness.forgetEffects()
    harness.press(.down, .up)
    #expect(harness.requests(.value).isEmpty)
  }

  /// All of it was loaded, and there is more now: it is looked for when one comes to the end, and not all the time.
  @Test func whatIsNewIsFoundAtTheEnd() {
    var harness = deep(next: 0, total: 400)
    harness.send(.notice(.changed([KeyName("k")])))
    harness.answer(.value, .opened(Harness.openedKey(.hash, named(namesAsked(harness), of: 401, value: "v"))))
    harness.forgetEffects()
    harness.press(.end)
    answerNamed(&harness, .hash, of: 401)
    harness.advance(1_000)
    #expect(harness.requests(.value).contains(.page(KeyName("k"), .hash, .fields(cursor: 0, matching: nil))))
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(0..<200, of: 401, next: 7), facts: Harness.openedFacts(.hash), clock: Harness.clock
      ))
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(200..<401, of: 401, next: 0), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    #expect(harness.collection?.elements.count == 401)
    #expect(harness.collection?.hasMore == false)
    // It grows on: the visible part ten times a second, all of it seldom.
    harness.forgetEffects()
    for step in 0..<100 {
      harness.send(.notice(.changed([KeyName("k")])))
      harness.advance(10)
      let asked = namesAsked(harness)
      guard harness.state.owed.contains(.value) else { continue }
      if case .open? = harness.requests(.value).last {
        harness.answer(.value, .opened(Harness.openedKey(.hash, named(asked, of: 402 + step, value: "v"))))
      } else {
        harness.answer(
          .value,
          .page(
            KeyName("k"), Harness.fields(0..<401, of: 402, next: 0), facts: Harness.openedFacts(.hash),
            clock: Harness.clock))
      }
    }
    let whole = harness.requests(.value).filter { if case .page(_, _, .fields) = $0 { true } else { false } }
    #expect((1...6).contains(whole.count), "\(whole.count)")
  }

  @Test func anotherTypeIsReadFromItsBeginning() {
    var harness = deep()
    harness.send(.notice(.changed([KeyName("k")])))
    harness.forgetEffects()
    // The same names happen to be members of the set that took the hash's place.
    harness.answer(.value, .opened(Harness.openedKey(.set, named(["f1"], of: 1, value: ""))))
    #expect(harness.requests(.value) == [.open(KeyName("k"), pageLength: 200)])
  }

  /// A first TTL of a field that is read by name brings the column.
  @Test func aFieldThatGotATTLShowsIt() {
    var harness = deep()
    harness.send(.changed("k"))
    let asked = namesAsked(harness)
    guard case .named(var page) = named(asked, of: 1_000, value: "v") else { return }
    for index in page.there.indices {
      page.there[index].deadline = .known(.at(Harness.wall + harness.state.now - 1_000_000 + 42_500))
    }
    #expect(!harness.text.contains("42s"))
    harness.answer(.value, .opened(Harness.openedKey(.hash, .named(page))))
    #expect(harness.row("▌f").contains("42s"))
  }

  /// What is scanned after the change is of now, and not asked for by name again.
  @Test func whatIsScannedSinceIsNotReadTwice() {
    var harness = deep()
    harness.send(.changed("k"))
    harness.answer(.value, .opened(Harness.openedKey(.hash, named(namesAsked(harness), of: 1_000, value: "v"))))
    harness.press(.end)
    answerNamed(&harness, .hash, of: 1_000)
    harness.answer(
      .value,
      .page(
        KeyName("k"), Harness.fields(400..<600, of: 1_000, next: 11), facts: Harness.openedFacts(.hash),
        clock: Harness.clock))
    harness.forgetEffects()
    for _ in 0..<4 { harness.press(.pageDown) }
    #expect(harness.row("▌f").contains("f5"))
    #expect(namesAsked(harness).allSatisfy { Int($0.dropFirst()).map { $0 < 400 } ?? false })
  }
}
