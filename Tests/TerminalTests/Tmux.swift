import Glibc

/// A tmux server of one test: one session with one pane, in which an interactive shell runs.
final class Tmux {
  /// Private to the test: the socket, and what the shell writes.
  let folder: String

  /// - Parameter environment: assignments for the shell and what it starts; nothing else is inherited but PATH.
  init(width: Int = 100, height: Int = 24, terminal: String = "tmux-256color", environment: [String] = []) async {
    folder = await Tmux.output("mktemp -d").filter { $0 != "\n" }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let assignments = ["PATH=\(path)", "TERM=\(terminal)", "LC_ALL=C.UTF-8", "PS1='% '"] + environment
    let shell = "env -i \(assignments.joined(separator: " ")) sh -i"
    await run(
      "start-server ';' set-option -g default-terminal tmux-256color ';' set-option -g status off ';' "
        + "new-session -d -x \(width) -y \(height) \(Tmux.quoted(shell))")
    // The names that the tests type; short, so that no line wraps.
    await type("H=\(Tmux.host)")
    await type(
      "check() { stty -g >\"$A\"; \"$@\"; echo \"status $?\"; test \"$(cat $A)\" = \"$(stty -g)\" && echo same; }")
    await type("A=\(folder)/modes; printf '\\033[H\\033[2J'; echo before")
    await wait { $0.hasPrefix("before\n") }
  }

  deinit {
    _ = Tmux.read("tmux -S \(folder)/socket kill-server; rm -r \(folder)")
  }

  /// The program beside the tests.
  static var host: String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let text = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text[..<(text.lastIndex(of: "/") ?? text.startIndex)] + "/TerminalHost"
  }

  /// Types a line into the shell.
  func type(_ line: String) async {
    await run("send-keys -l \(Tmux.quoted(line))")
    await run("send-keys Enter")
  }

  func send(_ keys: String...) async {
    for key in keys { await run("send-keys \(Tmux.quoted(key))") }
  }

  /// What a tmux format says, `#{alternate_on}` for instance.
  func value(_ format: String) async -> String {
    await run("display-message -p \(Tmux.quoted("#{\(format)}"))").filter { $0 != "\n" }
  }

  /// The rows of the pane; with `-e` with their colours.
  func rows(_ options: String = "") async -> String {
    await run("capture-pane -p \(options)")
  }

  /// Waits until the pane is as wanted, ten seconds at most; the last look at it.
  @discardableResult
  func wait(_ isWanted: (String) -> Bool) async -> String {
    let limit = ContinuousClock.now + .seconds(10)
    var text = await rows()
    while !isWanted(text), ContinuousClock.now < limit {
      try? await Task.sleep(for: .milliseconds(20))
      text = await rows()
    }
    return text
  }

  @discardableResult
  func wait(for text: String) async -> String {
    await wait { $0.contains(text) }
  }

  /// Sends a signal to what runs in the foreground of the shell.
  func kill(_ signal: String) async {
    _ = await Tmux.output("kill -\(signal) $(pgrep -P \(await value("pane_pid")))")
  }

  @discardableResult
  func run(_ arguments: String) async -> String {
    await Tmux.output("tmux -u -S \(folder)/socket -f /dev/null \(arguments)")
  }

  /// What a shell command writes. Waits on a thread of its own: other tests need those of the concurrency pool.
  static func output(_ command: String) async -> String {
    await onThread { read(command) }
  }

  private static func read(_ command: String) -> String {
    guard let stream = popen("{ \(command); } 2>&1", "r") else { return "" }
    defer { pclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
