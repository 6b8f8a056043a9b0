import Canvas

extension Painter {
  /// `C`: the servers that one may go to, and all that is known of the one under the cursor.
  mutating func drawServers() {
    let entries = state.servers.shown
    let inner = window(
      Size(width: frame.size.width - 4, height: frame.size.height - 4), title: serversTitle,
      hint: "\(state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title) connects  Esc closes")
    frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
    guard let all = state.servers.entries else {
      frame.put("reading the list", role: .textDim, x: inner.x + 3, y: inner.y)
      return
    }
    guard !all.isEmpty || !state.servers.composeEntries.isEmpty else {
      drawHowToNameServers(in: inner)
      return
    }
    let detailHeight = State.serverDetailHeight(frame.size)
    let height = max(1, inner.height - 1 - detailHeight)
    let columns = ServerColumns(entries, width: inner.width - 4)
    drawHeading(columns, inner)
    let lines = ServerLines(entries)
    var viewport = Viewport(cursor: lines.line(of: state.servers.viewport.cursor), top: state.servers.viewport.top)
    // The heading over the first entry is seen with it.
    if viewport.cursor == 1, lines.all.first != .entry(0) { viewport.top = 0 }
    viewport.show(count: lines.all.count, height: height)
    for row in 0..<max(0, min(height, lines.all.count - viewport.top)) {
      let (line, y) = (viewport.top + row, inner.y + 1 + row)
      let index: Int
      switch lines.all[line] {
      case .compose:
        drawSectionOfCompose(in: inner, y: y)
        continue
      case .others:
        frame.put("other servers", role: .textDim, x: inner.x + 3, y: y)
        continue
      case .entry(let number): index = number
      }
      if line == viewport.cursor { markRow(inner, y: y) }
      targets.append((area: Rect(x: inner.x, y: y, width: inner.width, height: 1), target: .row(index)))
      draw(entries[index], columns, x: inner.x + 3, y: y)
      if entries[index].place == state.setup.place { frame.put(glyphs.mark, role: .ok, x: inner.x + 1, y: y) }
    }
    if entries.isEmpty {
      frame.put("none holds this text: Esc shows all", role: .textDim, x: inner.x + 3, y: inner.y + 1)
    }
    drawDetail(
      in: Rect(x: inner.x, y: inner.maxY - detailHeight, width: inner.width, height: detailHeight))
  }

  private var serversTitle: String {
    let count = state.servers.shown.count
    guard !state.servers.all.isEmpty, state.servers.entries != nil else { return "Connections" }
    let filter = state.servers.filter.isEmpty ? "" : " with \(Escape.string(Array(state.servers.filter.utf8)))"
    return "Connections: \(count) \(count == 1 ? "server" : "servers")\(filter)"
  }

  private mutating func drawHeading(_ columns: ServerColumns, _ inner: Rect) {
    var x = inner.x + 3
    for (column, width) in columns.shown {
      frame.put(column.title, role: .textDim, x: x, y: inner.y, maxWidth: width)
      x += width + 2
    }
  }

  private mutating func drawSectionOfCompose(in inner: Rect, y: Int) {
    guard let listing = state.compose.listing else { return }
    let file = listing.files.first.map { " (\($0))" } ?? ""
    let words = outside(Array("compose project \(listing.name)\(file)".utf8), .textDim, cells: 200)
    let hint = text(": ", .textDim) + text("c", .footerKey) + text(" shows all of it", .textDim)
    let room = inner.width - 4 - hint.width
    frame.put(
      words.truncated(to: max(8, room), ellipsis: glyphs.ellipsis) + hint, x: inner.x + 3, y: y,
      maxWidth: inner.width - 4)
  }

  private mutating func draw(_ entry: ServerEntry, _ columns: ServerColumns, x: Int, y: Int) {
    var x = x
    for (column, width) in columns.shown {
      let cell = cell(column, of: entry).truncated(to: width, ellipsis: glyphs.ellipsis)
      frame.put(cell, x: x, y: y)
      x += width + 2
    }
  }

  private func cell(_ column: ServerColumns.Column, of entry: ServerEntry) -> DisplayText {
    switch column {
    case .name: return outside(Array(entry.name.utf8), entry.place == state.setup.place ? .accent : .text, cells: 64)
    case .address: return outside(Array(entry.address.utf8), .text, cells: 128)
    case .database: return text("\(entry.database)")
    case .user: return entry.user.map { outside($0, .text, cells: 32) } ?? DisplayText()
    case .stage: return stageText(entry.stage)
    case .readOnly: return entry.isReadOnly ? text("RO", .readonly) : DisplayText()
    case .tls: return entry.tlsWord.map { text($0.text, $0.role) } ?? DisplayText()
    case .used: return text(entry.lastUsed.map { Self.ago(state.wall - $0) } ?? "-", .textDim)
    case .test: return testText(of: entry)
    }
  }

  private func stageText(_ stage: DeploymentStage?) -> DisplayText {
    switch stage {
    case .prod: text("prod", .danger)
    case .staging: text("staging", .warn)
    case .dev: text("dev", .textDim)
    case nil: DisplayText()
    }
  }

  /// In a few words; the whole stands below the list.
  private func testText(of entry: ServerEntry) -> DisplayText {
    if state.servers.attempt?.place == entry.place { return text("connecting", .accent) }
    if entry.flaw != nil { return text("cannot be used", .danger) }
    switch state.servers.tests[entry.place] {
    case nil: return stateText(of: entry)
    case .waiting: return text("waiting", .textDim)
    case .running: return text("testing", .accent)
    case .wantsPassword: return text("wants a password", .warn)
    case .failed(let why, _): return outside(Array(why.utf8), .danger, cells: 80)
    case .reached(let greeting):
      return text(Self.milliseconds(greeting.microseconds), .ok) + text(" ") + words(of: greeting)
    }
  }

  /// Of a service of the Compose project, where nothing was tested.
  private func stateText(of entry: ServerEntry) -> DisplayText {
    guard case .compose(let name) = entry.place, let service = state.compose.listing?.service(name),
      service.containers != nil
    else { return DisplayText() }
    return text(service.stateWords.text, service.stateWords.role)
      + (service.healthWords.map { text(" \($0.text)", $0.role) } ?? DisplayText())
  }

  private func words(of greeting: ServerGreeting) -> DisplayText {
    let words = [greeting.product, greeting.version, greeting.role].filter { !$0.isEmpty }.joined(separator: " ")
    return outside(Array(words.utf8), .text, cells: 80)
  }

  /// `0.4 ms`
  static func milliseconds(_ microseconds: Int) -> String {
    microseconds < 100_000
      ? "\(microseconds / 1_000).\(microseconds / 100 % 10) ms" : "\(Format.count(microseconds / 1_000)) ms"
  }

  /// How long ago, in one unit.
  static func ago(_ milliseconds: Int64) -> String {
    let minutes = milliseconds / 60_000
    switch minutes {
    case ..<1: return "just now"
    case ..<60: return "\(minutes) min ago"
    case ..<(48 * 60): return "\(minutes / 60) h ago"
    default: return "\(minutes / 60 / 24) d ago"
    }
  }

  // MARK: - The server under the cursor

  private mutating func drawDetail(in area: Rect) {
    let border: Role = state.isProduction ? .borderProd : .dialogBorder
    for x in area.x..<area.maxX { frame.put(glyphs.border.horizontal, role: border, x: x, y: area.y) }
    frame.put(glyphs.border.leftTee, role: border, x: area.x - 1, y: area.y)
    frame.put(glyphs.border.rightTee, role: border, x: area.maxX, y: area.y)
    guard let entry = state.servers.underCursor else { return }
    let width = area.width - 4
    var lines = [
      joined(facts(of: entry)).truncated(to: width, ellipsis: glyphs.ellipsis)
    ]
    lines += news(of: entry).wrappedAtBlanks(to: width)
    lines.append(outside(Array(entry.commandLine.utf8), .textDim, cells: 300))
    for (row, line) in lines.prefix(area.height - 1).enumerated() {
      frame.put(
        line.truncated(to: width, ellipsis: glyphs.ellipsis), x: area.x + 3, y: area.y + 1 + row)
    }
  }

  private func facts(of entry: ServerEntry) -> [DisplayText] {
    [
      outside(Array(entry.name.utf8), .textStrong, cells: 64), outside(Array(entry.address.utf8), .textStrong),
      text("db\(entry.database)"),
      entry.user.map { text("user ", .textDim) + outside($0, .text, cells: 64) }
        ?? DisplayText(),
      stageText(entry.stage), entry.isReadOnly ? text("read-only", .readonly) : DisplayText(),
      entry.tlsWord.map { text($0.text, $0.role) } ?? DisplayText(),
      entry.place == state.setup.place
        ? text("you are here", .ok)
        : entry.isOfCompose
          ? stateText(of: entry)
          : text(entry.lastUsed.map { "used \(Self.ago(state.wall - $0))" } ?? "not used yet", .textDim),
    ]
  }

  /// What came of connecting or of the test, whole.
  private func news(of entry: ServerEntry) -> DisplayText {
    if let attempt = state.servers.attempt, attempt.place == entry.place {
      let elapsed = max(0, state.now - attempt.since)
      return text("connecting for \(elapsed / 1_000).\(elapsed / 100 % 10) s; Esc gives it up", .warn)
    }
    if let failure = state.servers.failure, failure.place == entry.place {
      return outside(Array(failure.message.utf8), .danger, cells: 600)
    }
    if let flaw = entry.flaw { return outside(Array(flaw.utf8), .danger, cells: 600) }
    return testNews(of: entry)
  }

  /// What came of the test, whole.
  func testNews(of entry: ServerEntry) -> DisplayText {
    switch state.servers.tests[entry.place] {
    case nil, .waiting: return DisplayText()
    case .running: return text("testing: connecting, greeting, nothing else", .textDim)
    case .wantsPassword: return text("it asks for a password: Enter connects, and asks you for it", .warn)
    case .failed(_, let message): return outside(Array(message.utf8), .danger, cells: 600)
    case .reached(let greeting):
      return text("answers in \(Self.milliseconds(greeting.microseconds)): ", .ok) + words(of: greeting)
    }
  }

  // MARK: - No server yet

  private mutating func drawHowToNameServers(in inner: Rect) {
    let width = inner.width - 4
    let path = state.setup.configPath.map { outside(Array($0.utf8), .accent) } ?? text("config.yaml", .accent)
    var lines = text("What you connect to is listed here from then on.").wrappedAtBlanks(to: width)
    lines.append(DisplayText())
    lines += (text("Servers can have names. Write them into ") + path + text(":")).wrappedAtBlanks(to: width)
    lines.append(DisplayText())
    lines += [
      "servers:", "  prod-cache:", "    host: cache.example.com", "    user: app", "    tls: true", "    env: prod",
      "    password-command: [pass, show, redis/prod]", "  local:", "    uri: redis://127.0.0.1:6379",
    ].map { text($0, .accent) }
    lines.append(DisplayText())
    lines += text("Then Enter here connects, as 'keyglass @prod-cache' does.").wrappedAtBlanks(to: width)
    for (row, line) in lines.prefix(inner.height).enumerated() {
      frame.put(line, x: inner.x + 2, y: inner.y + row, maxWidth: width)
    }
  }
}

/// What stands in which line: the services of the Compose project and the other servers, each under a heading, where there
/// are such services.
struct ServerLines {
  enum Line: Equatable {
    case compose
    case others
    /// By its number among those that are shown.
    case entry(Int)
  }

  private(set) var all: [Line] = []

  init(_ entries: [ServerEntry]) {
    for (index, entry) in entries.enumerated() {
      if entry.isOfCompose, index == 0 { all.append(.compose) }
      if !entry.isOfCompose, index > 0, entries[index - 1].isOfCompose { all.append(.others) }
      all.append(.entry(index))
    }
  }

  func line(of entry: Int) -> Int { all.firstIndex(of: .entry(entry)) ?? 0 }
}

/// Which columns the screen of connections has room for.
struct ServerColumns {
  enum Column: CaseIterable {
    case name
    case address
    case database
    case user
    case stage
    case readOnly
    case tls
    case used
    case test

    var title: String {
      switch self {
      case .name: "NAME"
      case .address: "ADDRESS"
      case .database: "DB"
      case .user: "USER"
      case .stage: "ENV"
      case .readOnly: "RO"
      case .tls: "TLS"
      case .used: "LAST USED"
      case .test: "TEST"
      }
    }
  }

  /// With their widths, from the left.
  private(set) var shown: [(column: Column, width: Int)] = []

  /// Cells that the result of a test should have.
  private static let testWidth = 16

  /// What stands below the list as well goes first where there is no room.
  private static let leastWanted: [Column] = [.used, .readOnly, .database, .tls, .user]

  init(_ entries: [ServerEntry], width: Int) {
    var columns = Column.allCases.filter { column in
      switch column {
      case .name: entries.contains { !$0.name.isEmpty }
      case .user: entries.contains { $0.user != nil }
      case .stage: entries.contains { $0.stage != nil }
      case .readOnly: entries.contains(where: \.isReadOnly)
      case .tls: entries.contains(where: \.usesTLS)
      default: true
      }
    }
    func widest(_ least: Int, _ most: Int, _ text: (ServerEntry) -> Int) -> Int {
      min(most, max(least, entries.map(text).max() ?? 0))
    }
    func needed(_ column: Column) -> Int {
      switch column {
      case .name: widest(6, min(20, width / 4)) { $0.name.utf8.count }
      case .address: widest(12, max(16, width / (width < 90 ? 4 : 3))) { $0.address.utf8.count }
      case .database: widest(2, 4) { "\($0.database)".count }
      case .user: widest(4, 16) { $0.user?.count ?? 0 }
      case .stage: 7
      case .readOnly: 2
      case .tls: widest(3, 8) { $0.tlsWord?.text.utf8.count ?? 0 }
      case .used: 10
      case .test: 0
      }
    }
    func rest() -> Int { columns.reduce(width) { $0 - needed($1) - 2 } + 2 }
    for column in Self.leastWanted where rest() < Self.testWidth { columns.removeAll { $0 == column } }
    let test = max(4, rest())
    shown = columns.map { ($0, $0 == .test ? test : needed($0)) }
  }
}
