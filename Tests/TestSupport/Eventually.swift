import Glibc

/// Waiting for what happens in another process or thread.
package enum Eventually {
  /// Looks every 10 ms until `condition` holds. The deadline is a safety net, no claim about speed.
  ///
  /// Returns false when the deadline passed. Blocks its thread; the asynchronous form below does not.
  package static func until(seconds: Double = 90, _ condition: () throws -> Bool) rethrows -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while true {
      if try condition() { return true }
      if clock.now >= deadline { return false }
      usleep(10_000)
    }
  }

  package static func until(seconds: Double = 90, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while true {
      if try await condition() { return true }
      if clock.now >= deadline { return false }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }
}
