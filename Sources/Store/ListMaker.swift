internal import Keyspace
internal import Requests

/// Makes lists of snapshots, on a thread of its own: no list waits for the work on the index, only for the list before
/// it, which ends soon where it is not wanted any more.
actor ListMaker {
  struct Made: Sendable {
    let query: ListQuery
    let rows: RowList
    /// Of the index that they were made from.
    let version: Int
  }

  private let thread = WorkerThread.start(niceness: 0)
  /// With so many keys the first rows of a narrowed list are told before the others are sought.
  private let partsFrom: Int
  /// The last list that is whole.
  private var last: Made?
  /// The pass whose first rows were told last, and its version.
  private var open: (pass: ListPass, version: Int)?

  /// So many matches are enough for the first rows, or any after so many ms.
  private static let enoughMatches = 1_000
  private static let patience: Int64 = 25

  init(partsFrom: Int) {
    self.partsFrom = partsFrom
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

  deinit {
    thread.stop()
  }

  /// The rows of a query; nil if the task was cancelled.
  ///
  /// - Parameter mayBePart: the first rows are enough where the others take their time.
  func list(_ query: ListQuery, of snapshot: SnapshotDesk.Snapshot, mayBePart: Bool) -> Made? {
    open = nil
    if let last, last.version == snapshot.version,
      let rows = RowList(last.rows, madeOf: last.query, query: query, isCancelled: { Task.isCancelled })
    {
      return keep(rows, query, snapshot.version)
    }
    let isPart = mayBePart && query.hasFirstRows && snapshot.index.count >= partsFrom
    let until = MonotonicClock.now() + Self.patience
    open = (ListPass(index: snapshot.index, query: query), snapshot.version)
    return goOn { isPart && ($0 >= Self.enoughMatches || MonotonicClock.now() >= until) }
  }

  /// All rows of the query whose first rows were told last; nil if that was another one, or the task was cancelled.
  func rest(of query: ListQuery) -> Made? {
    guard open?.pass.query.isSame(as: query) == true else { return nil }
    return goOn { _ in false }
  }

  private func goOn(until isEnough: (Int) -> Bool) -> Made? {
    // Taken out, so that nothing of it is copied.
    guard let (taken, version) = open.take() else { return nil }
    var pass = taken
    let isThere = pass.advance(until: isEnough, isCancelled: { Task.isCancelled })
    if !pass.isDone { open = (pass, version) }
    guard isThere else { return nil }
    return keep(RowList(pass, isCancelled: { Task.isCancelled }), pass.query, version)
  }

  /// Nil where it was cancelled, and is not what it should be.
  private func keep(_ rows: RowList, _ query: ListQuery, _ version: Int) -> Made? {
    guard !Task.isCancelled else { return nil }
    let made = Made(query: query, rows: rows, version: version)
    last = rows.isPartial ? nil : made
    return made
  }
}
