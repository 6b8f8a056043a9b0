import Canvas

extension Painter {
  /// The Compose project of the folder: its services, what is known of the one under the cursor, and what a command
  /// writes.
  mutating func drawCompose() {
    let layout = state.composeLayout
    frame.fill(layout.area)
    let border = composeBorder
    frame.cursor = Frame.Cursor(x: layout.area.x, y: layout.area.y, visible: false)
    if layout.isPaneAlone, let run = state.compose.run, let pane = layout.pane {
      frame.box(layout.area, role: border, glyphs: glyphs)
      draw(run, in: pane, isFocused: true)
      return
    }
    frame.box(
      layout.area, role: border, glyphs: glyphs, title: composeTitle.truncated(to: layout.area.width - 6),
      right: productionName)
    guard let listing = state.compose.listing else {
      drawAbsenceOfProject(in: layout.area.inset())
      if let run = state.compose.run, let pane = layout.pane { draw(run, in: pane, isFocused: isPaneFocused) }
      return
    }
    if let info = layout.info { drawInfo(of: listing, in: info) }
    drawTable(of: listing, in: layout.table)
    if let detail = layout.detail {
      drawComposeDetail(of: listing, in: detail)
      drawRowCount(of: layout.table, onRule: detail.y)
    }
    if let run = state.compose.run, let pane = layout.pane { draw(run, in: pane, isFocused: isPaneFocused) }
  }

  var composeBorder: Role { border(isFocused: true) }

  private var isPaneFocused: Bool { state.compose.isPaneFocused }

  /// A line across the frame.
  mutating func drawRule(y: Int, width: Int) {
    for x in 1..<max(1, width - 1) { frame.put(glyphs.border.horizontal, role: composeBorder, x: x, y: y) }
    frame.put(glyphs.border.leftTee, role: composeBorder, x: 0, y: y)
    frame.put(glyphs.border.rightTee, role: composeBorder, x: width - 1, y: y)
  }

  private var composeTitle: DisplayText {
    guard let listing = state.compose.listing else { return text("Compose", .titleFocus) }
    var title = text("Compose: ", .titleFocus) + outside(Array(listing.name.utf8), .titleFocus, cells: 60)
    if let first = listing.files.first {
      title += text(" ", .textDim)
      title.append(glyphs.dot, role: .textDim)
      title += text(" ") + outside(Array(first.utf8), .text, cells: 80)
    }
    let more = listing.files.dropFirst().joined(separator: ", ")
    if !more.isEmpty {
      title += text(" (+ ", .textDim) + outside(Array(more.utf8), .textDim, cells: 120) + text(")", .textDim)
    }
    return title
  }

  /// The folder at the left, what carries commands out at the right, which stays where there is no room for both.
  private mutating func drawInfo(of listing: ComposeListing, in area: Rect) {
    let width = area.width - 4
    let right = joined([toolText(listing), engineText(listing)]).truncated(to: width, ellipsis: glyphs.ellipsis)
    frame.put(right, endX: area.maxX - 2, y: area.y)
    let room = width - right.width - 3
    guard room >= 8 else { return }
    let folder = outside(Array(listing.folder.utf8), .textDim, cells: 400)
    frame.put(folder.middleTruncated(to: room, ellipsis: glyphs.ellipsis), x: area.x + 3, y: area.y)
  }

  private func toolText(_ listing: ComposeListing) -> DisplayText {
    switch listing.tool {
    case .unknown: text("looking for docker compose", .textDim)
    case .missing(let why): text("no Compose command: ", .warn) + outside(Array(why.utf8), .warn, cells: 200)
    case .found(let words, let version):
      outside(
        Array((words.prefix { !$0.hasPrefix("-") } + [version]).joined(separator: " ").utf8), .textDim, cells: 80)
    }
  }

  /// Without a tool nobody asks it.
  private func engineText(_ listing: ComposeListing) -> DisplayText {
    if case .missing = listing.tool, listing.engine == .unknown { return DisplayText() }
    return switch listing.engine {
    case .unknown: text("asking the engine", .textDim)
    case .answers: text("engine answers", .ok)
    case .fails: text("engine does not answer", .warn)
    }
  }

  // MARK: - No project

  private mutating func drawAbsenceOfProject(in inner: Rect) {
    let width = max(1, inner.width - 4)
    var lines: [DisplayText] = []
    switch state.compose.finding {
    case nil: lines = [text("looking for a Compose file", .textDim)]
    case .nothing(let folder):
      lines =
        (text("There is no Compose file in ") + outside(Array(folder.utf8), .textStrong, cells: 600)
        + text(", nor in a folder above it.")).wrappedAtBlanks(to: width)
      lines.append(DisplayText())
      lines += text(
        "Looked for compose.yaml, compose.yml, docker-compose.yaml and docker-compose.yml.", .textDim
      ).wrappedAtBlanks(to: width)
      lines.append(DisplayText())
      lines +=
        (text("keyglass compose FILE", .accent) + text(" takes another file; ")
        + text("R", .footerKey) + text(" looks here again.")).wrappedAtBlanks(to: width)
    case .unusable(let why):
      lines = text("The Compose file cannot be used:").wrappedAtBlanks(to: width)
      lines.append(DisplayText())
      lines += outside(Array(why.utf8), .danger, cells: 4_000).wrappedAtBlanks(to: width)
      lines.append(DisplayText())
      lines += (text("R", .footerKey) + text(" reads it again when that is put right."))
        .wrappedAtBlanks(to: width)
    case .project: break
    }
    for (row, line) in lines.prefix(inner.height).enumerated() {
      frame.put(line, x: inner.x + 2, y: inner.y + row, maxWidth: width)
    }
  }
}
