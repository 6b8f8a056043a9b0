import Keyspace
import Requests
import Values

extension State {
  /// `t` on a field of a hash: its form opens, or is awaited. False: it is about the key.
  mutating func editFieldTTL() -> Bool {
    guard focus == .value, let key = value.key, mayBeAboutField(of: key) else { return false }
    if link == .connected, value.failure == nil, value.opened == nil {
      postpone(.ttl, until: .value(key))
      return true
    }
    var field: HashPage.Field?
    if case .field(let focused)? = focusedElement { field = focused }
    guard field.map(hasTTL) ?? hasFieldTTLs else { return false }
    // Our own edit would stand in the way of this one.
    if link == .connected, value.failure == nil, value.isOutdated || isElementOnItsWay {
      postpone(.ttl, until: .reading(key))
      return true
    }
    guard let field else { return false }
    guard link == .connected, !value.isStale else {
      say("\(standstill): what is shown may be old, and nothing can be written", .warning)
      return true
    }
    var deadline: Deadline?
    if let known = field.deadline.value, known != .unknown { deadline = known }
    openForm(.fieldTTL(field.name, deadline: deadline), fields: [.ttl])
    return true
  }

  /// What is open, or about to be, is a hash, and the server may have TTLs of fields.
  private func mayBeAboutField(of key: KeyName) -> Bool {
    if case .collection(let view) = value.content { return view.type == .hash }
    return hasFieldTTLs && value.opened == nil && list.seen[key]?.facts.type.value == .hash
  }

  /// The field can have one: what was read of it tells, or else the server's version.
  private func hasTTL(_ field: HashPage.Field) -> Bool {
    switch field.deadline {
    case .known: true
    case .denied, .unknown: !field.isWithoutTTLs && hasFieldTTLs
    }
  }

  /// What is to be said where `t` on a field sets the key's TTL because the server has no other.
  var noFieldTTLs: String? {
    guard case .field(let field)? = focusedElement, field.isWithoutTTLs else { return nil }
    return "this server has no TTLs of fields (Redis 7.4, Valkey 9): this is the key's"
  }
}

extension HashPage.Field {
  /// The server does not know of TTLs of fields.
  fileprivate var isWithoutTTLs: Bool { deadline.denial.map { $0.missingRule == nil } ?? false }
}

extension Form.Field {
  /// For the TTL of something that is there.
  static let ttl = Form.Field(
    "TTL", hint: "90, 90s, 15m, 2h30m, 7d, @2026-12-31T23:59, none, +10m", history: .ttl)
}
