import App
import ArgumentParser

/// What is Keyglass's own.
struct BrowsingOptions: ParsableArguments {
  @Flag(name: .customLong("read-only"), help: "Refuse everything that would change the server.")
  var isReadOnly = false
  @Option(
    name: .customLong("pattern"), parsing: .unconditional,
    help: .value("GLOB", "Read only names that match; ttl<10m … beside or alone filters."))
  var pattern: String?
  @Option(
    name: .customLong("separator"), parsing: .unconditional,
    help: .value("TEXT", "What parts key names into folders (default: \":\")."))
  var separator: String?
  @Option(name: .customLong("theme"), help: .value("NAME", "Theme, built in or of your own."))
  var theme: String?
  @Option(name: .customLong("config"), help: .value("FILE", "Config file instead of the usual one."))
  var config: String?
  @Flag(name: .customLong("no-color"), help: "No colours (as NO_COLOR in the environment).")
  var hasNoColor = false
  @Flag(name: .customLong("plain"), help: "ASCII only and nothing that moves by itself; for screen readers.")
  var isPlain = false
  @Option(
    name: .customLong("script"), parsing: .unconditional,
    help: .value("FILE", "Play keys and checks from a file (- is standard input), without a terminal."))
  var script: String?
  @Option(
    name: .customLong("trace"), parsing: .unconditional,
    help: .value("FILE", "Write what happened and how long it took as JSON lines."))
  var trace: String?
  @Flag(name: .customLong("print-paths"), help: "Print where config, themes and state are looked for.")
  var printsPaths = false

  func write(to options: inout LaunchOptions) {
    (options.pattern, options.separator) = (pattern, separator)
    (options.theme, options.config, options.hasNoColor, options.isPlain) = (theme, config, hasNoColor, isPlain)
    (options.script, options.trace) = (script, trace)
    (options.isReadOnly, options.printsPaths) = (isReadOnly, printsPaths)
  }
}
