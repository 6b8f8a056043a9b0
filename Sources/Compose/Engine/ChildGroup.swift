import Glibc
import Synchronization

/// A command and all that it started, as one process group.
final class ChildGroup: Sendable {
  private let leader = Atomic<Int32>(0)
  private let endIsWished = Atomic(false)
  private let wishes: AsyncStream<Void>
  private let wish: AsyncStream<Void>.Continuation

  init() { (wishes, wish) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

  func began(_ id: pid_t) {
    leader.store(id, ordering: .sequentiallyConsistent)
    ChildGroups.add(id)
  }

  /// Nothing of it is left, or nobody minds what is.
  func ended() {
    let id = leader.load(ordering: .sequentiallyConsistent)
    if id > 0 { ChildGroups.remove(id) }
  }

  var isEndWished: Bool { endIsWished.load(ordering: .sequentiallyConsistent) }

  func wishEnd() {
    endIsWished.store(true, ordering: .sequentiallyConsistent)
    wish.yield()
  }

  /// The command itself has ended; it has not been reaped yet.
  var leaderHasEnded: Bool {
    let id = leader.load(ordering: .sequentiallyConsistent)
    var info = unsafe siginfo_t()
    guard unsafe waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return false }
    return unsafe info.si_signo == SIGCHLD
  }

  /// Returns when the end was wished and the group is gone, or cannot be ended. Cancelling ends the waiting for a wish.
  func endWhenWished(_ patience: ComposeProcess.Patience) async {
    var iterator = wishes.makeAsyncIterator()
    guard await iterator.next() != nil, !Task.isCancelled else { return }
    for (signal, time) in [
      (SIGINT, patience.interrupt), (SIGTERM, patience.terminate), (SIGKILL, .seconds(2)),
    ] {
      // Before it has begun there is nothing to signal; it begins within the time of the first step.
      if await !leaves(after: signal, within: time) { continue }
      return
    }
  }

  private func leaves(after signal: Int32, within time: Duration) async -> Bool {
    let deadline = ContinuousClock.now + time
    var isSignalled = false
    while ContinuousClock.now < deadline, !Task.isCancelled {
      let id = leader.load(ordering: .sequentiallyConsistent)
      if id > 0 {
        // The id of a group stays taken while one of its processes is there.
        if kill(-id, isSignalled ? 0 : signal) != 0, errno == ESRCH { return true }
        isSignalled = true
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return false
  }
}

/// The programs that run now. What is left of them when this program ends is asked to end too (SIGTERM).
///
/// Where it dies by SIGKILL or a fault, its end of their pipes closes: a followed log and `docker events` end with the
/// next line that they write, the latter after ten minutes in any case, another command when it is done.
package enum ChildGroups {
  /// Their ids, 0 where there is none. No lock: a signal handler reads them. Whoever finds no room is not looked after.
  private static let leaders = Leaders()
  private static let atEnd: Void = {
    atexit { ChildGroups.endAll() }
  }()

  private final class Leaders: Sendable {
    let ids: [16 of Atomic<Int32>] = .init { _ in Atomic(0) }
  }

  static func add(_ id: pid_t) {
    _ = atEnd
    for index in leaders.ids.indices
    where leaders.ids[index].compareExchange(expected: 0, desired: id, ordering: .relaxed).exchanged {
      return
    }
  }

  static func remove(_ id: pid_t) {
    for index in leaders.ids.indices {
      _ = leaders.ids[index].compareExchange(expected: id, desired: 0, ordering: .relaxed)
    }
  }

  /// Asks all of them to end, and does not wait. Safe in a signal handler.
  package static func endAll() {
    for index in leaders.ids.indices {
      let id = leaders.ids[index].load(ordering: .relaxed)
      if id > 0 { kill(-id, SIGTERM) }
    }
  }

  /// Has SIGINT, SIGTERM and SIGHUP end them first, where nobody else has a use for these signals, and then this program
  /// as they would have.
  package static func endWithSignals() {
    // Made before any handler could want it.
    _ = leaders
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      guard unsafe sigaction(number, nil, &action) == 0, unsafe action.__sigaction_handler.sa_handler == nil else {
        continue
      }
      signal(number) { number in
        ChildGroups.endAll()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}
