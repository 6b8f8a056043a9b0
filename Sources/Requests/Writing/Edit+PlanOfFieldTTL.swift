package import Keyspace

/// The plan of setting a hash field's TTL, and what takes it back.
extension Edit {
  /// HPEXPIRE answers -2 for a field that is not there and creates none; the guard tells so before.
  func fieldExpiry(_ field: [UInt8], _ from: Deadline?, _ to: Expiry) -> Plan {
    let read = command("HPEXPIRETIME", key, "FIELDS", 1, field)
    func deadline(_ deadline: Deadline) -> Guard { Guard(.deadline, read, .bytes(deadline.told)) }
    var guards = [Guard(.value, command("HEXISTS", key, field), .bytes("1".word))]
    if let from { guards.append(deadline(from)) }
    // HPEXPIREAT with a time that has passed deletes the field.
    if case .at(let time) = to { guards.append(.now(before: time)) }
    let words: [[UInt8]]
    let proof: Plan.Proof
    switch to {
    case .never:
      words = command("HPERSIST", key, "FIELDS", 1, field)
      proof = .init(holds: [deadline(.persistent)])
    case .at(let time):
      words = command("HPEXPIREAT", key, time, "FIELDS", 1, field)
      proof = .init(holds: [deadline(.at(time))])
    case .after(let time):
      words = command("HPEXPIRE", key, time, "FIELDS", 1, field)
      proof = .init(grown: .init(read: read, by: .fieldTTL(field, time)))
    }
    var plan = step(guards, [words], proof)
    plan.fieldTTL = .init(from: field, to: nil)
    plan.afterwards = .reply(read)
    return plan
  }

  func inverse(ofFieldExpiry field: [UInt8], _ from: Deadline?, applied: Applied) -> Inverse {
    // It was what was seen, or it would not have been changed.
    let before = from.flatMap(Expiry.init(restoring:)) ?? Expiry(restoring: applied.fieldDeadline)
    let after = Deadline(told: applied.after.flatMap { Int64(String(decoding: $0, as: UTF8.self)) })
    guard let before, after != .unknown else { return .none("the TTL that the field had could not be read") }
    var edit = self
    edit.change = .fieldExpiry(field, from: after, to: before)
    return .edit(edit)
  }
}

extension Deadline {
  /// As PEXPIRETIME and HPEXPIRETIME tell it; what is not known is nothing that they tell.
  package var told: [UInt8] {
    switch self {
    case .at(let time): time.word
    case .persistent: "-1".word
    case .unknown: "-3".word
    }
  }
}
