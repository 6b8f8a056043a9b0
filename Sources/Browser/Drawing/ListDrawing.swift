import Canvas
import Keyspace
import Requests
import Values

/// Columns of the list, from the right edge inwards; what does not fit goes, the name last.
struct ListColumns {
  var markX: Int
  var nameX: Int
  var nameEnd: Int
  var typeX: Int
  /// nil: no bar.
  var barX: Int?
  var ttlEnd: Int
  /// nil: no size.
  var sizeEnd: Int?
  var changedX: Int

  static let barWidth = 6
  static let ttlWidth = 10

  init(inner: Rect) {
    var x = inner.maxX - 1
    changedX = x
    if inner.width >= 50 {
      sizeEnd = x
      x -= 6
    }
    ttlEnd = x
    x -= Self.ttlWidth
    if inner.width >= 60 {
      barX = x - Self.barWidth
      x -= Self.barWidth + 1
    }
    typeX = x - 3
    markX = inner.x + 1
    nameX = inner.x + 3
    nameEnd = typeX - 1
  }
}

extension Painter {
  mutating func drawList(in area: Rect) {
    let isFocused = state.hasKeys(.list)
    let whole = listTitle(isFocused)
    let isTight = whole.width + scanTitle().width + 9 > area.width
    let right = scanTitle(isShort: isTight)
    // What is looked for stands in the field too; how much is listed stands nowhere else.
    let title = whole.truncated(
      to: max(12, area.width - 9 - right.width), ellipsis: glyphs.ellipsis)
    frame.box(
      area, role: border(isFocused: isFocused), glyphs: glyphs, title: title, right: right,
      bottomRight: listFooter)
    let inner = area.inset()
    guard inner.height >= 2 else { return }
    let columns = ListColumns(inner: inner)
    drawListHeading(columns, y: inner.y)
    let list = state.list
    guard let rows = list.rows, rows.count > 0 else {
      drawEmptyList(in: inner)
      return
    }
    let end = max(list.viewport.top, min(rows.count, list.viewport.top + inner.height - 1))
    let twins = LookAlike.twins(among: (list.viewport.top..<end).map { rows[$0].id.name.bytes })
    for line in 0..<(end - list.viewport.top) {
      let row = rows[list.viewport.top + line]
      let y = inner.y + 1 + line
      draw(row, columns, inner: inner, y: y, isCursor: list.viewport.top + line == list.viewport.cursor)
      if twins.contains(line) || LookAlike.doubt(row.id.name.bytes) != nil
        || LookAlike.doubt(row.id.name.bytes[row.labelStart...]) != nil
      {
        frame.put(glyphs.lookAlike, role: .warn, x: columns.markX + 1, y: y)
      }
    }
  }

  private func listTitle(_ isFocused: Bool) -> DisplayText {
    var title = text("Keys", isFocused ? .titleFocus : .title)
    let list = state.list
    if !list.filter.isEmpty {
      title += text("  ")
      title += Escape.display(list.filter, context: .name, limit: 40, role: .match)
    }
    if list.rowsQuery?.sort.key == .match { title += text("  best first", .textDim) }
    if let kind = list.query.kind { title += text("  only ", .textDim) + text(kind.badge, kind.role) }
    switch list.chosenExpiry {
    case .persistent: title += text("  without TTL", .textDim)
    case .volatile: title += text("  with TTL", .textDim)
    default: break
    }
    title += sortTitle
    if let row = list.cursorRow, row.depth > 0, list.query.layout == .tree {
      title += text("  ") + name(row.id.name.bytes[..<row.labelStart], .textDim, cells: 24)
    }
    return title
  }

  /// `by size · 41% known`, and never more than that.
  private var sortTitle: DisplayText {
    let (sort, scan) = (state.list.query.sort, state.list.scan)
    guard !sort.isByName, sort.key != .match else { return DisplayText() }
    var title = text("  by \(sort.key.word)", .accent)
    if sort.isReversed { title += text(", \(sort.direction)", .textDim) }
    guard !sort.facts.isEmpty else { return title }
    if let denial = scan.denial { return title + text(" ") + denied + text(" \(denial.short)", .warn) }
    if scan.sweep?.isUnkept == true { return title + text(" ") + dotted("not kept: LFU policy", .warn) }
    guard let sweep = scan.sweep, sweep.total > 0, sweep.known < sweep.total else { return title }
    return title + text(" ") + dotted("\(Self.percent(sweep.known, of: sweep.total))% known")
  }

  func dotted(_ words: String, _ role: Role = .textDim) -> DisplayText {
    var line = DisplayText()
    line.append(glyphs.dot, role: .textDim)
    return line + text(" " + words, role)
  }

  private var listFooter: DisplayText {
    guard let rows = state.list.rows, rows.count > 0 else { return DisplayText() }
    // Of a list that is not whole all numbers are lower bounds.
    func count(_ number: Int) -> String { Format.count(number) + (rows.isPartial ? "+" : "") }
    var line = DisplayText()
    if !state.list.marked.isEmpty {
      line = text("\(Format.count(state.list.marked.count)) marked ", .mark) + dotted("")
    }
    line += text("\(Format.count(state.list.viewport.cursor + 1))/\(count(rows.count))", .textDim)
    if rows.isPartial {
      line += text(" ") + dotted("\(count(rows.matchedKeys)) match so far")
    } else if state.list.query.isNarrowed {
      line += text(" ") + dotted("\(Format.count(rows.matchedKeys)) of \(Format.count(rows.totalKeys)) match")
    }
    return line
  }

  private mutating func drawListHeading(_ columns: ListColumns, y: Int) {
    frame.put("NAME", role: .textDim, x: columns.nameX, y: y)
    frame.put("TYPE", role: .textDim, x: columns.typeX, y: y)
    frame.put("TTL", role: .textDim, endX: columns.ttlEnd, y: y)
    if let end = columns.sizeEnd {
      frame.put(state.list.query.sort.key == .idle ? "IDLE" : "SIZE", role: .textDim, endX: end, y: y)
    }
  }

  private mutating func drawEmptyList(in inner: Rect) {
    let list = state.list
    let words: String
    if list.scan.phase == .denied, list.scan.trouble == nil {
      let why = list.scan.denial.map(DeniedText.line) ?? "the key space cannot be listed"
      drawWrapped(
        denied + text(" \(why)", .warn),
        in: Rect(x: inner.x + 3, y: inner.y + 1, width: max(0, inner.width - 4), height: max(0, inner.height - 1)))
      frame.put(
        text("O opens a key by its exact name", .textDim), x: inner.x + 3, y: inner.y + 4,
        maxWidth: max(0, inner.width - 4))
      return
    } else if state.trouble == .loading {
      drawLoading(in: inner)
      return
    } else if let trouble = list.scan.trouble {
      drawTrouble(trouble, in: inner)
      return
    } else if list.rows == nil || list.scan.phase == .running || list.scan.phase == .idle {
      words = "reading keys"
    } else if list.rows?.isPartial == true {
      words = "no match so far"
    } else if list.scan.keys == 0, let count = list.scan.serverCount, count > 0 {
      words = "no keys yet when this was read: R reads again"
    } else if list.query.expiry == .impossible {
      words = "no key can meet all of this: Esc shows all"
    } else if let unknown = list.rows?.unknownKeys, unknown > 0 {
      words = "no key is known to match yet: Esc shows all"
    } else if list.query.isNarrowed {
      words = list.scan.listedPattern == nil ? "no key matches: Esc shows all" : "no key matches: Esc reads all"
    } else {
      words = "db\(state.database) has no keys: b shows the databases"
    }
    frame.put(text(words, .textDim), x: inner.x + 3, y: inner.y + 1, maxWidth: max(0, inner.width - 4))
  }

  private mutating func draw(_ row: Row, _ columns: ListColumns, inner: Rect, y: Int, isCursor: Bool) {
    if isCursor {
      // The row looks selected only in the pane that has the keys; its bar stays.
      if state.focus == .list {
        frame.select(Rect(x: inner.x, y: y, width: inner.width, height: 1))
        frame.cursor = Frame.Cursor(x: inner.x, y: y, visible: state.setup.isPlain)
      }
      frame.put(glyphs.cursor, role: .cursor, x: inner.x, y: y)
    }
    let indent = min(2 * row.depth, max(0, columns.nameEnd - columns.nameX - 8))
    switch row.id {
    case .folder(let prefix): drawFolder(row, prefix, columns, x: columns.nameX + indent, y: y)
    case .key(let name): drawKey(row, name, columns, x: columns.nameX + indent, y: y)
    }
  }

  private mutating func drawFolder(_ row: Row, _ prefix: KeyName, _ columns: ListColumns, x: Int, y: Int) {
    frame.put(row.isExpanded ? glyphs.open : glyphs.closed, role: .folder, x: x, y: y)
    if !row.isExpanded, state.holdsNewKey(prefix) {
      frame.put(glyphs.appeared, role: .changed, x: columns.changedX, y: y)
    }
    // The columns of type and bar are free on this row.
    let count = folderCount(row, hasShare: columns.sizeEnd != nil)
    let room = columns.ttlEnd - count.width - 2 - (x + 2)
    let label = name(prefix.bytes[row.labelStart...], .folder, cells: room, matches: matches(in: row))
    frame.put(label, x: x + 2, y: y)
    frame.put(count, endX: columns.ttlEnd, y: y)
    if let end = columns.sizeEnd, state.list.query.sort.key != .idle, let facts = state.facts(ofFolder: prefix) {
      frame.put(memoryText(facts, .textDim), endX: end, y: y)
    }
  }

  /// What the filter found of the label of a row, in bytes of the label. A folder shows its part of what was found in the
  /// first of its keys.
  private func matches(in row: Row) -> [Range<Int>] {
    guard let filter = state.list.shownFilter else { return [] }
    var found = row.id.name
    if row.id.isFolder {
      guard let first = state.list.rows?.firstKeys(under: found, limit: 1).first else { return [] }
      found = first
    }
    return filter.matchedRanges(in: found.bytes).clamped(to: row.labelStart..<row.id.name.bytes.count)
  }

  private mutating func drawKey(_ row: Row, _ key: KeyName, _ columns: ListColumns, x: Int, y: Int) {
    let seen = state.list.seen[key]
    let ttl = seen.map { state.ttl(of: $0) } ?? .unknown
    let isGone = ttl == .gone
    let role: Role = isGone ? .ttlGone : .text
    let label = key.bytes[row.labelStart...]
    if label.isEmpty {
      frame.put("(empty)", role: .textDim, x: x, y: y, maxWidth: columns.nameEnd - x)
    } else {
      let found = isGone ? [] : matches(in: row)
      frame.put(name(label, role, cells: columns.nameEnd - x, matches: found), x: x, y: y)
    }
    // The second cell inside the frame.
    if state.list.marked.contains(key) { frame.put(glyphs.mark, role: .mark, x: columns.markX, y: y) }
    let isNew = state.isNew(key)
    if isNew, !isGone { frame.put(glyphs.appeared, role: .changed, x: columns.changedX, y: y) }
    guard let seen else {
      frame.put("?", role: .textDim, endX: columns.ttlEnd, y: y)
      return
    }
    let changed = isGone ? nil : state.changedCells(of: seen)
    if changed != nil, !isNew { frame.put(glyphs.changed, role: .changed, x: columns.changedX, y: y) }
    drawBadge(seen, isGone: isGone, x: columns.typeX, y: y)
    if case .denied = ttl {
      frame.put(denied, endX: columns.ttlEnd, y: y)
    } else {
      let role = changed?.deadline == true ? .changed : ttl.cell.role
      frame.put(text(ttl.cell(upTo: ListColumns.ttlWidth), role), endX: columns.ttlEnd, y: y)
    }
    // A TTL of a hundred thousand years takes the whole cell.
    let isFull = ttl.cell(upTo: ListColumns.ttlWidth).count >= ListColumns.ttlWidth
    if let barX = columns.barX, case .remaining(let left) = ttl, !isFull, !state.setup.isPlain {
      let bar = Bar.cells(
        fraction: Bar.ttlFraction(milliseconds: left), width: ListColumns.barWidth, fill: ttl.barRole, glyphs: glyphs)
      frame.put(bar, x: barX, y: y)
    }
    guard let end = columns.sizeEnd else { return }
    if state.list.query.sort.key == .idle {
      drawIdle(seen.facts.idleSeconds, isGone: isGone, endX: end, y: y)
    } else {
      drawSize(seen.facts.size, changed, isGone: isGone, endX: end, y: y)
    }
  }

  /// How long a key was not used when its row was read.
  private mutating func drawIdle(_ seconds: Fact<Int>, isGone: Bool, endX: Int, y: Int) {
    switch seconds {
    case .known(let seconds):
      frame.put(InspectionScreen.idleUnit(seconds), role: isGone ? .ttlGone : .textDim, endX: endX, y: y)
    case .denied: frame.put(denied, endX: endX, y: y)
    case .unknown: break
    }
  }

  mutating func drawSize(_ size: Fact<Int>, _ changed: ChangedCells?, isGone: Bool, endX: Int, y: Int) {
    switch size {
    case .known(let size):
      let role: Role = isGone ? .ttlGone : changed?.size == true ? .changed : .textDim
      frame.put(Format.size(size), role: role, endX: endX, y: y)
    case .denied: frame.put(denied, endX: endX, y: y)
    case .unknown: break
    }
  }

  mutating func drawBadge(_ seen: SeenKey, isGone: Bool, x: Int, y: Int) {
    switch seen.facts.type {
    case .known(let type?): frame.put(type.badge, role: isGone ? .ttlGone : type.role, x: x, y: y)
    case .denied: frame.put(denied, x: x, y: y)
    case .known(nil), .unknown: break
    }
  }
}
