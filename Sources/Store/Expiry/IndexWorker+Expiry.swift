internal import Keyspace

/// The keys of a scope by deadline, beside the index.
struct WatchedExpiry: Sendable {
  var order: ExpiryIndex
  let separator: [UInt8]
  var folders: [PrefixCount] = []
  /// The server's time when something was last taken in; nil: not known.
  var serverTime: Int64?
  /// Of which keys without a deadline the folders were counted (``ExpiryIndex/persistentChanges``); nil: of none.
  var foldersOf: Int?
  /// They are not counted again before, monotonic ms.
  var foldersRestUntil: Int64 = 0

  /// Counting them is a pass over all keys: it takes at most this part of the worker's time.
  static let folderPart: Int64 = 20
  static let folderCount = 5
}

extension IndexWorker {
  /// Puts the keys of a target in order, in place of any that were before.
  ///
  /// - Parameter readAt: the server's time when what is known of them had been read; nil: that is not known.
  func watchExpiry(_ target: SweepTarget, separator: [UInt8], readAt: Int64?, generation: Int) -> Status {
    guard generation == self.generation else { return status }
    expiryVersion += index.loggedDeadlines + 1
    let order = whileLending { index.makeExpiryIndex(target) }
    expiry = WatchedExpiry(order: order, separator: separator, serverTime: readAt)
    expiry?.order.noteRead(at: readAt)
    return status
  }

  func endExpiry() {
    expiry = nil
    index.dropExpiryIndex()
  }

  /// A snapshot, with the folders that hold most keys without a deadline, its version, and how long making it took in
  /// ms.
  ///
  /// - Parameters:
  ///   - serverTime: nil: not known.
  ///   - name: a key whose place is wanted.
  func reportExpiry(
    now: Int64, serverTime: Int64?, seeking name: KeyName?, generation: Int
  ) -> (order: ExpiryIndex, sought: ExpiryIndex.Entry?, folders: [PrefixCount], version: Int, took: Int64)? {
    guard generation == self.generation, expiry != nil else { return nil }
    let started = MonotonicClock.now()
    expiry?.serverTime = serverTime
    takeInDeadlines()
    guard var watched = expiry else { return nil }
    if watched.foldersOf != watched.order.persistentChanges, now >= watched.foldersRestUntil {
      let begun = MonotonicClock.now()
      watched.folders = whileLending {
        index.persistentFolders(
          of: watched.order.target, separator: watched.separator, depth: watched.order.target.scope.prefix.count,
          limit: WatchedExpiry.folderCount)
      }
      watched.foldersOf = watched.order.persistentChanges
      let end = MonotonicClock.now()
      watched.foldersRestUntil = end + WatchedExpiry.folderPart * (end - begun + 10)
    }
    expiry = watched
    let sought = name.flatMap { index.entry(of: $0, in: watched.order) }
    return (watched.order, sought, watched.folders, expiryVersion, MonotonicClock.now() - started)
  }

  /// Another version where the folders that were told last are not those of now, and may be counted again.
  func noteOldFolders(now: Int64, generation: Int) -> Status? {
    guard generation == self.generation, let expiry, expiry.foldersOf != expiry.order.persistentChanges,
      now >= expiry.foldersRestUntil
    else { return nil }
    expiryVersion += 1
    return status
  }

  /// Keys of the order from a place on that expire before a server time, at most `limit`, and the place of the next.
  func expiring(
    from place: ExpiryPlace, before end: Int64, limit: Int, generation: Int
  ) -> (names: [KeyName], next: ExpiryPlace) {
    guard generation == self.generation, expiry != nil else { return ([], place) }
    takeInDeadlines()
    guard let order = expiry?.order else { return ([], place) }
    let first = order.position(atOrAfter: place.name, deadline: place.deadline)
    let all = order.count(before: end)
    let last = max(first, min(all, first + limit))
    let next =
      last < all ? ExpiryPlace(deadline: order[last].deadline, name: order[last].name) : ExpiryPlace(deadline: end)
    return ((first..<last).map { order[$0].name }, next)
  }

  func count(of target: SweepTarget, generation: Int) -> Int {
    generation == self.generation ? index.count(of: target) : 0
  }

  /// The deadlines of all keys are to be read again.
  func markDeadlinesStale(generation: Int) {
    guard generation == self.generation else { return }
    index.markStale(.deadline)
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
  func takeInDeadlines() {
    guard var watched = expiry.take() else { return }
    expiryVersion += index.loggedDeadlines
    index.update(&watched.order, at: watched.serverTime)
    expiry = watched
  }
}
