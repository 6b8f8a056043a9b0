internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// The deadlines of many keys and nothing else, in one batch. None of it counts as an access to the key.
struct DeadlinesPlan: Sendable {
  let names: [KeyName]
  /// Asked for each key, in this order.
  private let commands: [ReadCommand]
  private let denials: Denials

  /// - Parameter withClock: PTTL beside PEXPIRETIME, to learn the server's time.
  init(_ names: [KeyName], denials: Denials, withClock: Bool) {
    self.names = names
    self.denials = denials
    commands = FactsPlan.commands(denials: denials, withSize: false, withClock: withClock).filter { $0 != .type }
  }

  var batch: CommandBatch {
    var batch = CommandBatch()
    for name in names {
      for command in commands { batch.ask(command, name.bytes) }
    }
    return batch
  }

  /// The server turned out to have no PEXPIRETIME, or to deny it, and nothing else was asked.
  func isUntold(_ denials: Denials) -> Bool {
    denials[.pExpireTime] != nil && commands == [.pExpireTime] && denials[.pTTL] == nil
  }

  /// Reads the replies; `denials` learns what is refused. Nothing but the deadline of a key is known then, or that it is
  /// gone.
  ///
  /// - Throws: when the server answers nothing now, or the keys belong to another node.
  func facts(
    from replies: Replies, clock: inout ServerClock, denials: inout Denials, sentAt: Int64, receivedAt: Int64
  ) throws(Failure) -> [KeyFacts] {
    var facts: [KeyFacts] = []
    facts.reserveCapacity(names.count)
    for (position, name) in names.enumerated() {
      var key = KeyFacts(name: name)
      var deadline = DeadlineReading(denial: self.denials[.pTTL])
      for (offset, command) in commands.enumerated() {
        let index = position * commands.count + offset
        guard index < replies.count else { break }
        let reply = replies[index]
        if let refusal = Refusal(reply, to: command) {
          if refusal.isAboutServer {
            throw Failure.refused(refusal, what: Self.what, command: command)
          }
          denials.note(refusal, of: command)
          if let denial = refusal.denial { deadline.denial = denial }
        } else if command == .pTTL {
          deadline.pTTL = reply.integer
        } else {
          deadline.pExpireTime = reply.integer
        }
      }
      if deadline.isGone {
        key.type = .known(nil)
      } else {
        key.deadline = deadline.deadline(clock: &clock, sentAt: sentAt, receivedAt: receivedAt)
      }
      facts.append(key)
    }
    return facts
  }

  static let what = "reading the deadlines of keys"
}
