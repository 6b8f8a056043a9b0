import Canvas
import Keyspace
import Requests

extension Painter {
  /// The last row: the field that is open, else what just happened, else the keys that apply.
  mutating func drawFooter(in area: Rect) {
    if let prompt = state.prompt {
      drawPrompt(prompt, in: area)
    } else if let confirmation = state.compose.confirmation, state.overlay == .compose {
      draw(confirmation, in: area)
    } else if let message = state.message {
      let role: Role =
        switch message.tone {
        case .plain: .ok
        case .warning: .warn
        case .error: .danger
        }
      frame.put(
        outside(message.bytes, role, cells: area.width).truncated(to: area.width - 2, ellipsis: glyphs.ellipsis),
        x: 1, y: area.y)
    } else if state.overlay == .compose {
      drawComposeHints(in: area)
    } else if let hints = editingHints {
      var x = area.x + 1
      for (key, words) in hints {
        let part = text(key, .footerKey) + text(" " + words, .footer)
        guard x + part.width + 2 <= area.width else { break }
        x += frame.put(part, x: x, y: area.y) + 2
      }
    } else if state.console.focus == .input, state.overlay == nil {
      drawConsoleFooter(in: area)
    } else {
      drawHints(in: area)
    }
  }

  /// What keys do in what lies over the panes; nil: nothing does.
  private var editingHints: [(key: String, words: String)]? {
    let (enter, escape) = (state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title, "Esc")
    switch state.overlay {
    case .dialog(let dialog):
      let demanded: [(String, String)] =
        switch dialog.demands {
        case .keyCount: [("0-9", "the number of keys")]
        case .serverName: [("a-z", "the name")]
        }
      return (dialog.demanded == nil ? [] : demanded)
        + [
          ("Tab", "next button"), (enter, "presses"),
          (escape, dialog.buttons[0].title == "[Cancel]" ? "cancels" : "back"),
        ]
    case .form(let form):
      if case .sending(let id, _) = form.status {
        return [(escape, (state.writes[id]?.edits.count ?? 0) > 1 ? "stops" : "stops waiting")]
      }
      guard form.status == .composing, form.fields.indices.contains(form.focus) else {
        return [("Tab", "next button"), (enter, "presses"), (escape, "leaves")]
      }
      let field = form.fields[form.focus]
      let isLast = form.focus + 1 == form.fields.count
      let first = field.area.isMultiline ? "new line" : isLast ? "saves" : "next field"
      let lines = field.takesLines && !field.area.isMultiline ? [("^J", "several lines")] : []
      return [(enter, first), ("Tab", "next")] + lines + [("^U", "clears"), (escape, "cancels")]
    case .menu: return [(enter, "chooses"), (escape, "closes")]
    case .databases: return [(enter, "switches"), (escape, "closes")]
    case .names: return [("j k", "scroll"), (escape, "back to the plan")]
    case .log(_, _, opened: nil): return [("j k", "move"), (enter, "shows one whole"), (escape, "closes")]
    case .servers:
      guard state.servers.attempt == nil else { return [(escape, "gives up connecting")] }
      return Bindings.all.filter { $0.place == .servers }.map { binding in
        let key = binding.keys[0]
        return (state.setup.isASCII ? key.plainTitle : key.title, binding.hint ?? binding.title)
      }
    case .compose: return nil
    case .help, .inspection, .log: return [("j k", "scroll"), (escape, "closes")]
    case nil: return nil
    }
  }

  private mutating func drawPrompt(_ prompt: Prompt, in area: Rect) {
    let label = text(" \(title(of: prompt)) ", .footerKey)
    var x = frame.put(label, x: 0, y: area.y)
    let warning = warning(for: prompt)
    // What is wrong is not pushed out by a long text.
    let kept = warning.map { min($0.width + 3, area.width / 2) } ?? 0
    let room = max(4, area.width - x - 2 - kept)
    let (shown, cursor) =
      prompt.subject.isMasked ? masked(prompt.field, room: room) : plain(window(of: prompt.field, room: room))
    let cursorX = x + cursor
    x += frame.put(shown, x: x, y: area.y)
    frame.cursor = Frame.Cursor(x: min(cursorX, area.width - 1), y: area.y, visible: true)
    if let warning {
      let room = max(0, area.width - x - 4)
      frame.put(warning.truncated(to: room, ellipsis: glyphs.ellipsis), endX: area.width - 1, y: area.y)
      return
    }
    if prompt.subject == .filter, state.link == .connected,
      let offer = serverOffer(for: prompt, room: area.width - x - 4)
    {
      frame.put(offer, endX: area.width - 1, y: area.y)
      return
    }
    let hint = text(hint(for: prompt), .textDim)
    if x + 3 + hint.width < area.width { frame.put(hint, endX: area.width - 1, y: area.y) }
  }

  private func plain(_ window: (shown: DisplayText, cursor: Int, hidden: Int)) -> (shown: DisplayText, cursor: Int) {
    (window.shown, window.cursor)
  }

  /// A sign for each character that was typed.
  private func masked(_ field: TextField, room: Int) -> (shown: DisplayText, cursor: Int) {
    let cursor = field.textBeforeCursor.count
    let hidden = max(0, cursor + 1 - room)
    let count = min(room, field.text.count - hidden)
    return (text(String(repeating: maskSign, count: max(0, count)), .input), cursor - hidden)
  }

  private func title(of prompt: Prompt) -> String {
    switch prompt.subject {
    case .filter: "/"
    case .openKey: "open key:"
    case .search: "/"
    case .unionWith: "union with set:"
    case .database: "database:"
    case .console: "/"
    case .replyFile: "file:"
    case .password: "password:"
    case .servers: "/"
    case .serverPassword: "password:"
    }
  }

  /// What a filter still needs, or why it shows nothing; nil: nothing is wrong with it.
  private func warning(for prompt: Prompt) -> DisplayText? {
    if prompt.subject == .password, let login = state.login, prompt.field.text.isEmpty {
      return outside(Array(login.why.utf8), .danger, cells: 200)
    }
    if prompt.subject == .serverPassword, prompt.isRefused {
      return text("the server did not accept that one", .danger)
    }
    guard prompt.subject == .filter else { return nil }
    if let mistake = state.list.keyFilter.mistake {
      return outside(Array(mistake.text.utf8), prompt.isRefused ? .danger : .warn, cells: 200)
    }
    return state.list.query.expiry == .impossible ? text("no key can meet all of this", .warn) : nil
  }

  private func hint(for prompt: Prompt) -> String {
    switch prompt.subject {
    case .filter: return "text, glob * ? [, ~fuzzy, ttl<10m ttl:none  Enter keeps  Esc clears"
    case .openKey: return "the exact name, \\xhh for a byte  Enter opens  Esc cancels"
    case .console: return "text in the replies  n N next, previous  Enter  Esc"
    case .replyFile: return "a new file: .json as JSON, .txt as shown, else the bytes  Enter  Esc"
    case .password: return "not shown, and kept nowhere  Enter logs in  Esc leaves it"
    case .servers: return "a part of the name, address or user  Enter keeps  Esc clears"
    case .serverPassword: return "not shown, and kept nowhere  Enter connects  Esc leaves it"
    case .database: return "its number  Enter switches  Esc cancels"
    case .unionWith: return "both below \(Format.count(State.unionLimit)) members  Enter  Esc"
    case .search:
      guard state.shownString == nil, case .collection(let view) = state.value.content else {
        return "text  n N next, previous"
      }
      switch view.type {
      case .hash: return "fields that hold this text  Enter  Esc"
      case .set: return "is exactly this a member?  Enter  Esc"
      case .list: return "index, -1 is the last  Enter  Esc"
      case .sortedSet: return "member, #rank or @score  Enter  Esc"
      default: return "Enter  Esc"
      }
    }
  }

  private mutating func drawHints(in area: Rect) {
    let places = state.bindingPlaces
    // What is nearest hides what its keys mean farther away.
    func isNearest(_ binding: Binding) -> Bool {
      let nearer = places.prefix { $0 != binding.place }
      return !Bindings.all.contains { nearer.contains($0.place) && $0.keys.contains(binding.keys[0]) }
    }
    var bindings = Bindings.all.filter { binding in
      binding.hint != nil && places.contains(binding.place) && isNearest(binding)
        && !((binding.action == .monitor || binding.action == .memory) && state.focus == .value)
        && !(binding.writes && state.isReadOnly) && !(binding.action == .lock && state.lock == .none)
        && !(state.isMonitorShown && isNoHintInMonitor(binding.action))
        && !(state.isMemoryShown && isNoHintInMemory(binding))
    }
    if let screen = state.serverScreen {
      bindings = bindings.filter { $0.action.isHintInServer(screen.page) }
      bindings = bindings.filter { $0.place == .server } + bindings.filter { $0.place != .server }
    } else if state.isMonitorShown {
      let isOwn: (Binding) -> Bool = { $0.place == .timeline || $0.place == .monitor }
      bindings =
        bindings.filter { $0.place == .timeline } + bindings.filter { !isOwn($0) }
        + bindings.filter { $0.place == .monitor }
    } else if state.isMemoryShown {
      bindings = bindings.filter { $0.place == .memory } + bindings.filter { $0.place != .memory }
    }
    let (ends, others) = (
      bindings.filter { $0.action == .help || $0.action == .leave },
      bindings.filter { $0.action != .help && $0.action != .leave }
    )
    draw(hints: others.map(hint), ends: ends.map(hint), in: area)
  }

  /// As many hints as there is room for, the most wanted first, beside those at the right end, which always stay.
  mutating func draw(hints: [DisplayText], ends: [DisplayText], in area: Rect) {
    var right = DisplayText()
    for part in ends {
      if !right.isEmpty { right += text("  ") }
      right += part
    }
    var x = area.x + 1
    for part in hints {
      guard x + part.width + 2 + right.width + 1 <= area.width else { break }
      x += frame.put(part, x: x, y: area.y) + 2
    }
    frame.put(right, endX: area.width - 1, y: area.y)
  }

  private func hint(_ binding: Binding) -> DisplayText {
    let keys = binding.hintKeys.map { state.setup.isASCII ? $0.plainTitle : $0.title }.joined(separator: " ")
    var words = binding.hint ?? ""
    if binding.action == .leave,
      state.focus == .value || state.monitor != nil || state.memory != nil || state.isServerShown
    {
      words = "back"
    }
    if binding.action == .serverPage(1), let page = state.serverScreen?.page { words = page.nextTitle }
    if binding.action == .otherPane, let monitor = state.monitor, state.focus == .list {
      words = monitor.pane == .keys ? "timeline" : "keys"
    }
    if binding.action == .lock, state.lock != .locked { words = "lock" }
    if binding.action == .databases { words = "db\(state.database)" }
    if binding.action == .open, state.isMonitorShown, state.monitor?.pane == .timeline { words = "keys" }
    return text(keys, .footerKey) + text(" " + words, .footer)
  }

  /// The same for the memory by prefix.
  private func isNoHintInMemory(_ binding: Binding) -> Bool {
    switch binding.action {
    // Where every key is read there is no more to read.
    case .readAll: state.list.scan.sweep?.sampledFrom == nil
    case .kinds, .sort, .zoom, .otherPane, .openByName, .databases, .add, .edit, .memory, .server: true
    default: false
    }
  }

  /// Not worth a word in the footer of the monitor, where other keys are.
  private func isNoHintInMonitor(_ action: Action) -> Bool {
    switch action {
    case .kinds, .sort, .layout, .zoom, .openByName, .databases, .add, .edit, .copy, .monitor, .memory, .server: true
    case .delete, .mark: state.monitor?.pane == .timeline
    default: false
    }
  }
}
