import Canvas
import Keyspace
import Requests

/// How the buckets of a timeline are laid over columns.
struct TimelineColumns {
  /// Cells of a bucket, or 1 where several share one.
  let cells: Int
  /// Buckets of a column.
  let buckets: Int
  let columns: Int

  private static let widest = 3

  init(buckets count: Int, width: Int) {
    cells = max(1, min(Self.widest, width / max(1, count)))
    buckets = max(1, (count + max(1, width) - 1) / max(1, width))
    columns = (count + buckets - 1) / buckets
  }

  /// Where a bucket's column begins.
  func x(of bucket: Int) -> Int { bucket / buckets * cells }
}

extension Painter {
  mutating func drawTimeline(_ monitor: MonitorState, in area: Rect) {
    let isFocused = monitor.pane == .timeline && state.console.focus == nil
    let scale = text(monitor.scale.title + (monitor.isLogarithmic ? " \(glyphs.dot.string) log" : ""), .textDim)
    frame.box(
      area, role: border(isFocused: isFocused), glyphs: glyphs,
      title: text("Timeline", isFocused ? .titleFocus : .title), right: scale,
      bottomRight: area.width >= 50 ? text("Tab chooses a bucket, o the scale", .textDim) : DisplayText())
    let inner = area.inset()
    guard let timeline = monitor.timeline, inner.height >= 4 else { return }
    if deadlineDenial(monitor) != nil {
      frame.put("deadlines may not be read", role: .textDim, x: inner.x + 1, y: inner.y)
      return
    }
    let margin = inner.width >= timeline.counts.count + 6 ? 3 : inner.width > timeline.counts.count ? 1 : 0
    let columns = TimelineColumns(buckets: timeline.counts.count, width: inner.width - margin)
    let chart = Rect(x: inner.x + margin, y: inner.y, width: inner.width - margin, height: inner.height - 2)
    let chosen = monitor.bucket.flatMap { timeline.bucket(of: $0.lowerBound) }
    drawBars(timeline, monitor, columns, chosen: chosen, in: chart)
    drawAxis(timeline, columns, chosen: chosen, x: chart.x, width: chart.width, y: chart.maxY)
    frame.put(
      bucketLine(monitor, timeline).truncated(to: inner.width - max(1, margin), ellipsis: glyphs.ellipsis),
      x: inner.x + max(1, margin), y: chart.maxY + 1)
  }

  private mutating func drawBars(
    _ timeline: ExpiryTimeline, _ monitor: MonitorState, _ columns: TimelineColumns, chosen: Int?, in chart: Rect
  ) {
    let counts = (0..<columns.columns).map { column in
      let first = column * columns.buckets
      return timeline.counts[first..<min(first + columns.buckets, timeline.counts.count)].reduce(0, +)
    }
    let most = counts.max() ?? 0
    guard most > 0 else { return }
    let steps = glyphs.graphSteps.count
    let stampedes = Set(monitor.stampedeBuckets.map { $0 / columns.buckets })
    for (column, count) in counts.enumerated() where count > 0 {
      let part =
        monitor.isLogarithmic
        ? Bar.logarithm(1 + Double(count)) / Bar.logarithm(1 + Double(most)) : Double(count) / Double(most)
      let height = max(1, Int((part * Double(chart.height * steps)).rounded()))
      let isChosen = column == chosen.map { $0 / columns.buckets }
      let role: Role = stampedes.contains(column) ? .danger : isChosen ? .accent : .graph
      for row in 0..<chart.height {
        let filled = min(steps, height - row * steps)
        guard filled > 0 else { break }
        for cell in 0..<columns.cells {
          frame.put(
            glyphs.graphSteps[filled - 1], role: role, x: chart.x + column * columns.cells + cell,
            y: chart.maxY - 1 - row)
        }
      }
    }
  }

  private mutating func drawAxis(
    _ timeline: ExpiryTimeline, _ columns: TimelineColumns, chosen: Int?, x: Int, width: Int, y: Int
  ) {
    for bucket in stride(from: 0, to: timeline.counts.count, by: timeline.scale.tick) {
      let label = bucket == 0 ? "0\(timeline.scale.unit)" : "\(bucket)"
      let start = columns.x(of: bucket)
      if start + label.count <= width { frame.put(label, role: .textDim, x: x + start, y: y) }
    }
    guard let chosen else { return }
    for cell in 0..<columns.cells {
      frame.put(glyphs.pointer, role: .cursor, x: x + columns.x(of: chosen) + cell, y: y)
    }
  }

  /// The chosen bucket, else the stampede, else how many there are.
  private func bucketLine(_ monitor: MonitorState, _ timeline: ExpiryTimeline) -> DisplayText {
    if let bucket = monitor.bucket {
      var pointer = DisplayText()
      pointer.append(glyphs.pointer, role: .cursor)
      pointer += text(" ")
      guard let chosen = monitor.chosen else {
        let whose = monitor.progress.sampledFrom == nil ? "no key" : "no key of the sample"
        return pointer + text("\(whose) expires at \(time(of: bucket, monitor.scale))", .textDim)
      }
      let isStampede = timeline.bucket(of: bucket.lowerBound).map(monitor.stampedeBuckets.contains) ?? false
      return pointer + describe(chosen, monitor, isStampede ? .danger : .text, isStampede: isStampede)
    }
    if let stampede = monitor.stampede {
      var pointer = DisplayText()
      pointer.append(glyphs.pointer, role: .danger)
      return pointer + text(" ") + describe(stampede, monitor, .danger, isStampede: true)
    }
    let total = "\(Format.count(timeline.total)) \(timeline.total == 1 ? "key" : "keys")"
    if case .reading = monitor.progress.phase { return text("\(total) so far", .textDim) }
    guard let elsewhere = monitor.elsewhere else {
      return text("\(total)\(monitor.progress.sampledFrom == nil ? "" : " of the sample"), no stampede", .textDim)
    }
    let way = elsewhere.scale.rawValue > timeline.scale.rawValue ? "coarser" : "finer"
    return text("\(total) \(glyphs.dot.string) \(way): ", .textDim)
      + describe(elsewhere, monitor, .danger, isStampede: true)
  }

  /// `412 keys at 12:05:02 · stampede · session:eu:* 88%`.
  private func describe(
    _ some: Stampede, _ monitor: MonitorState, _ role: Role, isStampede: Bool
  ) -> DisplayText {
    var count = "\(Format.count(some.count)) \(some.count == 1 ? "key" : "keys")"
    if let all = monitor.progress.sampledFrom, let order = monitor.order, order.target.sample.share > 0, all > 0 {
      count = "~\(Format.count(Int(Double(some.count) / order.target.sample.share))) keys (\(count) of the sample)"
    }
    var when = time(of: some.range, some.scale)
    if let moment = some.moment, let finer = ExpiryTimeline.Scale(rawValue: some.scale.rawValue - 1) {
      let precise = time(of: moment, finer)
      let part = some.momentCount * 100 / max(1, some.count)
      when = some.momentCount == some.count ? precise : "\(when), \(part)% at \(precise)"
    }
    var parts = [text("\(count) at \(when)", role)]
    if isStampede { parts.append(text("stampede", role)) }
    if let folder = some.folder {
      var words = name(folder.prefix.bytes[...], role, cells: 28) + text("*", role)
      if folder.count < some.looked { words += text(" \(folder.count * 100 / max(1, some.looked))%", role) }
      parts.append(words)
    }
    return joined(parts)
  }

  private func time(of range: Range<Int64>, _ scale: ExpiryTimeline.Scale) -> String {
    scale.title(of: range, localOffset: state.setup.localOffset)
  }

  /// What is chosen, for the title of the keys.
  func bucketTitle(_ monitor: MonitorState) -> String? {
    monitor.bucket.map { time(of: $0, monitor.scale) }
  }
}

extension ExpiryTimeline.Scale {
  /// When a bucket is, in local time.
  func title(of bucket: Range<Int64>, localOffset: (Int64) -> Int64) -> String {
    let local = bucket.lowerBound + localOffset(bucket.lowerBound / 1_000) * 1_000
    return DateText.bucket(self, local: local) + (bucket.upperBound == .max ? " or later" : "")
  }
}

extension ExpiryTimeline.Scale {
  fileprivate var title: String {
    switch self {
    case .second: "by second, next 60 s"
    case .minute: "by minute, next hour"
    case .hour: "by hour, next day"
    case .day: "by day"
    }
  }

  fileprivate var unit: String {
    switch self {
    case .second: "s"
    case .minute: "m"
    case .hour: "h"
    case .day: "d"
    }
  }

  /// Buckets between two labels of the axis.
  fileprivate var tick: Int {
    switch self {
    case .second, .minute: 10
    case .hour: 6
    case .day: 7
    }
  }
}
