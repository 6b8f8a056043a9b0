import Canvas
import Commands
import Keyspace
import Requests
import Testing

@testable import Browser

/// The console of a harness: what it sends, and replies by hand.
extension Harness {
  /// `:` was pressed, what was sent before is read, and the server has said nothing of its commands.
  static func console(
    _ names: [String] = ["a", "b", "c"], history: [String] = [], size: Size = Size(width: 120, height: 36),
    setup: Setup = Setup(endpointName: "127.0.0.1:6379", previewDelay: nil)
  ) -> Harness {
    var harness = Harness(names, size: size, setup: setup)
    harness.press(.character(":"))
    harness.send(.history(history))
    harness.answer(.consoleTable, .console(.commands(.builtIn)))
    harness.forgetEffects()
    return harness
  }

  /// What stands in the line.
  var line: String { state.console.input.text }

  /// The commands that were sent since the last look, oldest first.
  var sent: [ConsoleCommand] {
    requests(.console).compactMap { if case .console(.run(let command)) = $0 { command } else { nil } }
  }

  /// The same as text, words with blanks between.
  var sentLines: [String] { sent.map { $0.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") } }

  /// Lines that are remembered beyond this run, since the last look.
  var remembered: [String] { effects.compactMap { if case .remember(let line) = $0 { line } else { nil } } }

  /// Types a line, each line feed as `^J`.
  mutating func write(_ text: String) {
    for character in text { press(character == "\n" ? .control("j") : .character(character)) }
  }

  /// Types a line and presses Enter.
  mutating func run(_ text: String) {
    write(text)
    press(.enter)
  }

  /// Answers the newest command.
  ///
  /// - Parameter count: lines of the reply, where more than those given.
  mutating func reply(
    _ lines: [String] = ["OK"], isError: Bool = false, count: Int? = nil, session: ConsoleSession? = nil,
    written: [String] = [], notes: [String] = []
  ) {
    report(
      .replied(
        replies: sent.last?.times ?? 1, errors: isError ? 1 : 0,
        firstError: isError ? lines.first.map { Array($0.utf8) } : nil),
      lines.map { ReplyLine(parts: [.init(isError ? .error : .status, Array($0.utf8))]) }, count: count,
      session: session, written: written, notes: notes)
  }

  mutating func report(
    _ outcome: ConsoleReport.Outcome, _ head: [ReplyLine] = [], count: Int? = nil, session: ConsoleSession? = nil,
    written: [String] = [], notes: [String] = []
  ) {
    guard let id = state.console.running else {
      Issue.record("nothing is under way")
      return
    }
    answer(
      .console,
      .console(
        .ran(
          ConsoleReport(
            id: id, outcome: outcome, microseconds: 120, session: session ?? state.console.session,
            lineCount: count ?? head.count, head: head, notes: notes, written: written.map { KeyName($0) }))))
  }

  /// Sends a line and answers it.
  mutating func run(_ text: String, replying lines: [String]) {
    run(text)
    reply(lines)
  }

  /// So many messages have come, the newest lines of them at hand, named by their numbers.
  static func stream(
    _ id: Int, received: Int, dropped: Int = 0, rate: Int = 0, tail: Int = 40, end: String? = nil
  ) -> StreamStatus {
    StreamStatus(
      id: id, received: received, dropped: dropped, rate: rate,
      tail: (max(dropped, received - tail)..<received).map {
        ReplyLine(parts: [.init(.text, Array("message \($0)".utf8))])
      }, end: end)
  }
}

extension ConsoleSession {
  static func inTransaction(_ commands: [String], database: Int = 0, isAborted: Bool = false) -> ConsoleSession {
    var session = ConsoleSession(database: database)
    session.queue = commands.map { $0.split(separator: " ").map { Array($0.utf8) } }
    session.isAborted = isAborted
    return session
  }
}
