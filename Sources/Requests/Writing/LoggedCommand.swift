/// What the log of commands shows of one command, or of a run of the same command in one batch.
package struct LoggedCommand: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    case done
    /// The server's error.
    case error([UInt8])
    /// Not sent, or not answered, because of this.
    case failed(String)
  }

  /// Counts up; the newest has the highest.
  package var number: Int
  /// Ms since 1970, UTC, by the local clock.
  package var wall: Int64
  /// `rows`, `sweep`, `write`.
  package var connection: String
  /// The first command of the run, its words cut; secrets are `***`. The escape rule is not yet applied.
  package var words: [[UInt8]]
  /// Of a script that carried commands out: these.
  package var carried: [[[UInt8]]]
  /// Commands of this name in the run.
  package var count: Int
  /// Of the whole batch.
  package var microseconds: Int
  package var outcome: Outcome

  package init(
    number: Int, wall: Int64, connection: String, words: [[UInt8]], carried: [[[UInt8]]] = [], count: Int,
    microseconds: Int, outcome: Outcome
  ) {
    self.carried = carried
    self.number = number
    self.wall = wall
    self.connection = connection
    self.words = words
    self.count = count
    self.microseconds = microseconds
    self.outcome = outcome
  }
}
