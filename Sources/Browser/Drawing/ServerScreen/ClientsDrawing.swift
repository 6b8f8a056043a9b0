import Canvas
import Requests

extension Painter {
  private static let clientColumns: [TableColumns.Column] = [
    .init(title: "ID", width: 5, most: 10, isRight: true, rank: 0),
    .init(title: "ADDRESS", width: 15, most: 30, rank: 1),
    .init(title: "NAME", width: 14, most: 24, rank: 3),
    .init(title: "USER", width: 7, most: 14, rank: 8),
    .init(title: "DB", width: 3, most: 3, isRight: true, rank: 6),
    .init(title: "AGE", width: 7, most: 7, isRight: true, rank: 7),
    .init(title: "IDLE", width: 7, most: 7, isRight: true, rank: 4),
    .init(title: "COMMAND", width: 11, most: 18, rank: 2),
    .init(title: "FLAGS", width: 5, most: 6, rank: 9),
    .init(title: "MEM", width: 4, most: 4, isRight: true, rank: 5),
  ]

  /// Cells before the first column: the cursor, and `own`.
  static let ownWidth = 6

  mutating func drawClients(_ screen: ServerScreen, in inner: Rect) {
    if drawAbsence(screen.clients, words: holdingBackWords(screen), in: inner) { return }
    guard let list = screen.clients.content else { return }
    let table = TableColumns(
      Self.clientColumns, x: inner.x + Self.ownWidth, width: inner.width - Self.ownWidth - 1)
    drawHeading(table, y: inner.y)
    let viewport = screen.clients.viewport
    for row in 0..<max(0, min(inner.height - 1, list.clients.count - viewport.top)) {
      let client = list.clients[viewport.top + row]
      let y = inner.y + 1 + row
      if viewport.top + row == viewport.cursor { markRow(inner, y: y) }
      if client.isOwn { frame.put("own", role: .accent, x: inner.x + 2, y: y) }
      for place in table.places {
        put(cell(place.index, of: client, cells: place.width), table.columns[place.index], place, y: y)
      }
    }
  }

  private func holdingBackWords(_ screen: ServerScreen) -> String? {
    guard screen.isHoldingBack, screen.clients.content == nil else { return nil }
    let count = state.header.server?.clients ?? 0
    return "\(Format.count(count)) clients are connected: the server would write a line for each. R reads them; "
      + "the first \(Format.count(State.clientLimit)) are shown"
  }

  private func cell(_ column: Int, of client: ClientFacts, cells: Int) -> DisplayText {
    func seconds(_ count: Int?) -> DisplayText { count.map { text(InspectionScreen.idle($0)) } ?? DisplayText() }
    func chosen(_ bytes: [UInt8], _ role: Role = .text) -> DisplayText {
      Escape.display(bytes, context: .name, limit: 200, role: role)
        .middleTruncated(to: cells, ellipsis: glyphs.ellipsis)
    }
    switch column {
    case 0: return text("\(client.id)")
    case 1: return chosen(client.address)
    case 2: return chosen(client.name, .textStrong)
    case 3: return chosen(client.user)
    case 4: return client.database.map { text("\($0)") } ?? DisplayText()
    case 5: return seconds(client.age).with(role: .textDim)
    case 6: return seconds(client.idle)
    case 7: return chosen(client.command)
    case 8: return chosen(client.flags, .textDim)
    default: return client.memory.map { text(Format.size($0), $0 >= 1 << 24 ? .warn : .text) } ?? DisplayText()
    }
  }

  /// All that the server tells of a client.
  mutating func drawOpened(_ client: ClientFacts) {
    let width = editingWidth
    var box = EditingBox()
    if client.isOwn { box.add(text("one of Keyglass's own connections", .accent), width: width) }
    let half = width / 2 - 1
    var line = DisplayText()
    for field in client.fields {
      var part = text(field.name, .textDim)
      part.append(String(repeating: " ", count: max(1, 11 - part.width)))
      part += Escape.display(field.value, context: .name, limit: 4 * width)
      if field.name == "flags", let words = Self.words(ofFlags: field.value) { part += text("  \(words)", .textDim) }
      if !line.isEmpty, part.width <= half {
        line.append(String(repeating: " ", count: max(1, half + 2 - line.width)))
        box.add(line + part)
        line = DisplayText()
        continue
      }
      if !line.isEmpty { box.add(line, width: width) }
      line = part
      if part.width > half {
        box.add(part, width: width)
        line = DisplayText()
      }
    }
    if !line.isEmpty { box.add(line, width: width) }
    draw(box, title: text("Client \(client.id)", .titleFocus), border: .dialogBorder)
  }

  /// What the letters of the page of CLIENT LIST mean.
  private static func words(ofFlags flags: [UInt8]) -> String? {
    let words: [(Character, String)] = [
      ("M", "primary"), ("S", "replica"), ("O", "MONITOR"), ("P", "subscriber"), ("x", "transaction"),
      ("b", "blocked"), ("t", "tracking"), ("B", "tracking prefixes"), ("d", "watched key changed"),
      ("c", "closing"), ("A", "closing at once"), ("U", "Unix socket"), ("r", "READONLY"), ("e", "no-evict"),
      ("T", "no-touch"),
    ]
    let shown = words.filter { flags.contains($0.0.asciiValue ?? 0) }.map(\.1)
    return shown.isEmpty ? nil : shown.joined(separator: ", ")
  }
}
