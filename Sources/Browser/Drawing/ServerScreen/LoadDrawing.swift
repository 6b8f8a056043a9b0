import Canvas
import Keyspace
import Requests

/// One of the charts of the server's load.
struct LoadChart {
  var title: String
  /// Stacked, the lowest first.
  var series: [(measure: LoadHistory.Measure, role: Role)]
  /// What it is now.
  var now: DisplayText
  /// What fills the chart; nil: the highest that it shows.
  var full: Double?
  /// How a height reads.
  var unit: (Double) -> String = { Format.rate(LoadChart.whole($0)) }

  /// Servers may say any number.
  static func whole(_ value: Double) -> Int { Int(min(max(0, value), 1e15).rounded()) }
}

extension Painter {
  /// Charts of what the server tells, with words that fit into so many cells.
  func loadCharts(width: Int) -> [LoadChart] {
    let load = state.header.load
    func latest(_ measure: LoadHistory.Measure, _ words: (Double) -> String) -> DisplayText {
      load.latest(measure).map { text(words($0), .header) } ?? text("-", .textDim)
    }
    func rate(_ value: Double) -> String { Format.rate(LoadChart.whole(value)) + "/s" }
    func bytes(_ value: Double) -> String { Format.size(LoadChart.whole(value)) }
    let details = state.header.server?.details
    let limit = state.header.server?.maxMemory ?? 0
    var memory = latest(.memory, bytes)
    if limit > 0, let used = load.latest(.memory) {
      let percent = LoadChart.whole(used / Double(limit) * 100)
      memory += text(" \(percent)%", percent >= 90 ? .danger : percent >= 70 ? .warn : .textDim)
    }
    var gone = text("")
    if let expired = load.latest(.expired) { gone += text("exp ", .textDim) + text(rate(expired), .header) }
    if let evicted = load.latest(.evicted), gone.isEmpty || width >= 24 || evicted > 0 {
      if width < 24 { gone = text("") }
      gone += text(gone.isEmpty ? "evict " : " evict ", .textDim) + text(rate(evicted), evicted > 0 ? .warn : .header)
    }
    let most = details?.clients.limit.map { text(" of \(Format.rate($0))", .textDim) }
    return [
      LoadChart(title: "commands", series: [(.operations, .graph)], now: latest(.operations, rate)),
      LoadChart(
        title: "hit rate", series: [(.hitRatio, .graph)],
        now: load.latest(.hitRatio).map { text(Self.percent($0), .header) } ?? text("-", .textDim), full: 1,
        unit: { Self.percent(min(1, $0)) }),
      LoadChart(
        title: "processor", series: [(.processor, .graph)],
        now: latest(.processor) { "\(LoadChart.whole($0 * 100))%" }, full: 1,
        unit: { "\(LoadChart.whole($0 * 100))%" }),
      LoadChart(
        title: "clients", series: [(.clients, .graph)],
        now: latest(.clients) { Format.count(LoadChart.whole($0)) } + (width >= 22 ? most ?? text("") : text("")),
        unit: { Format.count(LoadChart.whole($0)) }),
      LoadChart(
        title: "in", series: [(.input, .graph)], now: latest(.input) { bytes($0) + "/s" }, unit: bytes),
      LoadChart(
        title: "out", series: [(.output, .graph)], now: latest(.output) { bytes($0) + "/s" },
        unit: bytes),
      LoadChart(
        title: "gone", series: [(.evicted, .barWarn), (.expired, .graph)],
        now: gone.isEmpty ? text("-", .textDim) : gone),
      LoadChart(
        title: "memory", series: [(.memory, .graph)], now: memory, full: limit > 0 ? Double(limit) : nil, unit: bytes),
    ].filter { chart in
      chart.series.contains {
        load.has($0.measure) || $0.measure == .hitRatio && state.header.server?.keyspaceHits != nil
      }
    }
  }

  mutating func drawLoad(_ screen: ServerScreen, _ layout: ServerLayout, in area: Rect) {
    let gap = 3
    let inner = Rect(x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2)
    let count = ServerLayout.chartsInRow
    let width = max(1, (inner.width - (count - 1) * gap) / count)
    let charts = loadCharts(width: width)
    var right = text(
      "\(screen.seconds)s a column \(glyphs.dot.string) last \(InspectionScreen.idle(screen.seconds * width))", .textDim
    )
    if layout.barRows == 0 { right = DisplayText() }
    if let stale = staleText { right = stale }
    frame.box(area, role: .border, glyphs: glyphs, title: text("Load", .title), right: right)
    if let denial = state.header.server?.infoDenial {
      frame.put(
        denied + text(" \(DeniedText.line(denial))", .warn), x: inner.x, y: inner.y, maxWidth: max(0, inner.width))
      return
    }
    for (place, chart) in charts.enumerated() {
      let y = inner.y + place / count * (1 + layout.barRows + (layout.isAiry ? 1 : 0))
      let x = inner.x + place % count * (width + gap)
      draw(chart, screen, barRows: layout.barRows, in: Rect(x: x, y: y, width: width, height: 1 + layout.barRows))
    }
  }

  private mutating func draw(_ chart: LoadChart, _ screen: ServerScreen, barRows: Int, in area: Rect) {
    let sums = heights(of: chart, count: area.width, seconds: screen.seconds)
    let most = sums.reduce(0) { max($0, $1?.last ?? 0) }
    let room = area.width - chart.now.width - 1
    frame.put(chart.title, role: .textDim, x: area.x, y: area.y, maxWidth: max(0, room))
    frame.put(chart.now, endX: area.maxX, y: area.y, maxWidth: area.width)
    if chart.full == nil, most > 0, barRows > 0 {
      let peak = "max \(chart.unit(most))"
      if chart.title.count + 2 + peak.count + 1 <= room {
        frame.put(peak, role: .textDim, x: area.x + chart.title.count + 2, y: area.y)
      }
    }
    let full = max(chart.full ?? 0, most)
    let steps = glyphs.graphSteps.count
    for (column, sums) in sums.enumerated() {
      guard barRows > 0, let sums, let sum = sums.last else { continue }
      guard sum > 0, full > 0 else {
        // Nothing is something else than not known.
        frame.put(glyphs.graphSteps[0], role: .textDim, x: area.x + column, y: area.maxY - 1)
        continue
      }
      let cells = Double(barRows * steps)
      let height = max(1, Int((min(1, sum / full) * cells).rounded()))
      for row in 0..<barRows where height > row * steps {
        let part = sums.firstIndex { $0 / full * cells > Double(row * steps) } ?? sums.count - 1
        frame.put(
          glyphs.graphSteps[min(steps, height - row * steps) - 1], role: chart.series[part].role, x: area.x + column,
          y: area.maxY - 1 - row)
      }
    }
  }

  /// What the parts of each column add up to, the lowest part first; nil: nothing is known of it.
  private func heights(of chart: LoadChart, count: Int, seconds: Int) -> [[Double]?] {
    let series = chart.series.map { state.header.load.columns($0.measure, count: count, seconds: seconds) }
    guard let columns = series.map(\.count).max(), columns > 0 else { return [] }
    return (0..<columns).map { column in
      let values = series.map { column < $0.count ? $0[column] : nil }
      guard values.contains(where: { $0 != nil }) else { return nil }
      var sum = 0.0
      return values.map { value in
        sum += value ?? 0
        return sum
      }
    }
  }

  /// The charts as lines, where there is no room for more.
  func loadBlock(width: Int) -> FactBlock {
    var block = FactBlock("Load", width: width)
    let room = max(0, min(60, width - FactBlock.labelWidth - 14))
    for chart in loadCharts(width: 24) {
      var line = DisplayText()
      if !state.setup.isPlain, room >= 8 {
        let sums = heights(of: chart, count: room, seconds: state.serverScreen?.seconds ?? 1)
        let full = max(chart.full ?? 0, sums.reduce(0) { max($0, $1?.last ?? 0) })
        for sum in sums {
          guard let sum = sum?.last else {
            line.append(.blank)
            continue
          }
          let last = glyphs.graphSteps.count - 1
          let step = full > 0 ? Int((min(1, sum / full) * Double(last)).rounded()) : 0
          line.append(glyphs.graphSteps[step], role: .graph)
        }
        line += text(" ")
      }
      block.add(chart.title, line + chart.now)
    }
    return block
  }

  /// How old what is shown is, where the server does not answer.
  var staleText: DisplayText? {
    guard state.link != .connected || state.isSilent else { return nil }
    guard let readAt = state.header.readAt else { return text("[STALE]", .stale) }
    let seconds = Int(max(0, state.displayNow - readAt) / 1_000)
    return text("[STALE] as of \(InspectionScreen.idle(seconds)) ago", .stale)
  }
}
