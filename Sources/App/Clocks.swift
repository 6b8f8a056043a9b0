import CPlatform
import Glibc

/// The two clocks of a ``Event/tick(monotonic:wall:)``, in ms.
enum Clocks {
  /// Since the machine started, time asleep included.
  static var monotonic: Int64 { kg_boot_milliseconds() }

  /// Since 1970, UTC.
  static var wall: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }
}
