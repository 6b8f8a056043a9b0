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
    var isSilent = true
    while true {
      if decoder.isInPaste {
        guard readPaste() else { break }
      } else {
        let code = unsafe wgetch(kg_input())
        if code == ERR { break }
        if code != KEY_RESIZE { decoder.feed(code) }
      }
      isSilent = false
    }
    decoder.endBurst()
    endWithSilence(isSilent)
    events += decoder.takeEvents()
    if kg_readable() < 0 { events.append(.inputClosed) }
    return events
  }

  /// How long a string may go on without a byte before it counts as ended; and a paste, whose rest would be commands.
  private static let patience = (string: Duration.milliseconds(500), paste: Duration.seconds(2))

  /// Reads what is there of a paste; false where nothing is.
  private func readPaste() -> Bool {
    var matched = Int32(pasteEndMatched)
    let count = unsafe kg_read_paste(&pasteBuffer, pasteBuffer.count, &matched)
    guard count > 0 else { return false }
    // What may become the end was kept back, and is again.
    let bytes = keptBack + pasteBuffer[..<count]
    pasteEndMatched = Int(matched)
    let isComplete = pasteEndMatched == KeySequences.pasteEndBytes.count
    decoder.feed(pasted: bytes.dropLast(pasteEndMatched), isComplete: isComplete)
    if isComplete { pasteEndMatched = 0 }
    return true
  }

  private var keptBack: ArraySlice<UInt8> { KeySequences.pasteEndBytes.prefix(pasteEndMatched) }

  /// A terminal that died in the middle of a paste must not swallow keys for ever.
  private func endWithSilence(_ isSilent: Bool) {
    guard decoder.isUnfinished else {
      inputDeadline = nil
      return
    }
    let now = ContinuousClock.now
    if isSilent, let deadline = inputDeadline, now >= deadline {
      decoder.feed(pasted: keptBack, isComplete: false)
      pasteEndMatched = 0
      decoder.giveUp()
      inputDeadline = nil
    } else if !isSilent || inputDeadline == nil {
      inputDeadline = now + (decoder.isInPaste ? Self.patience.paste : Self.patience.string)
    }
  }

  private func noteSignals() -> [TerminalEvent] {
    let noted = kg_take_signals()
    if noted == 0 { return [] }
    var events: [TerminalEvent] = []
    let meant = [SIGTSTP, SIGCONT, SIGWINCH]
    for number in 1..<Int32(32) where noted & 1 << UInt32(number) != 0 && !meant.contains(number) {
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
