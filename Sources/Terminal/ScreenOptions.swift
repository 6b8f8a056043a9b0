package import Canvas

/// What the command line and the settings say about the screen.
package struct ScreenOptions: Sendable {
  package var theme: Theme
  /// False for `--no-color`. A NO_COLOR that is not empty has the same effect.
  package var allowsColor: Bool
  /// ASCII only, as with `--plain`.
  package var isPlain: Bool
  /// Puts each frame into a synchronized update (mode 2026); terminals without it ignore that.
  package var synchronizesUpdates: Bool
  /// Asks the terminal to tell when its window gets or loses the focus.
  package var reportsFocus: Bool

  package init(
    theme: Theme = .mono, allowsColor: Bool = true, isPlain: Bool = false, synchronizesUpdates: Bool = true,
    reportsFocus: Bool = false
  ) {
    self.theme = theme
    self.allowsColor = allowsColor
    self.isPlain = isPlain
    self.synchronizesUpdates = synchronizesUpdates
    self.reportsFocus = reportsFocus
  }

  /// Colour is allowed, by the user's environment too.
  var showsColor: Bool { allowsColor && TerminalLocale.environment("NO_COLOR") == nil }
}

/// What a frame cost.
package struct FlushStatistics: Sendable, Equatable {
  /// Bytes sent to the terminal; 0 for a frame like the one before.
  package var bytes: Int
  /// Calls of write(2) that it took.
  package var writes: Int
}
