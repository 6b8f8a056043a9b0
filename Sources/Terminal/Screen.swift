import CTerminal
package import Canvas
import Glibc

/// The terminal as a surface for frames and a source of events. There is one, on the first thread only: ncurses keeps
/// its state in globals. Not Sendable; an actor on the `FirstThread` executor owns it.
package final class Screen {
  /// The signs that this terminal can show.
  package let glyphSet: GlyphSet
  /// Whether its character set is Unicode.
  package let showsUnicode: Bool
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
    let direct = directColor(over: name, options)
    let isOpen = unsafe kg_open(direct == nil ? name : DirectColor.name) || direct != nil && kg_open(name)
    direct?.finish()
    guard isOpen else {
      kg_unguard_signals()
      errors.finish()
      throw .noDescriptors
    }
    // Once more: ncurses has put handlers of its own in place of what it found at its default.
    kg_guard_signals()
    return Screen(errors: errors, isUTF8: isUTF8, hasDirectColor: direct != nil, options: options)
  }

  private init(errors: ErrorKeeper, isUTF8: Bool, hasDirectColor: Bool, options: ScreenOptions) {
    self.errors = errors
    showsUnicode = isUTF8
    glyphSet = isUTF8 && !options.isPlain ? .unicode : .ascii
    synchronizesUpdates = options.synchronizesUpdates
    let modes = TerminalModes(reportsFocus: options.reportsFocus)
    self.modes = modes
    let firstDirect = hasDirectColor ? DirectColor.firstDirect : kg_has_rgb() ? 8 : nil
    let colors = Screen.colors(allowed: options.showsColor, firstDirect: firstDirect)
    palette = Palette(theme: options.theme, colors: colors) { alloc_pair($0, $1) }
    unsafe kg_guard_terminal(modes.restoring, modes.restoring.utf8.count, errors.original)
    raw()
    noecho()
    nonl()
    unsafe keypad(kg_input(), true)
    unsafe nodelay(kg_input(), true)
    set_escdelay(25)
    typeahead(-1)
    KeySequences.define()
    painter.usesFences = TerminalLocale.environment("TERM")?.hasPrefix("linux") != true
    send(modes.on)
  }

  /// What a report of an error should say of the terminal, in one line.
  package var facts: String {
    let size = "\(size.width)x\(size.height)"
    let name = TerminalLocale.environment("TERM") ?? ""
    let colors = "\(palette.colors.depth) colours (COLORTERM=\(TerminalLocale.environment("COLORTERM") ?? ""))"
    let places = [("TMUX", "tmux"), ("STY", "screen"), ("SSH_TTY", "ssh")].compactMap { variable, place in
      TerminalLocale.environment(variable).map { _ in " in \(place)" }
    }
    return "terminal: TERM=\(name), \(colors), \(glyphSet == .ascii ? "ASCII" : "UTF-8"), \(size)" + places.joined()
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

  /// Asks the terminal to tell what the mouse does, or leaves the mouse to it, which selects text with it.
  package func setMouse(_ isOn: Bool) {
    guard isOn != decoder.expectsMouse else { return }
    decoder.expectsMouse = isOn
    send(isOn ? TerminalModes.mouseOn : TerminalModes.mouseOff)
  }

  /// Puts text on the clipboard of the machine that the terminal runs on, by OSC 52. Terminals may ignore it.
  /// - Precondition: no more than ``Clipboard/limit`` bytes.
  package func copy(_ bytes: [UInt8]) {
    precondition(bytes.count <= Clipboard.limit, "too long for the clipboard")
    send("\u{1B}]52;c;\(Base64.encode(bytes))\u{07}")
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
    // The first update after endwin sets the modes and the alternate screen again. The modes first and by hand: while
    // bytes are held back, ncurses does not have the terminal.
    reset_prog_mode()
    kg_hold()
    doupdate()
    _ = kg_release(false)
    send(modes.on)
    // A program that was ended may have left the mouse on.
    send(decoder.expectsMouse ? TerminalModes.mouseOn : TerminalModes.mouseOff)
    repaint()
    isCursorVisible = nil
  }

  /// Leaves the terminal to others for a while.
  func leave() {
    if decoder.expectsMouse { send(TerminalModes.mouseOff) }
    send(modes.off)
    endwin()
    send(modes.clearing(rows: size.height))
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
  private static func colors(allowed: Bool, firstDirect: Int32?) -> Palette.Colors {
    guard allowed, has_colors() else { return .none }
    start_color()
    let hasDefaults = use_default_colors() == OK
    return Palette.Colors(count: Int(kg_colors()), firstDirect: firstDirect, hasDefaults: hasDefaults)
  }

  /// An entry with 24-bit colours where the theme has use for it, the terminal says that it has them and its own entry
  /// does not.
  private static func directColor(over name: String, _ options: ScreenOptions) -> DirectColor? {
    guard options.showsColor, unsafe kg_indexes_colors(name),
      DirectColor.isWanted(theme: options.theme, colorTerm: TerminalLocale.environment("COLORTERM"))
    else { return nil }
    return DirectColor(over: name)
  }
}
