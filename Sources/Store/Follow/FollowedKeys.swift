internal import Keyspace
internal import RESP
internal import Requests
internal import Synchronization

/// What one following hears: filled by the connection's event loop, so that it is bounded however busy the Store is.
final class FollowedKeys: Sendable {
  private struct Content {
    var names: FollowedNames
    /// Somebody was told to look, and has not found it empty yet.
    var isAwaited = false
  }

  private let content: Mutex<Content>
  /// Called when there is something to look at.
  private let wake: @Sendable () -> Void

  init(limit: Int, wake: @escaping @Sendable () -> Void) {
    content = Mutex(Content(names: FollowedNames(limit: limit, at: MonotonicClock.now())))
    self.wake = wake
  }

  /// Takes a push frame. That of a flush names no keys, and is told by the tracking of *rows* too.
  func note(push: ReplyView) {
    guard push.count >= 2, push[0].bytes.elementsEqual("invalidate".utf8), !push[1].isNull else { return }
    let keys = push[1]
    let isNews = content.withLock { content in
      guard content.names.excess == nil else { return false }
      content.names.note(keys.children.lazy.map { KeyName($0.bytes) }, count: keys.count, at: MonotonicClock.now())
      defer { content.isAwaited = true }
      return !content.isAwaited || content.names.excess != nil
    }
    if isNews { wake() }
  }

  /// The next names to verify; none: whoever looks will be told again.
  func take(_ most: Int) -> [KeyName] {
    content.withLock { content in
      let names = content.names.take(most)
      if names.isEmpty { content.isAwaited = false }
      return names
    }
  }

  func putBack(_ names: [KeyName]) { content.withLock { $0.names.putBack(names) } }

  var excess: FollowEnd? {
    content.withLock { content in
      switch content.names.excess {
      case .tooFast: .tooFast(limit: content.names.limit)
      case .backlog: .backlog(content.names.mostWaiting)
      case nil: nil
      }
    }
  }

  var perSecond: Int { content.withLock { $0.names.perSecond(at: MonotonicClock.now()) } }
}
