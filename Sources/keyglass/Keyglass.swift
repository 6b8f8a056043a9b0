import App
import ArgumentParser

/// The command line, as ArgumentParser reads it. One flat command: the word (`demo`, `ls`, a server) is the first
/// argument, so that options may stand before or after it. What it all means is decided in `App`.
struct Keyglass: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keyglass",
    abstract: "Browse and edit the keys of a Redis-style server in the terminal, and watch them expire.",
    usage: """
      keyglass [OPTIONS] [HOST:PORT | URI | @NAME]   browse (127.0.0.1:6379)
      keyglass [OPTIONS] demo                        browse a sample server
      keyglass [OPTIONS] compose [FILE]              Redis in a Compose project
      keyglass [OPTIONS] ls [PATTERN]                key names, for pipes
      keyglass [OPTIONS] exec COMMAND ...            one command's reply
      keyglass [OPTIONS] exec -f FILE                the commands of a file
      keyglass acl [browse | edit [VERSION]]         the rights it needs
      """,
    discussion: """
      A URI is redis:// or valkey://, rediss:// or valkeys:// for TLS, with user:password@host:port/db, or unix://; \
      @NAME is a server of the config file, @compose/SERVICE one of the Docker Compose project in this folder or above \
      it; for ls and exec too: -u @NAME. Press ? in the browser for its keys.
      Exit status: 0 left by the user, 1 no connection or refused, 2 wrong usage or no usable terminal, \
      3 an error as the reply of exec, 70 internal error, 128+N ended by signal N.
      """,
    version: Version.current,
    helpNames: .long
  )

  @OptionGroup(title: "Server, as redis-cli has it") var server: ServerOptions
  @OptionGroup(title: "Browsing") var browsing: BrowsingOptions

  @Flag(name: .customLong("still"), help: "demo: nothing comes and goes on the sample server.")
  var isStill = false
  @Flag(name: .customLong("long"), help: "ls: type, TTL and size beside the name.")
  var isLong = false
  @Option(
    name: .customLong("ttl"), parsing: .unconditionalSingleValue,
    help: .value("COND", "ls: only keys with so much left: '<10m', '>1d', '<=90' (seconds) or none; twice: both."))
  var ttl: [String] = []
  @Flag(name: .customLong("histogram"), help: "ls: not the keys, but how many of them expire when.")
  var isHistogram = false
  @Flag(name: .customLong("json"), help: "ls, compose: one JSON object a line; exec: the reply as JSON.")
  var isJSON = false
  @Flag(name: .customLong("raw"), help: "exec: the bytes of the reply, as redis-cli --raw (default in a pipe).")
  var isRaw = false
  @Flag(name: .customShort("x"), help: "exec: read the last argument from standard input.")
  var readsLastWord = false
  @Option(
    name: .joined("f"), parsing: .unconditional,
    help: .value("FILE", "exec: send the commands of this file, one a line (- is standard input)."))
  var commandFile: String?
  @Argument(
    help: .value(
      "WORD",
      "A server; demo; compose with a file; ls with a pattern (a glob); exec with a command and its arguments; acl."))
  var words: [String] = []

  @Flag(name: .customLong("manual"), help: .hidden) var printsManual = false
  // For tests: what is drawn to the terminal, to be compared with what an emulator shows.
  @Option(name: .customLong("frames"), parsing: .unconditional, help: .hidden) var frames: String?

  /// The options as plain values.
  var options: LaunchOptions {
    var options = LaunchOptions()
    options.words = words
    server.write(to: &options)
    browsing.write(to: &options)
    (options.isStill, options.isLong, options.printsManual) = (isStill, isLong, printsManual)
    (options.isHistogram, options.ttl) = (isHistogram, ttl)
    (options.isJSON, options.isRaw, options.readsLastWord) = (isJSON, isRaw, readsLastWord)
    (options.commandFile, options.frames) = (commandFile, frames)
    return options
  }
}
