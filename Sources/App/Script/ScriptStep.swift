package import Canvas

/// One line of a script.
package enum ScriptStep: Sendable, Equatable {
  case size(columns: Int, rows: Int)
  case keys([Key])
  case paste([UInt8])
  case waitIdle
  /// `timeout` in ms.
  case waitFor(String, timeout: Int64)
  case expect(String)
  case expectNot(String)
  case dump
  case dumpRoles
  /// A command sent as another client, in this database (nil: the one Keyglass was started on).
  case redis([[UInt8]], database: Int?)
  /// The reply of a command sent as another client has to match.
  case expectRedis(String, [[UInt8]], database: Int?)
  /// Countdowns on the screen move on by so many ms.
  case advance(Int64)
  case quit
}

/// A step and where it stands.
package struct ScriptLine: Sendable, Equatable {
  /// 1 is the first line of the file.
  package let number: Int
  package let text: String
  package let step: ScriptStep
}

/// What is wrong with a line of a script.
package struct ScriptMistake: Error, Sendable, Equatable {
  package let line: Int
  package let text: String
  package let reason: String

  /// The text and the reason are cut to what one line of an error can hold.
  package init(line: Int, text: String, reason: String) {
    self.line = line
    self.text = text.cutForMessage
    self.reason = reason.cutForMessage
  }
}

extension String {
  /// The first 200 characters and an ellipsis: what a user wrote may be of any length, a message not.
  var cutForMessage: String { count > 200 ? prefix(200) + "…" : self }
}
