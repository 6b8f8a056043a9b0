/// A Compose command that runs or has run, and the pane that shows what it writes.
package struct ComposeRun: Sendable, Equatable {
  package var number: Int
  package var command: ComposeCommand
  /// A row of a line, both from 0.
  struct Position: Sendable, Comparable {
    var line = 0
    var row = 0

    static func < (left: Position, right: Position) -> Bool { (left.line, left.row) < (right.line, right.row) }
  }

  /// Monotonic ms.
  var since: Int64
  package var end: ComposeEnd?
  var endedAt: Int64?
  /// It was told to end.
  var isCancelled = false
  package var output = ComposeOutput()
  /// The line at the top of the pane, counted from the first that was ever written, and which of its rows where it is
  /// wrapped; nil: the pane follows the end.
  var top: Position?
  /// Lines are wrapped, else cut.
  var isWrapped = false

  var isRunning: Bool { end == nil }
  /// Nothing is lost where it ends: it only shows.
  var isHarmless: Bool { command.action.isReading }
}
