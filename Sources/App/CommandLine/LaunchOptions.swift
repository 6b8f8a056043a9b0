/// The command line as it was typed, before anything is known to make sense: numbers are still text.
package struct LaunchOptions: Sendable, Equatable {
  package var words: [String] = []
  /// The arguments of the process as bytes, its name left out: a word of exec need not be text.
  package var arguments: [[UInt8]] = []

  package var host: String?
  package var port: String?
  package var socket: String?
  package var uri: String?
  package var database: String?
  package var user: String?
  package var password: String?
  package var asksPassword = false
  /// `-2` and `-3`: the protocol versions that were asked for.
  package var protocolVersions: [Int] = []

  package var tls = TLSArguments()

  package var isReadOnly = false
  package var pattern: String?
  package var separator: String?
  package var theme: String?
  package var config: String?
  package var hasNoColor = false
  package var isPlain = false
  package var script: String?
  package var trace: String?
  package var frames: String?
  package var printsPaths = false
  package var printsManual = false

  package var isStill = false
  package var isLong = false
  package var isJSON = false
  package var isHistogram = false
  /// The conditions of `--ttl`, as typed.
  package var ttl: [String] = []
  package var isRaw = false
  /// `-x`: exec reads its last argument from standard input.
  package var readsLastWord = false
  /// `-f`: exec reads commands from this file; `-` is standard input.
  package var commandFile: String?

  /// Options of redis-cli that this version knows by name only, as typed: `-c`.
  package var notYet: [String] = []

  package init() {}
}
