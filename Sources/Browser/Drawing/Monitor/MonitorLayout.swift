import Canvas

/// Where the parts of the expiry monitor lie, from the size of the screen alone.
struct MonitorLayout: Equatable {
  /// nil: not on the screen.
  var distribution: Rect?
  var timeline: Rect?
  var keys: Rect

  /// Six classes and what is said below them.
  private static let panelHeight = 9
  /// One cell for each of sixty buckets, and the frame.
  private static let timelineWidth = 62

  /// - Parameter top: the first row that is the monitor's.
  init(size: Size, top: Int = 1) {
    let body = Rect(x: 0, y: top, width: size.width, height: max(0, size.height - 2))
    guard size.width >= 60, body.height >= Self.panelHeight + 7 else {
      keys = body
      return
    }
    let height = max(Self.panelHeight, min(15, body.height / 4))
    if size.width >= 80 {
      let left = size.width >= 100 ? max(38, size.width * 2 / 5) : size.width - Self.timelineWidth
      distribution = Rect(x: 0, y: top, width: left, height: height)
      timeline = Rect(x: left, y: top, width: size.width - left, height: height)
    } else {
      timeline = Rect(x: 0, y: top, width: size.width, height: height)
    }
    keys = Rect(x: 0, y: top + height, width: size.width, height: body.height - height)
  }
}

extension State {
  var monitorLayout: MonitorLayout {
    // The console takes its rows from below.
    MonitorLayout(
      size: Size(width: size.width, height: (layout.list?.height ?? size.height - 2) + 2), top: layout.list?.y ?? 1)
  }

  /// Rows of keys that fit: inside their frame, under their heading.
  var monitorHeight: Int { max(1, monitorLayout.keys.height - 3) }
}
