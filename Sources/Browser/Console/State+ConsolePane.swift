import Canvas
import Keyspace
import Requests
import Values

/// Moving in what came back.
extension State {
  mutating func handleInConsolePane(_ key: Key) {
    if let action = Bindings.action(for: key, in: [.console]) {
      performInConsole(action)
    } else if console.pane.detail != nil {
      handleInConsoleDetail(key)
    } else if let move = Self.move(for: key) {
      scrollConsole(move)
    } else {
      switch key {
      case .shiftRight: console.pane.column += 8
      case .shiftLeft: console.pane.column = max(0, console.pane.column - 8)
      default: break
      }
    }
  }

  private mutating func handleInConsoleDetail(_ key: Key) {
    if let move = Self.move(for: key) {
      let height = consoleDetailHeight
      changeShownString { $0.scroll(move, height: height) }
    } else if [.left, .character("h")].contains(key) {
      console.pane.detail = nil
    } else if key == .shiftRight || key == .shiftLeft {
      scrollSideways(by: key == .shiftRight ? 8 : -8)
    }
  }

  private mutating func performInConsole(_ action: Action) {
    switch action {
    case .cancel: cancelInConsole()
    case .console, .otherPane:
      console.pane.detail = nil
      console.focus = .input
      resize(to: size)
    case .leave: leaveConsole()
    case .open: openConsoleElement()
    case .search: openPrompt(.console)
    case .nextMatch: findInConsole(forward: true)
    case .previousMatch: findInConsole(forward: false)
    case .showAs: showConsoleFormats()
    case .wrap: changeShownString { $0.setWrapped(!$0.isWrapped) }
    case .zoom:
      console.pane.isZoomed.toggle()
      resize(to: size)
      scrollConsoleIntoView()
    case .keepPane:
      console.pane.stays.toggle()
      say(
        console.pane.stays ? "the pane stays when you leave it: s again lets it go" : "the pane closes with the console"
      )
    case .copy: openConsoleCopyMenu()
    case .quit: leaveProgram()
    case .help: overlay = .help(Viewport())
    default: break
    }
  }

  // MARK: - Scrolling

  /// By the cursor in the pane; from the line by rows.
  mutating func scrollConsole(_ move: Move) {
    let count = consoleRows.count
    if console.focus == .pane {
      console.pane.viewport.move(move, count: count, height: consoleHeight)
      console.pane.followsEnd = console.pane.viewport.cursor >= count - 1
    } else {
      console.pane.viewport.scroll(move, count: count, height: consoleHeight)
      console.pane.followsEnd = console.pane.viewport.top + consoleHeight >= count
    }
  }

  mutating func scrollConsoleToEnd() {
    let count = consoleRows.count
    console.pane.followsEnd = true
    console.pane.viewport.move(.last, count: count, height: consoleHeight)
  }

  /// After a reply: all of it, or its beginning where it is higher than the pane.
  mutating func scrollConsole(to entry: ConsoleEntry) {
    guard let index = console.index(of: entry.id) else { return }
    // The next run of one that comes again moves nobody who reads.
    guard entry.runs <= 1 || console.pane.followsEnd && console.focus != .pane else {
      scrollConsoleIntoView()
      return
    }
    let rows = consoleRows
    let start = rows.starts[index]
    scrollConsoleToEnd()
    if rows.count - start > consoleHeight, index == console.entries.count - 1 {
      console.pane.viewport = Viewport(cursor: start, top: start)
      console.pane.followsEnd = false
    }
  }

  /// Rows came or went above what stands behind a row: that stays where it is on the screen.
  mutating func moveConsole(behind row: Int, by rows: Int) {
    func moved(_ place: Int) -> Int { place < row ? place : max(row, place + rows) }
    console.pane.viewport.top = moved(console.pane.viewport.top)
    console.pane.viewport.cursor = moved(console.pane.viewport.cursor)
  }

  mutating func scrollConsoleIntoView() {
    console.pane.viewport.show(count: consoleRows.count, height: consoleHeight)
    if console.pane.followsEnd { scrollConsoleToEnd() }
  }

  /// The pane fits its new size.
  mutating func fitConsole() {
    guard console.pane.isShown else { return }
    scrollConsoleIntoView()
    let width = consoleWidth
    console.pane.detail?.view.setWidth(width)
  }

  /// Lines on the screen that are not at hand.
  mutating func askForConsoleLines() {
    guard console.pane.isShown, console.pane.detail == nil, !owed.contains(.consoleLines) else { return }
    let rows = consoleRows
    for row in console.pane.viewport.top..<console.pane.viewport.top + consoleHeight {
      guard case .reply(let index, let line)? = rows[row] else { continue }
      let entry = console.entries[index]
      guard entry.line(line) == nil, !entry.isForgotten else { continue }
      let start = max(entry.lines.lowerBound, line - consoleHeight)
      let range = start..<min(entry.lines.upperBound, start + 3 * consoleHeight)
      ask(.consoleLines, .console(.lines(ReplyRange(reply: entry.id, lines: range))))
      return
    }
  }

  mutating func take(_ page: ReplyPage) {
    set(page.reply) { entry in
      if page.lines.isEmpty, !entry.isStreaming {
        entry.isForgotten = true
        entry.lines = 0..<min(entry.lines.upperBound, 1)
        entry.page.lines = []
      } else {
        entry.page = page
      }
    }
    scrollConsoleIntoView()
  }

  /// A click goes to the row, and on the row that has the cursor it opens.
  mutating func clickInConsole(_ event: MouseEvent) {
    guard let area = layout.console, prompt == nil, console.pane.detail == nil else { return }
    message = nil
    let row = console.pane.viewport.top + event.y - area.y - 1
    guard consoleRows[row] != nil else { return }
    let isSelected = console.focus == .pane && row == console.pane.viewport.cursor
    console.focus = .pane
    console.pane.viewport.cursor = row
    console.pane.followsEnd = row >= consoleRows.count - 1
    resize(to: size)
    if isSelected { openConsoleElement() }
  }

  // MARK: - Searching

  mutating func searchConsole(_ text: [UInt8]) {
    guard !text.isEmpty else { return }
    console.pane.search = text
    if console.pane.detail != nil {
      value.search = text
      changeShownString {
        $0.match = nil
        $0.matchedLine = nil
      }
    }
    findInConsole(forward: true, includesCursor: true)
  }

  private mutating func findInConsole(forward: Bool, includesCursor: Bool = false) {
    guard !console.pane.search.isEmpty else {
      say("nothing was searched for yet: / searches")
      return
    }
    if console.pane.detail != nil {
      value.search = console.pane.search
      findAgain(forward: forward)
      return
    }
    let replies = console.entries.filter(\.hasReply).map(\.id)
    guard let place = consolePlace(forward: forward, includesCursor: includesCursor) else {
      say("there is no reply to search in", .warning)
      return
    }
    ask(.consoleLines, .console(.find(console.pane.search, in: replies, from: place, forward: forward)))
  }

  /// The next line of a reply from the cursor on.
  private func consolePlace(forward: Bool, includesCursor: Bool) -> ReplyPlace? {
    let rows = consoleRows
    let step = forward ? 1 : -1
    var row = console.pane.viewport.cursor + (includesCursor ? 0 : step)
    while let here = rows[row] {
      if case .reply(let index, let line) = here, console.entries[index].hasReply {
        return ReplyPlace(reply: console.entries[index].id, line: line)
      }
      row += step
    }
    return nil
  }

  mutating func takeFound(_ place: ReplyPlace?) {
    guard let place, let index = console.index(of: place.reply) else {
      say(console.pane.search + Array(" is not found from here on".utf8), .warning)
      return
    }
    console.pane.viewport.cursor = consoleRows.row(ofLine: place.line, entry: index)
    console.pane.viewport.show(count: consoleRows.count, height: consoleHeight)
    console.pane.followsEnd = false
  }

  /// The line of a reply under the cursor, with its entry.
  var consoleCursor: (entry: ConsoleEntry, line: Int?)? {
    switch consoleRows[console.pane.viewport.cursor] {
    case .command(let index, _), .note(let index, _, _): (console.entries[index], nil)
    case .reply(let index, let line): (console.entries[index], line)
    case nil: nil
    }
  }
}
