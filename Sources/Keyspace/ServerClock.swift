/// Maps local monotonic time to the server's clock, without any right to TIME.
///
/// One key's PEXPIRETIME − PTTL, read in one batch, is the server's time at some local instant between sending and
/// receiving. Every observation so bounds the offset between the two clocks from both sides; the bounds are
/// intersected, so that the estimate only gets better. All values are milliseconds; local instants come from a clock
/// that never steps and also runs while the machine sleeps.
package struct ServerClock: Equatable, Sendable {
  /// Server time − local time lies within these bounds, as of `asOf`.
  private var bounds: ClosedRange<Int64>?
  private var asOf: Int64 = 0

  /// How far two clocks may drift apart: 1 ms in 2 s (500 ppm) is far worse than any computer's crystal.
  private static let driftDivisor: Int64 = 2000

  package init() {}

  /// Whether the server's time has been observed (or assumed).
  package var isKnown: Bool { bounds != nil }

  /// Half the width of the bounds: the estimate is off by at most this. Nil as long as nothing is known.
  package var uncertainty: Int64? {
    bounds.map { ($0.upperBound - $0.lowerBound + 1) / 2 }
  }

  /// Takes in one observation.
  /// - Parameters:
  ///   - expireTime: PEXPIRETIME's reply; −1 and −2 (no deadline, no key) tell nothing and are ignored.
  ///   - pttl: PTTL's reply for the same key in the same batch; 0 is ignored too: the server clips it there.
  ///   - sentAt: local time before the batch was sent.
  ///   - receivedAt: local time when the replies were there.
  package mutating func observe(expireTime: Int64, pttl: Int64, sentAt: Int64, receivedAt: Int64) {
    guard expireTime > 0, pttl > 0, sentAt <= receivedAt else { return }
    let serverTime = expireTime - pttl
    let (lower, lowerOverflow) = serverTime.subtractingReportingOverflow(receivedAt)
    let (upper, upperOverflow) = serverTime.subtractingReportingOverflow(sentAt)
    guard !lowerOverflow, !upperOverflow, Self.plausible.contains(lower), Self.plausible.contains(upper) else { return }
    let seen = lower...upper
    guard let known = bounds else {
      bounds = seen
      asOf = receivedAt
      return
    }
    let slack = max(0, receivedAt - asOf) / Self.driftDivisor + 1
    let widened = (known.lowerBound - slack)...(known.upperBound + slack)
    // Bounds that exclude each other: the server's clock was set, so only the new one counts.
    bounds = widened.overlaps(seen) ? widened.clamped(to: seen) : seen
    asOf = max(asOf, receivedAt)
  }

  /// For servers without PEXPIRETIME (before 7.0): takes the local wall clock for the server's, unless it is known
  /// better. Countdowns stay right even where it is wrong: `deadline(pttl:…)` and `serverTime(at:)` use one offset.
  package mutating func assume(wallTime: Int64, at monotonic: Int64) {
    let (offset, overflow) = wallTime.subtractingReportingOverflow(monotonic)
    guard bounds == nil, !overflow, Self.plausible.contains(offset) else { return }
    bounds = offset...offset
    asOf = monotonic
  }

  /// The server's time at a local instant; the local time itself as long as nothing is known.
  package func serverTime(at monotonic: Int64) -> Int64 {
    guard let bounds else { return monotonic }
    return monotonic &+ bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) / 2
  }

  /// The deadline that PTTL alone tells: −1 is persistent, −2 (no such key) is nil. The reply is taken as of the
  /// middle between sending and receiving.
  package func deadline(pttl: Int64, sentAt: Int64, receivedAt: Int64) -> Deadline? {
    guard pttl >= 0 else { return pttl == -1 ? .persistent : nil }
    let (deadline, overflow) = serverTime(at: sentAt + (receivedAt - sentAt) / 2).addingReportingOverflow(pttl)
    return .at(overflow ? .max : deadline)
  }

  /// Offsets beyond ± 9,000 years come from a broken or hostile server and would overflow later.
  private static let plausible: ClosedRange<Int64> = -(1 << 48)...(1 << 48)
}
