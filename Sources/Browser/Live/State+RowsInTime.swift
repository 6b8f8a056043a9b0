import Keyspace
import Requests

/// A list that is narrowed by what is left of TTLs changes by time alone.
extension State {
  /// For that its rows are asked for at most once in so many ms.
  static let rowsPause: Int64 = 1_000

  /// What rows are asked for: the list's query in its order, with the server's time as the screen shows it: during a pause that stands still. A script's
  /// `advance` moves only what is drawn.
  var rowsQuery: ListQuery {
    var query = list.query.ranked
    if query.dependsOnTime { query.serverTime = serverTime(at: pause?.since ?? now) }
    return query
  }

  /// As long as the server's clock is not known ours stands in for it.
  func serverTime(at instant: Int64) -> Int64 {
    clock.isKnown ? clock.serverTime(at: instant) : wall - (now - instant)
  }

  /// When time alone makes the rows others, monotonic ms; nil: it does not.
  var rowsDue: Int64? {
    guard pause == nil, list.query.dependsOnTime, !owed.contains(.rows), let validity = list.rows?.validity
    else { return nil }
    let earliest = (list.rowsAskedAt ?? now) + Self.rowsPause
    let time = serverTime(at: now)
    guard validity.contains(time) else { return earliest }
    guard validity.upperBound < .max else { return nil }
    let (left, overflow) = validity.upperBound.subtractingReportingOverflow(time)
    let (due, isFar) = now.addingReportingOverflow(left)
    return overflow || isFar ? nil : max(earliest, due)
  }

  mutating func renewRows() {
    if let due = rowsDue, due <= now { askForRows() }
  }

  /// The Store may have met the server's clock, in its sweep, before any row is there that would tell it. Of no keys
  /// nothing is asked of the server.
  mutating func askForClock() {
    guard list.query.dependsOnTime, !clock.isKnown, !owed.contains(.due) else { return }
    ask(.due, .facts([]))
  }
}

extension ListQuery {
  var dependsOnTime: Bool { if case .ttl = expiry { true } else { false } }
}
