internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// Deadline, and type where it is wanted, of the keys of a sweep, in one batch. As ``FactsPlan``, but for millions of keys: nothing is
/// made for a single one.
struct SweepPlan: Sendable {
  let keys: UnknownKeys
  /// Asked for each key, in this order.
  private let commands: [ReadCommand]

  /// - Parameters:
  ///   - withTypes: TYPE too, not deadlines alone.
  ///   - withClock: as in ``FactsPlan``.
  init(_ keys: UnknownKeys, denials: Denials, withTypes: Bool, withClock: Bool) {
    self.keys = keys
    commands = FactsPlan.commands(denials: denials, withTypes: withTypes, withSize: false, withClock: withClock)
  }

  var batch: CommandBatch {
    var batch = CommandBatch()
    let words = commands.map(\.rawValue)
    batch.reserve(commands: keys.count * words.count, bytes: keys.count * words.count * 64)
    keys.withEachName { name in
      for word in words { batch.add(word, name) }
    }
    return batch
  }

  /// As ``FactsPlan/isUntold(_:)``.
  func isUntold(_ denials: Denials) -> Bool { FactsPlan.isUntold(commands, denials) }

  /// Reads the replies; `denials` learns what is refused.
  ///
  /// - Throws: when the server answers nothing now. Of a key that another node of the cluster has, nothing is known.
  func read(
    _ replies: Replies, clock: inout ServerClock, denials: inout Denials, sentAt: Int64, receivedAt: Int64
  ) throws(Failure) -> [SweptKey] {
    var swept: [SweptKey] = []
    swept.reserveCapacity(keys.count)
    var words = TypeWords()
    var next = 0
    while swept.count < keys.count, next + commands.count <= replies.count {
      var type: KeyType?
      var deadline = DeadlineReading()
      var isGone = false
      for command in commands {
        let reply = replies[next]
        next += 1
        if reply.isError, let refusal = Refusal(reply, to: command) {
          if refusal.isAboutServer, !refusal.isOtherNode {
            throw Failure.refused(refusal, what: "reading the type and deadline of keys", command: command)
          }
          denials.note(refusal, of: command)
          continue
        }
        switch command {
        case .type:
          type = words.type(reply)
          isGone = type == nil
        case .pTTL: deadline.pTTL = reply.integer
        default: deadline.pExpireTime = reply.integer
        }
      }
      // A key may go between two of its commands.
      if isGone || deadline.isGone {
        swept.append(.gone)
      } else {
        let deadline = deadline.deadline(clock: &clock, sentAt: sentAt, receivedAt: receivedAt).value ?? .unknown
        swept.append(type == nil && deadline == .unknown ? .unknown : .known(type, deadline))
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
