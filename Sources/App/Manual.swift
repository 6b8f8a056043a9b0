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
    return page
  }

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
