import RESP
import Synchronization

/// What the server pushed, until it is printed.
final class PushBox: Sendable {
  private let pushes = Mutex<[ReplyView]>([])

  func add(_ push: ReplyView) {
    pushes.withLock { $0.append(push) }
  }

  /// All of them, in their order; then the box is empty.
  func take() -> [ReplyView] {
    pushes.withLock { pushes in
      defer { pushes = [] }
      return pushes
    }
  }
}
