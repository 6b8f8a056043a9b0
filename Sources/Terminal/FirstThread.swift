import CPlatform
import CTerminal
import Glibc
import Synchronization

/// The serial executor of the process's first thread: it blocks in `poll` over the terminal, a wake descriptor
/// and the next timer, and runs what is enqueued in between.
///
/// `@MainActor` cannot be this on Linux: it leaves the first thread after the first suspension, and never runs
/// while that thread sits in `poll`. An actor whose `unownedExecutor` is this object owns the screen.
package final class FirstThread: SerialExecutor {
  /// What a turn of the loop asks for.
  package enum Next: Sendable, Equatable {
    /// Sleep until there is input, a signal, a job, or the instant has come.
    case wait(until: ContinuousClock.Instant?)
    case stop
  }

  /// Written by `enqueue` and by signal handlers; polled by `run`.
  private let wakeDescriptor: Int32
  private let thread: pthread_t
  private let jobs = Mutex<[UnownedJob]>([])

  /// The executor of the calling thread, which must be the one that calls `run`.
  /// Throws where the process has no descriptor left.
  package init() throws(TerminalError) {
    wakeDescriptor = kg_eventfd()
    guard wakeDescriptor >= 0 else { throw .noDescriptors }
    thread = pthread_self()
    kg_wake_on_signals(wakeDescriptor)
  }

  deinit {
    kg_wake_on_signals(-1)
    close(wakeDescriptor)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let wasEmpty = jobs.withLock { jobs in
      defer { jobs.append(job) }
      return jobs.isEmpty
    }
    if wasEmpty { wake() }
  }

  package func checkIsolated() {
    precondition(isOnFirstThread, "this belongs on the first thread")
  }

  package func isIsolatingCurrentContext() -> Bool? {
    isOnFirstThread
  }

  /// Runs jobs and turns until a turn says stop. Each time something happened, the jobs that were waiting run first,
  /// then `turn`: it reads the input, lets timers fire, draws once, and says until when there is nothing to do.
  ///
  /// Jobs that are enqueued after the stop are never run.
  /// - Parameter input: a descriptor to watch for input. Each turn has to read all that is there: once the other end
  ///   is closed, the turn that follows is the last one that the descriptor causes.
  package func run(watching input: Int32?, turn: () -> Next) {
    precondition(isOnFirstThread, "run() belongs on the thread that made the executor")
    var watched = [
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      runJobs()
      guard case .wait(let instant) = turn() else { return }
      if watched[1].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { watched[1].fd = -1 }
      watched[0].revents = 0
      watched[1].revents = 0
      // A signal ends the call early; its handler has written to the wake descriptor.
      _ = unsafe poll(&watched, 2, FirstThread.milliseconds(until: instant))
      if watched[0].revents != 0 { drainWakes() }
    }
  }

  private var isOnFirstThread: Bool {
    pthread_equal(pthread_self(), thread) != 0
  }

  /// Makes the loop take a turn soon. From any thread.
  package func wake() {
    var one: UInt64 = 1
    // Fails only where the counter is full, and then the loop is awake anyhow.
    _ = unsafe write(wakeDescriptor, &one, 8)
  }

  private func drainWakes() {
    var count: UInt64 = 0
    _ = unsafe read(wakeDescriptor, &count, 8)
  }

  /// Runs what is waiting now; what these jobs enqueue waits for the next round, so that input is never starved.
  private func runJobs() {
    let waiting = jobs.withLock { jobs in
      let waiting = jobs
      jobs = []
      return waiting
    }
    for job in waiting {
      unsafe job.runSynchronously(on: asUnownedSerialExecutor())
    }
  }

  /// The time to sleep for `poll`: rounded up, so that a timer that woke the loop is due; -1 is for ever.
  static func milliseconds(until instant: ContinuousClock.Instant?, now: ContinuousClock.Instant = .now) -> Int32 {
    guard let instant else { return -1 }
    let (seconds, attoseconds) = now.duration(to: instant).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
