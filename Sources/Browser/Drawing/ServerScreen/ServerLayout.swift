import Canvas
import Requests

/// Where the parts of the server's screen lie, from its size alone.
struct ServerLayout: Equatable {
  /// The charts; nil: no room for them beside the page, so they are lines of the overview.
  var load: Rect?
  var page: Rect
  /// Rows of a chart's bars.
  var barRows = 0
  /// A blank row below each row of charts.
  var isAiry = false

  /// Charts beside each other.
  static let chartsInRow = 4

  /// - Parameter hasBars: false for screen readers, which get the numbers alone.
  init(area: Rect, hasBars: Bool) {
    page = area
    guard area.width >= 56, area.height >= 18 else { return }
    isAiry = area.width >= 76 && area.height >= 28
    barRows = !hasBars ? 0 : isAiry ? 3 : 2
    if !hasBars { isAiry = false }
    let height = 2 + 2 * (1 + barRows) + (isAiry ? 1 : 0)
    load = Rect(x: area.x, y: area.y, width: area.width, height: height)
    page = Rect(x: area.x, y: area.y + height, width: area.width, height: area.height - height)
  }
}

extension State {
  /// nil: the console has the whole screen.
  var serverLayout: ServerLayout? {
    // As one pane alone: the console takes its rows from below.
    Layout(size: size, focus: .list, isZoomed: true, console: consoleExtent, hasBanner: isBannerShown).list
      .map { ServerLayout(area: $0, hasBars: !setup.isPlain) }
  }

  /// Rows inside the page's frame.
  var serverPageHeight: Int { max(1, (serverLayout?.page.height ?? 3) - 2) }

  /// Rows of a list, under its heading.
  var serverListHeight: Int { max(1, serverPageHeight - 1) }

  /// Lines of the longest column of the overview.
  var serverOverviewLength: Int {
    guard let layout = serverLayout else { return 0 }
    let painter = Painter(
      state: self, glyphs: setup.isASCII ? .ascii : .unicode, frame: Frame(size: Size(width: 0, height: 0)))
    return painter.overview(layout).columns.map(\.count).max() ?? 0
  }

  /// A click goes to the row of the list; on the row that has the cursor it opens.
  mutating func clickInServer(_ event: MouseEvent) {
    guard let screen = serverScreen, let page = serverLayout?.page, page.contains(x: event.x, y: event.y) else {
      return
    }
    let line = event.y - page.y - 2
    guard line >= 0, line < serverListHeight else { return }
    func isThere(_ viewport: inout Viewport, _ count: Int) -> Bool {
      let row = viewport.top + line
      guard row < count, row != viewport.cursor else { return row < count }
      viewport.cursor = row
      return false
    }
    var changed = screen
    let isOpening =
      switch screen.page {
      case .overview: false
      case .clients: isThere(&changed.clients.viewport, screen.clients.content?.clients.count ?? 0)
      case .slowLog: isThere(&changed.slowLog.viewport, screen.slowLog.content?.commands.count ?? 0)
      }
    serverScreen = changed
    if isOpening { _ = performInServer(.open) }
  }
}
