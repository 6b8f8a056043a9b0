import Browser
import Canvas

/// The manual page as roff, made from the help text of the command line and the table of bindings.
package enum Manual {
  /// - Parameter help: the text of `--help`.
  package static func page(help: String) -> String {
    var page = """
      .TH KEYGLASS 1 "" "keyglass \(escaped(Version.current))" "User Commands"
      .SH NAME
      keyglass \\- browse the keys of a Redis\\-style server in the terminal
      .SH SYNOPSIS AND OPTIONS
      .nf

      """
    for line in help.split(separator: "\n", omittingEmptySubsequences: false) { page += escaped(line) + "\n" }
    page += ".fi\n.SH KEYS\n"
    for binding in Bindings.all {
      page += ".TP\n.B \(escaped(binding.keys.map(\.title).joined(separator: " ")))\n\(escaped(binding.title))\n"
    }
    let sections = [
      ("IN THE LINE OF THE CONSOLE (:)", ConsoleHelp.line), ("ENVIRONMENT", environment), ("FILES", files),
    ]
    for (title, entries) in sections {
      page += ".SH \(title)\n"
      for (name, meaning) in entries { page += ".TP\n.B \(escaped(name))\n\(escaped(meaning))\n" }
    }
    return page
  }

  private static let environment = [
    ("REDISCLI_AUTH", "the password, where none is given otherwise"),
    ("VISUAL EDITOR", "the editor of E; else vi"),
    ("PAGER", "the pager of o then p; else less or more"),
    ("COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES", "which Compose project, as docker compose has them"),
    ("DOCKER_HOST DOCKER_CONTEXT", "the engine that runs it, as docker has them"),
    ("NO_COLOR", "no colours, unless it is empty"),
    ("COLORTERM", "truecolor or 24bit: themes of 24-bit colours get them"),
    ("TERM LC_ALL LC_CTYPE LANG", "the terminal, and its character set"),
    ("XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR TMPDIR", "where files are; see --print-paths"),
  ]

  private static let files = [
    ("~/.config/keyglass/config.yaml", "theme, separator, plain, color, mouse, clipboard, limits, servers"),
    ("~/.config/keyglass/themes/NAME.yaml", "themes of your own"),
    ("~/.local/state/keyglass/history/SERVER", "what was sent from the console, without secrets; only for you"),
    ("~/.local/state/keyglass/servers", "the servers that were used, without secrets; only for you"),
    ("~/.local/state/keyglass/crash-TIME-PID.txt", "what a crash left: no names of keys, no values"),
  ]

  /// Text that roff shows as it is: backslashes and hyphens escaped, no line that reads as a request.
  static func escaped(_ text: some StringProtocol) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      default: escaped.append(character)
      }
    }
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
