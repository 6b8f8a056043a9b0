import Canvas
import Requests
import Testing

@testable import Browser

/// The console as text and as roles, recorded as the other screens are.
@Suite("Screens of the console") struct ConsoleSnapshotTests {
  static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]

  private func console(_ size: Size) -> Harness {
    var harness = Harness.console(
      ["config", "feed:top:daily"] + (0..<20).map { "user:\($0)" }, size: size,
      setup: Setup(endpointName: "10.2.0.14:6379", previewDelay: nil))
    harness.tellCount(22)
    return harness
  }

  private static func part(_ role: ReplyLine.Role, _ text: String, isQuoted: Bool = false) -> ReplyLine.Part {
    ReplyLine.Part(role, Array(text.utf8), isQuoted: isQuoted)
  }

  /// A few replies of several kinds.
  private func replies(_ size: Size) -> Harness {
    var harness = console(size)
    harness.run("SET user:1 'ada lovelace'")
    harness.reply(written: ["user:1"])
    harness.run("HGETALL config")
    harness.report(
      .replied(replies: 1, errors: 0, firstError: nil),
      [
        ReplyLine(parts: [
          Self.part(.sign, "1# "), Self.part(.string, "name", isQuoted: true), Self.part(.sign, " => "),
          Self.part(.string, "caf\u{e9}\n\u{1b}[31m", isQuoted: true),
        ]),
        ReplyLine(parts: [
          Self.part(.sign, "2# "), Self.part(.string, "ratio", isQuoted: true), Self.part(.sign, " => "),
          Self.part(.sign, "(double) "), Self.part(.number, "0.25"),
        ]),
        ReplyLine(parts: [
          Self.part(.sign, "3# "), Self.part(.string, "gone", isQuoted: true), Self.part(.sign, " => "),
          Self.part(.null, "(nil)"),
        ]),
      ])
    harness.run("LPUSH user:1 x")
    harness.reply(["WRONGTYPE Operation against a key holding the wrong kind of value"], isError: true)
    harness.run("HGTE config name")
    harness.reply(["ERR unknown command 'HGTE', with args beginning with: 'config' 'name' "], isError: true)
    return harness
  }

  @Test(arguments: sizes) func kinds(size: Size) throws { try check(replies(size), "console") }

  @Test(arguments: sizes) func hintAndMenu(size: Size) throws {
    var harness = replies(size)
    harness.write("SET user:1 x ")
    try check(harness, "console-hint")
    harness.press(.tab, .tab)
    try check(harness, "console-menu")
  }

  @Test(arguments: sizes) func transaction(size: Size) throws {
    var harness = console(size)
    harness.run("MULTI")
    harness.reply(session: .inTransaction([]))
    harness.run("SET a 1")
    harness.reply(["QUEUED"], session: .inTransaction(["SET a 1"]))
    harness.run("INCR a")
    harness.reply(["QUEUED"], session: .inTransaction(["SET a 1", "INCR a"]))
    try check(harness, "console-multi")
  }

  @Test(arguments: sizes) func stream(size: Size) throws {
    var harness = console(size)
    harness.run("PSUBSCRIBE news:*")
    harness.report(.streaming)
    let tail = (0..<30).map { number in
      ReplyLine(parts: [
        Self.part(.time, "\(Harness.wall + Int64(number) * 250)"), Self.part(.sign, "message "),
        Self.part(.text, "news:\(number % 3)"), Self.part(.sign, "  "),
        Self.part(.string, "headline \(number)", isQuoted: true),
      ])
    }
    harness.send(
      .notice(.console(.stream(StreamStatus(id: 1, received: 61_200, dropped: 51_200, rate: 4_980, tail: tail)))))
    try check(harness, "console-stream")
  }

  @Test(arguments: sizes) func question(size: Size) throws {
    var harness = replies(size)
    harness.run("FLUSHALL")
    harness.answer(
      .console,
      .console(
        .impact(
          CommandImpact(
            lines: [
              "Deletes all 1,234 keys of all databases. Nothing brings them back.", "db0: 1,200 keys", "db3: 34 keys",
            ]
            .map { Array($0.utf8) }))))
    try check(harness, "console-question")
  }

  @Test(arguments: sizes) func detailAsJSON(size: Size) throws {
    var harness = replies(size)
    harness.press(.backTab, .character("g"), .down, .character("o"), .character("j"))
    harness.answer(
      .consoleDocument,
      .console(.document(Array(#"{"name":"lamp","price":41.90,"tags":["a","b"],"on":true}"#.utf8), .element(line: 0))))
    try check(harness, "console-json")
  }

  private func check(_ harness: Harness, _ name: String) throws { try Snapshot.check(harness, name) }
}
