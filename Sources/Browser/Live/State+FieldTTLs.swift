import Keyspace
import Requests
package import Values

/// TTLs of hash fields, which count down beside their values.
extension State {
  /// A deadline that has come is asked about again after this, in ms.
  private static let dueInterval: Int64 = 500

  /// What the TTL cell of a field of the open hash says now.
  package func ttl(of field: HashPage.Field) -> TTLState {
    switch field.deadline {
    case .denied: return .denied
    // What was read before a reconnect or a flush.
    case .known where value.isStale && link == .connected: return .unknown
    case .unknown, .known(.unknown): return .unknown
    case .known(.persistent): return .persistent
    case .known(.at(let deadline)):
      let left = remaining(until: deadline, at: displayNow(since: value.askedAt ?? 0))
      return left > 0 ? .remaining(left) : .due
    }
  }

  /// The fields that are on the screen with a TTL column.
  var visibleFields: [HashPage.Field] {
    guard !isServerShown, layout.value != nil, value.detail == nil, case .collection(let view) = value.content,
      view.showsDeadlines,
      !view.isShowingGroups
    else { return [] }
    let top = view.viewport.top
    return (top..<top + valueHeight).compactMap {
      if case .field(let field)? = view.element(at: $0) { field } else { nil }
    }
  }

  /// The value is read again when the deadline of a field on the screen has come: not every server tells that the field
  /// is gone.
  mutating func rereadDueFields() {
    guard link == .connected, !isServerShown, !owed.contains(.value), !value.wantsReading, value.renewal == nil,
      now >= retryAt,
      now - (value.askedAt ?? 0) >= Self.dueInterval
    else { return }
    let serverTime = clock.serverTime(at: now)
    var fields = visibleFields
    // The field that is shown alone goes too when its time has come.
    if case .element? = value.detail, case .field(let field)? = focusedElement { fields = [field] }
    if fields.contains(where: { $0.deadline.value?.remaining(at: serverTime).map { $0 <= 0 } == true }) {
      value.wantsReading = true
    }
  }

  /// When a TTL of these next reads differently, or is to be asked about, monotonic ms; nil: never.
  func nextChange(of ttl: TTLState) -> Int64? {
    switch ttl {
    // Tenths below ten seconds, else whole seconds, all on one beat.
    case .remaining(let left): left < 10_500 ? now + min(100, left) : (now / 1_000 + 1) * 1_000
    case .due: now + Self.dueInterval
    default: nil
    }
  }
}

extension HashPage.Field {
  /// There is something to show in a TTL column.
  var showsDeadline: Bool {
    switch deadline {
    case .known(.at): true
    case .denied(let denial): denial.missingRule != nil
    default: false
    }
  }
}
