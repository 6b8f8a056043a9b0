import Canvas
import Requests

extension Painter {
  /// Row 1: endpoint, database and marks always; then what is followed, the server's own count, and what fits of the rest.
  mutating func drawHeader() {
    let width = frame.size.width
    frame.fill(Rect(x: 0, y: 0, width: width, height: 1), role: .header)
    if state.setup.isServerless {
      let x = 1 + frame.put(text("no server", .textDim), x: 1, y: 0)
      frame.put(marksText, x: x, y: 0)
      return
    }
    let database = text(" db\(state.database) ", .headerDatabase)
    let marks = marksText
    let wholeEndpoint = outside(Array(state.setup.endpointName.utf8), .headerEndpoint)
    let profile = profileText(room: width - database.width - marks.width - 12)
    let around = profile.width + database.width + marks.width + 4
    let follow = followText(room: width - around - min(wholeEndpoint.width, 12) - 3)
    let followWidth = follow.isEmpty ? 0 : follow.width + 3
    let endpointRoom = max(6, width - around - followWidth)
    let endpoint = wholeEndpoint.middleTruncated(to: endpointRoom, ellipsis: glyphs.ellipsis)
    var x = 1
    x += frame.put(profile, x: x, y: 0)
    x += frame.put(endpoint, x: x, y: 0)
    let product = productText
    if x + product.width + database.width + marks.width + followWidth + 30 <= width, !product.isEmpty {
      x += 2
      x += frame.put(product, x: x, y: 0)
    }
    // Without colours the database still stands between blanks.
    x += 1
    x += frame.put(database, x: x, y: 0)
    x += frame.put(marks, x: x, y: 0)
    if !follow.isEmpty { x += 3 + frame.put(follow, x: x + 3, y: 0) }
    let marksEnd = x
    if let since = state.staleSince {
      // Numbers of a moment that has passed are no measures.
      let age = text(state.now - since < 1_000 ? "" : "as of \(State.age(state.now - since)) ago", .stale)
      frame.put(age, x: x + 1, y: 0, maxWidth: max(0, width - x - 2))
      return
    }
    if let trouble = state.trouble {
      draw(trouble, x: x + 3, y: 0, maxWidth: max(0, width - x - 4))
      return
    }
    let parts =
      state.isMonitorShown && !state.isServerShown ? expiryMeasures(room: width - x) : ownMeasures(room: width - x)
    for part in parts.prefix(Self.fitting(parts, room: width - x)) {
      x += 3
      x += frame.put(part, x: x, y: 0)
    }
    drawSlowCommand(after: marksEnd)
  }

  /// So many of the parts have room, three blanks before each.
  private static func fitting(_ parts: [DisplayText], room: Int) -> Int {
    var left = room
    return parts.prefix { part in
      left -= part.width + 3
      return left >= 0
    }.count
  }

  /// The numbers of the server, with Keyglass's own share where it pushes out none of the first.
  private func ownMeasures(room: Int) -> [DisplayText] {
    let (parts, more) = (measures(room: room), measures(room: room, withOwn: true))
    // The hit rate and the number of clients may go.
    let leastWanted = [state.header.server?.hitRatio != nil, state.header.server?.clients != nil].count { $0 }
    let needed = min(Self.fitting(parts, room: room), max(0, parts.count - leastWanted))
    return Self.fitting(more, room: room) >= needed ? more : parts
  }

  /// What the config file calls the server, with a blank behind it; a production server is seen from afar.
  private func profileText(room: Int) -> DisplayText {
    guard let profile = state.setup.profile else { return DisplayText() }
    let role: Role =
      switch state.setup.stage {
      case .prod: .danger
      case .staging: .warn
      case .dev, nil: .accent
      }
    return outside(Array(profile.utf8), role, cells: 60).truncated(to: max(4, room), ellipsis: glyphs.ellipsis)
      + text(" ", .header)
  }

  private var marksText: DisplayText {
    var marks = DisplayText()
    if state.isReadOnly { marks.append(" [RO]", role: .readonly) }
    if let left = state.unlockedLeft {
      marks.append(" ")
      marks.append("[UNLOCKED \(left)]", role: .danger)
    }
    let isOld =
      !state.setup.isServerless
      && (state.link != .connected || state.isSilent || state.trouble != nil && state.isAnythingRead)
    if isOld { marks.append(" [STALE]", role: .stale) }
    if !state.isTracked { marks.append(" [POLL]", role: .warn) }
    if state.setup.isInsecure { marks.append(" [INSECURE]", role: .danger) }
    // The line of the console says it itself.
    if let queue = state.console.session.queue, state.console.focus == nil {
      marks.append(" [MULTI \(queue.count)]", role: .warn)
    }
    if state.pause != nil { marks.append(" [PAUSED]", role: .stale) }
    return marks
  }

  private var productText: DisplayText {
    guard let server = state.header.server, !server.product.isEmpty else { return DisplayText() }
    return outside(Array("\(server.product) \(server.version)".utf8), .textDim, cells: 24)
  }

  /// Numbers of the server, most wanted first.
  private func measures(room: Int, withOwn: Bool = false) -> [DisplayText] {
    var parts: [DisplayText] = []
    if let words = state.pause?.words { parts.append(text(words, .warn)) }
    guard let server = state.header.server else { return parts }
    if let keys = server.keys { parts.append(text("\(Format.count(keys)) keys", .header)) }
    if !state.limits.isEmpty { parts.append(limitsText(room: room - parts.reduce(6) { $0 + $1.width + 3 })) }
    if let primary = server.primary {
      let role: Role = primary.isLinkUp ? .textDim : .warn
      // Eighty columns have no room for an address more.
      let isNarrow = frame.size.width < 100
      parts.append(
        isNarrow
          ? text("replica", role)
          : text("replica of ", .textDim) + outside(Array(primary.words.utf8), role, cells: 60))
    }
    if let rate = server.operationsPerSecond {
      var part = text("ops ", .textDim)
      part += Sparkline.cells(
        state.header.operations.map(Double.init), width: state.setup.isPlain ? 0 : 10, glyphs: glyphs)
      part += text(" \(Format.rate(rate))/s", .header)
      if withOwn, let own = state.header.ownPerSecond { part += text(" (ours \(Format.rate(own))/s)", .textDim) }
      parts.append(part)
    }
    if let used = server.usedMemory {
      var part = text("mem ", .textDim) + text(Format.size(used), .header)
      if let limit = server.maxMemory, limit > 0 {
        let percent = used * 100 / limit
        part += text(
          percent > 999 ? " over 999%" : " \(percent)%", percent >= 90 ? .danger : percent >= 70 ? .warn : .textDim)
      }
      parts.append(part)
    }
    if let ratio = server.hitRatio { parts.append(text("hit ", .textDim) + text("\(Int(ratio * 100))%", .header)) }
    if let clients = server.clients { parts.append(text("clients ", .textDim) + text("\(clients)", .header)) }
    return parts
  }

  /// What is missing on this server; `?` says more of it.
  func limitsText(room: Int) -> DisplayText {
    let title = denied + text(" limited (?): ", .warn)
    let names = text(LimitedText.names(state.limits), .textDim)
    return title + names.truncated(to: min(32, max(6, room - title.width)), ellipsis: glyphs.ellipsis)
  }
}

extension Format {
  /// `950`, `12.4k`, `1.2M`: steps of 1000, for rates.
  static func rate(_ value: Int) -> String {
    if value < 1_000 { return "\(value)" }
    let (unit, suffix) = value < 1_000_000 ? (1_000, "k") : (1_000_000, "M")
    return "\(value / unit).\(value % unit * 10 / unit)\(suffix)"
  }
}
