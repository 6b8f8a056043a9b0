import Canvas
import Keyspace
import Requests

extension Painter {
  /// The lines of the overview, in columns of so many cells.
  func overview(_ layout: ServerLayout) -> (columns: [[DisplayText]], width: Int) {
    let room = max(1, layout.page.width - 4)
    let count = room >= 106 ? 3 : room >= 68 ? 2 : 1
    let width = (room - (count - 1) * 3) / count
    var blocks = layout.load == nil ? [loadBlock(width: width)] : []
    blocks += [process(width)]
    if let details = state.header.server?.details {
      blocks += [
        memory(details.memory, width), clients(details.clients, width), persistence(details.persistence, width),
        replication(details.replication, width), processor(details.processor, width), errors(details.errors, width),
        keyspace(details.databases, width),
      ]
    }
    return (FactBlock.columns(blocks.filter { !$0.isEmpty }, count: count), width)
  }

  mutating func drawOverview(_ screen: ServerScreen, _ layout: ServerLayout, in inner: Rect) {
    let (columns, width) = overview(layout)
    let length = columns.map(\.count).max() ?? 0
    let top = min(screen.viewport.top, max(0, length - inner.height))
    for (number, column) in columns.enumerated() {
      for row in 0..<max(0, min(inner.height, column.count - top)) {
        frame.put(
          column[top + row].truncated(to: width, ellipsis: glyphs.ellipsis), x: inner.x + 1 + number * (width + 3),
          y: inner.y + row)
      }
    }
    frame.cursor = Frame.Cursor(x: inner.x, y: inner.y, visible: false)
  }

  /// Text that the server has chosen.
  private func told(_ string: String?, _ role: Role = .text) -> DisplayText? {
    string.map { outside(Array($0.utf8), role, cells: 400) }
  }

  private func seconds(_ seconds: Int?) -> String? { seconds.map { InspectionScreen.idle($0) } }

  // MARK: - Blocks

  private func process(_ width: Int) -> FactBlock {
    var block = FactBlock("Server", width: width)
    guard let server = state.header.server else {
      block.add(line: text("asking the server", .textDim))
      return block
    }
    block.add("version", told("\(server.product) \(server.version)"))
    if let denial = server.infoDenial {
      block.add("role", role(server.role))
      block.add(line: denied + text(" \(DeniedText.line(denial))", .warn))
      return block
    }
    guard let process = server.details?.process else { return block }
    block.add("mode", told(process.mode))
    block.add("uptime", seconds(process.uptime))
    block.add("process", process.processID.map { "\($0)" })
    block.add("port", process.port.map { $0 == 0 ? "none: a socket" : "\($0)" })
    if !server.runID.isEmpty {
      block.add(
        "run id",
        told(server.runID)?.middleTruncated(to: max(8, width - FactBlock.labelWidth), ellipsis: glyphs.ellipsis))
    }
    block.add("system", told(process.system))
    block.add("config file", process.configFile.flatMap { $0.isEmpty ? text("none", .textDim) : told($0) })
    return block
  }

  private func memory(_ memory: ServerDetails.Memory, _ width: Int) -> FactBlock {
    var block = FactBlock("Memory", width: width)
    func size(_ bytes: Int?) -> String? { bytes.map { Format.size($0) } }
    let limit = state.header.server?.maxMemory
    if let used = state.header.server?.usedMemory {
      var words = text(Format.size(used))
      if let limit, limit > 0 {
        let percent = LoadChart.whole(Double(used) / Double(limit) * 100)
        let role: Role = percent >= 90 ? .barDanger : percent >= 70 ? .barWarn : .barFill
        words += text(" \(percent)% ", percent >= 90 ? .danger : percent >= 70 ? .warn : .textDim)
        let room = width - FactBlock.labelWidth - words.width
        if !state.setup.isPlain, room >= 4 {
          words += Bar.cells(
            fraction: Double(used) / Double(limit), width: min(room, 20), fill: role, glyphs: glyphs)
        }
      }
      block.add("used", words)
    }
    block.add("limit", limit.map { $0 == 0 ? text("none", .textDim) : text(Format.size($0)) })
    block.add("at the limit", told(memory.policy))
    block.add("peak", size(memory.peak))
    block.add("data", size(memory.dataset))
    block.add("resident", size(memory.resident))
    block.add("fragmentation", memory.fragmentation.map { fragmentation($0, memory.resident ?? 0) })
    block.add("scripts", size(memory.scripts))
    block.add("client buffers", size(memory.clients))
    return block
  }

  /// Of a small server the ratio tells nothing.
  private func fragmentation(_ ratio: Double, _ resident: Int) -> DisplayText {
    let hundredths = LoadChart.whole(ratio * 100)
    let words = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    return text(words, ratio > 1.5 && resident > 1 << 28 ? .warn : .text)
  }

  private func clients(_ clients: ServerDetails.Clients, _ width: Int) -> FactBlock {
    var block = FactBlock("Clients", width: width)
    if let connected = state.header.server?.clients {
      var words = text(Format.count(connected))
      if let limit = clients.limit {
        let isNear = Double(connected) >= 0.9 * Double(limit)
        words += text(" of \(Format.count(limit))", isNear ? .danger : .textDim)
      }
      block.add("connected", words)
    }
    func count(_ count: Int?) -> String? { count.map { Format.count($0) } }
    block.add("blocked", count(clients.blocked))
    block.add("tracking", count(clients.tracking))
    block.add("since start", count(clients.received))
    block.add("refused", count(clients.rejected), clients.rejected ?? 0 > 0 ? .warn : .text)
    return block
  }

  private func persistence(_ saved: ServerDetails.Persistence, _ width: Int) -> FactBlock {
    var block = FactBlock("Persistence", width: width)
    block.add("loading", state.header.server?.loadingPercent.map { "\($0)%" }, .warn)
    if let since = seconds(saved.sinceSave) {
      block.add(
        "last snapshot", saved.saves == 0 ? text("none since the start", .textDim) : text("\(since) ago"))
    }
    if let hasFailed = saved.hasSaveFailed, hasFailed || saved.saves != 0 {
      block.add("its outcome", hasFailed ? "failed" : "ok", hasFailed ? .danger : .ok)
    }
    block.add("changes since", saved.changesSinceSave.map { Format.count($0) })
    if saved.isSaving == true { block.add("snapshot", "being written", .accent) }
    if let isOn = saved.isAppendOnly {
      block.add("append-only", isOn ? text("on") : text("off", .textDim))
      if isOn, let hasFailed = saved.hasAppendFailed {
        block.add("its last write", hasFailed ? "failed" : "ok", hasFailed ? .danger : .ok)
      }
      if saved.isRewriting == true { block.add("rewrite", "under way", .accent) }
    }
    return block
  }

  /// The words of HELLO and of INFO.
  private func role(_ role: String) -> DisplayText? {
    switch role {
    case "master": text("primary")
    case "slave", "replica": text("replica")
    default: told(role)
    }
  }

  private func replication(_ replication: ServerDetails.Replication, _ width: Int) -> FactBlock {
    var block = FactBlock("Replication", width: width)
    block.add("role", role(state.header.server?.role ?? ""))
    if !replication.primary.isEmpty {
      block.add("primary", told(replication.primary))
      if let isUp = replication.isLinkUp {
        let down = seconds(replication.downFor).map { " for \($0)" } ?? ""
        block.add("link", isUp ? "up" : "down\(down)", isUp ? .ok : .danger)
      }
      if replication.isSyncing == true { block.add("full copy", "under way", .warn) }
      block.add("heard", seconds(replication.heardAgo).map { "\($0) ago" })
    }
    block.add("replicas", replication.replicaCount.map { $0 == 0 ? text("none", .textDim) : text(Format.count($0)) })
    for replica in replication.replicas {
      var words = text(" ") + (told(replica.state, replica.state == "online" ? .ok : .warn) ?? DisplayText())
      if let offset = replication.offset, let its = replica.offset {
        words += its < offset ? text(" \(Format.size(offset - its)) behind", .warn) : text(" in step", .textDim)
      }
      if let lag = replica.lag, lag > 1 { words += text(" lag \(InspectionScreen.idle(lag))", .warn) }
      let address = outside(Array(replica.address.utf8), .text, cells: 200)
      block.add(
        line: text("  ") + address.middleTruncated(to: max(6, width - 2 - words.width), ellipsis: glyphs.ellipsis)
          + words)
    }
    return block
  }

  private func processor(_ processor: ServerDetails.Processor, _ width: Int) -> FactBlock {
    var block = FactBlock("Processor", width: width)
    func time(_ seconds: Double?) -> String? { seconds.map { InspectionScreen.idle(LoadChart.whole($0)) } }
    block.add("own work", time(processor.user))
    block.add("system", time(processor.system))
    return block
  }

  private func errors(_ errors: [ServerDetails.ErrorCount], _ width: Int) -> FactBlock {
    var block = FactBlock("Error replies", width: width)
    for error in errors.prefix(5) {
      let code = outside(Array(error.code.utf8), .text, cells: 40)
      let count = text(Format.count(error.count))
      var line = code.truncated(to: FactBlock.labelWidth + 3, ellipsis: glyphs.ellipsis)
      line.append(String(repeating: " ", count: max(1, FactBlock.labelWidth + 12 - line.width - count.width)))
      block.add(line: line + count)
    }
    return block
  }

  /// A line for each database: keys, how many of them have a TTL, and the share of all keys.
  private func keyspace(_ databases: [DatabaseFacts], _ width: Int) -> FactBlock {
    var block = FactBlock("Keys by database", width: width)
    guard state.header.server?.details != nil else { return block }
    guard !databases.isEmpty else {
      block.add(line: text("no keys", .textDim))
      return block
    }
    let all = databases.reduce(0.0) { $0 + Double($1.keys) }
    func padded(_ text: DisplayText, to end: Int, after line: DisplayText) -> DisplayText {
      DisplayText(String(repeating: " ", count: max(1, end - line.width - text.width))) + text
    }
    // Keys, the part with a TTL, and the share of all keys end at these cells.
    let (keysEnd, timedEnd, shareEnd) = (16, 22, 28)
    let barWidth = state.setup.isPlain ? 0 : min(20, width - shareEnd - 1)
    var heading = text("")
    for (word, end) in [("KEYS", keysEnd), ("TTL", timedEnd), ("ALL", shareEnd)] {
      heading += padded(text(word, .textDim), to: end, after: heading)
    }
    block.add(line: heading)
    for database in databases.prefix(Self.mostDatabases) {
      var line = text("db\(database.number)", database.number == state.database ? .accent : .text)
      line += padded(text(Format.count(database.keys)), to: keysEnd, after: line)
      let timed = database.volatileKeys.map {
        database.keys > 0 ? Self.percent(min(1, Double($0) / Double(database.keys))) : "0%"
      }
      line += padded(text(timed ?? "?", .textDim), to: timedEnd, after: line)
      let share = all > 0 ? Double(database.keys) / all : 0
      line += padded(text(Self.percent(share), .textDim), to: shareEnd, after: line)
      if barWidth >= 4 { line += text(" ") + Bar.cells(fraction: share, width: barWidth, glyphs: glyphs) }
      block.add(line: line)
    }
    if databases.count > Self.mostDatabases {
      block.add(line: text("and \(Format.count(databases.count - Self.mostDatabases)) more: b lists them", .textDim))
    }
    return block
  }

  private static let mostDatabases = 64
}
