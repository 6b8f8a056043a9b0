import CPlatform
import Glibc
import Synchronization

/// Hands one value from a task to a thread that blocks for it.
final class Handover<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let file = kg_eventfd()

  deinit { close(file) }

  func set(_ newValue: Value) {
    value.withLock { $0 = newValue }
    var one: UInt64 = 1
    _ = unsafe write(file, &one, 8)
  }

  /// Blocks until the value is there; nil when it was not within the time (nil: no limit).
  func wait(milliseconds: Int32? = nil) -> Value? {
    var watched = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&watched, 1, milliseconds ?? -1) < 0, errno == EINTR {}
    return value.withLock { $0 }
  }
}
