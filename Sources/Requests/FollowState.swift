/// Where following new keys stands (`Request/follow(prefix:limit:)`).
package enum FollowState: Sendable, Equatable {
  case off(FollowEnd)
  /// Names that begin with `prefix` (empty: all) are told as they are written: so many a second, smoothed, changes and
  /// deletions included.
  case on(prefix: [UInt8], perSecond: Int)
  /// The connection was lost, and following goes on when it is back. What is written meanwhile will not be known.
  case interrupted(prefix: [UInt8])

  /// What is followed; nil: nothing is.
  package var prefix: [UInt8]? {
    switch self {
    case .off: nil
    case .on(let prefix, _), .interrupted(let prefix): prefix
    }
  }
}

/// Why following ended.
package enum FollowEnd: Sendable, Equatable {
  case asked
  /// Another database was selected.
  case database
  /// More than `limit` names were written in a second.
  case tooFast(limit: Int)
  /// Names came faster than they could be verified: so many waited.
  case backlog(Int)
  /// The server refused it after a reconnect, or refuses what names are verified by.
  case refused(Failure)
}
