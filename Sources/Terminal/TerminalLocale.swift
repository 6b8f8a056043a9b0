package import Canvas
import Glibc

/// The character set of the terminal.
package enum TerminalLocale {
  /// What standard output and error show where one of them is a terminal; files and pipes take everything.
  package static var charset: Escape.Charset {
    guard isatty(STDOUT_FILENO) != 0 || isatty(STDERR_FILENO) != 0 else { return .unicode }
    return set() ? .unicode : .ascii
  }

  /// Sets the locale of characters from the environment, C.UTF-8 where the environment says nothing (as in containers).
  /// - Returns: whether the terminal takes UTF-8.
  static func set() -> Bool {
    let isUnset = ["LC_ALL", "LC_CTYPE", "LANG"].allSatisfy { environment($0) == nil }
    unsafe setlocale(LC_CTYPE, isUnset ? "C.UTF-8" : "")
    guard let codeset = unsafe nl_langinfo(nl_item(CODESET)) else { return false }
    return unsafe String(cString: codeset) == "UTF-8"
  }

  /// A variable of the environment; nil where it is unset or empty.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
