internal import Keyspace

/// The keys of a scope by deadline, beside the index.
struct WatchedExpiry: Sendable {
  var order: ExpiryIndex
  let separator: [UInt8]
  var folders: [PrefixCount] = []
  /// The server's time when something was last taken in; nil: not known.
  var serverTime: Int64?
  /// Keys without a deadline when the folders were counted; nil: they were not.
  var foldersOf: Int?
  /// When they were, monotonic ms.
  var foldersAt: Int64 = 0

  /// Counting them is a pass over all keys: not more often than this, in ms.
  static let folderPause: Int64 = 2_000
  static let folderCount = 5
}

extension IndexWorker {
  /// Puts the keys of a target in order, in place of any that were before.
  ///
  /// - Parameter readAt: the server's time when what is known of them had been read; nil: that is not known.
  func watchExpiry(_ target: SweepTarget, separator: [UInt8], readAt: Int64?, generation: Int) -> Status {
    guard generation == self.generation else { return status }
    expiryVersion += index.loggedDeadlines + 1
    expiry = WatchedExpiry(order: index.makeExpiryIndex(target), separator: separator, serverTime: readAt)
    expiry?.order.noteRead(at: readAt)
    return status
  }

  func endExpiry() {
    expiry = nil
    index.dropExpiryIndex()
  }

  /// A snapshot, with the folders that hold most keys without a deadline, and its version.
  ///
  /// - Parameter serverTime: nil: not known.
  func reportExpiry(
    now: Int64, serverTime: Int64?, generation: Int
  ) -> (order: ExpiryIndex, folders: [PrefixCount], version: Int)? {
    guard generation == self.generation, expiry != nil else { return nil }
    expiry?.serverTime = serverTime
    takeInDeadlines()
    guard var watched = expiry else { return nil }
    let isOld = now - watched.foldersAt >= WatchedExpiry.folderPause
    if watched.foldersOf != watched.order.persistent, isOld || watched.foldersOf == nil {
      watched.folders = index.persistentFolders(
        of: watched.order.target, separator: watched.separator, depth: watched.order.target.scope.prefix.count,
        limit: WatchedExpiry.folderCount)
      watched.foldersOf = watched.order.persistent
      watched.foldersAt = MonotonicClock.now()
    }
    expiry = watched
    return (watched.order, watched.folders, expiryVersion)
  }

  /// Has the folders counted anew with the next report where they are not those of now.
  ///
  /// - Parameter isUrgent: although that was done a moment ago.
  func ageFolders(now: Int64, isUrgent: Bool, generation: Int) -> Status {
    guard generation == self.generation, let watched = expiry else { return status }
    takeInDeadlines()
    let isOld = isUrgent || now - watched.foldersAt >= WatchedExpiry.folderPause
    if isOld, expiry?.foldersOf != nil, expiry?.foldersOf != expiry?.order.persistent {
      expiry?.foldersOf = nil
      expiryVersion += 1
    }
    return status
  }

  /// Keys of the order that expire within a range of server time, at most `limit`.
  func expiring(_ range: Range<Int64>, limit: Int, generation: Int) -> [ExpiryIndex.Entry] {
    guard generation == self.generation, expiry != nil else { return [] }
    takeInDeadlines()
    guard let order = expiry?.order else { return [] }
    let (first, end) = (order.count(before: range.lowerBound), order.count(before: range.upperBound))
    return (first..<max(first, min(end, first + limit))).map { order[$0] }
  }

  func count(of target: SweepTarget, generation: Int) -> Int {
    generation == self.generation ? index.count(of: target) : 0
  }

  /// What is known of all keys is to be read again.
  func markStale(generation: Int) {
    guard generation == self.generation else { return }
    index.markStale()
  }

  /// Nothing that was read of any key is known any more.
  func unlearnAll(generation: Int) -> Status {
    guard generation == self.generation else { return status }
    index.forgetFacts()
    if let watched = expiry {
      expiryVersion += index.loggedDeadlines + 1
      expiry = WatchedExpiry(order: index.makeExpiryIndex(watched.order.target), separator: watched.separator)
    }
    return status
  }

  /// Brings the order up to date.
  private func takeInDeadlines() {
    guard var watched = expiry.take() else { return }
    expiryVersion += index.loggedDeadlines
    index.update(&watched.order, at: watched.serverTime)
    expiry = watched
  }
}
