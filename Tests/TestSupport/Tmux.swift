import Glibc
import PrivateServer

/// A program in a real terminal: one tmux server with one pane, which ends with its last reference and with the test.
///
/// The program runs under a shell that says `[exit N]` and then keeps the pane, so that the screen, the terminal's
/// modes and the cursor can be looked at after any exit.
package final class Tmux: Sendable {
  private static let binary = "/usr/bin/tmux"
  private let folder: String
  private let watchdog: Watchdog
  private let environment: [String]

  package struct Size: Sendable, Equatable {
    package let columns: Int
    package let rows: Int
    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// Starts `command` (the first word a path; nothing is expanded by a shell) in a pane of `size`.
  ///
  /// - Parameters:
  ///   - environment: "NAME=value", added to the test's own; TERM is tmux-256color unless it says otherwise.
  ///   - interactive: runs it as a job of an interactive shell, which ^Z needs; the shell's prompt is "$ ".
  package init(
    _ command: [String], size: Size = Size(columns: 80, rows: 24), environment: [String] = [],
    interactive: Bool = false
  ) throws {
    folder = try TestFolder.make()
    self.environment = ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=\(folder)"]
    watchdog = try Watchdog(command: [Self.binary, "-S", "\(folder)/s", "-f", "/dev/null", "-D"], folder: folder)
    // The socket is there a moment before the server listens on it.
    guard Eventually.until({ (try? tmux(["set-option", "-g", "status", "off"])) != nil }) else {
      throw TestFailure("tmux did not start: \(watchdog.lastWords() ?? "")")
    }
    for (option, value) in [("default-terminal", "tmux-256color"), ("history-limit", "1000")] {
      try tmux(["set-option", "-g", option, value])
    }
    try tmux(["set-option", "-s", "escape-time", "0"])
    try tmux(["set-option", "-s", "set-clipboard", "on"])
    let line = command.map(Self.quoted).joined(separator: " ")
    let modes = Self.quoted("\(folder)/modes")
    let variables = (Run.currentEnvironment + environment).filter { variable in
      // The test's own terminal must not show through.
      !["TERM=", "TMUX=", "TMUX_PANE=", "LINES=", "COLUMNS="].contains { variable.hasPrefix($0) }
        || environment.contains(variable)
    }
    // The shell is told not to die of a ^C that is meant for the program.
    let script =
      interactive
      ? "stty -g >\(modes); PS1='$ ' exec /bin/sh -i"
      : "stty -g >\(modes); trap : INT QUIT; \(line); printf '\\n[exit %d]\\n' $?; trap '' INT QUIT; exec sleep 100000"
    try tmux(
      ["new-session", "-d", "-s", "t", "-x", String(size.columns), "-y", String(size.rows)]
        + variables.flatMap { ["-e", $0] } + ["/bin/sh", "-c", script])
    guard Eventually.until({ (try? modesAtStart()).map { !$0.isEmpty } ?? false }) else {
      throw TestFailure("the pane did not start")
    }
    if interactive {
      try type(line)
      try keys("Enter")
    }
  }

  deinit { watchdog.stop() }

  /// Presses keys by tmux's names: "j", "Down", "Enter", "C-c", "PgUp".
  package func keys(_ names: String...) throws { try tmux(["send-keys", "-t", "t"] + names) }

  /// Types text as it is.
  package func type(_ text: String) throws { try tmux(["send-keys", "-t", "t", "-l", text]) }

  /// Pastes text in one go, in brackets where the program asked for that.
  package func paste(_ text: String) throws {
    try tmux(["set-buffer", text])
    try tmux(["paste-buffer", "-p", "-t", "t"])
  }

  package func resize(_ size: Size) throws {
    try tmux(["resize-window", "-t", "t", "-x", String(size.columns), "-y", String(size.rows)])
  }

  /// The screen as text, a line a row, trailing blanks cut; `styled` with the escape sequences of its colours,
  /// `history` with what has scrolled away above it.
  package func capture(styled: Bool = false, history: Bool = false) throws -> String {
    try tmux(["capture-pane", "-p", "-t", "t"] + (styled ? ["-e"] : []) + (history ? ["-S", "-"] : []))
  }

  /// Waits until the screen holds `text` and returns the screen; throws with the screen when it never does.
  @discardableResult
  package func waitFor(_ text: String, seconds: Double = 60) throws -> String {
    try waitFor("'\(text)'", seconds: seconds) { $0.contains(text) }
  }

  /// The same for a condition, e.g. `{ $0.contains(/all [0-9,]+ keys/) }`.
  @discardableResult
  package func waitFor(_ what: String, seconds: Double = 60, _ condition: (String) -> Bool) throws -> String {
    var screen = ""
    let found = try Eventually.until(seconds: seconds) {
      screen = try capture()
      return condition(screen)
    }
    guard found else { throw TestFailure("no \(what) on the screen within \(seconds) s:\n\(screen)") }
    return screen
  }

  /// The exit status once the program is gone (128 + N by a signal); nil while it runs or in an interactive shell.
  package func exitStatus() throws -> Int? {
    guard let match = try capture().firstMatch(of: /\[exit (\d+)\]/) else { return nil }
    return Int(match.1)
  }

  /// The terminal's modes before the program, as `stty -g` has them.
  package func modesAtStart() throws -> String {
    try Run.output(["/bin/cat", "\(folder)/modes"]).output.trimmed
  }

  /// The terminal's modes now.
  package func modes() throws -> String {
    try Run.output(["/bin/stty", "-g", "-F", display("#{pane_tty}")], environment: environment).output.trimmed
  }

  /// What tmux knows of the pane, by its format language: "#{alternate_on}", "#{cursor_flag}", "#{mouse_any_flag}".
  package func display(_ format: String) throws -> String {
    try tmux(["display-message", "-p", "-t", "t", format]).trimmed
  }

  /// The process id of the program: the child of the pane's shell. nil when it is gone.
  package func processID() throws -> Int32? {
    let shell = try display("#{pane_pid}")
    let children = try Run.output(["/bin/cat", "/proc/\(shell)/task/\(shell)/children"]).output
    return children.split(separator: " ").first.flatMap { Int32($0) }
  }

  /// What was copied last by OSC 52; empty where nothing was.
  package func clipboard() throws -> String {
    try Run.output([Self.binary, "-S", "\(folder)/s", "save-buffer", "-"], environment: environment).output
  }

  /// Ends the pane and the program in it, as closing the window does (SIGHUP).
  package func close() throws { try tmux(["kill-session", "-t", "t"]) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let result = try Run.output([Self.binary, "-S", "\(folder)/s"] + arguments, environment: environment)
    guard result.status == 0 else { throw TestFailure("tmux \(arguments.first ?? ""): \(result.output)") }
    return result.output
  }

  private static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }
}

extension String {
  /// Without line ends and blanks at its end.
  fileprivate var trimmed: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
