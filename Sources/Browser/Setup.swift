package import Canvas
package import Keyspace

/// What the command line and the config decided before the first frame.
package struct Setup: Sendable {
  /// The server as the header names it: `host:port` or a socket path, never a secret.
  package var endpointName: String
  package var database: Int
  package var separator: [UInt8]
  /// `--pattern`: the filter that the list starts with, as it is typed behind `/`.
  package var filter: [UInt8]
  package var isReadOnly: Bool
  /// Why, and what would allow writing.
  package var readOnlyCause = "started with --read-only"
  /// `--insecure`: nobody verifies who answers.
  package var isInsecure = false
  /// There is no server yet: only the screens of the Compose project and of connections are there.
  package var isServerless = false
  /// Which server of the screen of connections it is; nil: of none.
  package var place: ServerPlace?
  /// The name of its profile in the config file, without the `@`; nil: it has none.
  package var profile: String?
  package var stage: DeploymentStage?
  /// Where profiles are written; nil without a home.
  package var configPath: String?
  /// ASCII, no animation, the real cursor on the row.
  package var isPlain: Bool
  /// Wheel and clicks from the start; `m` toggles.
  package var usesMouse: Bool
  /// The program's own signs are ASCII: as with `isPlain`, or because the terminal has no UTF-8, which is known when it
  /// opens.
  package var isASCII: Bool
  /// What the terminal shows of text from elsewhere; with `isPlain` too, whatever it can.
  package var charset = Escape.Charset.unicode
  /// Rest on a key, in ms, before it is read into the value pane; nil: on Enter only.
  package var previewDelay: Int?
  /// Names that the list holds at most (`limits.keys`).
  package var keyLimit = Int.max
  /// Names a second that following new keys ends at.
  package var followLimit = 1_000
  /// Above so many keys the expiry monitor reads a sample.
  package var sweepLimit = 1_000_000
  /// What it names as a stampede.
  package var stampede = StampedeRule()
  /// Whether there is a clipboard to copy to.
  package enum ClipboardUse: Sendable {
    case terminal
    /// The user does not want it.
    case off
    /// A script plays: nobody would take the bytes.
    case none
  }

  package var clipboard: ClipboardUse
  /// Random bits of the system's, for ``Tombstones``.
  package var seed: (UInt64, UInt64)
  /// Seconds east of UTC at a local time, given as seconds since 1970 as if it were UTC.
  package var localOffset: @Sendable (Int64) -> Int64

  /// What SCAN is asked for at the start (MATCH): the text of the filter that picks names, exactly as it is. Nil: all names,
  /// also where a server is not to be asked for that.
  package var pattern: [UInt8]? {
    let filter = KeyFilter(text: filter)
    guard filter.mistake == nil, filter.name != nil, !ServerPattern(filter.nameText).isRefused else { return nil }
    return filter.nameText
  }

  package init(
    endpointName: String, database: Int = 0, separator: [UInt8] = [0x3a], filter: [UInt8] = [],
    isReadOnly: Bool = false, isPlain: Bool = false, usesMouse: Bool = false, previewDelay: Int? = 120,
    clipboard: ClipboardUse = .terminal,
    seed: (UInt64, UInt64) = (0, 0), localOffset: @escaping @Sendable (Int64) -> Int64 = { _ in 0 }
  ) {
    self.endpointName = endpointName
    self.database = database
    self.separator = separator
    self.filter = filter
    self.isReadOnly = isReadOnly
    self.isPlain = isPlain
    self.usesMouse = usesMouse
    isASCII = isPlain
    self.previewDelay = previewDelay
    self.clipboard = clipboard
    self.seed = seed
    self.localOffset = localOffset
  }
}
