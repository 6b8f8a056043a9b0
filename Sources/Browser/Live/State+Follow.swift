import Canvas
package import Keyspace
package import Requests

/// Following new keys (`F`), as the screen knows it.
package struct FollowingState: Sendable, Equatable {
  package var state = FollowState.off(.asked)
  /// It was asked for, and has not ended.
  var isWanted = false
  /// Since when nothing was missed, monotonic ms.
  package var since: Int64?
  /// Keys that appeared lately, and when, monotonic ms.
  package var appeared: [KeyName: Int64] = [:]

  mutating func note(_ names: [KeyName], at now: Int64) {
    appeared = appeared.filter { now - $0.value < State.changeMark }
    for name in names { appeared[name] = now }
  }
}

extension State {
  /// `F`: begins to follow, or ends it.
  mutating func toggleFollowing() {
    guard !following.isWanted else {
      following.isWanted = false
      ask(.follow, .follow(prefix: nil))
      say("new keys are not followed any more")
      return
    }
    following.isWanted = true
    // From now on keys come above the cursor: it stays with its own.
    list.isTouched = true
    ask(.follow, .follow(prefix: prefixToFollow, limit: setup.followLimit))
  }

  /// What the list is narrowed to: the literal beginning of its glob, else the open folder that the cursor is on or in.
  private var prefixToFollow: [UInt8] {
    if let prefix = list.query.filter?.literalPrefix, !prefix.isEmpty { return prefix }
    return monitor?.prefix ?? list.openFolder
  }

  mutating func takeFollowFailure(_ failure: Failure) {
    following.isWanted = false
    say(failure)
  }

  /// Following added this key to the list just now.
  func isNew(_ name: KeyName) -> Bool { following.appeared[name].map { displayNow - $0 < Self.changeMark } ?? false }

  /// Following added a key in this folder just now.
  func holdsNewKey(_ prefix: KeyName) -> Bool {
    following.appeared.contains { $0.key.bytes.starts(with: prefix.bytes) && displayNow - $0.value < Self.changeMark }
  }

  mutating func take(_ new: FollowState) {
    let old = following.state
    // The rate stands still with the rest of a paused screen.
    if pause != nil, case .on(let prefix, _) = new, prefix == old.prefix, old != .interrupted(prefix: prefix) { return }
    following.state = new
    if case .on(let prefix, _) = new {
      if old.prefix != prefix || following.since == nil { following.since = now }
    } else {
      following.since = nil
    }
    switch new {
    case .on(let prefix, _):
      guard following.isWanted else { return }
      if case .interrupted = old {
        say("following again; what was written meanwhile is not known: R rescans", .warning)
      } else if old.prefix == nil {
        var words = Array("following all new keys of db\(database)".utf8)
        if !prefix.isEmpty { words = Array("following new keys that begin with ".utf8) + prefix }
        say(words + Array(" (F ends it)".utf8), .plain)
      }
    case .interrupted: break
    case .off(let end):
      following.isWanted = false
      say(end)
      if end == .database { following.appeared = [:] }
    }
  }

  private mutating func say(_ end: FollowEnd) {
    // Eighty columns have room for this.
    let way = "narrow (filter, folder) or raise limits.follow"
    switch end {
    // Said when the key was pressed.
    case .asked: break
    case .database: say("new keys are not followed any more: they were those of another database", .warning)
    case .tooFast(let limit): say("following ended, over \(Format.count(limit))/s: \(way)", .warning)
    case .backlog(let count): say("following ended, \(Format.count(count)) names wait: \(way)", .warning)
    case .refused(let failure): say(failure)
    }
  }

  mutating func takeAppeared(_ names: [KeyName]) { following.note(names, at: now) }
}
