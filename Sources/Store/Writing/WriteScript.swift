internal import Keyspace
internal import RESP
internal import Requests

/// A plan as arguments of the script that carries it out, and what the script answers.
enum WriteScript {
  /// The words of the EVAL that carries `plan` out, or of the EVALSHA where the server was sent the script before.
  /// `serverTime`: the server's clock as far as it is known, in ms since 1970, for users who may not read it.
  static func words(of plan: Plan, serverTime: Int64, isKnown: Bool = false) -> [[UInt8]] {
    let script = isKnown ? command("EVALSHA", digest) : command("EVAL", text)
    var words = script + [plan.keys.count.word] + plan.keys.map(\.bytes)
    func add(_ list: [[UInt8]]) { words += [list.count.word] + list }
    func add(_ list: [[[UInt8]]]) {
      words.append(list.count.word)
      for command in list { add(command) }
    }
    func add(_ conditions: [Guard]) {
      words.append(conditions.count.word)
      for condition in conditions {
        let (kind, wanted) = encoding(condition.expects)
        words.append(kind.word)
        if case .before = condition.expects { add(condition.read + [serverTime.word]) } else { add(condition.read) }
        words.append(wanted)
        add(condition.orElse)
      }
    }
    add(plan.guards)
    add(plan.rehearsal)
    func add(_ keepsakes: [Plan.Keepsake]) {
      words.append(keepsakes.count.word)
      for keepsake in keepsakes {
        switch keepsake {
        case .reply(let list): words.append("reply".word); add(list)
        case .deadline(let key): words.append("deadline".word); add([key.bytes])
        case .whole(let key): words.append("whole".word); add([key.bytes])
        }
      }
    }
    add(plan.keepsakes)
    if let field = plan.fieldTTL {
      words += ["1".word, field.from, field.to.map { "+".word + $0 } ?? "-".word]
    } else {
      words.append("0".word)
    }
    add(plan.rollback)
    add(plan.commands)
    add(plan.afterwards.map { [$0] } ?? [])
    return words
  }

  private static let digest = ScriptDigest.sha1(text)

  private static func encoding(_ expectation: Guard.Expectation) -> (kind: String, wanted: [UInt8]) {
    switch expectation {
    case .bytes(let bytes): ("bytes", bytes)
    case .nothing: ("nothing", [])
    case .something: ("something", [])
    case .number(let number): ("number", number)
    case .whole(let fingerprint): ("whole", fingerprint)
    case .before(let deadline): ("before", deadline.word)
    case .deadline(let deadline): ("deadline", deadline.told)
    }
  }

  enum Result: Sendable {
    case applied(Applied)
    /// The guard at this position does not hold.
    case failed(guard: Int)
    /// A guard could not be read: nothing was written.
    case denied([UInt8])
    /// The keepsake at this position could not be read: nothing was written.
    case unkept(Int, [UInt8])
    /// A command failed, after so many had run.
    case error(after: Int, [UInt8])
  }

  /// What the script answered; nil where it is no answer of it.
  static func result(_ reply: ReplyView) -> Result? {
    guard reply.count >= 2 else { return nil }
    switch reply[0].string {
    case "guard": return reply[1].integer.map { .failed(guard: Int($0) - 1) }
    case "denied": return .denied(Array(reply[1].bytes))
    case "unkept" where reply.count >= 3:
      return reply[1].integer.map { .unkept(Int($0) - 1, Array(reply[2].bytes)) }
    case "error" where reply.count >= 3:
      return reply[1].integer.map { .error(after: Int($0), Array(reply[2].bytes)) }
    case "done" where reply.count >= 8:
      return .applied(
        Applied(
          replies: reply[5].children.map(told), kept: reply[6].children.map(told), after: told(reply[7]),
          deadlineBefore: Deadline(told: reply[1].integer), deadlineAfter: Deadline(told: reply[3].integer),
          existsAfter: reply[2].integer == 1, fieldDeadline: Deadline(told: reply[4].integer)))
    default: return nil
    }
  }

  private static func told(_ reply: ReplyView) -> [UInt8]? {
    reply.bytes.first == UInt8(ascii: "+") ? Array(reply.bytes.dropFirst()) : nil
  }
}
