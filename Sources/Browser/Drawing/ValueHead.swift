import Canvas
import Keyspace
import Requests
import Values

/// The lines above a value: the whole name and why it may be taken for another, what is known, the TTL, a blank.
struct ValueHead {
  let name: [DisplayText]
  let facts: DisplayText
  let ttl: DisplayText

  init(_ state: State, glyphs: GlyphSet = .unicode) {
    guard let key = state.value.key else {
      name = []
      facts = DisplayText()
      ttl = DisplayText()
      return
    }
    let painter = Painter(state: state, glyphs: glyphs, frame: Frame(size: Size(width: 0, height: 0)))
    let width = state.valueWidth
    name =
      ValueHead.name(key, width: width, height: state.layout.value?.height ?? state.size.height)
      + (painter.doubt(key.bytes)?.wrappedAtBlanks(to: width) ?? [])
    facts = painter.factsLine
    ttl = painter.ttlLine(for: key)
  }

  /// Lines, the blank one included.
  var height: Int { name.isEmpty ? 0 : name.count + 3 }

  /// The whole name, wrapped. Only a name that would leave no room for the value ends in a count of what is left, and
  /// `i` shows all of it.
  private static func name(_ key: KeyName, width: Int, height: Int) -> [DisplayText] {
    guard !key.bytes.isEmpty else { return [DisplayText("(the empty name)", role: .textDim)] }
    let room = max(1, height - 10)
    let lines = Escape.display(key.bytes, context: .name, limit: width * (room + 1), role: .textStrong).wrapped(
      to: width)
    guard lines.count > room else { return lines }
    return lines.prefix(max(1, room - 1)) + [
      DisplayText("\(Format.count(key.bytes.count)) bytes in all: i shows the whole name", role: .warn)
    ]
  }
}

extension Painter {
  /// `HSH listpack · 6 fields · 1.1k · was idle 12s`
  var factsLine: DisplayText {
    let value = state.value
    guard let opened = value.opened else {
      return text(value.loadingSince == nil ? "" : "reading", .textDim)
    }
    guard let type = opened.facts.type.value.flatMap({ $0 }) else {
      if let denial = opened.facts.type.denial ?? opened.denial {
        return denied + text(" " + DeniedText.line(denial), .warn)
      }
      return text("no such key", .ttlGone)
    }
    var parts: [DisplayText] = []
    var head = text(type.badge, type.role)
    if case .other(let word) = type { head += text(" ") + outside(Array(word.utf8), .textDim, cells: 24) }
    switch opened.inspection.encoding {
    case .known(let encoding): head += text(" ") + outside(Array(encoding.utf8), .textDim, cells: 24)
    case .denied: head += text(" ") + denied
    case .unknown: break
    }
    parts.append(head)
    if let length = opened.inspection.length.value ?? shownLength {
      parts.append(text("\(Format.count(length)) \(type.partsName(length))", .textDim))
    }
    switch opened.inspection.memory {
    case .known(let size): parts.append(text(Format.size(size), .textDim))
    case .denied(let denial): parts.append(denied + text(" \(denial.missingRule ?? denial.command)", .textDim))
    case .unknown: break
    }
    if let idle = opened.inspection.idleSeconds.value.flatMap({ $0 }) {
      // Of when it was read: others may have read the key since, and nobody says so.
      parts.append(text("was idle \(InspectionScreen.idle(idle))", .textDim))
    }
    return joined(parts)
  }

  private var shownLength: Int? {
    switch state.value.content {
    case .string(let view): view.length
    case .collection(let view): view.total
    default: nil
    }
  }

  /// `ttl ███████▏····  12m 40s of 30m`: linear against the longest TTL seen, since the server does not tell the first.
  func ttlLine(for key: KeyName) -> DisplayText {
    let isGone = state.value.opened?.facts.isGone == true
    guard let seen = state.list.seen[key] else { return text(isGone ? "" : "ttl ?", .textDim) }
    let ttl = state.ttl(of: seen)
    var line = text("ttl ", .textDim)
    switch ttl {
    case .persistent: return line + text("-", .ttlPersistent) + text("  never expires", .textDim)
    case .denied:
      return line + denied + text(" " + (seen.facts.deadline.denial.map(DeniedText.line) ?? ""), .textDim)
    case .due: return line + text("due", .ttlDue) + text("  the deadline passed; asking the server", .textDim)
    case .gone: return line + text("gone", .ttlGone) + text("  expired or deleted", .textDim)
    case .unknown: return line + text("?", .textDim)
    case .remaining(let left):
      let full = max(left, seen.fullTTL ?? left)
      if !state.setup.isPlain {
        let width = min(20, max(6, state.valueWidth - 28))
        line += Bar.cells(
          fraction: Double(left) / Double(full), width: width, fill: ttl.barRole, glyphs: glyphs)
        line += text("  ")
      }
      line += text(ttl.cell.text, ttl.cell.role)
      // Only what is rounded alike can be compared: the longest is shown when it reads differently.
      let longest = TTLText.cell(remaining: full)
      return longest == ttl.cell.text ? line : line + text(" of \(longest)", .textDim)
    }
  }
}
