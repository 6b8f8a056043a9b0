import Canvas
import Keyspace
import Requests

/// The plan for the TTLs of many keys, in its form.
extension Painter {
  /// What it is about, and what the keys are.
  func addHead(of bulk: BulkTTL, to box: inout EditingBox, width: Int) {
    box.add(source(of: bulk, width: width))
    if !bulk.isComplete { box.add(text(BulkTTL.incomplete, .warn), width: width) }
    guard bulk.findings != nil else {
      let count = bulk.readCount > 0 ? " \(Format.count(bulk.readCount)) of \(Format.count(bulk.names.count))" : ""
      if !bulk.isReadingHeldUp { box.add(text("reading what they are\(count)", .textDim)) }
      return
    }
    var parts = ["\(Format.count(bulk.volatile)) with a TTL", "\(Format.count(bulk.persistent)) without"]
    if bulk.gone > 0 { parts.append("\(Format.count(bulk.gone)) gone") }
    if bulk.unreadable > 0 { parts.append("\(Format.count(bulk.unreadable)) whose type or TTL may not be read stay") }
    box.add(text(parts.joined(separator: ", "), .text), width: width)
  }

  private func source(of bulk: BulkTTL, width: Int) -> DisplayText {
    guard case .folder(let prefix, let within) = bulk.source else {
      return outside(bulk.source.words(count: bulk.names.count), .textStrong, cells: 2 * width)
        .truncated(to: width, ellipsis: glyphs.ellipsis)
    }
    var tail = text("*", .textDim)
    for part in within { tail += text(", ", .textDim) + outside(part, .text, cells: width / 3) }
    var count = text(" ")
    count.append(glyphs.dot, role: .textDim)
    count += text(" \(Format.count(bulk.names.count)) \(bulk.names.count == 1 ? "key" : "keys")", .textStrong)
    let room = max(8, width - 7 - count.width - tail.width)
    return text("folder ", .textDim) + name(prefix[...], .textStrong, cells: room) + tail + count
  }

  /// Both histograms, and what will run.
  func addPreview(of bulk: BulkTTL, _ form: Form, to box: inout EditingBox, width: Int) {
    guard let plan = bulk.plan else { return }
    addHistograms(of: plan, to: &box, width: width)
    if let mistake = plan.mistake {
      box.lines.append(.rule("will run"))
      box.add(text(mistake, .warn), width: width)
      return
    }
    guard plan.count > 0 else {
      box.lines.append(.rule("will run"))
      box.add(text("no TTL is there to be taken away: nothing is sent", .textDim))
      return
    }
    let first = bulk.edits(database: form.database, session: form.session, limit: 3)
    box.addCommands(first.flatMap(\.plan.commands), width: width, limit: 2, ellipsis: glyphs.ellipsis)
    if plan.count > 3 { box.add(text("and \(Format.count(plan.count - 3)) more like these", .textDim)) }
    if let stays = plan.stays { box.add(text(stays, .warn)) }
    if let edit = first.first { box.addAside(text(edit.condition(hasFieldTTLs: false), .textDim), width: width) }
  }

  private func addHistograms(of plan: BulkPlan, to box: inout EditingBox, width: Int) {
    // Behind the graph: the highest step, and keys without a TTL.
    let room = width - 8 - 26
    let merge = room >= BulkPlan.steps ? 1 : room >= BulkPlan.steps / 2 ? 2 : 4
    let before = plan.before.merged(by: merge)
    let after = plan.after?.merged(by: merge)
    let highest = max(before.max() ?? 0, after?.max() ?? 0)
    func add(_ label: String, _ counts: [Int], none: Int) {
      var line = text(label, .textDim)
      for count in counts { line.append(step(count, of: highest), role: .graph) }
      line += text("  highest \(Format.count(counts.max() ?? 0))", .textDim)
      if none > 0 { line += text("  none \(Format.count(none))", .text) }
      box.add(line.truncated(to: width, ellipsis: glyphs.ellipsis))
    }
    add("before  ", before, none: plan.before.none)
    if let after { add("after   ", after, none: plan.after?.none ?? 0) }
    // A server may say any time.
    let (length, isTooLong) = plan.before.axis.upperBound.subtractingReportingOverflow(plan.before.axis.lowerBound)
    let end = TTLText.cell(remaining: isTooLong ? .max : length)
    guard plan.before.axis.upperBound > plan.before.axis.lowerBound else { return }
    let gap = max(1, before.count - 3 - end.count)
    let blanks = { String(repeating: " ", count: $0) }
    box.lines.append(.aside(text(blanks(8) + "now" + blanks(gap) + end, .textDim)))
  }

  /// Nothing is a blank, and a single key has a height.
  private func step(_ count: Int, of highest: Int) -> Glyph {
    guard count > 0, highest > 0 else { return .blank }
    let last = glyphs.graphSteps.count - 1
    return glyphs.graphSteps[min(last, Int(Double(count) / Double(highest) * Double(last + 1)))]
  }

  /// The exact names, with the TTL of each before and after.
  mutating func drawNames(of bulk: BulkTTL, _ viewport: Viewport) {
    let count = Format.count(bulk.names.count)
    let inner = window(
      Size(width: min(frame.size.width - 4, 110), height: min(frame.size.height - 4, bulk.names.count + 3)),
      title: "\(count) \(bulk.names.count == 1 ? "name" : "names"), exactly these", hint: "Esc goes back to the plan")
    let ends = [inner.maxX - 14, inner.maxX - 1]
    frame.put("NAME", role: .textDim, x: inner.x + 2, y: inner.y)
    frame.put("TTL", role: .textDim, endX: ends[0], y: inner.y)
    frame.put("AFTERWARDS", role: .textDim, endX: ends[1], y: inner.y)
    var viewport = viewport
    viewport.show(count: bulk.names.count, height: inner.height - 1)
    let shown = viewport.top..<max(viewport.top, min(viewport.top + inner.height - 1, bulk.names.count))
    let twins = LookAlike.twins(among: shown.map { bulk.names[$0].bytes })
    for (line, index) in shown.enumerated() {
      let y = inner.y + 1 + line
      if index == viewport.cursor { markRow(inner, y: y) }
      frame.put(
        name(bulk.names[index].bytes[...], cells: max(4, inner.width - 30)), x: inner.x + 2, y: y,
        maxWidth: max(4, inner.width - 30))
      if twins.contains(line) || LookAlike.doubt(bulk.names[index].bytes) != nil {
        frame.put(glyphs.lookAlike, role: .warn, x: inner.x + 1, y: y)
      }
      let (before, after) = words(of: bulk, index)
      frame.put(before, role: .text, endX: ends[0], y: y)
      frame.put(after, role: before == after ? .textDim : .ok, endX: ends[1], y: y)
    }
  }

  private func words(of bulk: BulkTTL, _ index: Int) -> (before: String, after: String) {
    switch bulk.findings?[index] {
    case nil: return ("?", "?")
    case .gone?: return ("gone", "gone")
    case .unreadable?: return ("?", "stays")
    case .present(_, let deadline)?:
      let before = cell(deadline, at: state.clock.isKnown ? state.clock.serverTime(at: state.now) : state.wall)
      guard let plan = bulk.plan, !plan.changes.isEmpty else { return (before, "") }
      guard let change = plan.changes[index] else { return (before, before) }
      // A TTL that is set counts from when it is sent.
      if case .after(let time) = change { return (before, TTLText.cell(remaining: time)) }
      let now = state.clock.isKnown ? state.clock.serverTime(at: state.now) : state.wall
      return (before, cell(plan.deadline(at: index, from: deadline), at: now))
    }
  }

  private func cell(_ deadline: Deadline, at serverTime: Int64) -> String {
    guard let left = deadline.remaining(at: serverTime) else { return deadline == .persistent ? "-" : "?" }
    return TTLText.cell(remaining: left)
  }
}
