internal import RedisClient
internal import Requests
internal import Values

/// What this session's user may not run, or the server does not have: learned by trying once, never tried again.
struct Denials: Sendable, Equatable {
  private var denied: [ReadCommand: Denial] = [:]
  /// Of what is no ``ReadCommand``, by the command as one types it.
  private var others: [String: Denial] = [:]

  subscript(command: ReadCommand) -> Denial? { denied[command] }

  /// Remembers a refusal that holds for the command whatever the key.
  mutating func note(_ refusal: Refusal, of command: ReadCommand) {
    if case .command(let denial) = refusal { denied[command] = denial }
  }

  /// Remembers what was found out about another command.
  mutating func note(_ denial: Denial) { others[denial.command] = denial }

  /// What of it the user should know, by name. What a server lacks because it is older than the command is no limit.
  var limits: [Denial] {
    var limits = others
    for denial in denied.values { limits[denial.command] = denial }
    return limits.values
      .filter { $0.missingRule != nil || !Self.isYoung($0.command) }
      .sorted { $0.command < $1.command }
  }

  private static func isYoung(_ command: String) -> Bool {
    AccessRule.since(command).map { $0 > .floor } ?? false
  }
}

extension Store {
  /// Forgets what was denied: rights may have been granted since, or it is another server. What the greeting was refused
  /// is so until there is another connection.
  func forgetDenials() {
    var denials = Denials()
    for denial in greetingDenials { denials.note(denial) }
    self.denials = denials
    writing.evalDenial = nil
    writing.target?.copyDenial = nil
  }

  /// Notes what was refused when the connection was greeted.
  func note(greeting hello: HelloFacts) {
    // Redis 6 asks for the right to CLIENT NO-TOUCH before it sees that it has none.
    let isOld = hello.version.hasPrefix("6.")
    greetingDenials = hello.refused.filter { !isOld || $0.command != "CLIENT NO-TOUCH" }.map { refused in
      Denial(command: refused.command, missingRule: refused.isDenied ? refused.rule : nil)
    }
    for denial in greetingDenials { denials.note(denial) }
  }
}
