internal import Keyspace
internal import Synchronization

/// Where lists get the index from, without waiting for a merge of millions of names.
///
/// The index changes on the worker's thread alone; a list is made on another one, of a snapshot. The worker hands
/// snapshots out between its jobs, before the jobs that wait. For the time of a job that may take long it leaves one
/// here: the index as it was gathered last (``KeyIndex/gathered()``), which shares its names with the index.
///
/// Why that is safe: runs and blocks are values that are never changed while someone else holds them, a change copies
/// what it touches. Why it costs little: a snapshot has nothing that grows in place (names that wait, the sketch), and it
/// is here during one job only. A merge meanwhile cannot let go of the old runs as it gets on: until it ends, names are
/// held twice.
final class SnapshotDesk: Sendable {
  struct Snapshot: Sendable {
    let index: KeyIndex
    /// All that the index held at this version is in it, and perhaps more.
    let version: Int
  }

  enum Wish: Sendable {
    /// Whatever there is soonest.
    case soonest
    /// The index as it is when its turn comes.
    case current
  }

  private struct Desk {
    var published: Snapshot?
    var waiting: [Int: (wish: Wish, continuation: CheckedContinuation<Snapshot?, Never>)] = [:]
    var numbers = 0
  }

  private let desk = Mutex(Desk())

  /// A snapshot; nil if the task was cancelled, at once.
  ///
  /// - Parameter call: lets the worker know that someone waits (``IndexWorker/serve()``).
  func snapshot(_ wish: Wish, call: @Sendable () -> Void) async -> Snapshot? {
    let number = desk.withLock { desk in
      desk.numbers += 1
      return desk.numbers
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Snapshot?? = desk.withLock { desk in
          // A task that is cancelled from here on finds that it waits.
          if Task.isCancelled { return .some(nil) }
          if case .soonest = wish, let published = desk.published { return published }
          desk.waiting[number] = (wish, continuation)
          return nil
        }
        if let answer { continuation.resume(returning: answer) } else { call() }
      }
    } onCancel: {
      desk.withLock { $0.waiting.removeValue(forKey: number) }?.continuation.resume(returning: nil)
    }
  }

  /// What the most demanding of those that wait wants; nil: nobody waits.
  var wish: Wish? {
    desk.withLock { desk in
      desk.waiting.values.contains { $0.wish == .current } ? .current : desk.waiting.isEmpty ? nil : .soonest
    }
  }

  /// Answers those that wait and are content with it.
  func serve(_ snapshot: Snapshot, isCurrent: Bool) {
    let served = desk.withLock { Self.take(from: &$0, isCurrent: isCurrent) }
    for continuation in served { continuation.resume(returning: snapshot) }
  }

  /// Leaves a snapshot for who comes until ``withdraw()``, and answers those that wait and are content with it.
  func publish(_ snapshot: Snapshot) {
    let served = desk.withLock { desk in
      desk.published = snapshot
      return Self.take(from: &desk, isCurrent: false)
    }
    for continuation in served { continuation.resume(returning: snapshot) }
  }

  func withdraw() {
    // Freed outside of the lock: it may be the last to hold millions of names.
    _ = desk.withLock { $0.published.take() }
  }

  private static func take(from desk: inout Desk, isCurrent: Bool) -> [CheckedContinuation<Snapshot?, Never>] {
    let served = desk.waiting.filter { isCurrent || $0.value.wish == .soonest }
    for number in served.keys { desk.waiting[number] = nil }
    return served.values.map(\.continuation)
  }
}
