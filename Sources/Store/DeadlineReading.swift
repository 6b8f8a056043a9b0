internal import Glibc
internal import Keyspace
internal import RESP
internal import Values

/// How a deadline comes from PTTL and, where the server has it (Redis 7.0), PEXPIRETIME of one batch.
struct DeadlineReading: Sendable {
  /// Milliseconds left, -1 without a deadline, -2 without a key; nil when not told.
  var pTTL: Int64?
  /// Server time in ms, -1 and -2 as above; nil when not told.
  var pExpireTime: Int64?
  /// Why neither was told.
  var denial: Denial?

  /// The server said that there is no such key.
  var isGone: Bool { pTTL == -2 || pExpireTime == -2 }

  /// The deadline; the pair also teaches `clock` the server's time. `sentAt`, `receivedAt`: of the batch.
  func deadline(clock: inout ServerClock, sentAt: Int64, receivedAt: Int64) -> Fact<Deadline> {
    if let pExpireTime {
      if let pTTL {
        clock.observe(expireTime: pExpireTime, pttl: pTTL, sentAt: sentAt, receivedAt: receivedAt)
      }
      if pExpireTime == -1 { return .known(.persistent) }
      guard pExpireTime >= 0 else { return .unknown }
      // A date of a clock that cannot be compared with ours does not say how long is left: PTTL is denied.
      guard clock.isKnown || denial == nil else { return denial.map { .denied($0) } ?? .unknown }
      return .known(.at(pExpireTime))
    }
    if let pTTL {
      if !clock.isKnown { clock.assume(wallTime: Self.wallTime(), at: MonotonicClock.now()) }
      let deadline = clock.deadline(pttl: pTTL, sentAt: sentAt, receivedAt: receivedAt)
      return deadline.map { .known($0) } ?? .unknown
    }
    return denial.map { .denied($0) } ?? .unknown
  }

  /// Milliseconds since 1970 by this machine's clock.
  static func wallTime() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension DeadlineReading {
  /// What PTTL and PEXPIRETIME were answered.
  init(from response: Response) {
    self.init(
      pTTL: response[.pTTL]?.integer, pExpireTime: response[.pExpireTime]?.integer,
      denial: response.refusal(.pTTL)?.denial)
  }
}
