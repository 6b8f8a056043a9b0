import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// `F`: keys that others write appear.
@Suite struct NewKeysTests {
  private static let names = ["plain", "sess:a", "sess:eu:1", "sess:eu:2", "user:1"]

  private func harness(width: Int = 120, endpoint: String = "127.0.0.1:6379") -> Harness {
    Harness(Self.names, size: Size(width: width, height: 24), setup: Setup(endpointName: endpoint))
  }

  /// What `F` asks to follow now; nil: nothing, or the end.
  private func prefix(_ harness: Harness) -> String? {
    var harness = harness
    harness.forgetEffects()
    harness.type("F")
    guard case .follow(let prefix?, 1_000)? = harness.requests(.follow).last else { return nil }
    return String(decoding: prefix, as: UTF8.self)
  }

  /// It is on, as far as the Store has told.
  private func following(_ prefix: String, _ perSecond: Int = 0, width: Int = 120) -> Harness {
    var harness = harness(width: width)
    harness.type("F")
    harness.answer(.follow, .done)
    harness.send(.notice(.follow(.on(prefix: Array(prefix.utf8), perSecond: perSecond))))
    return harness
  }

  private func keys(_ names: String...) -> [KeyName] { names.map { KeyName($0) } }

  private func header(_ harness: Harness) -> String { harness.frame().trimmedRows()[0] }

  private func message(_ harness: Harness) -> String { harness.frame().trimmedRows().last ?? "" }

  // MARK: - What is followed

  @Test func theOpenFolderUnderTheCursorOrAroundItElseEverything() {
    var harness = harness()
    #expect(prefix(harness) == "")
    harness.type("j")
    #expect(prefix(harness) == "")
    harness.press(.enter)
    harness.giveRows()
    #expect(prefix(harness) == "sess:")
    harness.type("j")
    #expect(prefix(harness) == "sess:")
    harness.type("j")
    #expect(prefix(harness) == "sess:")
    harness.press(.enter)
    harness.giveRows()
    harness.type("j")
    #expect(harness.state.list.cursorKey == KeyName("sess:eu:1"))
    #expect(prefix(harness) == "sess:eu:")
    harness.type("g")
    #expect(prefix(harness) == "")
    harness.type("v")
    harness.giveRows()
    harness.type("G")
    #expect(harness.state.list.cursorKey == KeyName("user:1"))
    #expect(prefix(harness) == "")
  }

  @Test(arguments: [
    ("user:*", "user:"), (#"us\*er*"#, "us*er"), (#"a\xff[b]"#, "a\u{FFFD}"), ("*:1", ""), ("user", ""), ("~user", ""),
  ])
  func theLiteralBeginningOfAGlob(filter: String, expected: String) {
    var harness = harness()
    harness.type("/")
    harness.type(filter)
    harness.press(.enter)
    // Nothing is listed: there is no folder either.
    harness.index = KeyIndex()
    harness.giveRows()
    #expect(prefix(harness) == expected)
  }

  @Test func aFilterWithoutABeginningLeavesItToTheFolder() {
    var harness = harness()
    harness.type("/")
    harness.type("ess")
    harness.press(.enter)
    harness.giveRows()
    harness.type("g")
    harness.press(.enter)
    harness.giveRows()
    #expect(prefix(harness) == "sess:")
  }

  @Test func aClosedFolderThatGotAKeyIsMarked() {
    var harness = harness()
    harness.send(.notice(.appeared([KeyName("sess:eu:9")])))
    #expect(harness.row("▸ sess:").hasSuffix("+│") || harness.row("▸ sess:").contains("+│"))
    #expect(!harness.row("user:").contains("+│"))
    harness.advance(2_000)
    #expect(!harness.row("▸ sess:").contains("+│"))
  }

  @Test func theLimitIsTheUsers() {
    var harness = harness()
    harness.state.setup.followLimit = 7
    harness.type("F")
    #expect(harness.requests(.follow) == [.follow(prefix: [], limit: 7)])
  }

  // MARK: - What is said

  @Test func itSaysWhatItFollowsAndEndsByTheSameKey() {
    var harness = following("sess:")
    #expect(message(harness).contains("following new keys that begin with sess: (F ends it)"))
    harness.forgetEffects()
    harness.type("F")
    #expect(harness.requests(.follow) == [.follow(prefix: nil)])
    #expect(message(harness).contains("new keys are not followed any more"))
    // It lasts until the Store says so.
    #expect(header(harness).contains("following sess:"))
    harness.send(.notice(.follow(.off(.asked))))
    #expect(!header(harness).contains("following"))
    harness.forgetEffects()
    harness.type("F")
    #expect(harness.requests(.follow) == [.follow(prefix: [])])
  }

  /// Pressed twice before the first answer: it ends.
  @Test func twoPressesAreABeginningAndAnEnd() {
    var harness = harness()
    harness.type("FF")
    #expect(harness.requests(.follow) == [.follow(prefix: []), .follow(prefix: nil)])
    harness.send(.notice(.follow(.on(prefix: [], perSecond: 0))))
    #expect(message(harness).contains("not followed any more"))
  }

  @Test func aRefusalIsSaidAndTheNextPressTriesAgain() {
    var harness = harness(width: 80)
    harness.type("F")
    harness.answer(
      .follow,
      .failed(
        Failure(
          kind: .denied(Denial(command: "CLIENT TRACKING", missingRule: "+client|tracking")), what: "following",
          why: Array("this user may not run CLIENT TRACKING".utf8), nextStep: "Ask for +client|tracking")))
    #expect(message(harness).contains("may not run CLIENT TRACKING. Ask for +client|tracking"))
    #expect(!header(harness).contains("following"))
    harness.forgetEffects()
    harness.type("F")
    #expect(harness.requests(.follow) == [.follow(prefix: [])])
  }

  /// Whole on eighty columns, with what to do.
  @Test(arguments: [
    (FollowEnd.tooFast(limit: 1_000), "following ended, over 1,000/s: narrow (filter, folder) or raise limits.follow"),
    (.backlog(2_000), "following ended, 2,000 names wait: narrow (filter, folder) or raise limits.follow"),
    (.database, "new keys are not followed any more: they were those of another database"),
    (
      .refused(Failure(kind: .server, what: "following", why: Array("no".utf8), nextStep: "Ask for +type")),
      "following: no. Ask for +type"
    ),
  ])
  func itSaysWhyItEnded(end: FollowEnd, words: String) {
    var harness = following("sess:", width: 84)
    harness.send(.notice(.follow(.off(end))))
    #expect(message(harness).contains(words))
    #expect(!header(harness).contains("following"))
    harness.forgetEffects()
    harness.type("F")
    #expect(harness.requests(.follow).count == 1)
  }

  @Test func afterALossItSaysWhatIsNotKnown() {
    var harness = following("sess:", 3)
    harness.send(.notice(.follow(.interrupted(prefix: Array("sess:".utf8)))))
    #expect(header(harness).contains("following sess: interrupted"))
    harness.send(.notice(.follow(.on(prefix: Array("sess:".utf8), perSecond: 0))))
    #expect(message(harness).contains("what was written meanwhile is not known: R rescans"))
    #expect(header(harness).contains("following sess: 0/s"))
  }

  // MARK: - Row 1

  @Test(arguments: [40, 60, 80, 120, 200])
  func rowOneHasTheRateAtEveryWidth(width: Int) {
    let harness = following("sess:", 12, width: width)
    let row = header(harness)
    #expect(row.contains("127.0.0.1:6379"), "\(row)")
    #expect(row.contains(" db0 "), "\(row)")
    #expect(row.contains(width >= 60 ? "following sess: 12/s" : "following"), "\(row)")
    #expect(row.contains("12/s"), "\(row)")
  }

  @Test func aLongPathOrPrefixLeavesRoomForTheOthers() {
    var harness = harness(
      width: 80, endpoint: "/very/long/path/to/the/socket/of/some/server/that/never/ends/redis.sock")
    harness.type("F")
    let prefix = "tenant:4711:" + String(repeating: "deep:", count: 30)
    harness.send(.notice(.follow(.on(prefix: Array(prefix.utf8), perSecond: 1_234))))
    let row = header(harness)
    #expect(row.contains(" db0 ") && row.contains("following tenant:") && row.contains("1,234/s"), "\(row)")
    harness.send(.notice(.tracking(false)))
    #expect(header(harness).contains("[POLL]"))
  }

  @Test func hostilePrefixesAreEscaped() {
    var harness = harness()
    harness.type("F")
    harness.send(.notice(.follow(.on(prefix: [0x1B, 0x5B, 0x32, 0x4A, 0xFF], perSecond: 0))))
    #expect(header(harness).contains(#"following \x1b[2J\xff 0/s"#))
    #expect(message(harness).contains(#"begin with \x1b[2J\xff (F ends it)"#))
  }

  // MARK: - Keys that come and go

  /// The cursor was never moved, and yet stays with its key.
  @Test func theCursorStaysWithItsKey() {
    var harness = following("")
    #expect(harness.state.list.cursorKey == KeyName("plain"))
    harness.add(["above"])
    #expect(harness.state.list.cursorKey == KeyName("plain"))
    #expect(harness.state.list.viewport.cursor == 1)
  }

  @Test func whatAppearedIsRememberedForAWhile() {
    var harness = following("")
    harness.send(.notice(.appeared(keys("above", "below"))))
    #expect(
      harness.state.following.appeared == [KeyName("above"): harness.state.now, KeyName("below"): harness.state.now])
    harness.advance(1_500)
    harness.send(.notice(.appeared(keys("later"))))
    #expect(Set(harness.state.following.appeared.keys) == Set(keys("above", "below", "later")))
    harness.advance(600)
    harness.send(.notice(.appeared(keys("last"))))
    #expect(Set(harness.state.following.appeared.keys) == Set(keys("later", "last")))
  }

  @Test func theHelpNamesIt() {
    var harness = harness()
    harness.type("?G")
    let lines = HelpScreen.lines(harness.state).map(\.string)
    #expect(lines.contains { $0.contains("F ") && $0.contains("follow new keys") })
  }
}
