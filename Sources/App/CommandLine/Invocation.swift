import Canvas
package import Keyspace
import Settings
import YAML

/// What the command line asks for, once it makes sense.
package struct Invocation: Sendable, Equatable {
  package enum Command: Sendable, Equatable {
    case browse
    /// A private sample server; `isStill`: nothing comes and goes on it.
    case demo(isStill: Bool)
    /// Key names to standard output; nil: all of them, whatever their TTL.
    case list(pattern: String?, format: ListFormat, ttl: TTLCondition? = nil)
    /// How long those keys have left.
    case histogram(pattern: String?, isJSON: Bool, ttl: TTLCondition?)
    /// One command; `format` nil: what suits standard output.
    case execute([[UInt8]], format: ReplyFormat?)
    /// The commands of a file, `-` for standard input; `format` nil: what suits standard output.
    case executeFile(String, format: ReplyFormat?)
    /// The services of a Compose project; `file` nil: of the folder, or one above it. `isJSON`: to standard output.
    case compose(file: String?, isJSON: Bool)
    /// The ACL lines that Keyglass needs; no server is asked.
    case printAccess(AccessText)
    case printPaths
    case printManual
  }

  package enum ListFormat: Sendable, Equatable {
    case names
    case long
    case json
  }

  package var command: Command
  package var server: ServerChoice
  /// `--read-only` was typed: it holds on every server.
  package let isReadOnlyEverywhere: Bool
  package var options: LaunchOptions

  /// Words that DESIGN reserves for what is not built yet.
  private static let laterCommands = [
    "open", "snapshot", "diff", "theme", "doctor",
  ]
  private static let commands = ["acl", "compose", "demo", "exec", "ls"]

  /// What parts key names into folders, as far as the command line or the server's profile says.
  package var separator: [UInt8]? { options.separator.map { Escape.typed($0) } ?? server.profile?.separator }

  /// Makes sense of the options, or says what is wrong with the first that makes none. What they leave open is for the
  /// server's profile to say.
  ///
  /// - Parameters:
  ///   - environmentPassword: REDISCLI_AUTH.
  ///   - home: what `~` stands for in a profile.
  ///   - book: the servers of the config file, which is read only where one of them is named.
  ///   - compose: where a service of the Compose project is, which is read only where one of them is named.
  package init(
    _ options: LaunchOptions, environmentPassword: String? = nil, home: String? = nil,
    book: () -> ServerBook = { ServerBook() }, compose: ServerChoice.ComposeLookup = ServerChoice.noCompose
  ) throws(ErrorLine) {
    self.options = options
    isReadOnlyEverywhere = options.isReadOnly
    if let option = options.notYet.first { throw Self.notYet(option) }
    if options.printsManual || options.printsPaths {
      command = options.printsManual ? .printManual : .printPaths
      server = ServerChoice()
      return
    }
    var words = options.words[...]
    let first = words.first
    switch first {
    case "demo"?:
      words.removeFirst()
      command = .demo(isStill: options.isStill)
    case "ls"?:
      words.removeFirst()
      let pattern = words.popFirst() ?? options.pattern
      let ttl = try TTLOption.condition(options.ttl)
      let format: ListFormat = options.isJSON ? .json : options.isLong ? .long : .names
      command =
        options.isHistogram
        ? .histogram(pattern: pattern, isJSON: options.isJSON, ttl: ttl)
        : .list(pattern: pattern, format: format, ttl: ttl)
    case "compose"?:
      words.removeFirst()
      command = .compose(file: words.popFirst(), isJSON: options.isJSON)
    case "acl"?:
      command = .printAccess(try AccessText(words: Array(words.dropFirst())))
      words = []
    case "exec"?:
      command = try Self.execution(options)
      words = []
    default:
      if first != nil { words.removeFirst() }
      command = .browse
    }
    var word: String?
    if case .browse = command { word = first }
    if let word, !ServerChoice.looksLikeServer(word) { throw Self.noSuch(word) }
    if let extra = words.first {
      throw ErrorLine("'\(extra)'", "one word too many", nextStep: "See 'keyglass --help'.")
    }
    server = try ServerChoice(
      options, word: word, environmentPassword: environmentPassword, home: home, book: book, compose: compose)
    if let profile = server.profile {
      self.options.isReadOnly = options.isReadOnly || profile.isReadOnly
      if case .browse = command { self.options.pattern = options.pattern ?? profile.pattern }
    }
    try checkCombinations()
  }

  private static func execution(_ options: LaunchOptions) throws(ErrorLine) -> Command {
    let count = options.words.count - 1
    let format: ReplyFormat? = options.isJSON ? .json : options.isRaw ? .raw : nil
    if let file = options.commandFile {
      guard count == 0, !options.readsLastWord else {
        throw ErrorLine(
          "-f", "the file holds the commands, so \(count > 0 ? "none may follow" : "-x means nothing")",
          nextStep: "Leave out \(count > 0 ? "the command" : "-x"), or -f.")
      }
      return .executeFile(file, format: format)
    }
    guard count > 0 else {
      throw ErrorLine("exec", "no command to send", nextStep: "Name one, such as 'keyglass exec PING'.")
    }
    // What names a server is no command; the text is not repeated, as a password may stand in it.
    if let first = options.words.dropFirst().first, first.contains("://") || first.hasPrefix("@") {
      throw ErrorLine(
        "exec", "the word behind it names a server, and no command does",
        nextStep: "Name the server with -u: 'keyglass exec -u URI COMMAND'.")
    }
    // They stand last, behind all options.
    let typed = options.arguments.isEmpty ? options.words.map { Array($0.utf8) } : options.arguments
    return .execute(Array(typed.suffix(count)), format: format)
  }

  private func checkCombinations() throws(ErrorLine) {
    if case .printAccess = command {
      let option = server.firstNamedOption ?? (options.script == nil ? nil : "--script")
      if let option {
        throw ErrorLine(
          "acl", "it only prints, so \(option) means nothing", nextStep: "Leave out \(option), or acl.")
      }
    }
    if case .compose = command {
      if let named = server.firstNamedOption {
        throw ErrorLine(
          "compose", "its files name the servers, so \(named) means nothing",
          nextStep: "Leave out \(named), or compose.")
      }
      if options.isJSON, options.script != nil {
        throw ErrorLine(
          "--script", "compose --json has no screen to play it on", nextStep: "Leave out --json, or --script.")
      }
    }
    if case .demo = command {
      if let named = server.firstNamedOption {
        throw ErrorLine(
          "demo", "it starts a server of its own, so \(named) means nothing", nextStep: "Leave out \(named), or demo.")
      }
    } else if options.isStill {
      throw ErrorLine("--still", "it is an option of demo", nextStep: "Use 'keyglass demo --still'.")
    }
    if isExecution {
      if options.isRaw, options.isJSON {
        throw ErrorLine("exec", "--raw and --json exclude each other", nextStep: "Leave out one of the two.")
      }
      if let option = listOption {
        throw ErrorLine(option, "it is an option of ls", nextStep: "Leave it out.")
      }
      if options.script != nil {
        throw ErrorLine("--script", "exec has no screen to play it on", nextStep: "Leave out exec, or --script.")
      }
      return
    }
    if options.isRaw || options.readsLastWord || options.commandFile != nil {
      throw ErrorLine(
        options.isRaw ? "--raw" : options.readsLastWord ? "-x" : "-f", "it is an option of exec",
        nextStep: "Use 'keyglass exec' with it.")
    }
    switch command {
    case .list, .histogram:
      if options.isLong, options.isHistogram {
        throw ErrorLine("ls", "--long and --histogram exclude each other", nextStep: "Leave out one of the two.")
      }
      if options.isLong, options.isJSON {
        throw ErrorLine("ls", "--long and --json exclude each other", nextStep: "JSON has all that --long shows.")
      }
      if options.script != nil {
        throw ErrorLine("--script", "ls has no screen to play it on", nextStep: "Leave out ls, or --script.")
      }
    default:
      if let option = listOption {
        throw ErrorLine(option, "it is an option of ls", nextStep: "Use 'keyglass ls' with it.")
      }
      if case .compose = command { return }
      if options.isJSON {
        throw ErrorLine("--json", "it is an option of ls, exec and compose", nextStep: "Use 'keyglass ls' with it.")
      }
    }
  }

  private var isExecution: Bool {
    switch command {
    case .execute, .executeFile: true
    default: false
    }
  }

  /// The first option that was given and that only ls has.
  private var listOption: String? {
    let given = [
      ("--long", options.isLong), ("--histogram", options.isHistogram), ("--ttl", !options.ttl.isEmpty),
    ]
    return given.first(where: \.1)?.0
  }

  private static func notYet(_ option: String) -> ErrorLine {
    ErrorLine(option, "this version knows no cluster yet", nextStep: "Name one node of it without -c.")
  }

  private static func noSuch(_ word: String) -> ErrorLine {
    if laterCommands.contains(word) {
      return ErrorLine("'\(word)'", "this version has no such command yet", nextStep: "See 'keyglass --help'.")
    }
    if let meant = Suggestion.nearest(to: word, among: commands + laterCommands), commands.contains(meant) {
      return ErrorLine(
        "'\(word)'", "neither a command nor HOST:PORT", nextStep: "Did you mean 'keyglass \(meant)'?")
    }
    return ErrorLine(
      "'\(word)'", "neither a command nor HOST:PORT nor a URI",
      nextStep: "For a host use 'keyglass -h \(word)'; see 'keyglass --help'.")
  }
}
