import CTerminal
import Canvas
import Glibc

/// Colours of 24 bits on a terminal whose terminfo entry knows only 256.
///
/// curses sends what the entry says, so it gets one of its own: the terminal's, with numbers below 16 as the user's
/// palette, below 256 as indexes and the rest as red, green and blue. `tic` of ncurses compiles it into a private folder
/// that lasts as long as opening the terminal takes. The user's palette is never changed.
struct DirectColor {
  /// The first number that is red, green and blue.
  static let firstDirect: Int32 = 256
  static let name = "keyglass-direct"

  private let folder: PrivateFolder
  private let outer: String?

  /// Whether the terminal says that it has such colours, and the theme uses them.
  static func isWanted(theme: Theme, colorTerm: String?) -> Bool {
    (colorTerm == "truecolor" || colorTerm == "24bit") && theme.usesDirectColors
  }

  /// Makes the entry and lets curses find it; nil where that does not work: then there are 256 colours.
  init?(over terminal: String) {
    guard terminal.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-._".contains($0)) }),
      let folder = PrivateFolder(in: PrivateFolder.usualBases)
    else { return nil }
    let nowhere = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(nowhere) }
    var status: Int32 = -1
    let source = Array(DirectColor.entry(over: terminal).utf8)
    guard nowhere >= 0, folder.write(source, as: "source"),
      unsafe kg_run("cd \"$1\" && tic -x -o . source >&2", folder.path, false, nowhere, &status) == 0, status == 0
    else {
      folder.remove()
      return nil
    }
    self.folder = folder
    outer = TerminalLocale.environment("TERMINFO")
    unsafe setenv("TERMINFO", folder.path, 1)
  }

  /// Once the terminal is open: programs that are started from here see the environment as it was.
  func finish() {
    if let outer { unsafe setenv("TERMINFO", outer, 1) } else { unsafe unsetenv("TERMINFO") }
    folder.remove()
  }

  static func entry(over terminal: String) -> String {
    """
    \(name)|\(terminal) with 24-bit colours,
    \tRGB, colors#0x1000000, pairs#0x7FFF,
    \tsetaf=\(selection(plain: "3", bright: "9", extended: "38")),
    \tsetab=\(selection(plain: "4", bright: "10", extended: "48")),
    \tuse=\(terminal),

    """
  }

  private static func selection(plain: String, bright: String, extended: String) -> String {
    let named = "%?%p1%{8}%<%t\(plain)%p1%d%e%p1%{16}%<%t\(bright)%p1%{8}%-%d"
    let indexed = "%e%p1%{256}%<%t\(extended);5;%p1%d"
    let direct = "%e\(extended);2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;"
    return "\\E[" + named + indexed + direct + "m"
  }
}
