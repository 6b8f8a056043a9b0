import Canvas

/// Where the parts of the screen of the Compose project lie, from its size and how many rows its table has.
struct ComposeLayout: Equatable {
  /// With its frame.
  var area: Rect
  /// The folder, the tool and the engine; nil: no room.
  var info: Rect?
  /// Services, under their heading, which stands in the line above.
  var table: Rect
  /// What is said of the row under the cursor, with the rule over it; nil: no room.
  var detail: Rect?
  /// What a command writes, with the rule over it, which is the frame's where the pane is alone; nil: it is closed.
  var pane: Rect?
  var isPaneAlone = false

  init(size: Size, rows: Int, hasPane: Bool, isZoomed: Bool, hasBanner: Bool) {
    let top = hasBanner ? 2 : 1
    area = Rect(x: 0, y: top, width: size.width, height: max(2, size.height - top - 1))
    let inner = area.inset()
    isPaneAlone = hasPane && isZoomed
    // What the table and eight lines of detail leave, and near the half in any case.
    let paneHeight = !hasPane ? 0 : max(4, inner.height * 45 / 100, inner.height - (2 + rows + 8))
    if hasPane {
      pane =
        isPaneAlone
        ? Rect(x: inner.x, y: area.y, width: inner.width, height: area.height - 1)
        : Rect(x: inner.x, y: inner.maxY - paneHeight, width: inner.width, height: paneHeight)
    }
    let rest = max(2, inner.height - paneHeight)
    var y = inner.y
    if rest >= 9 {
      info = Rect(x: inner.x, y: y, width: inner.width, height: 1)
      y += 1
    }
    y += 1
    let room = max(1, inner.y + rest - y)
    let leastDetail = room >= 12 ? 6 : room >= 8 ? 5 : room >= 5 ? 3 : room >= 4 ? 2 : 0
    let tableHeight = leastDetail == 0 ? room : max(1, min(max(1, rows), room - leastDetail))
    table = Rect(x: inner.x, y: y, width: inner.width, height: tableHeight)
    if leastDetail > 0 {
      detail = Rect(x: inner.x, y: y + tableHeight, width: inner.width, height: room - tableHeight)
    }
  }

  /// Inside the pane, under its rule.
  var paneSize: Size { Size(width: max(1, (pane?.width ?? 3) - 2), height: max(1, (pane?.height ?? 2) - 1)) }
}

extension State {
  var composeLayout: ComposeLayout {
    ComposeLayout(
      size: size, rows: compose.rowCount, hasPane: compose.run != nil, isZoomed: compose.isPaneZoomed,
      hasBanner: isBannerShown)
  }
}
