internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests

/// A key's deadline as the server tells it, in PEXPIRETIME's terms.
struct ToldDeadline: Sendable {
  /// Ms since 1970 by the server's clock; -1: no deadline, -2: no key; nil: the user may not read it.
  var time: Int64?
  /// Ms by which another reading of the same deadline may differ: 0 from PEXPIRETIME (Redis 7.0), else a second, for
  /// what was seen on the screen came from PTTL and a clock of our own.
  var slack: Int64 = 0

  var deadline: Deadline { Deadline(told: time) }

  /// Whether this is the deadline that is wanted.
  func `is`(_ wanted: Deadline) -> Bool {
    if case .at(let deadline) = wanted, let time, time > 0 { return abs(time - deadline) <= slack }
    return wanted != .unknown && deadline == wanted
  }
}

extension Store {
  /// Readings of the clock before the last one is taken as it is.
  private static let clockReadings = 20

  /// PEXPIRETIME; before Redis 7.0 PTTL between two readings of the server's clock that are the same millisecond, so
  /// that their sum is exact. nil: the connection was lost.
  func readDeadline(of key: [UInt8], on connection: Connection) async -> ToldDeadline? {
    guard let reply = await ask(command("PEXPIRETIME", key), on: connection) else { return nil }
    if let time = reply.integer { return ToldDeadline(time: time) }
    var reading = ToldDeadline(time: nil)
    for _ in 0..<Self.clockReadings {
      var batch = CommandBatch()
      batch.add("TIME")
      batch.add("PTTL", key)
      batch.add("TIME")
      guard case .replies(let replies) = await connection.deliver(batch), replies.count == 3 else { return nil }
      guard let left = replies[1].integer else { return reading }
      if left < 0 { return ToldDeadline(time: left) }
      guard let before = replies[0].clockMilliseconds, let after = replies[2].clockMilliseconds else { return reading }
      reading = ToldDeadline(time: after + left, slack: 1_000)
      if before == after { break }
    }
    return reading
  }
}

extension ReplyView {
  /// What HPEXPIRETIME tells of one field.
  var firstDeadline: Deadline { Deadline(told: kind.isAggregate && count == 1 ? self[0].integer : nil) }

  /// TIME's reply in ms since 1970.
  var clockMilliseconds: Int64? {
    guard kind.isAggregate, count == 2, let seconds = self[0].integer, let fraction = self[1].integer else {
      return nil
    }
    return seconds * 1_000 + fraction / 1_000
  }
}
