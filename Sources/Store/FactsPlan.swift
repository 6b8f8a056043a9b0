internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// The same few questions about many keys, in one batch. None of them counts as an access to the key.
struct FactsPlan: Sendable {
  let names: [KeyName]
  /// Asked for each key, in this order.
  private let commands: [ReadCommand]
  private let denials: Denials

  /// - Parameters:
  ///   - withTypes: TYPE too, not deadlines alone.
  ///   - withSize: also MEMORY USAGE, which costs the server as much as the others together.
  ///   - withIdle: OBJECT IDLETIME too, before all others.
  ///   - withClock: PTTL beside PEXPIRETIME, to learn the server's time.
  init(
    _ names: [KeyName], denials: Denials, withTypes: Bool = true, withSize: Bool, withIdle: Bool = false,
    withClock: Bool
  ) {
    self.names = names
    self.denials = denials
    let others = Self.commands(denials: denials, withTypes: withTypes, withSize: withSize, withClock: withClock)
    commands = (withIdle && denials[.objectIdleTime] == nil ? [.objectIdleTime] : []) + others
  }

  /// What to ask for each key; parameters as above.
  static func commands(denials: Denials, withTypes: Bool, withSize: Bool, withClock: Bool) -> [ReadCommand] {
    var commands: [ReadCommand] = withTypes ? [.type] : []
    if denials[.pExpireTime] == nil { commands.append(.pExpireTime) }
    if withClock || denials[.pExpireTime] != nil { commands.append(.pTTL) }
    if withSize { commands.append(.memoryUsage) }
    return commands.filter { denials[$0] == nil }
  }

  /// The server turned out to have no PEXPIRETIME, or to deny it, and nothing else was asked that tells deadlines.
  static func isUntold(_ commands: [ReadCommand], _ denials: Denials) -> Bool {
    denials[.pExpireTime] != nil && commands.contains(.pExpireTime) && !commands.contains(.pTTL)
      && denials[.pTTL] == nil
  }

  /// The same of these keys.
  func isUntold(_ denials: Denials) -> Bool { Self.isUntold(commands, denials) }

  /// What is tried, for a failure.
  var what: String {
    guard commands.contains(.type) else { return "reading the deadlines of keys" }
    return names.count == 1 ? "reading the type and deadline of a key" : "reading the types and deadlines of keys"
  }

  var batch: CommandBatch {
    var batch = CommandBatch()
    for name in names {
      for command in commands { batch.ask(command, name.bytes) }
    }
    return batch
  }

  /// Reads the replies; `denials` learns what is refused.
  ///
  /// - Throws: when the server answers nothing now, or all keys are of another node of the cluster; of one that is, among
  ///   others, nothing is known.
  func facts(
    from replies: Replies, clock: inout ServerClock, denials: inout Denials, sentAt: Int64, receivedAt: Int64
  ) throws(Failure) -> [KeyFacts] {
    var facts: [KeyFacts] = []
    facts.reserveCapacity(names.count)
    var elsewhere: (count: Int, failure: Failure)?
    for (position, name) in names.enumerated() {
      var key = KeyFacts(name: name)
      var deadline = DeadlineReading(denial: self.denials[.pTTL])
      key.type = self.denials[.type].map { .denied($0) } ?? .unknown
      key.size = self.denials[.memoryUsage].map { .denied($0) } ?? .unknown
      for (offset, command) in commands.enumerated() {
        let index = position * commands.count + offset
        guard index < replies.count else { break }
        let reply = replies[index]
        if let refusal = Refusal(reply, to: command) {
          if refusal.isAboutServer, !refusal.isOtherNode {
            throw Failure.refused(refusal, what: what, command: command)
          }
          if refusal.isOtherNode, offset == 0 {
            elsewhere = ((elsewhere?.count ?? 0) + 1, Failure.refused(refusal, what: what, command: command))
          }
          denials.note(refusal, of: command)
          guard let denial = refusal.denial else { continue }
          switch command {
          case .type: key.type = .denied(denial)
          case .memoryUsage: key.size = .denied(denial)
          case .objectIdleTime: key.idleSeconds = .denied(denial)
          default: deadline.denial = denial
          }
          continue
        }
        switch command {
        case .type: key.type = .known(KeyType(reply: reply.string))
        case .memoryUsage: key.size = reply.quantity.map { .known($0) } ?? .unknown
        case .objectIdleTime: key.idleSeconds = reply.quantity.map { .known($0) } ?? .unknown
        case .pTTL: deadline.pTTL = reply.integer
        default: deadline.pExpireTime = reply.integer
        }
      }
      // A key may go between two of its commands.
      if deadline.isGone { key.type = .known(nil) }
      if !key.isGone {
        key.deadline = deadline.deadline(clock: &clock, sentAt: sentAt, receivedAt: receivedAt)
      }
      facts.append(key)
    }
    // Not a single one can be asked about here.
    if let elsewhere, elsewhere.count == names.count { throw elsewhere.failure }
    return facts
  }
}
