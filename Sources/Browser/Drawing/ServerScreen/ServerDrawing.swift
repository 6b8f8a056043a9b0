import Canvas
import Keyspace
import Requests

extension Painter {
  /// The charts, and below them the page that is chosen.
  mutating func drawServerScreen() {
    guard let screen = state.serverScreen, let layout = state.serverLayout else { return }
    if let area = layout.load { drawLoad(screen, layout, in: area) }
    frame.box(
      layout.page, role: state.console.focus == nil ? .borderFocus : .border, glyphs: glyphs, title: titles(screen),
      right: ageText(screen), bottomRight: positionText(screen, layout))
    let inner = layout.page.inset()
    guard inner.height > 0, inner.width > 8 else { return }
    switch screen.page {
    case .overview: drawOverview(screen, layout, in: inner)
    case .clients: drawClients(screen, in: inner)
    case .slowLog: drawSlowLog(screen, in: inner)
    }
    guard screen.isOpened, state.overlay == nil else { return }
    if screen.page == .clients, let client = screen.client { drawOpened(client) }
    if screen.page == .slowLog, let command = screen.slowCommand { drawOpened(command) }
  }

  /// `[Overview]  Clients 23  Slow log 12`: the page that is shown is the one in brackets.
  private func titles(_ screen: ServerScreen) -> DisplayText {
    var titles = DisplayText()
    for page in ServerScreen.Page.allCases {
      if !titles.isEmpty { titles += text("  ") }
      var title = page.title
      switch page {
      case .overview: break
      case .clients:
        if let count = screen.clients.content?.count ?? state.header.server?.clients {
          title += " \(Format.count(count))"
        }
      case .slowLog: if let count = screen.slowLog.content?.count { title += " \(Format.count(count))" }
      }
      let isShown = page == screen.page
      titles += isShown ? text("[\(title)]", state.console.focus == nil ? .titleFocus : .title) : text(title, .textDim)
    }
    return titles
  }

  /// How old the list is, and that more are there than are shown.
  private func ageText(_ screen: ServerScreen) -> DisplayText {
    var parts: [DisplayText] = []
    var readAt: Int64?
    switch screen.page {
    case .overview:
      // The charts say it where they have a frame.
      return state.serverLayout?.load == nil ? staleText ?? DisplayText() : DisplayText()
    case .clients:
      readAt = screen.clients.readAt
      if let list = screen.clients.content, list.clients.count < list.count {
        parts.append(text("\(Format.count(list.clients.count)) are shown", .warn))
      }
    case .slowLog:
      readAt = screen.slowLog.readAt
      if let log = screen.slowLog.content, let count = log.count, log.commands.count < count {
        parts.append(text("the newest \(Format.count(log.commands.count))", .warn))
      }
    }
    guard let readAt else { return DisplayText() }
    let seconds = Int(max(0, state.displayNow - readAt) / 1_000)
    let isStale = state.link != .connected
    parts.append(
      text(
        seconds < 2 && !isStale ? "read just now" : "read \(InspectionScreen.idle(seconds)) ago",
        isStale ? .stale : .textDim))
    return joined(parts)
  }

  private func positionText(_ screen: ServerScreen, _ layout: ServerLayout) -> DisplayText {
    func position(_ viewport: Viewport, _ count: Int) -> DisplayText {
      count == 0 ? DisplayText() : text("\(Format.count(viewport.cursor + 1))/\(Format.count(count))", .textDim)
    }
    switch screen.page {
    case .overview:
      let length = overview(layout).columns.map(\.count).max() ?? 0
      let height = layout.page.height - 2
      guard length > height, height > 0 else { return DisplayText() }
      let top = min(screen.viewport.top, length - height)
      return text("j k scroll \(glyphs.dot.string) \(top + 1)-\(top + height) of \(length)", .textDim)
    case .clients: return position(screen.clients.viewport, screen.clients.content?.clients.count ?? 0)
    case .slowLog: return position(screen.slowLog.viewport, screen.slowLog.content?.commands.count ?? 0)
    }
  }

  /// Why there is no list; false: there is one.
  mutating func drawAbsence<Content>(_ list: ServerList<Content>, words: String?, in inner: Rect) -> Bool {
    var lines: [DisplayText] = []
    let width = max(1, inner.width - 3)
    if let failure = list.failure {
      if case .denied(let denial) = failure.kind {
        lines = (denied + text(" \(DeniedText.line(denial))", .warn)).wrappedAtBlanks(to: width)
      } else {
        let words = text("\(failure.what): ", .danger) + outside(failure.why, .danger, cells: 400)
        lines = (words + text(". \(failure.nextStep)", .textDim)).wrappedAtBlanks(to: width)
      }
    } else if let words {
      lines = text(words, .warn).wrappedAtBlanks(to: width)
    } else if list.content == nil {
      lines = [text(state.link == .connected ? "asking the server" : "no connection", .textDim)]
    } else {
      return false
    }
    for (row, line) in lines.prefix(inner.height).enumerated() {
      frame.put(line, x: inner.x + 2, y: inner.y + row, maxWidth: width)
    }
    frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
    return true
  }
}

extension ServerScreen.Page {
  var title: String {
    switch self {
    case .overview: "Overview"
    case .clients: "Clients"
    case .slowLog: "Slow log"
    }
  }

  /// Where Tab goes.
  var nextTitle: String {
    switch self {
    case .overview: "clients"
    case .clients: "slow log"
    case .slowLog: "overview"
    }
  }
}
