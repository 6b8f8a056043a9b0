import Canvas
import Commands
import Requests

extension Painter {
  /// The line over the footer: the prompt, what is typed, and what is still due.
  mutating func drawConsoleInput(in area: Rect) {
    frame.fill(area)
    if let search = state.console.search {
      draw(search, in: area)
      return
    }
    let field = state.console.input
    let lines = field.text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = max(0, min(field.row - area.height + 1, lines.count - area.height))
    let prompt = consolePrompt
    for row in 0..<min(area.height, lines.count - first) {
      let number = first + row
      let y = area.y + row
      let label = number == 0 ? prompt : text(String(repeating: " ", count: max(0, prompt.width - 2)) + ". ", .textDim)
      let x = frame.put(label, x: 0, y: y)
      let room = max(4, area.width - x - 1)
      guard number == field.row else {
        let line = DisplayText(masked(lines[number], Self.secrets(in: lines[number])), role: .input)
        frame.put(line.truncated(to: room, ellipsis: glyphs.ellipsis), x: x, y: y)
        continue
      }
      let (shown, cursor, _) = window(of: field, room: room, masking: Self.secrets(in: lines[number]))
      let used = frame.put(shown, x: x, y: y)
      if state.console.focus == .input {
        frame.cursor = Frame.Cursor(x: min(x + cursor, area.width - 1), y: y, visible: true)
      }
      if cursor == used { drawHint(x: x + used, y: y, room: area.width - x - used - 1) }
    }
    if state.console.focus == .input, let menu = state.console.completion {
      draw(menu, above: area, promptWidth: prompt.width)
    }
  }

  /// Where passwords stand in a line that is being typed, finished or not.
  private static func secrets(in line: Substring) -> [Range<Int>] {
    let split = SplitLine(line)
    let words = split.words + [split.unfinished].compactMap(\.self)
    return CommandSecrets.places(in: words.map(\.bytes)).map { words[$0].range }
  }

  private var consolePrompt: DisplayText {
    let session = state.console.session
    var prompt = DisplayText()
    if state.isProduction {
      let name = outside(Array(state.serverName.utf8), .danger, cells: 24)
      prompt = text(" ") + name.middleTruncated(to: 24, ellipsis: glyphs.ellipsis)
    }
    prompt += text(" db\(session.database)", .headerDatabase)
    if let queue = session.queue {
      prompt += text(" multi \(queue.count)", session.isAborted ? .danger : .warn)
    } else if session.isWatching {
      prompt += text(" watch", .warn)
    }
    return prompt + text("> ", .footerKey)
  }

  /// What is still due, behind what was typed.
  private mutating func drawHint(x: Int, y: Int, room: Int) {
    let hint = state.consoleHint
    var line = DisplayText()
    if let problem = hint.problem {
      line = text("  ") + outside(Array(problem.utf8), .warn, cells: room)
    } else {
      let isInWord = state.isConsoleInWord
      for (place, part) in hint.due.enumerated() {
        // The word that is being typed is this argument: what may follow it is shown.
        let isTyped = place == 0 && isInWord && part.isNext && !part.isOptional
        let words = isTyped ? Self.behindFirst(part.text) : part.text[...]
        guard !words.isEmpty else { continue }
        let needsBlank = !line.isEmpty || isInWord
        line += text((needsBlank ? " " : "") + words, part.isNext && !isTyped ? .text : .textDim)
      }
    }
    frame.put(line.truncated(to: room, ellipsis: glyphs.ellipsis), x: x, y: y)
  }

  /// A part without its first argument: behind `key [key ...]` is `[key ...]`, behind a choice in brackets nothing of it.
  private static func behindFirst(_ text: String) -> Substring {
    let end = text.hasPrefix("<") ? text.firstIndex(of: ">") : text.firstIndex(of: " ")
    return text[(end ?? text.endIndex)...].dropFirst()
  }

  private mutating func draw(_ search: HistorySearch, in area: Rect) {
    var x = frame.put(text(" search: ", .footerKey), x: 0, y: area.y)
    let typed = DisplayText(search.text, role: .input)
    x += frame.put(typed, x: x, y: area.y, maxWidth: area.width / 2)
    frame.cursor = Frame.Cursor(x: min(x, area.width - 1), y: area.y, visible: true)
    x += 2
    let found: DisplayText
    if let hit = search.hit, state.console.history.indices.contains(hit) {
      found = DisplayText(state.console.history[hit].replacing("\n", with: "; "), role: .accent)
    } else {
      found = text(
        search.text.isEmpty ? "what was sent before and holds what you type" : "nothing holds that", .textDim)
    }
    frame.put(found.truncated(to: max(0, area.width - x - 1), ellipsis: glyphs.ellipsis), x: x, y: area.y)
  }

  /// The choice that Tab offers, above the line.
  private mutating func draw(_ menu: CompletionMenu, above area: Rect, promptWidth: Int) {
    let most = min(8, area.y - 3, menu.candidates.count)
    guard most > 0 else { return }
    let top = max(0, min((menu.selected ?? 0) - most / 2, menu.candidates.count - most))
    let shown = menu.candidates[top..<top + most]
    let names = shown.map { DisplayText($0.text, role: .text) }
    let nameWidth = min(names.map(\.width).max() ?? 0, frame.size.width / 2)
    let details = shown.map { outside(Array($0.detail.utf8), .textDim, cells: 80) }
    let width = min(frame.size.width - 2, nameWidth + 2 + (details.map(\.width).max() ?? 0) + 4)
    let x = min(promptWidth, frame.size.width - width)
    let box = Rect(x: max(0, x), y: area.y - most - 2, width: width, height: most + 2)
    frame.fill(box, role: .dialog)
    let count = Format.count(menu.candidates.count) + (menu.isPartial ? "+" : "")
    frame.box(box, role: .dialogBorder, glyphs: glyphs, bottomRight: text("\(count)  Tab next  Esc", .textDim))
    for (line, name) in names.enumerated() {
      let y = box.y + 1 + line
      let row = Rect(x: box.x + 1, y: y, width: box.width - 2, height: 1)
      if menu.selected == top + line { frame.select(row) }
      frame.put(name.middleTruncated(to: nameWidth, ellipsis: glyphs.ellipsis), x: box.x + 2, y: y)
      let room = box.width - nameWidth - 6
      frame.put(details[line].truncated(to: max(0, room), ellipsis: glyphs.ellipsis), x: box.x + 4 + nameWidth, y: y)
    }
  }

  /// The footer while one types: what the command does, and of the keys what has room beside it.
  mutating func drawConsoleFooter(in area: Rect) {
    let enter = state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title
    let summary = state.consoleHint.summary.map { outside(Array($0.utf8), .textDim, cells: 100) }
    var keys: [(String, String)]
    if state.console.search != nil {
      keys = [(enter, "takes it"), ("^R", "older"), ("^S", "newer"), ("Esc", "ends the search")]
    } else {
      let isEmpty = state.console.input.text.isEmpty
      keys = [
        (enter, "sends"), ("Tab", isEmpty ? "replies" : "completes"), ("^R", "history"), ("^J", "another line"),
        ("Esc", state.console.running == nil ? "back" : "stops"),
      ]
    }
    var x = area.x + 1
    if state.console.search == nil, let summary {
      x += frame.put(summary.truncated(to: area.width - 2, ellipsis: glyphs.ellipsis), x: x, y: area.y) + 2
    } else if state.console.search == nil, state.console.input.text.isEmpty, area.width >= 100 {
      x += frame.put("sent as typed; u does not undo it", role: .textDim, x: x, y: area.y) + 2
    }
    func hint(_ key: (String, String)) -> DisplayText {
      text("  ") + text(key.0, .footerKey) + text(" " + key.1, .footer)
    }
    // Those at the ends are missed most, and the others go first where there is no room.
    func width() -> Int { keys.reduce(0) { $0 + hint($1).width } }
    while keys.count > 1, x + width() >= area.width { keys.remove(at: keys.count - 2) }
    let right = keys.reduce(DisplayText()) { $0 + hint($1) }
    frame.put(right, endX: area.width - 1, y: area.y)
  }
}

extension State {
  /// What is due at the cursor.
  var consoleHint: CommandHint {
    let (line, _, cursor) = commandAtCursor
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    return CommandHint(for: SplitLine(before), endsInWord: isConsoleInWord, table: console.table)
  }

  /// The cursor stands behind a word, not behind a blank.
  var isConsoleInWord: Bool {
    console.input.textBeforeCursor.utf8.last.map { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") } ?? false
  }
}
