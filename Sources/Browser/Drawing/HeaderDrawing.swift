import Canvas
import Requests

extension Painter {
  /// Row 1: endpoint, database and marks always; then what is followed, the server's own count, and what fits of the rest.
  mutating func drawHeader() {
    let width = frame.size.width
    frame.fill(Rect(x: 0, y: 0, width: width, height: 1), role: .header)
    let database = text(" db\(state.database) ", .headerDatabase)
    let marks = marksText
    let wholeEndpoint = outside(Array(state.setup.endpointName.utf8), .headerEndpoint)
    let around = database.width + marks.width + 4
    let follow = followText(room: width - around - min(wholeEndpoint.width, 12) - 3)
    let followWidth = follow.isEmpty ? 0 : follow.width + 3
    let endpointRoom = max(6, width - around - followWidth)
    let endpoint = wholeEndpoint.middleTruncated(to: endpointRoom, ellipsis: glyphs.ellipsis)
    var x = 1
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
    if case .lost(let why, let retryIn) = state.link {
      let retry = text(", next try in \(max(1, (retryIn + 999) / 1_000)) s", .stale)
      let reason = outside(Array(why.utf8), .stale, cells: 80)
        .truncated(to: max(0, width - x - 4 - retry.width), ellipsis: glyphs.ellipsis)
      frame.put(reason + retry, x: x + 3, y: 0, maxWidth: max(0, width - x - 4))
      return
    }
    if state.link == .connecting {
      frame.put(text("connecting again", .stale), x: x + 3, y: 0, maxWidth: max(0, width - x - 4))
      return
    }
    if state.isSilent {
      let seconds = (state.now - (state.header.askedAt ?? state.now)) / 1_000
      frame.put(text("no answer for \(seconds) s", .stale), x: x + 3, y: 0, maxWidth: max(0, width - x - 4))
      return
    }
    for part in state.isMonitorShown ? expiryMeasures : measures {
      guard x + 3 + part.width <= width else { break }
      x += 3
      x += frame.put(part, x: x, y: 0)
    }
  }

  private var marksText: DisplayText {
    var marks = DisplayText()
    if state.setup.isReadOnly { marks.append(" [RO]", role: .readonly) }
    if state.link != .connected || state.isSilent { marks.append(" [STALE]", role: .stale) }
    if !state.isTracked { marks.append(" [POLL]", role: .warn) }
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
  private var measures: [DisplayText] {
    var parts: [DisplayText] = []
    if let words = state.pause?.words { parts.append(text(words, .warn)) }
    guard let server = state.header.server else { return parts }
    if let percent = server.loadingPercent { parts.append(text("loading its data: \(percent)%", .warn)) }
    if let keys = server.keys { parts.append(text("\(Format.count(keys)) keys", .header)) }
    if let rate = server.operationsPerSecond {
      var part = text("ops ", .textDim)
      part += Sparkline.cells(
        state.header.operations.map(Double.init), width: state.setup.isPlain ? 0 : 10, glyphs: glyphs)
      part += text(" \(Format.rate(rate))/s", .header)
      parts.append(part)
    }
    if let used = server.usedMemory {
      var part = text("mem ", .textDim) + text(Format.size(used), .header)
      if let limit = server.maxMemory, limit > 0 {
        let percent = used * 100 / limit
        part += text(" \(percent)%", percent >= 90 ? .danger : percent >= 70 ? .warn : .textDim)
      }
      parts.append(part)
    }
    if let ratio = server.hitRatio { parts.append(text("hit ", .textDim) + text("\(Int(ratio * 100))%", .header)) }
    if let clients = server.clients { parts.append(text("clients ", .textDim) + text("\(clients)", .header)) }
    if server.isInfoDenied { parts.append(denied + text(" INFO: +info", .textDim)) }
    return parts
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
