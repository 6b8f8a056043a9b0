/// When a key expires, in milliseconds of the *server's* clock (PEXPIRETIME's scale).
package enum Deadline: Hashable, Sendable {
  /// Not read yet, or not readable.
  case unknown
  /// The key never expires.
  case persistent
  /// The key expires at this server time in ms since 1970.
  case at(Int64)

  /// From PEXPIRETIME's reply: −1 is persistent; no key (−2), no reply and any other is unknown.
  package init(told reply: Int64?) {
    switch reply {
    case -1: self = .persistent
    case let time? where time >= 0: self = .at(time)
    default: self = .unknown
    }
  }

  /// Milliseconds that are left at `serverTime`; 0 or less once the deadline has passed. Nil without a deadline.
  package func remaining(at serverTime: Int64) -> Int64? {
    guard case .at(let deadline) = self else { return nil }
    let (left, overflow) = deadline.subtractingReportingOverflow(serverTime)
    return overflow ? (deadline > serverTime ? .max : .min) : left
  }
}
