internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// The facts that are wanted of the keys of a sweep, in one batch. As ``FactsPlan``, but for millions of keys: nothing
/// is made for a single one. None of the questions counts as an access to the key.
struct SweepPlan: Sendable {
  let keys: UnknownKeys
  /// Asked for each key, in this order.
  private let commands: [ReadCommand]

  /// - Parameter withClock: as in ``FactsPlan``.
  init(_ keys: UnknownKeys, denials: Denials, withClock: Bool) {
    self.keys = keys
    var commands: [ReadCommand] = []
    if keys.facts.contains(.idle), denials[.objectIdleTime] == nil { commands.append(.objectIdleTime) }
    if keys.facts.contains(.deadline) {
      commands += FactsPlan.commands(
        denials: denials, withTypes: keys.facts.contains(.type), withSize: keys.facts.contains(.size),
        withClock: withClock)
    } else {
      let others: [(FactSet, ReadCommand)] = [(.type, .type), (.size, .memoryUsage)]
      commands += others.filter { keys.facts.contains($0.0) && denials[$0.1] == nil }.map(\.1)
    }
    self.commands = commands
  }

  /// What is tried, for a failure.
  var what: String {
    let words: [(FactSet, String)] = [
      (.type, "types"), (.deadline, "deadlines"), (.size, "sizes"), (.idle, "idle times"),
    ]
    let wanted = words.filter { keys.facts.contains($0.0) }.map(\.1)
    return "reading the \(wanted.joined(separator: " and ")) of keys"
  }

  var batch: CommandBatch {
    var batch = CommandBatch()
    let words = commands.map(\.words)
    batch.reserve(commands: keys.count * words.count, bytes: keys.count * words.count * 64)
    keys.withEachName { name in
      for (word, subcommand) in words { batch.add(word, subcommand, name) }
    }
    return batch
  }

  /// As ``FactsPlan/isUntold(_:)``.
  func isUntold(_ denials: Denials) -> Bool { FactsPlan.isUntold(commands, denials) }

  /// Reads the replies; `denials` learns what is refused, `unkept` that the server keeps no idle times.
  ///
  /// - Throws: when the server answers nothing now. Of a key that another node of the cluster has, nothing is known.
  func read(
    _ replies: Replies, clock: inout ServerClock, denials: inout Denials, unkept: inout Set<ReadCommand>,
    sentAt: Int64, receivedAt: Int64
  ) throws(Failure) -> [SweptKey] {
    var swept: [SweptKey] = []
    swept.reserveCapacity(keys.count)
    var words = TypeWords()
    var next = 0
    while swept.count < keys.count, next + commands.count <= replies.count {
      var values = FactValues()
      var deadline = DeadlineReading()
      var isGone = false
      for command in commands {
        let reply = replies[next]
        next += 1
        if reply.isError, let refusal = Refusal(reply, to: command) {
          if refusal.isAboutServer, !refusal.isOtherNode {
            throw Failure.refused(refusal, what: what, command: command)
          }
          denials.note(refusal, of: command)
          if command == .objectIdleTime, InspectionPlan.isUnkept(refusal) { unkept.insert(command) }
          continue
        }
        switch command {
        case .type:
          values.type = words.type(reply)
          isGone = isGone || values.type == nil
        case .memoryUsage, .objectIdleTime:
          // Both answer null where there is no key.
          guard let number = reply.quantity else {
            isGone = isGone || reply.isNull
            continue
          }
          if command == .memoryUsage {
            values.size = number
          } else {
            values.usedAt = Int(receivedAt / 1000) - number
          }
        case .pTTL: deadline.pTTL = reply.integer
        default: deadline.pExpireTime = reply.integer
        }
      }
      // A key may go between two of its commands.
      if isGone || deadline.isGone {
        swept.append(.gone)
      } else {
        let deadline = deadline.deadline(clock: &clock, sentAt: sentAt, receivedAt: receivedAt).value ?? .unknown
        if deadline != .unknown { values.deadline = deadline }
        swept.append(values == FactValues() ? .unknown : .known(values))
      }
    }
    return swept
  }
}

/// The types that TYPE named in one batch, found again by their words without making a String of each reply.
private struct TypeWords {
  private var words: [(bytes: [UInt8], type: KeyType?)] = []

  mutating func type(_ reply: ReplyView) -> KeyType? {
    let known = reply.withBytes { word in words.firstIndex { Self.isSame($0.bytes.span, word) } }
    if let known { return words[known].type }
    let type = KeyType(reply: reply.string)
    words.append((Array(reply.bytes), type))
    return type
  }

  private static func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for position in left.indices where left[position] != right[position] { return false }
    return true
  }
}
