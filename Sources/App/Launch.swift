import CPlatform
import Canvas
import Compose
import Glibc
import Settings
import Terminal
import YAML

/// Carries out what the command line asks for.
package enum Launch {
  /// First thing in `main`, whatever the command.
  package static func prepare() {
    FaultGuard.install()
    kg_memory_return_large_blocks()
  }

  /// Says what the parser of the command line found wrong.
  package static func complainOfUsage(_ message: String) -> ExitStatus {
    let error = usageError(message)
    Escape.$charset.withValue(TerminalLocale.charset) { Output.complain(error) }
    return error.status
  }

  /// The parser's message as one line of ours: its first line, without what it says of the way on.
  static func usageError(_ message: String) -> ErrorLine {
    let line = message.prefix { !$0.isNewline }
    // `Unknown option '--them'. Did you mean '--theme'?` has a next step of its own.
    if let stop = line.firstRange(of: ". ") {
      return ErrorLine("wrong usage", String(line[..<stop.lowerBound]), nextStep: String(line[stop.upperBound...]))
    }
    let why = line.hasSuffix(".") ? String(line.dropLast()) : String(line)
    return ErrorLine("wrong usage", why, nextStep: "See 'keyglass --help'.")
  }

  /// Runs the program to its end and returns its exit status. On the first thread only.
  /// - Parameters:
  ///   - help: the text of `--help`, made when the manual page is asked for.
  ///   - startedAt: ``Trace/nanoseconds`` at the start of the process.
  package static func run(
    _ options: LaunchOptions, help: @autoclosure () -> String, startedAt: Int64
  ) -> ExitStatus {
    let charset = TerminalLocale.charset
    return Escape.$charset.withValue(charset) { carryOut(options, help: help, startedAt: startedAt) }
  }

  private static func carryOut(_ options: LaunchOptions, help: () -> String, startedAt: Int64) -> ExitStatus {
    let environment = Environment.take()
    ChildGroups.endWithSignals()
    do throws(ErrorLine) {
      let invocation = try Invocation(
        options, environmentPassword: environment.password, home: environment.home,
        book: {
          let paths = SettingsPaths(config: options.config, environment: environment.all)
          let book = ServerBook.load(paths, isRequired: options.config != nil)
          // The browser tells it with all else that is wrong in the file.
          if ["ls", "exec"].contains(options.words.first) {
            for warning in book.warnings { Output.complain("keyglass: \(warning)") }
          }
          return book
        }, compose: { service throws(ErrorLine) in try ComposeDesk.endpoint(of: service, environment) })
      if let warning = passwordWarning(invocation.server) { Output.complain(warning) }
      switch invocation.command {
      case .printPaths: try printPaths(options, environment)
      case .printManual: try Output.deliver(Manual.page(help: help()))
      case .printAccess(let access): try Output.deliver(access.text)
      case .list(let pattern, let format, let ttl):
        try ResourceLimits.check()
        return try Listing(pattern: pattern, format: format, ttl: ttl, isPlain: options.isPlain).run(
          on: invocation.server, trace: try trace(options, startedAt))
      case .histogram(let pattern, let isJSON, let ttl):
        try ResourceLimits.check()
        return try Histogram(
          pattern: pattern, ttl: ttl, isJSON: isJSON, isPlain: options.isPlain,
          separator: invocation.separator ?? Preferences().separator
        ).run(on: invocation.server, trace: try trace(options, startedAt))
      case .execute(let words, let format):
        try ResourceLimits.check()
        return try Execution(
          words: words, format: format, readsLastWord: options.readsLastWord, isReadOnly: invocation.options.isReadOnly
        ).run(on: invocation.server, trace: try trace(options, startedAt))
      case .executeFile(let path, let format):
        try ResourceLimits.check()
        return try FileExecution(
          path: path, format: format, isReadOnly: invocation.options.isReadOnly, isPlain: options.isPlain
        )
        .run(on: invocation.server, trace: try trace(options, startedAt))
      case .compose(let file, isJSON: true):
        return try ComposeReport(desk: ComposeDesk.open(file, environment)).run()
      case .browse, .demo, .compose:
        try ResourceLimits.check()
        return try Browsing(invocation, environment, startedAt: startedAt).run()
      }
      return .success
    } catch {
      Output.complain(error)
      return error.status
    }
  }

  private static func trace(_ options: LaunchOptions, _ startedAt: Int64) throws(ErrorLine) -> Trace? {
    try options.trace.map { path throws(ErrorLine) in try Trace(path: path, startedAt: startedAt) }
  }

  /// redis-cli's words, and like words for a URI without `-u`; nil where no password was typed.
  static func passwordWarning(_ server: ServerChoice) -> String? {
    guard let place = server.passwordPlace else { return nil }
    let what =
      switch place {
      case .option: "with '-a' or '-u' option"
      case .word: "in a URI"
      }
    return "Warning: Using a password \(what) on the command line interface may not be safe."
  }

  private static func printPaths(_ options: LaunchOptions, _ environment: Environment) throws(ErrorLine) {
    let paths = SettingsPaths(config: options.config, environment: environment.all)
    let none = "(none: HOME is not set)"
    try Output.deliver(
      """
      config: \(paths.config.map(Output.path) ?? none)
      themes: \(paths.themes.map(Output.path) ?? none)
      state: \(environment.stateFolder.map(Output.path) ?? none)

      """)
  }
}
