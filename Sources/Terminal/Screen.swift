import CTerminal
package import Canvas
import Glibc

/// The terminal as a surface for frames and a source of events. There is one, on the first thread only: ncurses keeps
/// its state in globals. Not Sendable; an actor on the `FirstThread` executor owns it.
package final class Screen {
  /// The signs that this terminal can show.
  package let glyphSet: GlyphSet
  /// The size of the terminal, in cells; at least 1x1.
  package var size: Size { Size(width: max(1, Int(kg_columns())), height: max(1, Int(kg_rows()))) }

  private let modes: TerminalModes
  private let errors: ErrorKeeper
  let synchronizesUpdates: Bool
  var palette: Palette
  var painter = RowPainter()
  /// What the terminal shows; nil where every row has to be put again.
  var shown: Frame?
  var isCursorVisible: Bool?
  var decoder = InputDecoder()
  var pasteBuffer = [UInt8](repeating: 0, count: 16_384)
  /// How many bytes of the end of a paste came last.
  var pasteEndMatched = 0
  /// When to read again even if nothing comes: something unfinished ends then. Nil where nothing is.
  package internal(set) var inputDeadline: ContinuousClock.Instant?
  private var isOpen = true

  /// Takes the terminal: its own screen, raw keys, signals and standard error. `close` gives all back.
  ///
  /// LINES and COLUMNS leave the environment, since ncurses would take them for the size for ever.
  package static func open(options: ScreenOptions = ScreenOptions()) throws(TerminalError) -> Screen {
    guard isatty(STDIN_FILENO) != 0 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) != 0 else { throw .notATerminal(stream: "standard output") }
    let name = try usableTerminal()
    unsafe unsetenv("LINES")
    unsafe unsetenv("COLUMNS")
    let isUTF8 = TerminalLocale.set()
    guard let errors = ErrorKeeper() else { throw .noDescriptors }
    kg_save_modes()
    kg_guard_signals()
    guard unsafe kg_open(name) else {
      kg_unguard_signals()
      errors.finish()
      throw .noDescriptors
    }
    // Once more: ncurses has put handlers of its own in place of what it found at its default.
    kg_guard_signals()
    return Screen(errors: errors, isUTF8: isUTF8, options: options)
  }

  private init(errors: ErrorKeeper, isUTF8: Bool, options: ScreenOptions) {
    self.errors = errors
    glyphSet = isUTF8 && !options.isPlain ? .unicode : .ascii
    synchronizesUpdates = options.synchronizesUpdates
    let modes = TerminalModes(reportsFocus: options.reportsFocus)
    self.modes = modes
    let noColor = TerminalLocale.environment("NO_COLOR") != nil
    palette = Palette(theme: options.theme, colors: Screen.colors(allowed: options.allowsColor && !noColor)) {
      alloc_pair($0, $1)
    }
    unsafe kg_guard_terminal(modes.restoring, modes.restoring.utf8.count, errors.original)
    raw()
    noecho()
    nonl()
    unsafe keypad(kg_input(), true)
    unsafe nodelay(kg_input(), true)
    set_escdelay(25)
    typeahead(-1)
    KeySequences.define()
    send(modes.on)
  }

  /// Lets the next frame repaint the whole terminal, whatever is thought to be on it (^L).
  package func repaint() {
    shown = nil
    unsafe clearok(kg_physical_screen(), true)
  }

  /// Stops the process group as ^Z does and comes back when it is continued. The next frame repaints everything.
  package func suspend() {
    leave()
    kg_stop()
    enter()
  }

  /// Leaves the terminal to `body` and takes it again. It gets the descriptor of standard error, which is kept otherwise.
  package func handOver<Result>(_ body: (_ errors: Int32) -> Result) -> Result {
    leave()
    defer { enter() }
    return body(errors.original)
  }

  /// Puts text on the clipboard of the machine that the terminal runs on, by OSC 52. Terminals may ignore it.
  /// - Returns: false, with nothing sent, for more than the 74,994 bytes that terminals take.
  package func copy(_ bytes: [UInt8]) -> Bool {
    guard bytes.count <= 74_994 else { return false }
    send("\u{1B}]52;c;\(Base64.encode(bytes))\u{07}")
    return true
  }

  /// Gives the terminal back as it was. Nothing else may be called afterwards.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    leave()
    kg_close()
    kg_restore_modes()
    unsafe kg_guard_terminal("", 0, STDERR_FILENO)
    kg_unguard_signals()
    errors.finish()
  }

  deinit {
    close()
  }

  /// Sets the terminal up again after something else has used it.
  func enter() {
    // The first update after endwin sets the modes and the alternate screen again; it must reach the terminal itself.
    doupdate()
    send(modes.on)
    repaint()
    isCursorVisible = nil
  }

  /// Leaves the terminal to others for a while.
  func leave() {
    send(modes.off)
    endwin()
    send(modes.clearing)
  }

  private func send(_ text: String) {
    unsafe kg_write(text, text.utf8.count)
  }

  /// The name to open the terminal by: TERM, or where its entry is not installed, what most terminals understand.
  private static func usableTerminal() throws(TerminalError) -> String {
    guard let name = TerminalLocale.environment("TERM") else { throw .noTerminalName }
    for candidate in [name, "xterm-256color", "xterm"] {
      switch unsafe kg_terminal_kind(candidate) {
      case KGTerminalUsable: return candidate
      case KGTerminalLimited: throw .limited(name: name)
      default: continue
      }
    }
    throw .unknown(name: name)
  }

  /// Starts colour where it is allowed and there is some. No other colour function may be called otherwise.
  private static func colors(allowed: Bool) -> Palette.Colors {
    guard allowed, has_colors() else { return .none }
    start_color()
    let hasDefaults = use_default_colors() == OK
    return Palette.Colors(count: Int(kg_colors()), isDirect: kg_has_rgb(), hasDefaults: hasDefaults)
  }
}
