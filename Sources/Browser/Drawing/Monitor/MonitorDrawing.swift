import Canvas
import Keyspace
import Requests
import Values

/// Columns of the keys that expire next, from the right edge inwards.
private struct MonitorColumns {
  let nameX: Int
  let nameEnd: Int
  let typeX: Int
  let ttlEnd: Int
  /// nil: no bar.
  var bar: Range<Int>?
  var sizeEnd: Int?
  let changedX: Int

  init(inner: Rect) {
    var x = inner.maxX - 2
    changedX = inner.maxX - 1
    if inner.width >= 56 {
      sizeEnd = x
      x -= 6
    }
    if inner.width >= 74 {
      let width = inner.width >= 100 ? 24 : 14
      bar = x - width..<x
      x -= width + 2
    }
    ttlEnd = x
    typeX = x - 16
    nameX = inner.x + 3
    nameEnd = typeX - 1
  }
}

extension Painter {
  mutating func drawMonitor() {
    guard let monitor = state.monitor else { return }
    let layout = state.monitorLayout
    if let area = layout.distribution { drawDistribution(monitor, in: area) }
    if let area = layout.timeline { drawTimeline(monitor, in: area) }
    drawKeys(of: monitor, in: layout.keys, isAlone: layout.timeline == nil)
  }

  private mutating func drawKeys(of monitor: MonitorState, in area: Rect, isAlone: Bool) {
    let isFocused = monitor.pane == .keys && state.console.focus == nil
    var title = text("Expiring next", isFocused ? .titleFocus : .title)
    if let bucket = bucketTitle(monitor) {
      title = text("Expiring at \(bucket)", isFocused ? .titleFocus : .title)
    }
    let conditions = state.list.keyFilter.conditions.joined(separator: " ")
    if !conditions.isEmpty { title += text("  \(conditions)", .match) }
    if isAlone || area.width < 100 { title += text("  ") + scopeText(monitor, cells: 24) }
    frame.box(
      area, role: border(isFocused: isFocused), glyphs: glyphs, title: title, right: progressText(monitor),
      bottomRight: footText(monitor))
    let inner = area.inset()
    guard inner.height >= 2 else { return }
    let columns = MonitorColumns(inner: inner)
    frame.put("KEY", role: .textDim, x: columns.nameX, y: inner.y)
    frame.put("TYPE", role: .textDim, x: columns.typeX, y: inner.y)
    frame.put("TTL", role: .textDim, endX: columns.ttlEnd, y: inner.y)
    if let bar = columns.bar {
      frame.put(bar.count >= 20 ? "LEFT OF FIRST SEEN" : "LEFT", role: .textDim, x: bar.lowerBound, y: inner.y)
    }
    if let end = columns.sizeEnd { frame.put("SIZE", role: .textDim, endX: end, y: inner.y) }
    let entries = monitor.visible(height: inner.height - 1)
    guard !entries.isEmpty else {
      frame.put(
        text(emptyWords(monitor), .textDim), x: columns.nameX, y: inner.y + 1, maxWidth: max(0, inner.width - 4))
      return
    }
    let twins = LookAlike.twins(among: entries.map(\.name.bytes))
    for (line, entry) in entries.enumerated() {
      let y = inner.y + 1 + line
      draw(entry, columns, inner: inner, y: y, isCursor: monitor.viewport.top + line == monitor.viewport.cursor)
      if twins.contains(line) || LookAlike.doubt(entry.name.bytes) != nil {
        frame.put(glyphs.lookAlike, role: .warn, x: inner.x + 2, y: y)
      }
    }
  }

  private mutating func draw(
    _ entry: ExpiryIndex.Entry, _ columns: MonitorColumns, inner: Rect, y: Int, isCursor: Bool
  ) {
    if isCursor {
      if state.monitor?.pane == .keys {
        frame.select(Rect(x: inner.x, y: y, width: inner.width, height: 1))
        frame.cursor = Frame.Cursor(x: inner.x, y: y, visible: state.setup.isPlain)
      }
      frame.put(glyphs.cursor, role: .cursor, x: inner.x, y: y)
    }
    let seen = state.list.seen[entry.name]
    let ttl = seen.map { state.ttl(of: $0) } ?? state.ttl(of: entry)
    let isGone = ttl == .gone
    if state.list.marked.contains(entry.name) { frame.put(glyphs.mark, role: .mark, x: inner.x + 1, y: y) }
    if entry.name.bytes.isEmpty {
      frame.put("(empty)", role: .textDim, x: columns.nameX, y: y, maxWidth: columns.nameEnd - columns.nameX)
    } else {
      let room = columns.nameEnd - columns.nameX
      frame.put(name(entry.name.bytes[...], isGone ? .ttlGone : .text, cells: room), x: columns.nameX, y: y)
    }
    let changed = isGone ? nil : seen.flatMap { state.changedCells(of: $0) }
    if changed != nil { frame.put(glyphs.changed, role: .changed, x: columns.changedX, y: y) }
    if let seen { drawBadge(seen, isGone: isGone, x: columns.typeX, y: y) }
    if case .denied = ttl {
      frame.put(denied, endX: columns.ttlEnd, y: y)
    } else {
      let role = changed?.deadline == true ? .changed : ttl.cell.role
      frame.put(text(ttl.cell(upTo: ListColumns.ttlWidth), role), endX: columns.ttlEnd, y: y)
    }
    if let bar = columns.bar { drawLeft(ttl, entry, seen, in: bar, y: y) }
    if let end = columns.sizeEnd { drawSize(seen?.facts.size ?? .unknown, changed, isGone: isGone, endX: end, y: y) }
  }

  /// What is left of the TTL that was seen first, or what became of the key.
  private mutating func drawLeft(
    _ ttl: TTLState, _ entry: ExpiryIndex.Entry, _ seen: SeenKey?, in bar: Range<Int>, y: Int
  ) {
    switch ttl {
    case .remaining(let left):
      guard !state.setup.isPlain, let full = seen?.fullTTL, full > 0 else {
        if let full = seen?.fullTTL, full > 0 {
          frame.put("\(Int(min(100, Double(left) / Double(full) * 100)))%", role: .textDim, x: bar.lowerBound, y: y)
        }
        return
      }
      frame.put(
        Bar.cells(fraction: Double(left) / Double(full), width: bar.count, fill: ttl.barRole, glyphs: glyphs),
        x: bar.lowerBound, y: y)
    case .due: frame.put("not reaped yet", role: .textDim, x: bar.lowerBound, y: y, maxWidth: bar.count)
    case .gone:
      let isExpired = state.remaining(until: entry.deadline, at: seen?.goneAt ?? state.now) <= 0
      frame.put(isExpired ? "expired" : "deleted", role: .ttlGone, x: bar.lowerBound, y: y)
    case .persistent: frame.put("no TTL any more", role: .textDim, x: bar.lowerBound, y: y, maxWidth: bar.count)
    case .unknown, .denied: break
    }
  }

  /// Why no deadline at all is known: then no count of them is shown, which would be 0.
  func deadlineDenial(_ monitor: MonitorState) -> Denial? {
    if case .denied(let denial) = monitor.progress.phase { return denial }
    guard state.list.scan.phase == .denied, monitor.order?.count ?? 0 == 0 else { return nil }
    return state.list.scan.denial ?? Denial(command: "SCAN", missingRule: nil)
  }

  private func emptyWords(_ monitor: MonitorState) -> String {
    if state.list.scan.phase == .denied { return "the key space cannot be listed: no deadline is known" }
    guard monitor.report != nil else { return "reading deadlines" }
    if case .denied(let denial) = monitor.progress.phase {
      return "deadlines may not be read: \(denial.short)"
    }
    let whose = monitor.progress.sampledFrom == nil ? "no key" : "no key of the sample"
    if monitor.bucket != nil { return "\(whose) expires then" }
    let expiry = state.list.query.expiry
    if expiry == .persistent || expiry == .ttl(.persistent) {
      return "keys without a TTL do not expire: q, then they are listed"
    }
    if monitor.order?.count ?? 0 > 0 {
      return "no key here meets \(String(decoding: state.list.filter, as: UTF8.self))"
    }
    if monitor.isReading { return "no key with a TTL yet" }
    if monitor.order?.target.scope.isEverything == true, state.header.server?.volatileKeys ?? 0 > 0 {
      return "no key with a TTL when this was read: R reads again"
    }
    return "no key with a TTL here: q goes back"
  }

  // MARK: - Titles

  /// How complete it is, and never more than that.
  private func progressText(_ monitor: MonitorState) -> DisplayText {
    let progress = monitor.progress
    if case .denied(let denial) = progress.phase {
      return denied + text(" \(denial.missingRule ?? denial.command)", .warn)
    }
    if state.list.scan.phase == .denied { return denied + text(" \(state.list.scan.denial?.short ?? "SCAN")", .warn) }
    var parts: [DisplayText] = []
    let paused = state.pause != nil ? "paused \(glyphs.dot.string) " : ""
    switch progress.phase {
    case .reading: parts.append(text("\(paused)\(progress.percent)% known", .accent))
    case .rereading: parts.append(text("\(paused)reading again \(progress.percent)%", .accent))
    default: break
    }
    if let all = progress.sampledFrom {
      parts.append(text("sample \(Format.count(progress.total)) of \(Format.count(all))", .warn))
    } else if progress.phase == .done {
      parts.append(countText(monitor))
    }
    // Keys that rights deny one by one.
    if progress.phase == .done, progress.unreadable > 0 {
      parts.append(denied + text(" \(Format.count(progress.unreadable)) may not be read", .warn))
    }
    if progress.phase == .done { parts.append(ageText(progress)) }
    return joined(parts)
  }

  private func countText(_ monitor: MonitorState) -> DisplayText {
    guard let order = monitor.order, let distribution = monitor.distribution else { return DisplayText() }
    let gone = state.list.seen.count { name, key in
      guard key.goneAt != nil, case .known(.at(let deadline)) = key.facts.deadline else { return false }
      return order.position(of: name, deadline: deadline) != nil
    }
    let count = max(0, order.count - gone)
    guard order.target.scope.isEverything, let server = state.header.server?.volatileKeys else {
      return text("\(Format.count(count)) with a TTL", .textDim)
    }
    if server == count { return text("all \(Format.count(count)) with a TTL", .textDim) }
    // The server has counted a moment ago, and counts what it has not reaped: what expires meanwhile makes no one wrong.
    let (passing, overflow) = (state.header.expiredPerSecond ?? 0).multipliedReportingOverflow(by: 2)
    if overflow || abs(server - count) <= distribution.due + passing {
      return text("\(Format.count(count)) with a TTL", .textDim)
    }
    return joined([
      text("\(Format.count(count)) of \(Format.count(server)) with a TTL", .textDim), text("R reads again", .textDim),
    ])
  }

  private func ageText(_ progress: ExpiryProgress) -> DisplayText {
    guard let readAt = progress.readAt else { return DisplayText() }
    // What others have done since is heard.
    if let followed = state.following.state.prefix, state.monitor?.prefix.starts(with: followed) == true,
      let since = state.following.since, since <= readAt
    {
      return text("live", .ok)
    }
    let seconds = max(0, state.displayNow - readAt) / 1_000
    if seconds < 2 { return text("read just now", .ok) }
    if seconds < 60 { return text("read \(seconds)s ago", .textDim) }
    return text("read \(TTLText.cell(remaining: seconds / 60 * 60_000)) ago", .textDim)
  }

  private func footText(_ monitor: MonitorState) -> DisplayText {
    var parts: [DisplayText] = []
    if !state.list.marked.isEmpty { parts.append(text("\(Format.count(state.list.marked.count)) marked", .mark)) }
    if !monitor.rows.isEmpty {
      parts.append(
        text("\(Format.count(monitor.viewport.cursor + 1))/\(Format.count(monitor.rows.count))", .textDim))
    }
    parts.append(text("sorted by TTL", .textDim))
    return joined(parts)
  }

  /// Row 1 of the monitor, most wanted first.
  func expiryMeasures(room: Int) -> [DisplayText] {
    var parts: [DisplayText] = []
    if let words = state.pause?.words { parts.append(text(words, .warn)) }
    guard let server = state.header.server else { return parts }
    if let keys = server.keys { parts.append(text("\(Format.count(keys)) keys", .header)) }
    if !state.limits.isEmpty { parts.append(limitsText(room: room - parts.reduce(6) { $0 + $1.width + 3 })) }
    func rate(_ title: String, _ value: Int?, _ role: Role) {
      guard let value else { return }
      parts.append(text("\(title) ", .textDim) + text("\(Format.rate(value))/s", value > 0 ? role : .header))
    }
    rate("expired", state.header.expiredPerSecond, .header)
    if let monitor = state.monitor, deadlineDenial(monitor) == nil, let due = monitor.distribution?.due {
      parts.append(text("due ", .textDim) + text(Format.count(due), due > 0 ? .danger : .header))
    }
    rate("evicted", state.header.evictedPerSecond, .warn)
    if let percent = server.stalePercent, percent > 0 {
      let tenths = Int((min(percent, 100) * 10).rounded())
      parts.append(text("not reaped ~\(tenths / 10).\(tenths % 10)%", .textDim))
    }
    return parts
  }
}

extension State {
  /// The TTL of a key that only the sweep has read.
  func ttl(of entry: ExpiryIndex.Entry) -> TTLState {
    let left = remaining(until: entry.deadline, at: displayNow)
    return left > 0 ? .remaining(left) : .due
  }
}
