internal import RESP
internal import Requests
internal import Values

/// What an error reply means for the command that it answers.
enum Refusal: Sendable, Equatable {
  /// The user may not run the command at all, or the server does not have it: it need not be tried again.
  case command(Denial)
  /// The user may not touch this key.
  case key(Denial)
  /// The key holds another type than the command is for.
  case wrongType
  /// Anything else: the server's text.
  case other([UInt8])

  /// Reads an error reply to `command`; nil when `reply` is no error.
  ///
  /// Only the first word of an error is a contract; the text that follows differs between servers and versions.
  /// Where it matters (a command or a key?) the test is for the words that all of them share.
  init?(_ reply: ReplyView, to command: ReadCommand) {
    guard let code = reply.errorCode else { return nil }
    let text = reply.string.lowercased()
    switch code {
    case "NOPERM":
      // `… no permissions to access one of the keys used as arguments`, `No permissions to access a key`.
      let isKey = text.contains("to access") && !text.contains("to run")
      self =
        isKey
        ? .key(Denial(command: command.rawValue, missingRule: "%R~…"))
        : .command(Denial(command: command.rawValue, missingRule: command.rule))
    case "WRONGTYPE":
      self = .wrongType
    case "ERR" where text.hasPrefix("err unknown command") || text.hasPrefix("err unknown subcommand"):
      self = .command(Denial(command: command.rawValue, missingRule: nil))
    default:
      self = .other(Array(reply.bytes))
    }
  }

  var denial: Denial? {
    switch self {
    case .command(let denial), .key(let denial): denial
    case .wrongType, .other: nil
    }
  }
}

extension Failure {
  /// The failure that an error reply to `command` makes of a request. `what`: what was tried.
  static func refused(_ refusal: Refusal, what: String, command: ReadCommand) -> Failure {
    switch refusal {
    case .key(let denial):
      return Failure(
        kind: .denied(denial), what: what, why: Array("this user may not read this key".utf8),
        nextStep: "Ask for a rule %R~PATTERN that covers its name")
    case .command(let denial):
      guard let rule = denial.missingRule else {
        return Failure(
          kind: .denied(denial), what: what, why: Array("this server has no \(command.rawValue)".utf8),
          nextStep: "It may be renamed or disabled")
      }
      return Failure(
        kind: .denied(denial), what: what, why: Array("this user may not run \(command.rawValue)".utf8),
        nextStep: "Ask for the rule \(rule)")
    case .wrongType:
      return Failure(
        kind: .server, what: what, why: Array("the key now holds another type".utf8), nextStep: "Open it again")
    case .other(let text):
      let code = String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
      let (why, nextStep) = explanation(of: code)
      return Failure(kind: .server, what: what, why: why.map { Array($0.utf8) } ?? text, nextStep: nextStep)
    }
  }

  /// What an error code means for somebody who looks at keys.
  private static func explanation(of code: String) -> (why: String?, nextStep: String) {
    switch code {
    case "LOADING": ("the server is loading its data", "It answers when that is done")
    case "BUSY": ("the server is busy with a script", "It answers when the script ends")
    case "MASTERDOWN": ("the replica has lost its master and serves no stale data", "Connect to the master")
    case "CLUSTERDOWN": ("the cluster is down", "It answers when its slots are covered again")
    case "MOVED", "ASK": ("the key belongs to another node of the cluster", "Connect to that node to see it")
    case "CROSSSLOT": ("the keys belong to different slots of the cluster", "Only keys of one slot go together")
    case "NOAUTH", "WRONGPASS": ("the server wants a password", "Connect again with one")
    case "OOM": ("the server is out of memory", "Free some on the server")
    default: (nil, "Try again")
    }
  }
}
