package import Requests

/// The server at a glance (`S`): its load, what INFO says of it, its clients and its slow log.
package struct ServerScreen: Sendable, Equatable {
  package enum Page: Int, Sendable, CaseIterable {
    case overview
    case clients
    case slowLog
  }

  package var page = Page.overview
  /// Of the overview.
  package var viewport = Viewport()
  package var clients = ServerList<ClientList>()
  package var slowLog = ServerList<SlowLog>()
  /// There are so many clients that they are read only when asked for.
  package var isHoldingBack = false
  /// What is under the cursor is shown whole.
  package var isOpened = false
  /// Which of ``scales`` a column of the charts is.
  var scale = 1

  /// Seconds of a column.
  static let scales = [1, 3, 10, 30]

  package var seconds: Int { Self.scales[scale] }

  package init() {}

  /// The client under the cursor.
  package var client: ClientFacts? {
    guard let all = clients.content?.clients, all.indices.contains(clients.viewport.cursor) else { return nil }
    return all[clients.viewport.cursor]
  }

  /// The slow command under the cursor.
  package var slowCommand: SlowCommand? {
    guard let all = slowLog.content?.commands, all.indices.contains(slowLog.viewport.cursor) else { return nil }
    return all[slowLog.viewport.cursor]
  }
}

/// A list that is read when it is shown, and on `R`.
package struct ServerList<Content: Sendable & Equatable>: Sendable, Equatable {
  /// nil: not read yet.
  package var content: Content?
  /// Why it was not read when it was asked for last.
  package var failure: Failure?
  /// When it was read, monotonic ms.
  package var readAt: Int64?
  package var viewport = Viewport()

  package init() {}

  mutating func take(_ content: Content, at now: Int64) {
    self.content = content
    failure = nil
    readAt = now
  }
}
