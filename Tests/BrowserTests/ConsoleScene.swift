import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

/// The console in each of its states, with bytes of every kind in it where a server or the user may have put them.
enum ConsoleScene: String, CaseIterable, CustomTestStringConvertible {
  case empty, replies, hint, problem, menu, severalLines, search, transaction, aborted, stream, question, pane, zoomed
  case detail, file, waiting, every, long, stays

  var testDescription: String { rawValue }

  static let hostile = Array("\u{1b}]0;x\u{7}\u{202e}evil 日本語 👩\u{200D}💻 e\u{301} ".utf8) + [0xff, 0x00, 0x0a]

  private static func part(_ role: ReplyLine.Role, _ text: String, isQuoted: Bool = false) -> ReplyLine.Part {
    ReplyLine.Part(role, Array(text.utf8), isQuoted: isQuoted)
  }

  /// Lines of every role.
  static let lines: [ReplyLine] = [
    ReplyLine(parts: [part(.sign, "1) "), part(.string, "plain", isQuoted: true)]),
    ReplyLine(parts: [part(.sign, "2) "), .init(.string, hostile, isQuoted: true)]),
    ReplyLine(parts: [part(.sign, "3# "), .init(.text, hostile), part(.sign, " => "), part(.number, "42")]),
    ReplyLine(parts: [part(.sign, "4) 1) "), part(.sign, "(double) "), part(.number, "1.5")]),
    ReplyLine(parts: [part(.sign, "   2) "), part(.boolean, "(true)")]),
    ReplyLine(parts: [part(.sign, "5) "), part(.null, "(nil)")]),
    ReplyLine(parts: [part(.attribute, "ttl: 3600")]),
    ReplyLine(parts: [part(.error, "(error) WRONGTYPE "), .init(.error, hostile)]),
    ReplyLine(parts: [part(.status, "OK")]),
    ReplyLine(parts: [.init(.string, Array(repeating: 0x78, count: 900), isQuoted: true, omitted: 123_456)]),
    ReplyLine(parts: []),
  ]

  func harness(size: Size, setup: Setup = Setup(endpointName: "127.0.0.1:6379", previewDelay: nil)) -> Harness {
    var harness = Harness.console(
      ["a", "b", "user:1", "user:2"], history: ["GET a", String(decoding: Self.hostile, as: UTF8.self)], setup: setup)
    switch self {
    case .empty: break
    case .replies: Self.reply(&harness)
    case .hint: harness.write("SET user:1 x ")
    case .problem: harness.write("HGTE user:1 \"\u{301}日本 ")
    case .menu:
      Self.reply(&harness)
      harness.write("CONFIG ")
      harness.press(.tab, .tab, .down)
    case .severalLines: harness.write((0..<30).map { "SET key:\($0) \"日本語\"" }.joined(separator: "\n"))
    case .search:
      harness.press(.control("r"))
      harness.type("evil")
    case .transaction, .aborted:
      harness.run("MULTI")
      var session = ConsoleSession.inTransaction((0..<12).map { "SET key:\($0) value" }, isAborted: self == .aborted)
      session.queue?.append([Self.hostile, Self.hostile])
      harness.reply(session: session)
    case .stream:
      harness.run("PSUBSCRIBE *")
      harness.report(.streaming)
      harness.send(
        .notice(
          .console(
            .stream(StreamStatus(id: 1, received: 1_000_000, dropped: 990_000, rate: 50_000, tail: Self.lines)))))
    case .question:
      harness.run("FLUSHALL")
      harness.answer(
        .console, .console(.impact(CommandImpact(lines: [Array("Deletes all 1,234 keys".utf8), Self.hostile]))))
    case .pane, .zoomed:
      Self.reply(&harness)
      harness.press(.backTab, .up)
      if self == .zoomed { harness.press(.character("+")) }
      harness.press(.shiftRight)
    case .detail:
      Self.reply(&harness)
      harness.press(.backTab, .up, .up, .enter)
      harness.answer(.consoleDocument, .console(.document(Self.hostile, .element(line: 0))))
    case .file:
      Self.reply(&harness)
      harness.press(.backTab, .up, .up, .character("o"), .character("f"))
    case .waiting:
      harness.run("BLPOP queue 0")
      harness.advance(12_345)
    case .every:
      harness.run("every 1s INFO")
      harness.reply(["a", "b"])
      harness.advance(1_000)
      harness.reply(["a", "c"])
    case .long:
      harness.run("KEYS-LIKE " + String(repeating: "x", count: 500))
      harness.reply(["1"], count: 1_000_000)
    case .stays:
      Self.reply(&harness)
      harness.press(.backTab, .character("s"), .character("q"))
    }
    harness.send(.resize(size))
    return harness
  }

  private static func reply(_ harness: inout Harness) {
    harness.run("GET \"\\x00 \u{301}\"")
    harness.report(
      .replied(replies: 1, errors: 1, firstError: hostile), lines, notes: [String(decoding: hostile, as: UTF8.self)])
  }
}
