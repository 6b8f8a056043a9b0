import CTerminal
import Canvas
import Glibc

extension Screen {
  /// All that has happened since the last call, in order of what is most urgent: signals, the size, input.
  ///
  /// Never waits, except that an Escape alone takes the 25 ms that tell it from a sequence.
  package func readEvents() -> [TerminalEvent] {
    var events = noteSignals()
    if let size = followSize() { events.append(.resize(size)) }
    while true {
      let code = unsafe wgetch(kg_screen())
      if code == ERR { break }
      if code != KEY_RESIZE { decoder.feed(code) }
    }
    decoder.endBurst()
    events += decoder.takeEvents()
    if kg_readable() < 0 { events.append(.inputClosed) }
    return events
  }

  private func noteSignals() -> [TerminalEvent] {
    let noted = kg_take_signals()
    if noted == 0 { return [] }
    var events: [TerminalEvent] = []
    for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] where noted & 1 << UInt32(number) != 0 {
      events.append(.signal(number))
    }
    if noted & 1 << UInt32(SIGTSTP) != 0 { events.append(.suspendRequested) }
    if noted & 1 << UInt32(SIGCONT) != 0 {
      // Stopped without having been asked (SIGSTOP): a shell has used the terminal in the meantime.
      leave()
      enter()
    }
    return events
  }

  /// Asks the kernel for the size and lets ncurses follow it; the new size where it has changed.
  /// Asked for each time, because a signal can be lost with another program's handler or a stop.
  private func followSize() -> Size? {
    var rows: Int32 = 0
    var columns: Int32 = 0
    guard unsafe kg_window_size(&rows, &columns), rows != kg_rows() || columns != kg_columns() else { return nil }
    resizeterm(rows, columns)
    repaint()
    return size
  }
}
