import Keyspace
package import Requests
import Synchronization

/// Gathers what the Store tells until the UI takes it, once a turn, or when the user's editor has ended. Of what comes
/// again and again only the latest is kept.
package final class NoticeBox: Sendable {
  private let notices = Mutex<[Notice]>([])

  package init() {}

  /// Adds a notice. True when the box was empty: somebody has to be told to look.
  package func add(_ notice: Notice) -> Bool {
    notices.withLock { notices in
      let wasEmpty = notices.isEmpty
      let notice = Self.replace(&notices, by: notice)
      notices.append(notice)
      return wasEmpty
    }
  }

  /// Takes out what the notice makes needless, and returns what is to stand there.
  private static func replace(_ notices: inout [Notice], by notice: Notice) -> Notice {
    switch notice {
    case .scan: notices.removeAll { if case .scan = $0 { true } else { false } }
    case .follow(.on): notices.removeAll { if case .follow(.on) = $0 { true } else { false } }
    case .appeared(let names):
      var all: [KeyName] = []
      notices.removeAll { notice in
        guard case .appeared(let earlier) = notice else { return false }
        all += earlier
        return true
      }
      return .appeared(Array((all + names).suffix(mostNew)))
    default: break
    }
    return notice
  }

  /// Names that are kept as new ones.
  private static let mostNew = 4_096

  /// Everything that has come since the last call, oldest first.
  package func take() -> [Notice] {
    notices.withLock { notices in
      defer { notices = [] }
      return notices
    }
  }
}
