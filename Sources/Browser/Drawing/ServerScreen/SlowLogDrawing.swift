import Canvas
import Requests

extension Painter {
  private static let slowColumns: [TableColumns.Column] = [
    .init(title: "ID", width: 6, most: 8, isRight: true, rank: 3),
    .init(title: "WHEN", width: 10, most: 10, rank: 1),
    .init(title: "TOOK", width: 8, most: 8, isRight: true, rank: 0),
    .init(title: "COMMAND", width: 30, most: 400, rank: 0),
    .init(title: "CLIENT", width: 21, most: 21, rank: 2),
  ]

  mutating func drawSlowLog(_ screen: ServerScreen, in inner: Rect) {
    if drawAbsence(screen.slowLog, words: nil, in: inner) { return }
    guard let log = screen.slowLog.content else { return }
    guard !log.commands.isEmpty else {
      frame.put(
        "nothing is in the slow log: no command took longer than slowlog-log-slower-than", role: .textDim,
        x: inner.x + 2, y: inner.y, maxWidth: max(0, inner.width - 3))
      frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
      return
    }
    let table = TableColumns(Self.slowColumns, x: inner.x + 2, width: inner.width - 3)
    drawHeading(table, y: inner.y)
    let viewport = screen.slowLog.viewport
    for row in 0..<max(0, min(inner.height - 1, log.commands.count - viewport.top)) {
      let command = log.commands[viewport.top + row]
      let y = inner.y + 1 + row
      if viewport.top + row == viewport.cursor { markRow(inner, y: y) }
      for place in table.places {
        put(cell(place.index, of: command, cells: place.width), table.columns[place.index], place, y: y)
      }
    }
  }

  private func cell(_ column: Int, of command: SlowCommand, cells: Int) -> DisplayText {
    switch column {
    case 0: return text("\(command.id)", .textDim)
    case 1: return text(shortTime(command.time))
    case 2: return took(command.microseconds)
    case 3: return text(CommandText.line(command.words))
    default:
      let client = command.clientName.isEmpty ? command.client : command.clientName
      return Escape.display(client, context: .name, limit: 200, role: .textDim)
        .middleTruncated(to: cells, ellipsis: glyphs.ellipsis)
    }
  }

  /// The time of today, the date of another day; local.
  private func shortTime(_ seconds: Int) -> String {
    guard let then = localTime(seconds) else { return "?" }
    let today = localTime(Int(state.wall / 1_000)) ?? ""
    return String(then.prefix(10) == today.prefix(10) ? then.dropFirst(11) : then.prefix(10))
  }

  /// `2026-12-31 23:59:07`; nil outside what a calendar holds.
  private func localTime(_ seconds: Int) -> String? {
    guard DateText.utc(milliseconds: Int64(seconds) * 1_000) != nil else { return nil }
    let local = Int64(seconds) + state.setup.localOffset(Int64(seconds))
    return DateText.utc(milliseconds: local * 1_000).map { String($0.dropLast()) }
  }

  /// `950 us`, `12.3 ms`, `1.25 s`, `2m 5s`.
  private func took(_ microseconds: Int) -> DisplayText {
    let micro = state.setup.isASCII ? "us" : "µs"
    let words: String =
      switch microseconds {
      case ..<1_000: "\(microseconds) \(micro)"
      case ..<1_000_000: "\(microseconds / 1_000).\(microseconds / 100 % 10) ms"
      case ..<60_000_000: "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
      default: InspectionScreen.idle(microseconds / 1_000_000)
      }
    return text(words, microseconds >= 1_000_000 ? .danger : microseconds >= 100_000 ? .warn : .text)
  }

  /// The whole of a slow command.
  mutating func drawOpened(_ command: SlowCommand) {
    let width = editingWidth
    var box = EditingBox()
    box.add(
      text("took ", .textDim) + took(command.microseconds) + text(" at \(localTime(command.time) ?? "?")", .textDim))
    var client = text("sent by ", .textDim) + Escape.display(command.client, context: .name, limit: 2 * width)
    if !command.clientName.isEmpty {
      client += text(", named ", .textDim) + Escape.display(command.clientName, context: .name, limit: 2 * width)
    }
    if !command.client.isEmpty || !command.clientName.isEmpty { box.add(client, width: width) }
    box.lines.append(.rule("command"))
    for line in text(CommandText.line(command.words), .accent).wrapped(to: width) { box.add(line) }
    draw(box, title: text("Slow command \(command.id)", .titleFocus), border: .dialogBorder)
  }
}
