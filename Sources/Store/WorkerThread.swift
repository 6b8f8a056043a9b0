internal import CPlatform
internal import Glibc
internal import Synchronization

/// A thread of its own for the heavy work on the index, below the priority of what the user waits for. It runs the
/// jobs of an actor one after the other, so that a merge of millions of names holds up nothing else.
final class WorkerThread: SerialExecutor {
  private struct Queue {
    var jobs: [UnownedJob] = []
    var isStopping = false
  }

  private let queue = Mutex(Queue())
  /// Readable while there is something to do.
  private let wake: Int32
  /// Lower than the user's own work by so much (`nice`).
  private static let niceness: Int32 = 5

  private init(wake: Int32) {
    self.wake = wake
  }

  deinit {
    close(wake)
  }

  /// A running thread. Without descriptors or threads left the process cannot go on.
  static func start() -> WorkerThread {
    let wake = kg_eventfd()
    precondition(wake >= 0, "no descriptor left for the index worker")
    let worker = WorkerThread(wake: wake)
    let argument = unsafe Unmanaged.passRetained(worker).toOpaque()
    var thread = pthread_t()
    let failure = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<WorkerThread>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument)
    precondition(failure == 0, "no thread left for the index worker")
    pthread_detach(thread)
    return worker
  }

  /// Lets the thread end. Only when no actor uses it any more: jobs that come later are not run.
  func stop() {
    queue.withLock { $0.isStopping = true }
    signal()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let wasEmpty = queue.withLock { queue in
      queue.jobs.append(job)
      return queue.jobs.count == 1
    }
    if wasEmpty { signal() }
  }

  private func signal() {
    var one: UInt64 = 1
    _ = unsafe write(wake, &one, MemoryLayout<UInt64>.size)
  }

  private func run() {
    // On Linux the priority is that of the calling thread alone.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
    while true {
      let (jobs, isStopping) = queue.withLock { queue in
        defer { queue.jobs = [] }
        return (queue.jobs, queue.isStopping)
      }
      for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
      if jobs.isEmpty {
        if isStopping { return }
        var descriptor = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        unsafe poll(&descriptor, 1, -1)
        var count: UInt64 = 0
        _ = unsafe read(wake, &count, MemoryLayout<UInt64>.size)
      }
    }
  }
}
