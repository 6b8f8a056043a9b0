import Canvas
import Keyspace
import Requests
import Values

extension Painter {
  mutating func drawValue(in area: Rect) {
    let isFocused = state.hasKeys(.value)
    frame.box(
      area, role: border(isFocused: isFocused), glyphs: glyphs, title: valueTitle(isFocused),
      right: valuePosition,
      bottomRight: valueHint.truncated(to: max(0, area.width - 6), ellipsis: glyphs.ellipsis))
    let inner = area.inset(dx: 2, dy: 1)
    guard state.value.key != nil else {
      drawNoValue(in: inner)
      return
    }
    let head = ValueHead(state, glyphs: glyphs)
    var y = inner.y
    for line in head.name + [head.facts, head.ttl] {
      guard y < inner.maxY else { return }
      frame.put(line.truncated(to: inner.width, ellipsis: glyphs.ellipsis), x: inner.x, y: y)
      y += 1
    }
    y += 1
    let body = Rect(x: inner.x, y: y, width: inner.width, height: max(0, inner.maxY - y))
    drawContent(in: body)
  }

  private func valueTitle(_ isFocused: Bool) -> DisplayText {
    let role: Role = isFocused ? .titleFocus : .title
    var title = text(state.value.opened?.facts.type.value.flatMap { $0 }?.title ?? "value", role)
    switch state.value.detail {
    case .element(let words, _): title += text("  ") + outside(words, .accent, cells: 60)
    case .entry(let entry, _): title += text("  entry \(entry.id.text)", .accent)
    // They are not read again.
    case .union(let other, _, _):
      title +=
        text("  union with ", .accent) + name(other.bytes[...], .accent, cells: 40) + text("  as read", .textDim)
    case .dump: title += text("  DUMP", .accent) + text("  as read", .textDim)
    case nil: break
    }
    if state.value.isStale {
      title += text("  stale", .stale)
    } else if state.isValueBehind {
      title += text("  changed since", .stale)
    }
    return title
  }

  /// `1/6`, and how much of it is loaded where that is not all.
  private var valuePosition: DisplayText {
    if let view = shownString {
      let format: String =
        switch view.format {
        case .text: "text"
        case .json: "json"
        case .hex: "hex"
        }
      guard !view.isWhole else { return text(format, .textDim) }
      return text(
        "\(format)  bytes \(Format.count(view.offset))-\(Format.count(view.end)) of \(Format.count(view.length))",
        .textDim)
    }
    if case .union(_, let members, _)? = state.value.detail {
      return text("\(Format.count(members.count)) members", .textDim)
    }
    guard case .collection(let view) = state.value.content, state.value.detail == nil else { return DisplayText() }
    let at = view.count == 0 ? 0 : view.viewport.cursor + 1
    if view.isShowingGroups { return text("\(at)/\(view.count)", .textDim) }
    if view.isIndexed || (!view.hasMore && view.filter.isEmpty && !view.isFull) {
      return text("\(Format.count(at))/\(Format.count(view.total))", .textDim)
    }
    var line = text("\(Format.count(at))/\(Format.count(view.elements.count))", .textDim)
    if !view.filter.isEmpty {
      line += text(view.hasMore || view.isRestarting ? " matches so far" : " match", .textDim)
    } else {
      line += text(" loaded", .textDim)
    }
    line += text(" of \(Format.count(view.total))", .textDim)
    if view.isFull { line += text(" (limit)", .warn) }
    return line
  }

  private var valueHint: DisplayText {
    if case .collection(let view) = state.value.content, !view.filter.isEmpty, state.value.detail == nil {
      return text("filter ", .textDim) + Escape.display(view.filter, context: .value, limit: 30, role: .match)
    }
    if state.focus == .value, state.value.detail == nil, case .collection(let view) = state.value.content,
      let name = view.element(at: view.viewport.cursor)?.name, let doubt = LookAlike.doubt(name, context: .value)
    {
      var line = DisplayText()
      line.append(glyphs.lookAlike, role: .warn)
      return line + text(" " + doubt.words, .warn)
    }
    guard state.focus == .value, let view = shownString, view.format != .hex, view.column > 0 else {
      return DisplayText()
    }
    return text("from column \(view.column)", .textDim)
  }

  private var shownString: StringView? {
    if case .dump(let view)? = state.value.detail { return view }
    return state.shownValue
  }

  private mutating func drawNoValue(in inner: Rect) {
    guard let row = state.list.cursorRow, case .folder(let prefix) = row.id else { return }
    drawFolderPane(row, prefix, in: inner)
  }

  private mutating func drawContent(in body: Rect) {
    guard body.height > 0 else { return }
    let value = state.value
    if let failure = value.failure {
      drawWrapped(outside(Array((failure.what + ": ").utf8) + failure.why, .danger, cells: 400), in: body)
      frame.put(failure.nextStep, role: .textDim, x: body.x, y: min(body.maxY - 1, body.y + 3), maxWidth: body.width)
      return
    }
    if let denial = value.opened?.denial {
      drawWrapped(denied + text(" " + DeniedText.line(denial), .warn), in: body)
      return
    }
    switch value.detail {
    case .element(_, let view), .dump(let view): draw(view, in: body, headed: true)
    case .entry(let entry, let viewport): draw(entry, viewport, in: body)
    case .union(_, let members, let viewport): draw(union: members, viewport, in: body)
    case nil:
      switch value.content {
      case .none: break
      case .string(let view): draw(view, in: body, headed: false)
      case .collection(let view): draw(view, in: body)
      case .opaque:
        let words = "no view for this type; o then D dumps it as hex, up to \(Format.size(State.dumpLimit))"
        drawWrapped(text(words, .textDim), in: body)
      }
    }
  }

  mutating func drawWrapped(_ line: DisplayText, in body: Rect) {
    for (row, part) in line.wrapped(to: body.width).enumerated() where row < body.height {
      frame.put(part, x: body.x, y: body.y + row)
    }
  }
}
