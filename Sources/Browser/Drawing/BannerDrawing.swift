import Canvas
import Requests

extension Painter {
  /// The line under the header: what has become of the connection, when it is tried again, and what the user can do.
  mutating func drawBanner() {
    guard state.isBannerShown, let banner = state.banner else { return }
    let area = Rect(x: 0, y: 1, width: frame.size.width, height: 1)
    frame.fill(area, role: .stale)
    let (what, why, then) = words(of: banner)
    var right = text(then, .stale)
    let hint = hint(for: banner).map { text("  " + $0, .stale) } ?? DisplayText()
    if right.width + hint.width + 24 <= area.width { right += hint }
    // The address stands in row 1 too: it gives way to the reason, and the reason to the time.
    let room = max(8, area.width - 2 - right.width)
    let reason = outside(Array(why.utf8), .stale, cells: room + 8)
    var left = outside(Array(what.utf8), .stale, cells: 400)
      .middleTruncated(to: max(min(20, room), room - reason.width), ellipsis: glyphs.ellipsis)
    left += reason.truncated(to: max(0, room - left.width), ellipsis: glyphs.ellipsis)
    let x = 1 + frame.put(left, x: 1, y: area.y)
    frame.put(right, x: x, y: area.y, maxWidth: max(0, area.width - x - 1))
  }

  private func words(of banner: State.Banner) -> (what: String, why: String, then: String) {
    let dot = " \(glyphs == .ascii ? "-" : "\u{b7}") "
    switch banner {
    case .lost(let loss):
      if state.login != nil { return (loss.what, ": \(loss.why)", "") }
      guard let retryAt = loss.retryAt else { return (loss.what, ": \(loss.why). \(loss.nextStep)", "") }
      let seconds = max(1, (retryAt - state.now + 999) / 1_000)
      return (loss.what, ": \(loss.why)", dot + "next try in \(seconds) s")
    case .connecting(let loss):
      return (loss?.what ?? "connection lost", loss.map { ": \($0.why)" } ?? "", dot + "connecting again")
    case .silent(let time): return ("no answer for \(time / 1_000) s", "", dot + "still waiting")
    }
  }

  /// Where keys are typed into something else they do not mean this.
  private func hint(for banner: State.Banner) -> String? {
    guard state.prompt == nil, state.overlay == nil, state.console.focus == nil else { return nil }
    switch banner {
    case .lost: return state.login == nil ? "R tries now" : "R asks for the password"
    case .connecting: return nil
    case .silent: return "^C gives the connection up"
    }
  }

  /// At the right end of row 1: the command that the server is slow to answer, and for how long.
  mutating func drawSlowCommand(after x: Int) {
    guard state.link == .connected, !state.isSilent, let wait = state.waits.slowest(at: state.now) else { return }
    let elapsed = max(0, state.now - wait.since)
    let signs = Array(glyphs == .ascii ? "|/-\\" : "\u{25d0}\u{25d3}\u{25d1}\u{25d2}")
    let sign = signs[Int(elapsed / 200) % signs.count]
    let part = text(" \(sign) \(wait.command) \(elapsed / 1_000).\(elapsed / 100 % 10) s ", .warn)
    let start = frame.size.width - part.width
    guard start > x else { return }
    frame.put(part, x: start, y: 0)
  }

  /// Greys what is shown and may be old. Frames, titles and the cursor stay: one can still move.
  mutating func greyData(in areas: [Rect?]) {
    guard state.isLossSpokenOf, state.link != .connected else { return }
    for area in areas.compactMap(\.self) { frame.recolor(area.inset()) { $0.isData ? .textDim : $0 } }
  }
}

extension Role {
  /// It colours what was read from the server.
  fileprivate var isData: Bool {
    switch self {
    case .text, .textStrong, .accent, .changed, .typeStr, .typeLst, .typeHsh, .typeSet, .typeZst, .typeStm, .typeJsn,
      .typeOther, .ttlPersistent, .ttlFar, .ttlNear, .ttlUrgent, .ttlDue, .ttlGone, .barFill, .barWarn, .barDanger,
      .barEmpty, .graph, .folder, .escape, .field, .jsonKey, .jsonString, .jsonNumber, .jsonLiteral:
      true
    default: false
    }
  }
}
