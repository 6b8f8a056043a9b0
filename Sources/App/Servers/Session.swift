package import RedisClient

/// One server as the ``UI`` works with it.
package struct Session: Sendable {
  /// Answers requests.
  package let ask: UI.Ask
  /// What it tells unasked, kept until the UI is there for it.
  package let notices: NoticeRelay
  /// The switch of the gate in front of all its connections; nil: it has none.
  package let lock: WriteLock?
  /// Of what is sent from the console; nil: nothing is remembered beyond this run.
  package let history: HistoryFile?
  /// Ends its connections.
  package let end: @Sendable () async -> Void

  package init(
    ask: @escaping UI.Ask, notices: NoticeRelay = NoticeRelay(), lock: WriteLock? = nil, history: HistoryFile? = nil,
    end: @escaping @Sendable () async -> Void = {}
  ) {
    self.ask = ask
    self.notices = notices
    self.lock = lock
    self.history = history
    self.end = end
  }
}
