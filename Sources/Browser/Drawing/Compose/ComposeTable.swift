import Canvas
import Requests

/// The services of the project in columns, under a row for the project as a whole.
extension Painter {
  private enum Column: CaseIterable {
    case name, state, health, image, ports, version, keys
  }

  mutating func drawTable(of listing: ComposeListing, in area: Rect) {
    let columns = columns(for: listing)
    let table = TableColumns(columns.map(\.1), x: area.x + 3, width: area.width - 4)
    drawHeading(table, y: area.y - 1)
    var viewport = state.compose.viewport
    viewport.show(count: state.compose.rowCount, height: area.height)
    for line in 0..<max(0, min(area.height, state.compose.rowCount - viewport.top)) {
      let (index, y) = (viewport.top + line, area.y + line)
      if index == viewport.cursor { markRow(area, y: y) }
      targets.append((area: Rect(x: area.x, y: y, width: area.width, height: 1), target: .row(index)))
      guard index > 0 else {
        drawProject(listing, table, columns.map(\.0), y: y)
        continue
      }
      let service = listing.services[index - 1]
      if service.isRedis {
        frame.put(glyphs.mark, role: isHere(service) ? .ok : .accent, x: area.x + 1, y: y)
      }
      for place in table.places {
        put(cell(columns[place.index].0, of: service, cells: place.width), table.columns[place.index], place, y: y)
      }
    }
  }

  /// Which rows are there, on the rule below them, where not all are.
  mutating func drawRowCount(of area: Rect, onRule y: Int) {
    let count = state.compose.rowCount
    guard count > area.height else { return }
    var viewport = state.compose.viewport
    viewport.show(count: count, height: area.height)
    let last = min(count, viewport.top + area.height)
    frame.put(text(" rows \(viewport.top + 1) to \(last) of \(count) ", .textDim), x: area.x + 1, y: y)
  }

  func isHere(_ service: ComposeEntry) -> Bool { state.setup.place == .compose(service: service.name) }

  private mutating func drawProject(_ listing: ComposeListing, _ table: TableColumns, _ columns: [Column], y: Int) {
    for place in table.places {
      switch columns[place.index] {
      case .name: put(text("all services", .textStrong), table.columns[place.index], place, y: y)
      case .state:
        let words = listing.runningWords
        put(text(words ?? "?", words == nil ? .textDim : .text), table.columns[place.index], place, y: y)
      default: break
      }
    }
  }

  /// Those of which something is to be shown.
  private func columns(for listing: ComposeListing) -> [(Column, TableColumns.Column)] {
    let services = listing.services
    func widest(_ least: Int, _ most: Int, _ texts: [DisplayText]) -> Int {
      min(most, max(least, texts.map(\.width).max() ?? 0))
    }
    func texts(_ column: Column) -> [DisplayText] { services.map { cell(column, of: $0, cells: 400) } }
    return Column.allCases.compactMap { column in
      let texts = texts(column)
      let most = widest(4, 60, texts)
      let (title, width, rank): (String, Int, Int) =
        switch column {
        case .name: ("SERVICE", widest(12, 20, texts), 0)
        case .state: ("STATE", widest(max(5, listing.runningWords?.count ?? 0), 14, texts), 1)
        case .health: ("HEALTH", widest(6, 9, texts), 3)
        case .image: ("IMAGE", widest(6, 14, texts), 5)
        case .ports: ("PORTS", widest(5, 24, texts), 2)
        case .version: ("VERSION", widest(7, 13, texts), 6)
        case .keys: ("KEYS", widest(4, 10, texts), 4)
        }
      let isEmpty = texts.allSatisfy(\.isEmpty)
      if isEmpty, [.health, .image, .ports, .version, .keys].contains(column) { return nil }
      return (
        column,
        TableColumns.Column(
          title: title, width: width, most: max(width, column == .name ? min(most, 32) : most),
          isRight: column == .keys, rank: rank)
      )
    }
  }

  private func cell(_ column: Column, of service: ComposeEntry, cells: Int) -> DisplayText {
    switch column {
    case .name:
      let role: Role = service.flaw != nil ? .danger : isHere(service) ? .accent : .text
      return Escape.display(Array(service.name.utf8), context: .name, limit: 200, role: role)
        .middleTruncated(to: cells, ellipsis: glyphs.ellipsis)
    case .state where service.flaw != nil && !service.isRunning: return text("mistake", .danger)
    case .state: return text(service.stateWords.text, service.stateWords.role)
    case .health: return service.healthWords.map { text($0.text, $0.role) } ?? DisplayText()
    case .image:
      return outside(Array(service.image.utf8), .textDim, cells: 200)
        .middleTruncated(to: cells, ellipsis: glyphs.ellipsis)
    case .ports: return outside(Array(service.ports.utf8), .text, cells: 200)
    case .version:
      guard let facts = facts(of: service) else { return DisplayText() }
      let words = [facts.product, facts.version].filter { !$0.isEmpty }.joined(separator: " ")
      return outside(Array(words.utf8), isHere(service) ? .text : .textDim, cells: 40)
    case .keys:
      guard let keys = facts(of: service)?.keys else { return DisplayText() }
      return text(Format.count(keys), isHere(service) ? .text : .textDim)
    }
  }

  /// What the server says of itself now, or said when it was connected to or tested.
  func facts(of service: ComposeEntry) -> ComposeState.Memory? {
    // What has ended has no keys, and may come back as another version.
    guard !service.isDown else { return nil }
    if isHere(service), let server = state.header.server {
      return ComposeState.Memory(product: server.product, version: server.version, keys: server.keys)
    }
    if let memory = state.compose.remembered[service.name] { return memory }
    guard case .reached(let greeting)? = state.servers.tests[.compose(service: service.name)] else { return nil }
    return ComposeState.Memory(product: greeting.product, version: greeting.version, keys: nil)
  }
}
