import CTerminal

/// The sequences that terminals send whatever their terminfo entry says. ncurses looks for those of the entry only:
/// an entry in application mode knows Escape `OA`, and a terminal in the other mode sends Escape `[A`.
enum KeySequences {
  /// Codes of our own for what is not a key, above those that ncurses gives out.
  static let pasteStart: Int32 = 2000
  static let pasteEnd: Int32 = 2001
  static let focusIn: Int32 = 2002
  static let focusOut: Int32 = 2003

  static let pasteEndBytes = Array("\u{1B}[201~".utf8)

  private static let common: [(sequence: String, code: Int32)] = [
    ("\u{1B}[A", KEY_UP), ("\u{1B}[B", KEY_DOWN), ("\u{1B}[C", KEY_RIGHT), ("\u{1B}[D", KEY_LEFT),
    ("\u{1B}OA", KEY_UP), ("\u{1B}OB", KEY_DOWN), ("\u{1B}OC", KEY_RIGHT), ("\u{1B}OD", KEY_LEFT),
    ("\u{1B}[H", KEY_HOME), ("\u{1B}[F", KEY_END), ("\u{1B}OH", KEY_HOME), ("\u{1B}OF", KEY_END),
    ("\u{1B}[1~", KEY_HOME), ("\u{1B}[4~", KEY_END), ("\u{1B}[7~", KEY_HOME), ("\u{1B}[8~", KEY_END),
    ("\u{1B}[2~", KEY_IC), ("\u{1B}[3~", KEY_DC), ("\u{1B}[5~", KEY_PPAGE), ("\u{1B}[6~", KEY_NPAGE),
    ("\u{1B}[Z", KEY_BTAB), ("\u{1B}OM", KEY_ENTER),
    ("\u{1B}[1;2A", KEY_SR), ("\u{1B}[1;2B", KEY_SF), ("\u{1B}[1;2C", KEY_SRIGHT), ("\u{1B}[1;2D", KEY_SLEFT),
    ("\u{1B}[200~", pasteStart), ("\u{1B}[201~", pasteEnd),
    ("\u{1B}[I", focusIn), ("\u{1B}[O", focusOut),
  ]

  /// Tells ncurses about them; after `newterm`.
  static func define() {
    // Its mouse is left alone: it knows the encodings of the terminfo entry only, and `InputDecoder` both.
    define_key(nil, KEY_MOUSE)
    for (sequence, code) in common { unsafe define_key(sequence, code) }
  }
}
