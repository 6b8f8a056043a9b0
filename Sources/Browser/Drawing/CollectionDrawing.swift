import Canvas
import Keyspace
import Values

extension Painter {
  mutating func draw(_ view: CollectionView, in body: Rect) {
    if view.isShowingGroups {
      drawGroups(view, in: body)
      return
    }
    let columns = CollectionColumns(view, width: body.width, height: body.height - 1)
    columns.headings.forEach { frame.put($0.word, role: .textDim, x: body.x + $0.x, y: body.y) }
    let rows = Rect(x: body.x, y: body.y + 1, width: body.width, height: max(0, body.height - 1))
    let twins = twins(in: view, height: rows.height)
    if view.count == 0 {
      let words = view.hasMore || view.isRestarting ? "searching" : view.filter.isEmpty ? "(empty)" : "no field matches"
      frame.put(words, role: .textDim, x: rows.x, y: rows.y)
      return
    }
    for line in 0..<rows.height {
      let position = view.viewport.top + line
      guard position < view.count else { break }
      let y = rows.y + line
      if position == view.viewport.cursor { markValueRow(rows, y: y) }
      guard let element = view.element(at: position) else {
        frame.put(glyphs.ellipsis, role: .textDim, x: rows.x, y: y)
        continue
      }
      draw(element, position: position, columns, x: rows.x, y: y, width: rows.width)
      if state.value.changes.marks(element, at: position, now: state.displayNow) {
        frame.put(glyphs.changed, role: .changed, x: rows.maxX, y: y)
      }
      if let name = element.name, twins.contains(line) || LookAlike.doubt(name, context: .value) != nil {
        let x = view.type == .hash ? 0 : columns.third
        let room = view.type == .hash ? columns.second - 2 : rows.width - x
        frame.put(glyphs.lookAlike, role: .warn, x: rows.x + x + min(room, outside(name, cells: room).width), y: y)
      }
    }
  }

  /// The visible lines whose field or member another one looks like.
  private func twins(in view: CollectionView, height: Int) -> Set<Int> {
    let names = (0..<max(0, height)).map { view.element(at: view.viewport.top + $0)?.name ?? [] }
    return LookAlike.twins(among: names, context: .value)
  }

  /// The cursor's bar stands in the margin, inside the frame.
  private mutating func markValueRow(_ rows: Rect, y: Int) {
    if state.focus == .value {
      frame.select(Rect(x: rows.x - 1, y: y, width: rows.width + 2, height: 1))
      frame.cursor = Frame.Cursor(x: rows.x - 1, y: y, visible: state.setup.isPlain)
    }
    frame.put(glyphs.cursor, role: .cursor, x: rows.x - 1, y: y)
  }

  private mutating func draw(
    _ element: CollectionView.Element, position: Int, _ columns: CollectionColumns, x: Int, y: Int, width: Int
  ) {
    let second = x + columns.second
    let room = width - columns.second
    switch element {
    case .element(let bytes):
      frame.put(Format.count(position), role: .field, endX: second - 2, y: y)
      put(bytes, x: second, y: y, width: room)
    case .field(let field):
      put(field.name, .field, x: x, y: y, width: columns.second - 2)
      guard let end = columns.ttlEnd else {
        put(field.value, x: second, y: y, width: room)
        return
      }
      put(field.value, x: second, y: y, width: end - CollectionColumns.ttlWidth - 2 - columns.second)
      let ttl = state.ttl(of: field)
      if case .denied = ttl {
        frame.put(denied, endX: x + end, y: y)
      } else {
        frame.put(text(ttl.cell(upTo: CollectionColumns.ttlWidth), ttl.cell.role), endX: x + end, y: y)
      }
    case .member(let bytes): put(bytes, x: x, y: y, width: width)
    case .scored(let entry):
      frame.put(Format.count(position), role: .textDim, endX: second - 2, y: y)
      frame.put(
        outside(entry.score, .field, cells: columns.third - columns.second - 2), endX: x + columns.third - 2, y: y)
      put(entry.member, x: x + columns.third, y: y, width: width - columns.third)
    case .entry(let entry):
      frame.put(entry.id.text, role: .field, x: x, y: y, maxWidth: columns.second - 2)
      var third = second
      if columns.third > columns.second {
        let date = DateText.utc(milliseconds: Int64(clamping: entry.id.milliseconds)) ?? ""
        frame.put(date, role: .textDim, x: second, y: y)
        third = x + columns.third
      }
      frame.put(fields(of: entry, cells: x + width - third), x: third, y: y, maxWidth: x + width - third)
    }
  }

  private func fields(of entry: StreamPage.Entry, cells: Int) -> DisplayText {
    var line = DisplayText()
    for (name, value) in entry.fields where line.width <= cells {
      if !line.isEmpty { line.append("  ") }
      line += outside(name, .field, cells: cells) + text("=", .textDim) + outside(value, cells: cells)
    }
    return line.truncated(to: cells, ellipsis: glyphs.ellipsis)
  }

  private mutating func put(_ bytes: [UInt8], _ role: Role = .text, x: Int, y: Int, width: Int) {
    guard width > 0 else { return }
    if bytes.isEmpty {
      frame.put("(empty)", role: .textDim, x: x, y: y, maxWidth: width)
    } else {
      frame.put(outside(bytes, role, cells: width).truncated(to: width, ellipsis: glyphs.ellipsis), x: x, y: y)
    }
  }

  private mutating func drawGroups(_ view: CollectionView, in body: Rect) {
    // Right edges of the numbers; the last delivered id only where there is room for it.
    let lastEnd = body.width >= 70 ? body.maxX : nil
    let lagEnd = lastEnd.map { $0 - 24 } ?? body.maxX
    let ends = [lagEnd - 18, lagEnd - 8, lagEnd]
    frame.put("GROUP", role: .textDim, x: body.x, y: body.y)
    for (end, word) in zip(ends, ["CONSUMERS", "PENDING", "LAG"]) {
      frame.put(word, role: .textDim, endX: end, y: body.y)
    }
    if let lastEnd { frame.put("LAST DELIVERED", role: .textDim, endX: lastEnd, y: body.y) }
    switch view.groups {
    case .denied(let denial): frame.put(denied + text(" " + DeniedText.line(denial), .warn), x: body.x, y: body.y + 1)
    case .unknown: frame.put("not read", role: .textDim, x: body.x, y: body.y + 1)
    case .known(let groups):
      if groups.isEmpty { frame.put("no consumer groups", role: .textDim, x: body.x, y: body.y + 1) }
      for line in 0..<max(0, min(body.height - 1, groups.count - view.viewport.top)) {
        let index = view.viewport.top + line
        let y = body.y + 1 + line
        if index == view.viewport.cursor {
          markValueRow(Rect(x: body.x, y: body.y + 1, width: body.width, height: body.height - 1), y: y)
        }
        let group = groups[index]
        put(group.name, .field, x: body.x, y: y, width: ends[0] - 10 - body.x)
        frame.put(Format.count(group.consumers), endX: ends[0], y: y)
        frame.put(Format.count(group.pending), role: group.pending > 0 ? .warn : .text, endX: ends[1], y: y)
        frame.put(group.lag.map { Format.count($0) } ?? "?", endX: ends[2], y: y)
        if let lastEnd {
          frame.put(outside(Array(group.lastDelivered.utf8), .textDim, cells: 22), endX: lastEnd, y: y, maxWidth: 22)
        }
      }
    }
  }

  mutating func draw(_ entry: StreamPage.Entry, _ viewport: Viewport, in body: Rect) {
    frame.put("FIELD", role: .textDim, x: body.x, y: body.y)
    let widest = entry.fields.map { outside($0.name, cells: 24).width }.max() ?? 5
    let second = min(24, max(5, widest)) + 2
    frame.put("VALUE", role: .textDim, x: body.x + second, y: body.y)
    for line in 0..<max(0, min(body.height - 1, entry.fields.count - viewport.top)) {
      let field = entry.fields[viewport.top + line]
      put(field.name, .field, x: body.x, y: body.y + 1 + line, width: second - 2)
      put(field.value, x: body.x + second, y: body.y + 1 + line, width: body.width - second)
    }
  }

  mutating func draw(union members: [[UInt8]], _ viewport: Viewport, in body: Rect) {
    frame.put("MEMBER   h goes back", role: .textDim, x: body.x, y: body.y)
    let rows = Rect(x: body.x, y: body.y + 1, width: body.width, height: max(0, body.height - 1))
    for line in 0..<max(0, min(rows.height, members.count - viewport.top)) {
      if viewport.top + line == viewport.cursor { markValueRow(rows, y: rows.y + line) }
      put(members[viewport.top + line], x: rows.x, y: rows.y + line, width: rows.width)
    }
  }
}

/// Where the columns of a collection begin, in cells from the left.
struct CollectionColumns {
  /// The second and third column; the third is 0 where there is none.
  var second = 0
  var third = 0
  /// Behind the TTLs of fields; nil where there are none.
  var ttlEnd: Int?
  var headings: [(word: String, x: Int)] = []

  static let ttlWidth = 8

  init(_ view: CollectionView, width: Int, height: Int) {
    let from = view.viewport.top - view.start
    let visible = view.elements.indices.clamped(to: max(0, from)..<max(0, from, from + height))
    switch view.type {
    case .list:
      second = max(5, Format.count(max(0, view.total - 1)).count) + 2
      headings = [("INDEX", second - 7), ("ELEMENT", second)]
    case .hash:
      let width = view.showsDeadlines ? width - Self.ttlWidth - 2 : width
      let widest = visible.map { Self.width(view.elements[$0], limit: width / 2) }.max() ?? 5
      second = min(max(5, widest), max(5, width * 2 / 5)) + 2
      headings = [("FIELD", 0), ("VALUE", second)]
      if view.showsDeadlines {
        let end = width + Self.ttlWidth + 2
        ttlEnd = end
        headings.append(("TTL", end - 3))
      }
    case .set: headings = [("MEMBER", 0)]
    case .sortedSet:
      second = max(4, Format.count(max(0, view.total - 1)).count) + 2
      let widest = visible.map { Self.width(view.elements[$0], limit: 24) }.max() ?? 5
      third = second + max(5, widest) + 2
      headings = [("RANK", second - 6), ("SCORE", third - 7), ("MEMBER", third)]
    case .stream:
      let widest = visible.map { Self.width(view.elements[$0], limit: 40) }.max() ?? 15
      second = max(2, widest) + 2
      third = width >= 70 ? second + 22 : second
      headings = [("ID", 0), ("FIELDS", third)]
      if third > second { headings.insert(("TIME", second), at: 1) }
    default: break
    }
  }

  private static func width(_ element: CollectionView.Element, limit: Int) -> Int {
    switch element {
    case .field(let field): min(limit, Escape.display(field.name, limit: limit).width)
    case .scored(let entry): min(limit, entry.score.count)
    case .entry(let entry): min(limit, entry.id.text.count)
    default: 0
    }
  }
}
