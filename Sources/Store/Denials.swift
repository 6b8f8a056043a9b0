internal import RESP
internal import Values

/// What this session's user may not run, or the server does not have: learned by trying once, never tried again.
struct Denials: Sendable {
  private var denied: [ReadCommand: Denial] = [:]

  subscript(command: ReadCommand) -> Denial? { denied[command] }

  /// Remembers a refusal that holds for the command whatever the key.
  mutating func note(_ refusal: Refusal, of command: ReadCommand) {
    if case .command(let denial) = refusal { denied[command] = denial }
  }
}
