internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests

/// An edit on its way, with what was read just before it is carried out.
struct WriteStep: Sendable {
  let edit: Edit
  let plan: Plan
  /// What the proof's growth reads, before; nil: not read, or null.
  var grownBefore: [UInt8]?
  /// Of a list: the elements around the one that comes or goes, before.
  var elementsBefore: [[UInt8]]?
  /// What the commands are to leave is there already, as far as it can be seen.
  var heldBefore = false
  var deadlineBefore = Deadline.unknown
  /// When it was about to be sent, monotonic ms.
  var sentAt: Int64 = 0

  init(_ edit: Edit) {
    self.edit = edit
    plan = edit.plan
  }

  /// Commands that ``take(_:from:)`` expects the replies of.
  func ask(_ batch: inout CommandBatch) {
    batch.add("TYPE", edit.key.bytes)
    batch.add("PEXPIRETIME", edit.key.bytes)
    guard let grown = plan.proof.grown else { return }
    if let database = plan.proof.database { batch.add("SELECT", database) }
    batch.add(words: grown.from ?? grown.read)
    if plan.proof.database != nil { batch.add("SELECT", edit.database) }
    if let range = listChange?.before { batch.add("LRANGE", edit.key.bytes, range.start, range.end) }
    for condition in plan.proof.holds { batch.add(words: condition.read) }
  }

  var listChange: ListChange? {
    if case .list(let change)? = plan.proof.grown?.by { change } else { nil }
  }

  /// Number of commands that ``ask(_:)`` adds.
  var asked: Int {
    guard plan.proof.grown != nil else { return 2 }
    return (plan.proof.database == nil ? 3 : 5) + (listChange == nil ? 0 : 1) + plan.proof.holds.count
  }

  /// Takes the replies. Returns an outcome where the edit is not to be tried.
  mutating func take(_ replies: some RandomAccessCollection<ReplyView>) -> Outcome? {
    let replies = Array(replies)
    guard replies.count == asked else {
      return .refused(.write(connection: "a reply is missing", nextStep: "Try again"))
    }
    if replies[0].isError { return .refused(.write(refused: Array(replies[0].bytes))) }
    if !replies[1].isError { deadlineBefore = Deadline(told: replies[1].integer) }
    if plan.proof.database != nil, let refusal = replies[2...].first(where: \.isError) {
      return .refused(.write(refused: Array(refusal.bytes)))
    }
    if plan.proof.grown != nil {
      grownBefore = replies[plan.proof.database == nil ? 2 : 3].told
      if listChange != nil, !replies[3].isError { elementsBefore = replies[3].children.map { Array($0.bytes) } }
      heldBefore = zip(plan.proof.holds, replies.suffix(plan.proof.holds.count)).allSatisfy {
        $0.holds($1, serverTime: 0)
      }
    }
    return edit.mismatch(type: KeyType(reply: replies[0].string))
  }
}

extension Edit {
  /// What stands in the edit's way when the key is of this type now; nil: nothing.
  func mismatch(type: KeyType?) -> Outcome? {
    switch (presence, type) {
    case (.present, nil): .gone
    case (.present(let wanted), let type?) where wanted != type: .typeChanged(type)
    case (.absent, let type?): .taken(key.bytes, type)
    default: nil
    }
  }
}

extension ReplyView {
  /// As the script tells it: text, numbers as digits, of an aggregate its first element; nil for null and nothing.
  var told: [UInt8]? {
    if isError || isNull { return nil }
    if kind.isAggregate { return count > 0 ? self[0].told : nil }
    return Array(bytes)
  }
}

extension Guard {
  /// Whether `reply` to `read` is what is expected. `serverTime`: the server's clock as far as it is known, for users
  /// who may not read it.
  func holds(_ reply: ReplyView, serverTime: Int64) -> Bool {
    let now = reply.told
    switch expects {
    case .bytes(let bytes): return now == bytes
    case .nothing: return now == nil && !reply.isError
    case .something: return now != nil
    case .number(let number):
      guard let now, let left = Double(String(decoding: now, as: UTF8.self)),
        let right = Double(String(decoding: number, as: UTF8.self))
      else { return false }
      return left == right
    case .before(let deadline): return (reply.clockMilliseconds ?? serverTime) < deadline
    // Not a matter of one reply: ``ToldDeadline/is(_:)``, ``Store/readMark(of:on:)``.
    case .deadline, .whole: return false
    }
  }
}
