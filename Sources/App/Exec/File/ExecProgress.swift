import Canvas
import Glibc

/// How far exec is with a file, on standard error: on a terminal a line that is written anew, ten times a second at most.
struct ExecProgress {
  /// Nanoseconds between two drawings.
  private static let interval: Int64 = 100_000_000

  private let isTerminal = isatty(STDERR_FILENO) != 0
  /// Whether it may be drawn meanwhile: not where replies go to the same terminal, and not with `--plain`.
  private let isLive: Bool
  private let isASCII: Bool
  private(set) var commands = 0
  private(set) var errors = 0
  /// Commands that were not sent.
  private(set) var refusals = 0
  private var drawnAt: Int64?
  /// Cells of what stands on the line.
  private var width = 0

  init(isLive: Bool, isASCII: Bool) {
    self.isLive = isLive
    self.isASCII = isASCII
  }

  /// `12,345 commands · 3 errors`, and ` · 2 not sent` where there are any.
  var text: String {
    let separator = isASCII ? ", " : " · "
    return "\(Format.count(commands)) command\(commands == 1 ? "" : "s")\(separator)"
      + "\(Format.count(errors)) error\(errors == 1 ? "" : "s")"
      + (refusals > 0 ? "\(separator)\(Format.count(refusals)) not sent" : "")
  }

  /// A command was answered.
  mutating func count(isError: Bool) {
    commands += 1
    if isError { errors += 1 }
  }

  /// A command was not sent.
  mutating func countRefusal() {
    commands += 1
    refusals += 1
  }

  /// Draws it where that is due.
  mutating func draw() {
    guard isTerminal, isLive, drawnAt.map({ Trace.nanoseconds - $0 >= Self.interval }) ?? true else { return }
    drawnAt = Trace.nanoseconds
    erase()
    Output.write(text, to: STDERR_FILENO)
    width = TextWidth.cells(text)
  }

  /// Takes the line away, before something else is written.
  mutating func erase() {
    guard width > 0 else { return }
    Output.write("\r" + String(repeating: " ", count: width) + "\r", to: STDERR_FILENO)
    width = 0
  }

  /// Ends with the totals; without a terminal only where something failed.
  mutating func finish() {
    erase()
    if isTerminal || errors > 0 || refusals > 0 { Output.write(text + "\n", to: STDERR_FILENO) }
  }
}
