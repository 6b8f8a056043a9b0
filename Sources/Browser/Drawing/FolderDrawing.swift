import Canvas
import Keyspace
import Values

extension Painter {
  /// `9,000,000   90%`: the keys of a folder, and their share of all that are listed.
  func folderCount(_ row: Row, hasShare: Bool) -> DisplayText {
    // Of a part of the list nothing is the whole.
    if state.list.rows?.isPartial == true { return text(Format.count(row.count) + "+", .textDim) }
    let count = text(Format.count(row.count), .textDim)
    guard hasShare, let all = state.list.rows?.matchedKeys, all > 0 else { return count }
    return count + text(Self.padded(Self.percent(Double(row.count) / Double(all)), to: 6), .textDim)
  }

  /// `1.2G`, `~1.2G` where it is reckoned, nothing where no size is known.
  func memoryText(_ facts: FolderFacts, _ role: Role) -> DisplayText {
    guard let memory = state.memory(of: facts) else { return DisplayText() }
    return text((memory.isExact ? "" : "~") + Format.size(memory.bytes), role)
  }

  private static func padded(_ words: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - words.count)) + words
  }

  /// What is known of the folder under the cursor, and how to learn the rest. Nothing is read for it.
  mutating func drawFolderPane(_ row: Row, _ prefix: KeyName, in inner: Rect) {
    var lines = Escape.display(prefix.bytes, context: .name, limit: inner.width * 8, role: .textStrong).wrapped(
      to: inner.width)
    var head = [
      text("folder", .folder), text("\(Format.count(row.count)) \(row.count == 1 ? "key" : "keys")", .textDim),
    ]
    if let all = state.list.rows?.matchedKeys, all > 0 {
      head.append(text("\(Self.percent(Double(row.count) / Double(all))) of the list", .textDim))
    }
    lines.append(joined(head))
    lines.append(DisplayText())
    if state.list.query.needsFacts {
      lines += text("Only some of its keys are listed: memory and TTLs are told of whole folders.", .textDim)
        .wrappedAtBlanks(to: inner.width)
    } else {
      lines += folderLines(state.facts(ofFolder: prefix) ?? FolderFacts(prefix: prefix), width: inner.width)
    }
    lines.append(DisplayText())
    lines += hintLines(width: inner.width)
    for (number, line) in lines.prefix(inner.height).enumerated() {
      frame.put(line.truncated(to: inner.width, ellipsis: glyphs.ellipsis), x: inner.x, y: inner.y + number)
    }
  }

  private func folderLines(_ facts: FolderFacts, width: Int) -> [DisplayText] {
    func line(_ label: String, _ content: DisplayText) -> DisplayText {
      text(label + String(repeating: " ", count: max(1, 9 - label.count)), .textDim) + content
    }
    func unknown(_ key: String, _ words: String) -> DisplayText {
      text("?  ", .textDim) + text(key, .footerKey) + text(" " + words, .textDim)
    }
    var lines: [DisplayText] = []
    if let memory = state.memory(of: facts) {
      let part = Self.percent(Double(facts.sized) / Double(max(1, facts.keys)))
      let source = memory.isExact ? "" : facts.sized < facts.keys ? "  from \(part) of its keys" : "  as it was read"
      lines.append(line("memory", memoryText(facts, .text) + text(source, .textDim)))
      let average = Format.size(memory.bytes / max(1, facts.keys))
      lines.append(line("a key", text((memory.isExact ? "" : "~") + average, .text) + text("  on average", .textDim)))
    } else {
      lines.append(line("memory", unknown("M", "reads sizes")))
    }
    if state.tells(.deadline, of: facts.dated, in: facts) {
      let share = Self.percent(Double(facts.persistent) / Double(facts.dated))
      let whose = facts.dated < facts.keys ? " of the \(Format.count(facts.dated)) read" : ""
      lines.append(
        line("no TTL", text(Format.count(facts.persistent), .text) + text("  (\(share)\(whose))", .textDim)))
      lines.append(line("expires", soonestText(facts)))
    } else {
      lines.append(line("no TTL", unknown("T", "reads TTLs")))
    }
    let known = facts.types.reduce(0) { $0 + $1.keys }
    guard state.tells(.type, of: known, in: facts) else {
      return lines + [line("types", unknown("T", "reads them"))]
    }
    let barWidth = max(4, min(20, width - 30))
    for (number, type) in facts.types.prefix(6).enumerated() {
      let share = Double(type.keys) / Double(known)
      var content = text(type.type.badge + " ", type.type.role)
      if !state.setup.isPlain { content += Bar.cells(fraction: share, width: barWidth, glyphs: glyphs) }
      content += text(Self.padded(Self.percent(share), to: 6), .text) + text("  \(Format.count(type.keys))", .textDim)
      lines.append(line(number == 0 ? "types" : "", content))
    }
    if known < facts.keys {
      lines.append(line("", text("of \(Format.count(known)) that were read", .textDim)))
    }
    return lines
  }

  /// The first deadline, counted down; by what was read when it was read.
  private func soonestText(_ facts: FolderFacts) -> DisplayText {
    guard let soonest = facts.soonest else {
      return text("-", .ttlPersistent) + text("  never, none of them", .textDim)
    }
    let ttl = state.ttl(ofDeadline: soonest)
    let words = ttl == .due ? "  the first; T reads again" : "  the first of them"
    return text(ttl.cell.text, ttl.cell.role) + text(words, .textDim)
  }

  private func hintLines(width: Int) -> [DisplayText] {
    var lines: [DisplayText] = []
    let enter = state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title
    let hints = [
      (enter, "opens it"), ("M", "its memory"), ("T", "what expires in it"), ("t", "TTLs of all"),
    ].filter { $0.0 != "t" || !state.isReadOnly }
    var line = DisplayText()
    for (key, words) in hints {
      let part = text(key, .footerKey) + text(" " + words, .textDim)
      if !line.isEmpty, line.width + 2 + part.width > width {
        lines.append(line)
        line = DisplayText()
      }
      line += line.isEmpty ? part : text("  ") + part
    }
    return lines + [line]
  }
}
