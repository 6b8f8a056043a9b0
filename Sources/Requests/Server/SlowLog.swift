/// The newest entries of the slow log, newest first.
package struct SlowLog: Sendable, Equatable {
  package var commands: [SlowCommand]
  /// How many the server keeps; nil: it was not told.
  package var count: Int?

  package init(commands: [SlowCommand], count: Int?) {
    self.commands = commands
    self.count = count
  }
}

/// A command that took the server long.
package struct SlowCommand: Sendable, Equatable {
  package var id: Int
  /// When it was begun, seconds since 1970 by the server's clock.
  package var time: Int
  /// How long it ran, the waiting and the network not counted.
  package var microseconds: Int
  /// As far as the server kept it; secrets are `***`. The escape rule is not yet applied.
  package var words: [[UInt8]]
  /// Who sent it, `host:port`, and the name that it had given itself.
  package var client: [UInt8]
  package var clientName: [UInt8]

  package init(
    id: Int, time: Int, microseconds: Int, words: [[UInt8]], client: [UInt8] = [], clientName: [UInt8] = []
  ) {
    self.id = id
    self.time = time
    self.microseconds = microseconds
    self.words = words
    self.client = client
    self.clientName = clientName
  }
}
