internal import Keyspace
internal import RedisClient
internal import Requests
internal import Values

/// Whose turn it is to write: one write after the other, in the order in which they came.
struct WriteTurn {
  /// The user's rights do not include EVAL: WATCH is used.
  var evalDenial: Denial?
  /// The server takes a script by its digest, or was not seen to refuse that.
  var takesDigests = true
  /// Nothing more of the running job is to be tried.
  var isStopped = false
  /// There are edits of the running job behind those that are on their way.
  var hasMore = false
  /// How long the server was held by what was sent since this was set to 0, in microseconds, as far as can be seen.
  var held = 0
  /// The connection that wrote last.
  var target: WriteTarget?
  /// What reading back told of edits of this job whose replies were lost.
  var readBack: [KeyName: Applied] = [:]

  private var isTaken = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  /// Takes the turn, or is given it later; false: wait.
  mutating func take() -> Bool {
    defer { isTaken = true }
    return !isTaken
  }

  mutating func wait(_ waiter: CheckedContinuation<Void, Never>) { waiters.append(waiter) }

  /// Passes the turn on.
  mutating func end() {
    if waiters.isEmpty {
      isTaken = false
    } else {
      waiters.removeFirst().resume()
    }
  }
}

extension Store {
  /// Waits for its turn to write.
  func beginWriting() async {
    if writing.take() { return }
    await withCheckedContinuation { writing.wait($0) }
  }
}
