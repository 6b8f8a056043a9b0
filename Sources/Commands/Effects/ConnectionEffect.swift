/// What a command does to the connection that it is sent on.
package enum ConnectionEffect: Sendable, Equatable {
  /// SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE: messages follow, until every channel is left.
  case subscribe
  /// UNSUBSCRIBE, PUNSUBSCRIBE, SUNSUBSCRIBE.
  case unsubscribe
  /// Every command of the server follows.
  case monitor
  /// The command is not for a console: replies would stay out, or what follows is no reply.
  case unusable(Reason)
  /// nil: the word is no number.
  case select(Int?)
  case multi
  case exec
  case discard
  case watch
  case unwatch
  /// The connection is as new: database 0, RESP2, no user, no transaction, no subscription.
  case reset
  case authenticate
  /// nil: the protocol stays as it is.
  case hello(version: Int?, authenticates: Bool)
  /// The server closes the connection.
  case quit
  /// The reply may be long in coming, by what the server says of the command; nothing else is answered until then.
  case block

  package enum Reason: Sendable, Equatable {
    /// SYNC, PSYNC, REPLCONF: replicas talk so.
    case replication
    /// CLIENT REPLY OFF or SKIP.
    case withoutReply
    /// SCRIPT DEBUG: the next EVAL speaks with a debugger, and SYNC holds up everybody meanwhile.
    case debugger
  }

  /// nil: the connection stays as it is. Wants the command alone, without a count before it.
  package init?(words: [[UInt8]], table: CommandTable = .builtIn) {
    let command = CommandWords(words)
    switch command.upper(0) {
    case "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE": self = .subscribe
    case "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE": self = .unsubscribe
    case "MONITOR": self = .monitor
    case "SYNC", "PSYNC", "REPLCONF": self = .unusable(.replication)
    case "CLIENT":
      guard command.upper(1) == "REPLY", command.upper(2) == "OFF" || command.upper(2) == "SKIP"
      else { return nil }
      self = .unusable(.withoutReply)
    case "SCRIPT":
      guard command.upper(1) == "DEBUG", command.upper(2) != "NO" else { return nil }
      self = .unusable(.debugger)
    case "SELECT": self = .select(command.number(1))
    case "MULTI": self = .multi
    case "EXEC": self = .exec
    case "DISCARD": self = .discard
    case "WATCH": self = .watch
    case "UNWATCH": self = .unwatch
    case "RESET": self = .reset
    case "AUTH": self = .authenticate
    case "HELLO":
      let authenticates = (2..<max(2, words.count)).contains { command.upper($0) == "AUTH" }
      self = .hello(version: command.number(1), authenticates: authenticates)
    case "QUIT": self = .quit
    // Without the flag before Redis 7.2.
    case "WAIT": self = .block
    default:
      guard let (spec, nameWords) = table.match(words), spec.flags.contains("blocking") else {
        return nil
      }
      guard ConnectionEffect.blocks(spec, words, nameWords: nameWords) else { return nil }
      self = .block
    }
  }

  /// A command with an option BLOCK, as XREAD, blocks only with it.
  private static func blocks(_ spec: CommandSpec, _ words: [[UInt8]], nameWords: Int) -> Bool {
    guard let arguments = spec.arguments, arguments.contains(where: { $0.token == "BLOCK" }) else {
      return true
    }
    let match = ArgumentMatch(words.dropFirst(nameWords), with: arguments)
    return match.roles.indices.contains { place in
      match.roles[place] == .token && AnyCase.equal(words[place + nameWords], "BLOCK")
    }
  }
}
