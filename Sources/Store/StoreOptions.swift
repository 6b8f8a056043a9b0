package import RESP
package import Requests

/// How a ``Store`` behaves.
package struct StoreOptions: Sendable {
  /// Names asked for with each SCAN (COUNT). More gains nothing and holds the server up longer.
  package var scanCount: Int
  /// Nothing leaves that is not known to read.
  package var isReadOnly = false
  /// How long a reply may be owed before the connection is given up.
  package var replyTimeout: Duration?
  /// For reaching the server and logging in.
  package var connectTimeout: Duration
  /// Is told of every batch, for the trace: a command's name, how many of it the batch had, and how long the whole
  /// batch took in microseconds. Called on any thread.
  package var onCommand: @Sendable (_ name: String, _ count: Int, _ microseconds: Int) -> Void

  /// Writes replies out, as a page for eyes or not, in any form but that of an element: how they are escaped is for the
  /// rooms of the screen to decide.
  package var format: @Sendable (_ replies: [ReplyView], _ isPage: Bool, _ form: ReplyForm) -> [UInt8] = { _, _, _ in []
  }

  package init(
    scanCount: Int = 1000, replyTimeout: Duration? = .seconds(10), connectTimeout: Duration = .seconds(5),
    onCommand: @escaping @Sendable (_ name: String, _ count: Int, _ microseconds: Int) -> Void = { _, _, _ in }
  ) {
    self.scanCount = scanCount
    self.replyTimeout = replyTimeout
    self.connectTimeout = connectTimeout
    self.onCommand = onCommand
  }
}
