package import Requests
import Synchronization

/// Stands between a Store and a UI that is made after it: keeps what is told until there is somebody to tell.
package final class NoticeRelay: Sendable {
  private enum Way {
    case kept([Notice])
    case open(@Sendable (Notice) -> Void)
  }

  private let way = Mutex<Way>(.kept([]))

  package init() {}

  package func pass(_ notice: Notice) {
    let receiver: (@Sendable (Notice) -> Void)? = way.withLock { way in
      switch way {
      case .kept(let notices):
        way = .kept(notices + [notice])
        return nil
      case .open(let receiver): return receiver
      }
    }
    receiver?(notice)
  }

  /// From now on everything goes to the receiver, what was kept first.
  package func open(to receiver: @escaping @Sendable (Notice) -> Void) {
    way.withLock { way in
      // Under the lock, so that nothing that comes now overtakes what was kept.
      if case .kept(let notices) = way { for notice in notices { receiver(notice) } }
      way = .open(receiver)
    }
  }
}
