internal import CPlatform
internal import Glibc
internal import Synchronization

/// A thread of its own for heavy work. It runs the jobs of an actor one after the other, so that a merge of millions of
/// names holds up nothing else: first those that a user waits for (of tasks with a high priority), then the others as
/// they came.
final class WorkerThread: SerialExecutor {
  private struct Queue {
    var urgent: [UnownedJob] = []
    var jobs: [UnownedJob] = []
    var isStopping = false

    /// The urgent ones, or one other.
    mutating func next() -> [UnownedJob] {
      if !urgent.isEmpty {
        defer { urgent = [] }
        return urgent
      }
      return jobs.isEmpty ? [] : [jobs.removeFirst()]
    }
  }

  private let queue = Mutex(Queue())
  /// Readable while there is something to do.
  private let wake: Int32
  /// Lower than the user's own work by so much (`nice`).
  private let niceness: Int32

  private init(wake: Int32, niceness: Int32) {
    self.wake = wake
    self.niceness = niceness
  }

  deinit {
    close(wake)
  }

  /// A running thread. Without descriptors or threads left the process cannot go on.
  static func start(niceness: Int32) -> WorkerThread {
    let wake = kg_eventfd()
    precondition(wake >= 0, "no descriptor left for a worker")
    let worker = WorkerThread(wake: wake, niceness: niceness)
    let argument = unsafe Unmanaged.passRetained(worker).toOpaque()
    var thread = pthread_t()
    let failure = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<WorkerThread>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument)
    precondition(failure == 0, "no thread left for a worker")
    pthread_detach(thread)
    return worker
  }

  /// Lets the thread end. Only when no actor uses it any more: jobs that come later are not run.
  func stop() {
    queue.withLock { $0.isStopping = true }
    signal()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let isUrgent = job.priority.rawValue >= TaskPriority.userInitiated.rawValue
    let job = UnownedJob(job)
    let wasEmpty = queue.withLock { queue in
      defer { if isUrgent { queue.urgent.append(job) } else { queue.jobs.append(job) } }
      return queue.urgent.isEmpty && queue.jobs.isEmpty
    }
    if wasEmpty { signal() }
  }

  private func signal() {
    var one: UInt64 = 1
    _ = unsafe write(wake, &one, MemoryLayout<UInt64>.size)
  }

  private func run() {
    // On Linux the priority is that of the calling thread alone.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    while true {
      let (jobs, isStopping) = queue.withLock { ($0.next(), $0.isStopping) }
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
