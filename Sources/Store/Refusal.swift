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
    guard reply.isError else { return nil }
    self.init(serverText: Array(reply.bytes), to: command)
  }

  /// Reads the text of an error reply.
  init?(serverText: [UInt8], to command: ReadCommand) {
    let code = String(decoding: serverText.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    let text = String(decoding: serverText, as: UTF8.self).lowercased()
    switch code {
    case "NOPERM":
      // `… no permissions to access one of the keys used as arguments`, `No permissions to access a key`.
      let isKey = text.contains("to access") && !text.contains("to run")
      self =
        isKey
        ? .key(Denial(command: command.rawValue, missingRule: "%R~PATTERN"))
        : .command(Denial(command: command.rawValue, missingRule: command.rule))
    case "WRONGTYPE":
      self = .wrongType
    case _ where Self.isUnknownCommand(text):
      self = .command(Denial(command: command.rawValue, missingRule: nil))
    default:
      self = .other(serverText)
    }
  }

  var denial: Denial? {
    switch self {
    case .command(let denial), .key(let denial): denial
    case .wrongType, .other: nil
    }
  }
}

extension Refusal {
  /// The server, or a proxy before it, has no such command, or has it under another name. There is no code for it: Redis
  /// and Valkey say `ERR unknown command`, before 7.0 `ERR Unknown subcommand or wrong number of arguments`, proxies and
  /// hosted servers one of the others.
  static func isUnknownCommand(_ error: String) -> Bool {
    let text = error.lowercased()
    return unknown.contains { text.hasPrefix($0) || text.hasPrefix("err " + $0) }
      || text.hasPrefix("err ") && unavailable.contains { text.contains($0) }
  }

  private static let unknown = [
    "unknown command", "unknown redis command", "unknown subcommand", "unsupported command", "command not supported",
    "command not allowed",
  ]
  private static let unavailable = [
    "command is not available", "command is not supported", "command is not allowed", "command is disabled",
  ]
}

extension ReplyView {
  /// See ``Refusal/isUnknownCommand(_:)``.
  var isUnknownCommand: Bool { isError && Refusal.isUnknownCommand(string) }
}

extension Failure {
  /// The failure that an error reply to `command` makes of a request. `what`: what was tried.
  static func refused(_ refusal: Refusal, what: String, command: ReadCommand) -> Failure {
    switch refusal {
    case .key(let denial):
      return Failure(
        kind: .denied(denial), what: what, why: Array("this user may not read this key".utf8),
        nextStep: "Ask for a rule %R~PATTERN that covers its name")
    case .command(let denial) where denial.isOfKey:
      return refused(.key(denial), what: what, command: command)
    case .command(let denial):
      guard let rule = denial.missingRule else {
        return Failure(
          kind: .denied(denial), what: what, why: Array("this server has no \(denial.command)".utf8),
          nextStep: "It may be renamed or disabled")
      }
      return Failure(
        kind: .denied(denial), what: what, why: Array("this user may not run \(denial.command)".utf8),
        nextStep: "Ask for the rule \(rule)")
    case .wrongType:
      return Failure(
        kind: .server, what: what, why: Array("the key now holds another type".utf8), nextStep: "Open it again")
    case .other(let text):
      return Failure(said: text, what: what, use: .reading, otherwise: "Try again")
    }
  }

  /// What the server's error text means: by its code where that is in the table, else in its own words.
  init(said text: [UInt8], what: String, use: ServerCode.Use, otherwise nextStep: String) {
    guard let code = ServerCode(errorText: text) else {
      self.init(kind: .server, what: what, why: text, nextStep: nextStep)
      return
    }
    var why = Array(code.why.utf8)
    // How many there must be, and of which kind, is in the server's words alone.
    switch code {
    case .tooFewReplicas: why += Array(": ".utf8) + text
    case .moved, .ask: why += Self.node(in: text)
    default: break
    }
    self.init(kind: .server, what: what, why: why, nextStep: code.nextStep(use), code: code)
  }

  /// `, 127.0.0.1:6381` of `MOVED 3999 127.0.0.1:6381`.
  private static func node(in text: [UInt8]) -> [UInt8] {
    let words = text.split(separator: UInt8(ascii: " "))
    return words.count > 2 ? Array(", ".utf8) + words[2].prefix(80) : []
  }
}
