import Canvas
import Keyspace
import Requests
import Values

/// Columns of the memory by prefix, from the right edge inwards; what does not fit is not there.
private struct MemoryColumns {
  let nameX: Int
  let nameEnd: Int
  var bar: Range<Int>?
  let sizeEnd: Int
  let shareEnd: Int
  var keysEnd: Int?
  var averageEnd: Int?
  var persistentEnd: Int?

  init(inner: Rect) {
    var x = inner.maxX - 1
    if inner.width >= 96 {
      persistentEnd = x
      x -= 9
    }
    if inner.width >= 70 {
      averageEnd = x
      x -= 8
    }
    if inner.width >= 48 {
      keysEnd = x
      x -= 13
    }
    shareEnd = x
    x -= 7
    sizeEnd = x
    x -= 8
    if inner.width >= 64 {
      let width = inner.width >= 100 ? 26 : 12
      bar = x - width..<x
      x -= width + 1
    }
    nameX = inner.x + 3
    nameEnd = x
  }
}

extension Painter {
  mutating func drawMemory(in area: Rect) {
    guard let memory = state.memory else { return }
    let isFocused = state.console.focus == nil
    var title = text("Memory", isFocused ? .titleFocus : .title)
    let filter = state.list.keyFilter.nameText
    title += text("  ")
    title +=
      filter.isEmpty
      ? text("db\(state.database)", .textDim) : Escape.display(filter, context: .name, limit: 30, role: .match)
    frame.box(
      area, role: border(isFocused: isFocused), glyphs: glyphs, title: title,
      right: progressText(room: area.width - title.width - 8), bottomRight: footText(memory))
    let inner = area.inset()
    guard inner.height >= 3 else { return }
    frame.put(
      sumText(room: inner.width - 4).truncated(to: inner.width - 4, ellipsis: glyphs.ellipsis), x: inner.x + 3,
      y: inner.y)
    let columns = MemoryColumns(inner: inner)
    drawHeading(columns, y: inner.y + 1)
    let rows = memory.visible(height: inner.height - 2)
    if rows.isEmpty {
      frame.put(
        text(emptyWords(memory), .textDim), x: columns.nameX, y: inner.y + 2, maxWidth: max(0, inner.width - 4))
    }
    let twins = LookAlike.twins(among: rows.map(\.id.name.bytes))
    for (line, row) in rows.enumerated() {
      let y = inner.y + 2 + line
      draw(row, columns, inner: inner, y: y, isCursor: memory.viewport.top + line == memory.viewport.cursor)
      if twins.contains(line) || LookAlike.doubt(row.id.name.bytes[row.labelStart...]) != nil {
        frame.put(glyphs.lookAlike, role: .warn, x: inner.x + 2, y: y)
      }
    }
  }

  private mutating func drawHeading(_ columns: MemoryColumns, y: Int) {
    frame.put("NAME", role: .textDim, x: columns.nameX, y: y)
    if let bar = columns.bar { frame.put("OF ALL KEYS", role: .textDim, x: bar.lowerBound, y: y) }
    frame.put("SIZE", role: .textDim, endX: columns.sizeEnd, y: y)
    frame.put("SHARE", role: .textDim, endX: columns.shareEnd, y: y)
    if let end = columns.keysEnd { frame.put("KEYS", role: .textDim, endX: end, y: y) }
    if let end = columns.averageEnd { frame.put("A KEY", role: .textDim, endX: end, y: y) }
    if let end = columns.persistentEnd { frame.put("NO TTL", role: .textDim, endX: end, y: y) }
  }

  private func emptyWords(_ memory: MemoryState) -> String {
    if state.list.scan.phase == .denied { return "the key space cannot be listed: no size is known" }
    if memory.rows == nil || state.list.scan.phase == .running { return "reading keys" }
    return memory.query.filter == nil ? "db\(state.database) has no keys" : "no key matches: / changes the filter"
  }

  // MARK: - Rows

  private mutating func draw(_ row: Row, _ columns: MemoryColumns, inner: Rect, y: Int, isCursor: Bool) {
    if isCursor {
      frame.select(Rect(x: inner.x, y: y, width: inner.width, height: 1))
      frame.cursor = Frame.Cursor(x: inner.x, y: y, visible: state.setup.isPlain)
      frame.put(glyphs.cursor, role: .cursor, x: inner.x, y: y)
    }
    let x = columns.nameX + min(2 * row.depth, max(0, columns.nameEnd - columns.nameX - 8))
    let label = row.id.name.bytes[row.labelStart...]
    switch row.id {
    case .folder(let prefix):
      frame.put(row.isExpanded ? glyphs.open : glyphs.closed, role: .folder, x: x, y: y)
      frame.put(name(label, .folder, cells: columns.nameEnd - x - 2), x: x + 2, y: y)
      drawFolder(row, state.list.folders[prefix], columns, y: y)
    case .key(let key):
      if state.list.marked.contains(key) { frame.put(glyphs.mark, role: .mark, x: inner.x + 1, y: y) }
      let seen = state.list.seen[key]
      let isGone = seen.map { state.ttl(of: $0) == .gone } ?? false
      if label.isEmpty {
        frame.put("(empty)", role: .textDim, x: x, y: y, maxWidth: columns.nameEnd - x)
      } else {
        frame.put(name(label, isGone ? .ttlGone : .text, cells: columns.nameEnd - x), x: x, y: y)
      }
      guard let seen else {
        frame.put("?", role: .textDim, endX: columns.sizeEnd, y: y)
        return
      }
      drawSize(seen.facts.size, nil, isGone: isGone, endX: columns.sizeEnd, y: y)
      if let size = seen.facts.size.value, !isGone { drawShare(size, isExact: true, columns, y: y) }
      if let end = columns.keysEnd { drawBadge(seen, isGone: isGone, x: end - 3, y: y) }
    }
  }

  private mutating func drawFolder(_ row: Row, _ facts: FolderFacts?, _ columns: MemoryColumns, y: Int) {
    if let end = columns.keysEnd { frame.put(Format.count(row.count), role: .textDim, endX: end, y: y) }
    guard let facts, let memory = state.memory(of: facts) else {
      frame.put(sizeDenial == nil ? text("?", .textDim) : denied, endX: columns.sizeEnd, y: y)
      return
    }
    frame.put(memoryText(facts, .text), endX: columns.sizeEnd, y: y)
    drawShare(memory.bytes, isExact: memory.isExact, columns, y: y)
    if let end = columns.averageEnd {
      let average = Format.size(memory.bytes / max(1, facts.keys))
      frame.put((memory.isExact ? "" : "~") + average, role: .textDim, endX: end, y: y)
    }
    if let end = columns.persistentEnd, state.tells(.deadline, of: facts.dated, in: facts) {
      let share = Self.percent(Double(facts.persistent) / Double(facts.dated))
      frame.put((facts.dated < facts.keys ? "~" : "") + share, role: .textDim, endX: end, y: y)
    }
  }

  /// Of what all keys take.
  private mutating func drawShare(_ bytes: Int, isExact: Bool, _ columns: MemoryColumns, y: Int) {
    guard let all = whole.flatMap({ state.memory(of: $0) }), all.bytes > 0 else { return }
    let share = min(1, Double(bytes) / Double(all.bytes))
    let sign = isExact && all.isExact ? "" : "~"
    frame.put(sign + Self.percent(share), role: .textDim, endX: columns.shareEnd, y: y)
    if let bar = columns.bar, !state.setup.isPlain {
      frame.put(Bar.cells(fraction: share, width: bar.count, glyphs: glyphs), x: bar.lowerBound, y: y)
    }
  }

  // MARK: - Titles

  /// What is known of all keys that the screen is about.
  private var whole: FolderFacts? { state.list.folders[KeyName([UInt8]())] }

  /// Why no size at all can be read.
  private var sizeDenial: Denial? {
    guard let denial = state.list.scan.denial, state.list.scan.phase != .denied else { return nil }
    return denial.command == "MEMORY USAGE" ? denial : nil
  }

  private var isSampled: Bool { state.list.scan.sweep?.sampledFrom != nil }

  /// What is told of folders is of the whole sample. A part of it is not picked at random: the first by name.
  private var isSampleRead: Bool {
    guard let sweep = state.list.foldersTold?.sweep else { return false }
    return isSampled && sweep.sampledFrom != nil && sweep.isDone
  }

  /// How complete it is, and never more than that.
  private func progressText(room: Int) -> DisplayText {
    let scan = state.list.scan
    if scan.phase == .denied { return denied + text(" \(scan.denial?.short ?? "SCAN")", .warn) }
    if let denial = sizeDenial { return denied + text(" \(denial.missingRule ?? denial.command)", .warn) }
    var parts: [DisplayText] = []
    if state.pause != nil { parts.append(text("paused", .accent)) }
    guard let sweep = scan.sweep, sweep.facts.contains(.size), sweep.total > 0 else {
      return joined(parts + [text(scan.keys == 0 && scan.phase == .done ? "no keys" : "reading sizes", .accent)])
    }
    if let all = sweep.sampledFrom {
      let sample = "sample \(Format.count(sweep.total)) of \(Format.count(all))"
      parts.append(text(sample, .warn))
    }
    let percent = min(99, Int(Double(sweep.known) / Double(sweep.total) * 100))
    if !sweep.isDone {
      let isAgain = whole.map { $0.outdated > 0 && $0.sized == $0.keys } ?? false
      parts.append(text(isAgain ? "reading again \(percent)%" : "\(percent)% known", .accent))
    } else if sweep.untold > 0 {
      parts.append(denied + text(" \(Format.count(sweep.untold)) may not be read", .warn))
    } else if sweep.known < sweep.total {
      // Changed by others since, or new.
      parts.append(text("\(Format.count(sweep.known)) of \(Format.count(sweep.total)) known", .textDim))
    } else if !isSampled {
      parts.append(allText(scan))
    }
    if scan.isUnderWay {
      parts.append(text("so far", .accent))
    } else if let error = errorText {
      parts.append(text("about \(error) but for huge keys", .warn))
    }
    if !scan.isUnderWay, sweep.isDone { parts.append(ageText) }
    // What does not fit goes, the last first.
    while parts.count > 1, joined(parts).width > room { parts.removeLast() }
    return joined(parts)
  }

  private func allText(_ scan: ScanProgress) -> DisplayText {
    let keys = state.list.listedKeys
    if let pattern = scan.listedPattern {
      return text("\(Format.count(keys)) keys read of ", .textDim)
        + outside(pattern, .match, cells: 24).truncated(to: 20, ellipsis: glyphs.ellipsis)
    }
    guard let server = scan.serverCount, server != keys else {
      return text("all \(Format.count(keys)) keys read", .textDim)
    }
    if scan.limit != nil {
      return text("\(Format.count(keys)) of ~\(Format.count(max(keys, server))) keys read (limit)", .warn)
    }
    if keys > server { return text("\(Format.count(keys)) keys read", .textDim) }
    return joined([
      text("\(Format.count(state.list.listedKeys)) of \(Format.count(server)) keys read", .textDim),
      text("R rescans", .textDim),
    ])
  }

  private var ageText: DisplayText {
    guard let readAt = state.list.sizesReadAt else { return text("read before: R reads again", .warn) }
    let seconds = max(0, state.displayNow - readAt) / 1_000
    if seconds < 2 { return text("just now", .ok) }
    if seconds < 60 { return text("\(seconds)s ago", .textDim) }
    return text("\(TTLText.cell(remaining: seconds / 60 * 60_000)) ago", .textDim)
  }

  /// `±0.3%`: how far a sum that is reckoned from a sample may be off; nil: nothing is, or that cannot be told.
  private var errorText: String? {
    guard isSampleRead, let whole, let bytes = whole.estimatedBytes, bytes > 0, whole.sized < whole.keys,
      let error = whole.sizeError
    else { return nil }
    let tenths = Int(min(999, (error / Double(bytes) * 1_000).rounded(.up)))
    let sign = state.setup.isASCII ? "+-" : "±"
    return tenths < 100 ? "\(sign)\(tenths / 10).\(tenths % 10)%" : "\(sign)\((tenths + 9) / 10)%"
  }

  /// What all keys take, and of how much: the rest is overhead, other databases, buffers.
  private func sumText(room: Int) -> DisplayText {
    if let denial = sizeDenial { return denied + text(" " + DeniedText.line(denial), .warn) }
    guard let whole, let memory = state.memory(of: whole) else { return text("no size is known yet", .textDim) }
    // Those that were read so far are the first by name: they tell nothing of the others.
    let isPart = whole.sized < whole.keys && state.list.foldersTold?.sweep?.isDone != true
    var line = text(state.list.query.filter == nil ? "keys " : "keys of the filter ", .textDim)
    line += isPart ? text(Format.size(whole.bytes), .textStrong) : memoryText(whole, .textStrong)
    if isPart { line += text(" so far", .accent) }
    guard let used = state.header.server?.usedMemory, used > 0 else { return line }
    let shown = isPart ? whole.bytes : memory.bytes
    let share = Double(shown) / Double(used)
    line += text(" of \(Format.size(used)) used by the server", .textDim)
    guard !state.setup.isPlain, room >= line.width + 44 else { return line + percentOfServer(share) }
    line += text("  ") + Bar.cells(fraction: share, width: 20, fill: .graph, glyphs: glyphs) + percentOfServer(share)
    let scan = state.list.scan
    let isWhole = scan.limit == nil && scan.listedPattern == nil && state.list.query.filter == nil
    let rest = text("  the rest: \(isWhole ? "" : "other keys, ")overhead, other databases", .textDim)
    return line.width + rest.width <= room ? line + rest : line
  }

  private func percentOfServer(_ share: Double) -> DisplayText { text("  \(Self.percent(min(1, share)))", .textDim) }

  private func footText(_ memory: MemoryState) -> DisplayText {
    var parts: [DisplayText] = []
    if !state.list.marked.isEmpty { parts.append(text("\(Format.count(state.list.marked.count)) marked", .mark)) }
    if let count = memory.rows?.count, count > 0 {
      parts.append(text("\(Format.count(memory.viewport.cursor + 1))/\(Format.count(count))", .textDim))
    }
    parts.append(text(memory.query.layout == .tree ? "biggest first" : "all keys, biggest first", .textDim))
    return joined(parts)
  }
}
