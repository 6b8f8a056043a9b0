import Canvas
import Keyspace
import Values

/// `i`: all that is known of a key.
enum InspectionScreen {
  static func lines(_ state: State) -> [DisplayText] {
    guard case .inspection(let name, let inspection, _)? = state.overlay else { return [] }
    // The whole name, however long; it can be scrolled.
    let width = max(20, state.size.width - 10)
    var lines = Escape.display(name.bytes, context: .name, role: .textStrong).wrapped(to: width)
    let painter = Painter(
      state: state, glyphs: state.setup.isASCII ? .ascii : .unicode, frame: Frame(size: Size(width: 0, height: 0)))
    lines += painter.doubt(name.bytes)?.wrappedAtBlanks(to: width) ?? []
    lines.append(DisplayText())
    lines.append(row("bytes in the name", Format.count(name.bytes.count)))
    guard let inspection else { return lines + [DisplayText("asking the server", role: .textDim)] }
    if inspection.type == .known(nil) {
      return lines + [DisplayText("the key does not exist any more", role: .ttlGone)]
    }
    lines.append(row("type", inspection.type) { $0?.title ?? "" })
    lines.append(row("encoding", inspection.encoding) { $0 })
    lines.append(row("length", inspection.length) { Format.count($0) })
    lines.append(row("memory", inspection.memory) { "\(Format.size($0))  (\(Format.count($0)) bytes)" })
    lines.append(row("idle", inspection.idleSeconds) { $0.map(idle) ?? "not kept under an LFU policy" })
    lines.append(row("frequency", inspection.frequency) { $0.map { "\($0)" } ?? "kept only under an LFU policy" })
    lines.append(row("references", inspection.references) { "\($0)" })
    lines.append(row("deadline", inspection.deadline) { deadline($0) })
    if case .known(let deadline) = inspection.deadline, case .at(let time) = deadline {
      let left = state.remaining(until: time, at: state.displayNow)
      lines.append(row("time left", left > 0 ? TTLText.cell(remaining: left) : "due"))
    }
    return lines
  }

  /// Seconds without an access, in words; below ten no tenths are known.
  static func idle(_ seconds: Int) -> String {
    seconds < 10 ? "\(max(0, seconds))s" : TTLText.cell(remaining: Int64(min(seconds, 1 << 50)) * 1_000)
  }

  /// The same in its biggest unit alone.
  static func idleUnit(_ seconds: Int) -> String { String(idle(seconds).prefix { $0 != " " }) }

  static func deadline(_ deadline: Deadline) -> String {
    switch deadline {
    case .unknown: "unknown"
    case .persistent: "none: the key never expires"
    case .at(let time): DateText.utc(milliseconds: time) ?? "\(time) ms since 1970"
    }
  }

  private static func row(_ label: String, _ value: String) -> DisplayText {
    var line = DisplayText(label, role: .textDim)
    line.append(String(repeating: " ", count: max(1, 20 - line.width)))
    line.append(value)
    return line
  }

  private static func row<Value>(_ label: String, _ fact: Fact<Value>, _ text: (Value) -> String) -> DisplayText {
    switch fact {
    case .known(let value): return row(label, text(value))
    case .unknown: return row(label, "?")
    case .denied(let denial): return row(label, DeniedText.line(denial))
    }
  }
}

/// A denial in words, with the rule that would lift it.
enum DeniedText {
  static func line(_ denial: Denial) -> String {
    if denial.isOfKey {
      return "NOPERM: this user's key patterns do not cover this name; it needs \(denial.missingRule ?? "")"
    }
    if let rule = denial.missingRule { return "NOPERM: \(denial.command) needs the ACL rule \(rule)" }
    return "this server has no \(denial.command): it may be renamed or disabled"
  }
}

extension Denial {
  /// In few cells: `SCAN needs +scan`.
  var short: String { missingRule.map { "\(command) needs \($0)" } ?? "no \(command) here" }
}
