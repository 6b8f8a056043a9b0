import Glibc

/// A thread for blocking work, which no task may do.
///
/// It blocks every signal that can come from outside: those belong to the first thread, which restores the terminal.
package final class WorkerThread: Sendable {
  private let thread: pthread_t

  package init(_ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let error = unsafe pthread_create(
      &thread, nil,
      { argument in
        blockOutsideSignals()
        if let argument = unsafe argument {
          unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, box.toOpaque())
    precondition(error == 0, "no thread: \(systemText(error))")
    self.thread = thread
  }

  /// Waits for the end of the thread. To be called once, or not at all for a thread that never ends.
  package func join() { _ = pthread_join(thread, nil) }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

private func blockOutsideSignals() {
  var signals = sigset_t()
  unsafe sigfillset(&signals)
  // A fault of the thread itself must still reach the crash handler.
  for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { unsafe sigdelset(&signals, fault) }
  unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
}
