package import Requests
import Synchronization

/// Gathers what the Store tells until the UI takes it, once a turn: of several scan reports only the latest is kept.
package final class NoticeBox: Sendable {
  private let notices = Mutex<[Notice]>([])

  package init() {}

  /// Adds a notice. True when the box was empty: somebody has to be told to look.
  package func add(_ notice: Notice) -> Bool {
    notices.withLock { notices in
      let wasEmpty = notices.isEmpty
      if case .scan = notice { notices.removeAll { if case .scan = $0 { true } else { false } } }
      notices.append(notice)
      return wasEmpty
    }
  }

  /// Everything that has come since the last call, oldest first.
  package func take() -> [Notice] {
    notices.withLock { notices in
      defer { notices = [] }
      return notices
    }
  }
}
