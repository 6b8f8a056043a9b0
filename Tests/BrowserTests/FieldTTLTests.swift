import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// TTLs of hash fields: read with the value, counting down beside it, and set by `t`.
@Suite("TTLs of fields") struct FieldTTLTests {
  private static let user = KeyName("user")

  /// Ms left of a field; nil: it does not expire.
  private func field(_ name: String, _ left: Int64?, at now: Int64 = 1_000_000) -> HashPage.Field {
    HashPage.Field(
      name: bytes(name), value: bytes("value of \(name)"),
      deadline: .known(left.map { .at(Harness.wall + now - 1_000_000 + $0) } ?? .persistent))
  }

  /// A hash that does not expire, with the value pane in focus.
  private func hash(
    _ fields: [HashPage.Field], size: Size = Size(width: 120, height: 36), server: String = "valkey 9.1.2"
  ) -> Harness {
    var harness = Harness(["user"], size: size)
    var facts = ServerFacts()
    let words = server.split(separator: " ").map(String.init)
    (facts.product, facts.version) = (words[0], words[1])
    harness.answer(.header, .server(facts))
    harness.tell([("user", .hash, nil)])
    harness.press(.enter)
    harness.open("user", .hash, .hash(HashPage(length: fields.count, fields: fields, next: 0)), length: fields.count)
    harness.forgetEffects()
    return harness
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func edits(_ harness: Harness) -> [Edit] {
    harness.requests(.write).flatMap { if case .write(let job) = $0 { job.edits } else { [Edit]() } }
  }

  private func report(_ harness: inout Harness, _ outcome: Outcome) {
    guard case .write(let job)? = harness.requests(.write).last else {
      Issue.record("nothing was written")
      return
    }
    harness.answer(
      .write,
      .written(WriteReport(id: job.id, kind: .edit, items: job.edits.map { .init(edit: $0, outcome: outcome) })))
  }

  private let applied = Outcome.applied(
    Applied(
      replies: ["1".word], after: "5".word, deadlineBefore: .persistent, deadlineAfter: .persistent, existsAfter: true))

  // MARK: - The column

  @Test(arguments: TTLTests.cells)
  func aCellSaysWhatIsLeft(left: Int64, cell: String) {
    let harness = hash([field("f", left), field("g", nil)])
    #expect(harness.row("VALUE").hasSuffix(" TTL │"))
    #expect(harness.row("value of f").hasSuffix(" \(cell) │"))
    #expect(harness.row("value of g").hasSuffix("  - │"))
  }

  @Test func thereIsNoColumnWithoutATTL() {
    #expect(!hash([field("f", nil), field("g", nil)]).row("VALUE").contains("TTL"))
    let unknown = HashPage.Field(name: bytes("f"), value: bytes("v"))
    #expect(!hash([unknown]).row("VALUE").contains("TTL"))
    // The server has none.
    var none = unknown
    none.deadline = .denied(Denial(command: "HPEXPIRETIME", missingRule: nil))
    #expect(!hash([none]).row("VALUE").contains("TTL"))
  }

  @Test func whatIsNotKnownIsSaid() {
    var denied = HashPage.Field(name: bytes("d"), value: bytes("value of d"))
    denied.deadline = .denied(Denial(command: "HPEXPIRETIME", missingRule: "+hpexpiretime"))
    let unknown = HashPage.Field(name: bytes("u"), value: bytes("value of u"))
    let harness = hash([denied, unknown])
    #expect(harness.row("value of d").hasSuffix("  ✗ │"))
    #expect(harness.row("value of u").hasSuffix("  ? │"))
  }

  @Test func theColumnComesWithTheFirstFieldThatHasOne() {
    var harness = hash([field("f", nil)])
    let page = HashPage(length: 400, fields: (0..<200).map { field("f\($0)", nil) }, next: 7)
    harness.state.value.wantsReading = true
    harness.open("user", .hash, .hash(page), length: 400)
    #expect(!harness.row("VALUE").contains("TTL"))
    harness.press(.character("G"))
    #expect(harness.requests(.value).last == .page(Self.user, .hash, .fields(cursor: 7, matching: nil)))
    harness.answer(
      .value,
      .page(
        Self.user, .hash(HashPage(length: 400, fields: [field("late", 42_500)], next: 0)),
        facts: KeyFacts(name: Self.user, type: .known(.hash), deadline: .known(.persistent)), clock: Harness.clock))
    #expect(harness.row("VALUE").contains("TTL"))
  }

  @Test(arguments: [Size(width: 40, height: 10), Size(width: 80, height: 24), Size(width: 100, height: 30)])
  func thereIsRoomForFieldAndValue(size: Size) {
    var long = field(String(repeating: "name", count: 30), 760_000)
    long.value = bytes(String(repeating: "word", count: 100))
    let harness = hash([long, field("g", nil)], size: size)
    let row = harness.row("12m 40s")
    #expect(row.contains("namenamen"), "\(row)")
    #expect(row.contains("wordwordw"), "\(row)")
    #expect(row.contains("…  12m 40s") || row.contains("…   12m 40s"), "\(row)")
  }

  // MARK: - In time

  @Test func itCountsDown() {
    var harness = hash([field("f", 60_000), field("g", 9_950)])
    #expect(Browser.nextTick(harness.state) <= harness.state.now + 100)
    harness.advance(500)
    #expect(harness.row("value of f").hasSuffix(" 59s │"))
    #expect(harness.row("value of g").hasSuffix(" 9.4s ! │"))
    #expect(harness.requests(.value).isEmpty)
    // What a script's `advance` moves on the screen asks for nothing.
    harness.state.displayOffset = 61_000
    #expect(harness.row("value of f").hasSuffix(" due │"))
    harness.advance(1)
    #expect(harness.requests(.value).isEmpty)
  }

  @Test func onlyWhatIsOnTheScreenTicks() {
    var fields = (0..<100).map { field("f\($0)", nil) }
    fields.append(field("last", 5_000))
    var harness = hash(fields)
    #expect(Browser.nextTick(harness.state) > harness.state.now + 100)
    harness.press(.character("G"))
    #expect(Browser.nextTick(harness.state) <= harness.state.now + 100)
    // The field alone, or the list alone: no column is shown.
    harness.press(.enter)
    #expect(Browser.nextTick(harness.state) > harness.state.now + 100)
    harness.press(.escape)
    #expect(Browser.nextTick(harness.state) <= harness.state.now + 100)
    harness.press(.escape, .character("+"))
    #expect(harness.state.layout.value == nil)
    #expect(Browser.nextTick(harness.state) > harness.state.now + 100)
  }

  @Test func hoursTickOnceASecond() {
    let harness = hash([field("f", 3_600_000)])
    let next = Browser.nextTick(harness.state)
    #expect(next > harness.state.now + 100 && next <= harness.state.now + 1_000)
  }

  @Test func atZeroItIsDueAndReadAgainOnceUntilItLeaves() {
    var harness = hash([field("f", 1_000), field("g", nil)])
    harness.advance(1_001)
    #expect(harness.row("value of f").hasSuffix(" due │"))
    #expect(harness.requests(.value) == [.open(Self.user, pageLength: 200)])
    for _ in 0..<20 { harness.advance(50) }
    #expect(harness.requests(.value).count == 1)
    harness.open("user", .hash, .hash(HashPage(length: 1, fields: [field("g", nil)], next: 0)), length: 1)
    #expect(harness.row("value of f").isEmpty)
    #expect(!harness.row("VALUE").contains("TTL"))
    for _ in 0..<20 { harness.advance(50) }
    #expect(harness.requests(.value).count == 1)
  }

  @Test func aFieldThatIsStillThereIsAskedAboutTwiceASecond() {
    let fields = [field("f", 1_000), field("g", nil)]
    var harness = hash(fields)
    harness.advance(1_001)
    for _ in 0..<100 {
      harness.open("user", .hash, .hash(HashPage(length: 2, fields: fields, next: 0)), length: 2)
      harness.advance(10)
    }
    #expect((2...3).contains(harness.requests(.value).count), "\(harness.requests(.value).count)")
    // A new deadline is shown, and there is nothing to ask.
    harness.advance(500)
    harness.forgetEffects()
    harness.open(
      "user", .hash,
      .hash(HashPage(length: 2, fields: [field("f", 42_500, at: harness.state.now), field("g", nil)], next: 0)))
    #expect(harness.row("value of f").contains(" 42s"))
    for _ in 0..<20 { harness.advance(50) }
    #expect(harness.requests(.value).isEmpty)
  }

  @Test func whileTheServerIsAwayItStaysDue() {
    var harness = hash([field("f", 1_000)])
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 1_000))))
    harness.advance(5_000)
    #expect(harness.row("value of f").hasSuffix(" due │"))
    #expect(harness.requests(.value).isEmpty)
    harness.send(.notice(.link(.connected)))
    #expect(harness.row("value of f").hasSuffix("  ? │"))
    #expect(harness.requests(.value) == [.open(Self.user, pageLength: 200)])
  }

  // MARK: - t

  @Test func tOnAFieldIsAboutTheField() {
    var harness = hash([field("name", 42_500), field("age", nil)])
    harness.type("t")
    #expect(harness.text.contains("─ TTL of field name ─"))
    #expect(harness.row("now  ").contains("now  42s"))
    harness.type("90s")
    #expect(harness.text.contains("HPEXPIRE user 90000 FIELDS 1 name"))
    #expect(harness.text.contains("in 1m 30s"))
    #expect(harness.text.contains("only while its TTL is what you saw"))
    harness.press(.enter)
    let seen = Deadline.at(Harness.wall + 42_500)
    #expect(edits(harness).map(\.change) == [.fieldExpiry(bytes("name"), from: seen, to: .after(90_000))])
    #expect(edits(harness).first?.presence == .present(.hash))
    report(&harness, applied)
    #expect(harness.text.contains("done: TTL of field name is 1m 30s  u undoes"))
    // The value is read again, and the cursor stays on the field.
    #expect(harness.state.isRereadDue || harness.requests(.value).last == .open(Self.user, pageLength: 200))
  }

  @Test func everyFormOfATTLIsTaken() {
    for (typed, words) in [
      ("none", "HPERSIST user FIELDS 1 name"), ("@2100-01-01Z", "HPEXPIREAT user 4102444800000 FIELDS 1 name"),
      ("+10m", "HPEXPIREAT user \(Harness.wall + 642_500) FIELDS 1 name"),
      ("2h", "HPEXPIRE user 7200000 FIELDS 1 name"),
    ] {
      var harness = hash([field("name", 42_500)])
      harness.type("t\(typed)")
      #expect(harness.text.contains(words), "\(typed): \(harness.text)")
    }
    for (typed, words) in [
      ("@2020-01-01", "the field would be gone at once"), ("soon", "is no TTL"),
      ("+5m", "the field has no TTL to add to"),
      ("none", "no TTL is there to be taken away"),
    ] {
      var harness = hash([field("age", nil)])
      harness.type("t\(typed)")
      #expect(harness.text.contains(words), "\(typed): \(harness.text)")
      harness.press(.enter)
      #expect(harness.requests(.write).isEmpty)
    }
  }

  /// Servers take, and tell, deadlines up to the last millisecond of 64 bits.
  @Test func addingToTheLastDeadlineIsRefused() {
    var last = field("name", nil)
    last.deadline = .known(.at(.max))
    var harness = hash([last])
    harness.type("t+10m")
    #expect(harness.text.contains("longer than any TTL can be"))
    harness = Harness(["k"])
    let facts = KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .known(.at(.max)), size: .known(1))
    harness.answer(.facts, .facts([facts], clock: Harness.clock))
    harness.type("t+10m")
    #expect(harness.text.contains("longer than any TTL can be"))
  }

  @Test func aConflictShowsTheTTLAsItIs() {
    var harness = hash([field("name", 42_500)])
    harness.type("t90")
    harness.press(.enter)
    report(&harness, .conflict(.deadline(.at(4_102_444_800_000))))
    #expect(harness.text.contains("theirs  expires 2100-01-01"))
    harness.advance(200)
    harness.forgetEffects()
    harness.press(.tab, .enter)
    #expect(
      edits(harness).map(\.change)
        == [.fieldExpiry(bytes("name"), from: .at(4_102_444_800_000), to: .after(90_000))])
  }

  @Test func aFieldThatWentIsNotMadeAgain() {
    var harness = hash([field("name", 42_500)])
    harness.type("t90")
    harness.press(.enter)
    report(&harness, .conflict(.value(nil)))
    #expect(harness.text.contains("(not there any more)"))
    #expect(!harness.text.contains("[Write mine]") && !harness.text.contains("[Recreate it]"))
  }

  @Test(arguments: ["\u{1B}[2J\u{202E}x", "한국어", "", String(repeating: "name", count: 100)])
  func aNameIsOnlyShown(name: String) {
    for size in [Size(width: 40, height: 10), Size(width: 120, height: 36)] {
      var harness = hash([field(name, 42_500)], size: size)
      harness.type("t90")
      #expect(!harness.text.contains("\u{1B}") && !harness.text.contains("\u{202E}"))
      #expect(harness.row("TTL of field ").contains("╮"), "\(harness.text)")
    }
  }

  @Test func elsewhereItIsAboutTheKey() {
    var harness = hash([field("name", 42_500)])
    harness.type("h")
    harness.type("t90")
    #expect(harness.text.contains("PEXPIRE user 90000"))
    #expect(harness.text.contains("─ TTL ─"))
    harness = Harness(["s"])
    harness.tell([("s", .string, nil)])
    harness.press(.enter)
    harness.open("s", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])))
    harness.type("t90")
    #expect(harness.text.contains("PEXPIRE s 90000"))
  }

  /// There the key's TTL is the only one, and the form says so.
  @Test func withoutTTLsOfFieldsItIsAboutTheKey() {
    var none = field("name", nil)
    none.deadline = .denied(Denial(command: "HPEXPIRETIME", missingRule: nil))
    var harness = hash([none], server: "redis 7.0.15")
    harness.type("t")
    #expect(harness.text.contains("this server has no TTLs of fields (Redis 7.4, Valkey 9): this is the key's"))
    harness.type("90")
    #expect(harness.text.contains("PEXPIRE user 90000"))
    // Nothing that was written to the value is in its way.
    harness.press(.enter)
    report(&harness, applied)
    harness.state.value.isOutdated = true
    harness.type("t")
    #expect(harness.text.contains("─ TTL ─"))
  }

  /// Whoever may not read the TTLs may still set one, whatever it was.
  @Test func deniedTTLsCanBeSet() {
    var denied = field("name", nil)
    denied.deadline = .denied(Denial(command: "HPEXPIRETIME", missingRule: "+hpexpiretime"))
    var harness = hash([denied])
    harness.type("t90")
    #expect(harness.text.contains("only while the field is there"))
    harness.press(.enter)
    #expect(edits(harness).map(\.change) == [.fieldExpiry(bytes("name"), from: nil, to: .after(90_000))])
  }

  /// What is typed before the hash was read is meant for its field.
  @Test func tWaitsForTheField() {
    var harness = hash([field("name", 42_500)])
    harness.add(["user", "other"])
    harness.tell([("other", .hash, nil), ("user", .hash, nil)])
    harness.press(.escape, .home, .enter)
    #expect(harness.state.value.key == KeyName("other"))
    harness.type("t90")
    #expect(harness.state.overlay == nil)
    harness.open("other", .hash, .hash(HashPage(length: 1, fields: [field("f", nil)], next: 0)), length: 1)
    #expect(harness.text.contains("HPEXPIRE other 90000 FIELDS 1 f"))
  }

  /// The next `t` waits until our own change was read: it would be in its way.
  @Test func tWaitsForOurOwnEdit() {
    var harness = hash([field("name", 42_500)])
    harness.type("t90")
    harness.press(.enter)
    report(&harness, applied)
    harness.forgetEffects()
    harness.type("t5m")
    #expect(harness.state.overlay == nil)
    harness.advance(100)
    harness.open(
      "user", .hash, .hash(HashPage(length: 1, fields: [field("name", 90_000)], next: 0)), length: 1)
    harness.press(.enter)
    #expect(
      edits(harness).map(\.change)
        == [.fieldExpiry(bytes("name"), from: .at(Harness.wall + 90_000), to: .after(300_000))])
  }

  @Test func notWhileDisconnectedOrReadOnly() {
    var harness = hash([field("name", 42_500)])
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 1_000))))
    harness.type("t")
    #expect(harness.state.overlay == nil)
    #expect(harness.text.contains("not connected"))
  }
}
