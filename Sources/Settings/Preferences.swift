/// What the user has set for all sessions. Options of the command line go over it.
package struct Preferences: Equatable, Sendable {
  /// The name of the theme.
  package var theme = "terminal"
  /// What separates the folders of a key name, as bytes; empty: no folders.
  package var separator: [UInt8] = [UInt8(ascii: ":")]
  /// ASCII only, no movement.
  package var isPlain = false
  /// False: attributes such as bold and reverse only.
  package var usesColor = true
  /// Wheel and clicks; else the terminal selects text with the mouse.
  package var usesMouse = false
  /// Whether `y` may send anything to the terminal's clipboard.
  package var usesClipboard = true
  /// How long the cursor rests on a key before the pane shows it; nil: only on Enter.
  package var previewDelay: Duration? = .milliseconds(120)

  /// Names that the list holds at most; nil: what fits into the memory that is free (``KeyLimit``).
  package var keyLimit: Int?
  /// Names a second beyond which following new keys ends by itself.
  package var followLimit = 1_000
  /// Keys beyond which the expiry monitor reads a sample.
  package var sweepLimit = 1_000_000
  /// The share of the timeline's keys (0…1) beyond which a bucket is named as a stampede.
  package var stampedeShare = 0.02

  /// Servers that `@NAME` stands for, in the order of the file.
  package var profiles: [Profile] = []

  package init() {}
}
