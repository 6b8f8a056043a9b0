internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// The TTLs of hash fields (Redis 7.4, Valkey 9).
extension Store {
  private static let what = "reading the TTLs of fields"

  /// HPEXPIRETIME's reply for a field that is not there.
  private static let noField: Int64 = -2

  /// The page with the deadlines of its fields. What went away since the page was read is not in it.
  ///
  /// A server that does not know the command, or denies it, is asked once.
  func withDeadlines(_ page: HashPage, of name: KeyName, in window: ValueWindow) async throws(Failure) -> HashPage {
    guard !page.fields.isEmpty else { return page }
    var page = page
    var question = Question(Self.what, denials: denials)
    question.ask(.hPExpireTime, name.bytes, "FIELDS", page.fields.count, rest: page.fields.map(\.name))
    let response = try await ask(question, on: rowsLink)
    guard let told = response[.hPExpireTime]?.fieldTimes, told.count == page.fields.count else {
      guard let denial = response.refusal(.hPExpireTime)?.denial else { return page }
      for index in page.fields.indices { page.fields[index].deadline = .denied(denial) }
      return page
    }
    let denial = try await learnClock(from: told, of: page.fields.map(\.name), in: name)
    for (index, time) in told.enumerated() { page.fields[index].deadline = deadline(told: time, denial) }
    page.fields = zip(page.fields, told).filter { $1 != Self.noField }.map(\.0)
    // HLEN counts fields that have expired until the server takes them away: what was read whole is not longer.
    if window == .fields(cursor: 0, matching: nil), page.next == 0 { page.length = page.fields.count }
    return page
  }

  /// `denial`: why the server's clock may not be learnt.
  private func deadline(told time: Int64?, _ denial: Denial?) -> Fact<Deadline> {
    let deadline = Deadline(told: time)
    switch deadline {
    case .unknown: return .unknown
    case .persistent: return .known(deadline)
    // A date of a clock that cannot be compared with ours does not say how long is left.
    case .at: return clock.isKnown ? .known(deadline) : denial.map { .denied($0) } ?? .unknown
    }
  }

  /// Learns the server's time from the field that lives longest, where it is not known, or known wrong: a server tells
  /// no deadline that has passed. Returns why it may not be learnt.
  private func learnClock(
    from told: [Int64?], of fields: [[UInt8]], in name: KeyName
  ) async throws(Failure) -> Denial? {
    let times = zip(fields, told).compactMap { field, time in time.flatMap { $0 > 0 ? (field: field, time: $0) : nil } }
    guard let first = times.map(\.time).min(), let longest = times.max(by: { $0.time < $1.time }),
      !clock.isKnown || first <= clock.serverTime(at: MonotonicClock.now())
    else { return nil }
    var question = Question(Self.what, denials: denials)
    question.ask(.hPExpireTime, name.bytes, "FIELDS", 1, longest.field)
    question.ask(.hPTTL, name.bytes, "FIELDS", 1, longest.field)
    let (replies, sentAt, receivedAt) = try await send(question.batch, on: rowsLink, what: question.what)
    let response = try Response(replies, to: question)
    response.note(in: &denials)
    if let time = response[.hPExpireTime]?.fieldTimes?.first.flatMap({ $0 }),
      let left = response[.hPTTL]?.fieldTimes?.first.flatMap({ $0 })
    {
      clock.observe(expireTime: time, pttl: left, sentAt: sentAt, receivedAt: receivedAt)
    }
    return response.refusal(.hPTTL)?.denial
  }
}

extension ReplyView {
  /// What HPEXPIRETIME or HPTTL tells of each field; nil where it is another reply.
  fileprivate var fieldTimes: [Int64?]? { kind.isAggregate ? children.map(\.integer) : nil }
}
