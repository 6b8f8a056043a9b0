internal import RESP
internal import Requests
internal import Values

/// Different commands about one thing, in one batch. Commands that are known to be denied are not sent again.
struct Question: Sendable {
  /// What was tried, for a failure: `reading user:1`.
  let what: String
  let denials: Denials
  private(set) var batch = CommandBatch()
  private(set) var commands: [ReadCommand] = []

  init(_ what: String, denials: Denials) {
    self.what = what
    self.denials = denials
  }

  mutating func ask<each Word: CommandWord>(_ command: ReadCommand, _ words: repeat each Word) {
    commands.append(command)
    if denials[command] == nil { batch.ask(command, repeat each words) }
  }

  /// The same of a command that goes on with `rest`, and is one word.
  mutating func ask<each Word: CommandWord>(
    _ command: ReadCommand, _ words: repeat each Word, rest: some Collection<[UInt8]>
  ) {
    commands.append(command)
    if denials[command] == nil { batch.add(command.rawValue, repeat each words, rest: rest) }
  }
}

/// The replies to a ``Question``, by command.
struct Response: Sendable {
  private var replies: [ReadCommand: ReplyView] = [:]
  private var refusals: [ReadCommand: Refusal] = [:]
  let question: Question

  /// - Throws: what stands in the way of every command (the server is loading, the key is on another node …).
  init(_ replies: Replies, to question: Question) throws(Failure) {
    self.question = question
    var next = 0
    for command in question.commands {
      if let denial = question.denials[command] {
        refusals[command] = .command(denial)
        continue
      }
      guard next < replies.count else { break }
      let reply = replies[next]
      next += 1
      if let refusal = Refusal(reply, to: command) {
        if refusal.isAboutServer { throw Failure.refused(refusal, what: question.what, command: command) }
        refusals[command] = refusal
      } else {
        self.replies[command] = reply
      }
    }
  }

  /// The reply to `command`, unless it was refused or not asked.
  subscript(command: ReadCommand) -> ReplyView? { replies[command] }

  func refusal(_ command: ReadCommand) -> Refusal? { refusals[command] }

  /// The reply to `command`, or the failure that its refusal is.
  func require(_ command: ReadCommand) throws(Failure) -> ReplyView {
    if let reply = replies[command] { return reply }
    let refusal = refusals[command] ?? .other(Array("no reply".utf8))
    throw Failure.refused(refusal, what: question.what, command: command)
  }

  /// What `read` makes of the reply; unknown where it makes nothing of it.
  func fact<Value>(_ command: ReadCommand, _ read: (ReplyView) -> Value?) -> Fact<Value> {
    if let denial = refusals[command]?.denial { return .denied(denial) }
    return replies[command].flatMap(read).map { .known($0) } ?? .unknown
  }

  /// Adds what was learned of the user's rights.
  func note(in denials: inout Denials) {
    for (command, refusal) in refusals { denials.note(refusal, of: command) }
  }
}

extension Refusal {
  /// The server, not the command or the key's type, is why: nothing else of the batch will do better.
  var isAboutServer: Bool {
    guard case .other(let text) = self else { return false }
    return ServerCode(errorText: text)?.isAboutAll == true
  }

  /// Another node of the cluster has this key: that says nothing of other keys.
  var isOtherNode: Bool {
    guard case .other(let text) = self else { return false }
    return text.starts(with: "MOVED ".utf8) || text.starts(with: "ASK ".utf8)
  }
}
