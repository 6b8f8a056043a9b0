import Canvas

/// A frame as scripts see it.
enum ScreenText {
  /// The rows without the blanks at their ends, one a line.
  static func text(of frame: Frame) -> String { frame.trimmedRows().joined(separator: "\n") }

  /// One letter of a role for each cell, one row a line.
  static func roles(of frame: Frame) -> String { frame.roleRows().joined(separator: "\n") }
}
