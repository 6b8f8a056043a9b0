internal import DequeModule
internal import RESP
internal import Requests
internal import Synchronization

/// Pushes on the console's connection that wait to be told, the newest of them: the screen is to stay steady however
/// many come.
final class ConsolePushes: Sendable {
  /// Ms between two times that they are told.
  static let pause = 60
  /// Pushes that wait at most, and lines that are told at once.
  static let most = 20

  private struct Waiting: Sendable {
    var pushes: Deque<ReplyView> = []
    var omitted = 0
    var isAwaited = false
  }

  private let waiting = Mutex(Waiting())

  /// - Returns: whether nobody has promised yet to `take` it.
  func add(_ push: ReplyView) -> Bool {
    waiting.withLock { waiting in
      waiting.pushes.append(push)
      if waiting.pushes.count > Self.most {
        waiting.pushes.removeFirst()
        waiting.omitted += 1
      }
      defer { waiting.isAwaited = true }
      return !waiting.isAwaited
    }
  }

  /// What waits, as lines; empty, and the promise is over, where nothing does.
  func take() -> [ReplyLine] {
    let (pushes, omitted) = waiting.withLock { waiting in
      defer { waiting = Waiting(isAwaited: !waiting.pushes.isEmpty) }
      return (Array(waiting.pushes), waiting.omitted)
    }
    var lines: [ReplyLine] = []
    var shown = 0
    for push in pushes.reversed() {
      let more = ReplyText([push], isPage: false).lines(0..<Self.most)
      guard lines.isEmpty || lines.count + more.count <= Self.most else { break }
      lines = more + lines
      shown += 1
    }
    let left = omitted + pushes.count - shown
    return left == 0 ? lines : [ReplyLine(parts: [.init(sign: "(\(left) before these were left out)")])] + lines
  }
}
