internal import Glibc

/// The clock of countdowns, pacing and answers: it goes on while the machine sleeps and knows nothing of the date.
package enum MonotonicClock {
  /// Milliseconds since the machine started (CLOCK_BOOTTIME).
  package static func now() -> Int64 { microseconds() / 1000 }

  /// Seconds since the machine started.
  static func seconds() -> Int32 { Int32(clamping: now() / 1000) }

  /// Microseconds since the machine started.
  package static func microseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
