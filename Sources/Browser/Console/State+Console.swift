import Canvas
import Keyspace
import Requests

/// `:` and what follows it: opening, leaving, and which keys go where.
extension State {
  mutating func openConsole() {
    console.focus = .input
    console.pane.isShown = !console.entries.isEmpty
    console.pane.detail = nil
    if !console.isHistoryLoaded {
      console.isHistoryLoaded = true
      outbox.append(.loadHistory)
    }
    learnCommands()
    scrollConsoleToEnd()
    resize(to: size)
  }

  /// The server is asked once what commands it has; after a reconnect once more.
  private mutating func learnCommands() {
    guard !console.isTableAsked, link == .connected else { return }
    console.isTableAsked = true
    ask(.consoleTable, .console(.commands))
  }

  /// Back to the browser, where the key is that was written last.
  mutating func leaveConsole() {
    console.focus = nil
    console.search = nil
    console.completion = nil
    console.pane.isZoomed = false
    console.pane.detail = nil
    // What goes on is seen.
    if !console.pane.stays, console.running == nil { console.pane.isShown = false }
    if let written = console.written, written.database == database, !isListCovered {
      focus = .list
      reveal(.key(written.name))
    }
    console.written = nil
    resize(to: size)
  }

  mutating func handleInConsole(_ key: Key) {
    switch key {
    case .pageUp where console.pane.detail == nil: scrollConsole(.pageUp)
    case .pageDown where console.pane.detail == nil: scrollConsole(.pageDown)
    default: console.focus == .pane ? handleInConsolePane(key) : handleInConsoleInput(key)
    }
  }

  /// Esc: what is open closes, what runs is stopped, then one goes back.
  mutating func cancelInConsole() {
    if console.search != nil {
      endHistorySearch(keeping: false)
    } else if console.completion != nil {
      console.completion = nil
    } else if console.pane.detail != nil {
      console.pane.detail = nil
    } else if console.running != nil {
      stopConsole()
    } else if console.focus == .pane {
      console.focus = .input
      resize(to: size)
    } else {
      leaveConsole()
    }
  }

  /// `^C`: what runs is stopped, what was typed goes; with neither one goes back.
  mutating func cancelInConsoleByKey() {
    if console.running != nil || console.search != nil || console.completion != nil || console.focus == .pane {
      cancelInConsole()
    } else if !console.input.text.isEmpty {
      console.input = TextField()
      console.walk = HistoryWalk()
      inputChanged()
    } else {
      leaveConsole()
    }
  }

  /// The pane has rows to move in.
  mutating func focusConsolePane() {
    guard console.pane.isShown, consoleRows.count > 0 else {
      say("nothing has come back yet: type a command, Enter sends it")
      return
    }
    console.completion = nil
    console.focus = .pane
    scrollConsoleIntoView()
    resize(to: size)
  }

  /// A connection that was made anew may lead to another server, with other commands.
  mutating func forgetCommands() {
    console.isTableAsked = false
    if console.focus != nil { learnCommands() }
  }

  /// The keys go to this pane.
  func hasKeys(_ pane: Focus) -> Bool { focus == pane && console.focus == nil }

  // MARK: - Where it lies

  var consoleRows: ConsoleRows { ConsoleRows(console.entries, width: consoleWidth) }

  /// Cells inside the pane's frame and its margin.
  var consoleWidth: Int { max(8, size.width - 4) }

  /// Rows inside the pane's frame.
  var consoleHeight: Int { max(1, (layout.console?.height ?? 8) - 2 - consoleQueueHeight) }

  /// The same under the line that names the way back, for what was opened alone.
  var consoleDetailHeight: Int { max(1, (layout.console?.height ?? 8) - 3) }

  /// Rows that the line takes: one, or those of several lines, up to a limit.
  var consoleInputHeight: Int {
    guard console.focus != nil else { return 0 }
    let lines = console.input.text.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    return min(lines, max(1, min(6, size.height / 4)))
  }
}
