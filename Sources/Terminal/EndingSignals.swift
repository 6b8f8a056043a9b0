import CTerminal
import Glibc

/// SIGINT, SIGTERM and SIGHUP for what runs without a screen.
package enum EndingSignals {
  /// From here on the first of them is handled on a thread of its own, where locks and memory are at hand; a second one
  /// ends the process at once. One that the parent has ignored stays so, as under nohup. Without a thread or
  /// descriptors left they do what they did before.
  package static func handle(_ end: @escaping @Sendable (Int32) -> Never) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let watcher = unsafe Unmanaged.passRetained(Watcher(descriptor: ends[0], end: end))
    var thread = pthread_t()
    let failure = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Watcher>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, watcher.toOpaque())
    guard failure == 0 else {
      unsafe watcher.release()
      close(ends[0])
      close(ends[1])
      return
    }
    pthread_detach(thread)
    kg_report_endings(ends[1])
  }

  private final class Watcher: Sendable {
    private let descriptor: Int32
    private let end: @Sendable (Int32) -> Never

    init(descriptor: Int32, end: @escaping @Sendable (Int32) -> Never) {
      self.descriptor = descriptor
      self.end = end
    }

    func run() {
      var number: UInt8 = 0
      while true {
        let count = unsafe read(descriptor, &number, 1)
        if count == 1 { end(Int32(number)) }
        guard count < 0, errno == EINTR else { return }
      }
    }
  }
}
