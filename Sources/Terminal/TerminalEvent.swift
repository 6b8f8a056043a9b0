package import Canvas

/// What comes from the terminal and from the system that it belongs to.
package enum TerminalEvent: Sendable, Equatable {
  case key(Key)
  /// Only while ``Screen/setMouse(_:)`` has switched it on.
  case mouse(MouseEvent)
  /// A bracketed paste: its bytes as they came, at most `InputDecoder.pasteLimit` of them.
  case paste([UInt8])
  /// The terminal has another size now. Never below 1x1.
  case resize(Size)
  /// The terminal's window got or lost the focus; only where the option asks for it.
  case focus(Bool)
  /// Another process asked us to stop (SIGTSTP). ^Z is a key.
  case suspendRequested
  /// SIGTERM or another signal that ends, by number. The process has 350 ms left to close the screen and exit.
  case signal(Int32)
  /// The terminal is gone.
  case inputClosed
}
