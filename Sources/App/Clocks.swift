import CPlatform
import Glibc

/// The two clocks of a ``Event/tick(monotonic:wall:)``, in ms.
enum Clocks {
  /// Since the machine started, time asleep included.
  static var monotonic: Int64 { kg_boot_milliseconds() }

  /// Seconds east of UTC at a local time that is given as seconds since 1970 as if it were UTC.
  static let localOffset: @Sendable (Int64) -> Int64 = { local in
    var instant = time_t(local)
    var fields = unsafe tm()
    guard unsafe gmtime_r(&instant, &fields) != nil else { return 0 }
    unsafe fields.tm_isdst = -1
    let utc = unsafe mktime(&fields)
    return local - Int64(utc)
  }

  /// Since 1970, UTC.
  static var wall: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }
}
