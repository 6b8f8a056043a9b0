internal import Keyspace

/// What is made of the index beside the work on it: lists (``SnapshotDesk``), and what folders hold.
extension IndexWorker {
  /// A snapshot for a list; nil if the task was cancelled.
  nonisolated func snapshot(_ wish: SnapshotDesk.Wish) async -> SnapshotDesk.Snapshot? {
    await desk.snapshot(wish) {
      // Before the pages that wait: the user waits for this.
      Task(priority: .userInitiated) { await self.serve() }
    }
  }

  /// Hands out what is waited for.
  func serve() {
    guard let wish = desk.wish else { return }
    guard wish == .current || index.gatheringCost <= Self.quickGathering else {
      desk.serve(lent, isCurrent: false)
      return
    }
    gather()
    desk.serve(lent, isCurrent: true)
  }

  /// In place, so that the next list finds it done.
  private func gather() {
    whileLending { index.gather() }
    gatheredVersion = version
  }

  /// So many names are gathered for a list that is wanted soon: some ten milliseconds.
  private static let quickGathering = 131_072

  private var lent: SnapshotDesk.Snapshot { SnapshotDesk.Snapshot(index: index.gathered(), version: gatheredVersion) }

  /// Work that may take long: meanwhile lists are made of the index as it was gathered last.
  func whileLending<Result>(_ work: () -> Result) -> Result {
    desk.publish(lent)
    defer { desk.withdraw() }
    return work()
  }

  /// What is known of the keys of folders.
  ///
  /// - Parameter sample: of which the keys were that a sweep has read at random.
  func facts(under prefixes: [KeyName], filter: NameFilter?, sample: KeySample) -> [FolderFacts] {
    gather()
    return whileLending { prefixes.map { index.facts(under: $0, filter: filter, sample: sample) } }
  }
}
