package import Keyspace
package import Values

/// Which keys the expiry monitor is about.
package struct ExpiryQuery: Sendable, Equatable {
  package var scope: KeyScope
  /// Parts folder names from the rest.
  package var separator: [UInt8]
  /// Above so many keys a sample of them is read.
  package var sweepLimit: Int

  package init(scope: KeyScope = KeyScope(), separator: [UInt8] = [UInt8(ascii: ":")], sweepLimit: Int = 1_000_000) {
    self.scope = scope
    self.separator = separator
    self.sweepLimit = sweepLimit
  }
}

/// How far the deadlines of a scope are known.
package struct ExpiryProgress: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    case reading
    /// Everything was read once before, and is read again.
    case rereading
    /// Every key that the list has, or the sample of them, was read.
    case done
    /// This user may not read deadlines.
    case denied(Denial)
  }

  package var phase: Phase
  /// Grows from one to the next: answers and notices may overtake each other.
  package var number: Int
  /// Changes with every change of the deadlines.
  package var version: Int
  /// Keys whose deadline, or that they have none, is known and need not be read again.
  package var known: Int
  /// Keys of the scope, or of the sample.
  package var total: Int
  /// Keys that may not be read, although others may: of them nothing is known.
  package var unreadable = 0
  /// All keys of the scope, where only a sample of them is read.
  package var sampledFrom: Int?
  /// When the reading began that is complete, monotonic ms.
  package var readAt: Int64?

  package init(
    phase: Phase = .reading, number: Int = 0, version: Int = -1, known: Int = 0, total: Int = 0,
    sampledFrom: Int? = nil,
    readAt: Int64? = nil
  ) {
    self.phase = phase
    self.number = number
    self.version = version
    self.known = known
    self.total = total
    self.sampledFrom = sampledFrom
    self.readAt = readAt
  }

  /// 0…100; 100 only when it is done.
  package var percent: Int {
    if phase == .done { return 100 }
    return total > 0 ? min(99, known * 100 / total) : 0
  }
}

/// What is known of when the keys of a scope expire.
package struct ExpiryReport: Sendable {
  package var query: ExpiryQuery
  package var order: ExpiryIndex
  /// The key that was sought; nil: it is not in the order (any more).
  package var sought: ExpiryIndex.Entry?
  /// The folders with most keys that have no deadline, fullest first.
  package var persistentFolders: [PrefixCount]
  package var progress: ExpiryProgress
  package var clock: ServerClock

  package init(
    query: ExpiryQuery, order: ExpiryIndex, sought: ExpiryIndex.Entry? = nil, persistentFolders: [PrefixCount],
    progress: ExpiryProgress,
    clock: ServerClock
  ) {
    self.query = query
    self.order = order
    self.sought = sought
    self.persistentFolders = persistentFolders
    self.progress = progress
    self.clock = clock
  }
}
