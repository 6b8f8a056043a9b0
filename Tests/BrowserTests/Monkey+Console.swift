import Canvas
import Commands
import Keyspace
import Requests
import TestSupport

@testable import Browser

/// The console as the monkey uses it, and what its server says.
extension Monkey {
  /// Whether the keys are the console's line's.
  private var isTyping: Bool { state.console.focus == .input && state.overlay == nil && state.prompt == nil }

  /// Opens the console now and then, and types what means something there: by chance alone hardly a command would be
  /// sent, and none that asks.
  mutating func consoleEvent() -> Event? {
    if case .dialog(let dialog)? = state.overlay, case .console? = dialog.buttons.first?.choice, !random.one(8) {
      return random.pick([
        .key(.tab), .key(.enter), .typed([.tab, .enter]), .tick(monotonic: state.now + 200, wall: state.wall),
      ])
    }
    // Most commands are answered before they are given up.
    if let place = outstanding.firstIndex(where: { $0.purpose == .console }), random.one(4) {
      let asked = outstanding.remove(at: place)
      return .answer(asked.purpose, generation: asked.generation, answer(to: asked.request))
    }
    guard isTyping else {
      let isFree = state.overlay == nil && state.prompt == nil && state.console.focus == nil
      if isFree { return random.one(20) ? .key(.character(":")) : nil }
      return state.console.focus == .pane && random.one(8) ? .key(.character("q")) : nil
    }
    let isEmpty = state.console.input.text.isEmpty
    switch random.number(0...9) {
    case 0...4: return isEmpty ? .paste(Array(command().utf8)) : .key(.enter)
    case 5, 6: return .key(isEmpty ? .control("d") : .control("u"))
    case 7: return .key(random.pick([.tab, .tab, .control("r"), .up, .backTab]))
    case 8: return .key(.escape)
    default: return nil
    }
  }

  private mutating func command() -> String {
    if random.one(2) {
      return random.pick(["FLUSHALL", "FLUSHDB", "KEYS *", "SHUTDOWN", "MONITOR", "every 1s FLUSHDB"])
    }
    return random.pick([
      "GET app:1:1", "SET app:1:1 x", "every 100ms PING", "3 INCR n", "2 every 100ms GET a", "MULTI", "EXEC", "DISCARD",
      "WATCH a", "SELECT 1", "SELECT 0", "SUBSCRIBE ch", "MONITOR", "FLUSHALL", "FLUSHDB", "KEYS *", "SHUTDOWN",
      "SWAPDB 0 1", "SCRIPT FLUSH", "every 1s FLUSHDB",
      "CONFIG SET maxmemory 1", "CONFIG ", "HGET app:1:1 ", "SE", "GET ap", "GET \"", "BLPOP q 0", "AUTH secret",
      "SET a 1\nGET a\nFLUSHALL", "GET a\nBLPOP q 0\nSET b 1", text(), "SET k " + text(), "DEBUG SLEEP 0", "nosuch",
    ])
  }

  mutating func consoleNotice() -> ConsoleNotice {
    switch random.number(0...5) {
    case 0: .push(lines())
    case 1: .lost(why: text(), session: session())
    default: .stream(stream(random.one(6) ? count() : state.console.running ?? 1))
    }
  }

  mutating func answer(to request: ConsoleRequest) -> Answer {
    switch request {
    case .commands: return .console(.commands(random.one(2) ? .builtIn : CommandTable([])))
    case .assess: return .console(.impact(CommandImpact(isSlight: random.one(6), lines: [bytes(), bytes()])))
    case .run(let command): return .console(.ran(report(of: command)))
    case .cancel: return .done
    case .endStream:
      var status = stream(state.console.running ?? 1)
      status.end = "stopped"
      return .console(.stream(status))
    case .lines(let range):
      let start = random.one(8) ? 0 : range.lines.lowerBound
      return .console(.lines(ReplyPage(reply: range.reply, start: start, lines: random.one(8) ? [] : lines())))
    case .find(_, let replies, let place, _):
      return .console(
        .found(
          random.one(3)
            ? nil : random.one(3) ? place : ReplyPlace(reply: replies.last ?? 0, line: random.number(0...99))))
    case .document(_, let form): return .console(.document(bytes(), form))
    case .save(_, _, let path): return .console(.saved(path: path, bytes: count()))
    case .names(let prefix, let limit):
      let more = (0..<random.pick([0, 1, 2, 7, limit])).map { _ in KeyName(prefix + bytes()) }
      return .console(.names(more))
    }
  }

  private mutating func report(of command: ConsoleCommand) -> ConsoleReport {
    let outcome: ConsoleReport.Outcome = random.pick([
      .replied(replies: command.times, errors: 0, firstError: nil),
      .replied(replies: command.times, errors: 0, firstError: nil),
      .replied(replies: random.number(0...command.times), errors: 1, firstError: bytes()),
      .replied(replies: 1, errors: 1, firstError: Array("ERR unknown command".utf8)),
      random.one(3) ? .streaming : .unknown(why: bytes()),
      .notSent(why: bytes(), nextStep: text()), .unknown(why: bytes()),
    ])
    let head = lines()
    return ConsoleReport(
      id: command.id, outcome: outcome, microseconds: count(), session: session(),
      lineCount: random.one(4) ? max(head.count, count()) : head.count, head: head,
      notes: random.one(5) ? [text()] : [], written: random.one(3) ? [name()] : [],
      changesEverything: random.one(9))
  }

  private mutating func session() -> ConsoleSession {
    var session = ConsoleSession(database: random.one(6) ? random.number(0...3) : state.console.session.database)
    session.queue = random.one(4) ? (0..<random.number(0...9)).map { _ in [bytes(), bytes()] } : nil
    session.isAborted = random.one(9)
    session.isWatching = random.one(9)
    return session
  }

  private mutating func stream(_ id: Int) -> StreamStatus {
    let received = random.number(0...50_000)
    let tail = Array(lines().prefix(received))
    return StreamStatus(
      id: id, received: received, dropped: random.number(0...received - tail.count), rate: count(), tail: tail,
      end: random.one(3) ? text() : nil)
  }

  private mutating func lines() -> [ReplyLine] {
    (0..<random.number(0...40)).map { _ in
      ReplyLine(
        parts: (0..<random.number(0...4)).map { _ in
          ReplyLine.Part(
            random.pick(
              [
                .sign, .text, .string, .number, .null, .boolean, .error, .status, .attribute, .time,
              ] as [ReplyLine.Role]), bytes(), isQuoted: random.one(3), omitted: random.one(9) ? count() : 0)
        })
    }
  }
}
