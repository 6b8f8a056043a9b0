/// Why there is no screen. Each is wrong usage of the terminal: exit status 2.
package enum TerminalError: Error, Equatable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe; `stream` says which.
  case notATerminal(stream: String)
  /// TERM is not set.
  case noTerminalName
  /// The entry of this TERM cannot address the cursor.
  case limited(name: String)
  /// Neither this TERM nor a common fall-back is in the terminfo database.
  case unknown(name: String)
  /// The process may not open more descriptors.
  case noDescriptors

  /// `WHAT: WHY. NEXT STEP.`
  package var description: String {
    let next =
      "Without a screen, `keyglass ls` lists keys, `keyglass exec` sends a command, `keyglass compose --json` lists services."
    return switch self {
    case .notATerminal(let stream): "no usable terminal: \(stream) is not a terminal. \(next)"
    case .noTerminalName: "no usable terminal: TERM is not set. Set it (TERM=xterm-256color suits most). \(next)"
    case .limited(let name): "no usable terminal: TERM=\(name) cannot move the cursor. \(next)"
    case .unknown(let name):
      "no usable terminal: TERM=\(name) is not in the terminfo database. Set TERM=xterm, or install ncurses-term. "
        + next
    case .noDescriptors: "no usable terminal: too many open files. Raise the limit (ulimit -n). \(next)"
    }
  }
}
