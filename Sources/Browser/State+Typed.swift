import Canvas

extension State {
  /// Keys that came from the terminal in one piece.
  mutating func handleTyped(_ keys: [Key]) {
    let hadForm = isFormOpen
    var rest = keys[...]
    if hasField, isPaste(rest) {
      handlePaste(Self.pasted(rest))
      return
    }
    if isTextInDialog(rest) {
      say("text came while a question is open: nothing was pressed", .warning)
      return
    }
    var isJudged = false
    while let key = rest.first {
      if hasField || !flood.isOn(at: now) && opensField(key) {
        flood.forget()
        isJudged = false
      } else if !isJudged {
        guard !flood.isFlood(rest, at: now) else {
          say("as many keys at once as from a paste: dropped. / or O opens a field", .warning)
          return
        }
        isJudged = true
      }
      if hasField, let text = Self.text(at: rest), text.count > 1 {
        type(text)
        rest.removeFirst(text.count)
        continue
      }
      rest.removeFirst()
      if key == .enter, !hadForm, isFormOpen {
        say("Enter came before the form was drawn: look, then press it again", .warning)
        return
      }
      if actsUnasked(key), FloodGuard.differentKeys(keys[...]) > 2 {
        say("\(key.tmuxName) came among other keys, as in a paste: press it alone", .warning)
        return
      }
      handle(key)
    }
  }

  /// Several lines of text in one piece: a paste without brackets. In a form Enter would confirm the first of them.
  private func isPaste(_ keys: ArraySlice<Key>) -> Bool {
    guard let enter = keys.firstIndex(of: .enter) else { return false }
    let behind = keys[enter...].contains { if case .character = $0 { true } else { false } }
    if case .form? = overlay { return behind }
    return behind && keys.count >= FloodGuard.most
  }

  private static func pasted(_ keys: ArraySlice<Key>) -> [UInt8] {
    keys.flatMap { key -> [UInt8] in
      switch key {
      case .character(let character): Array(String(character).utf8)
      case .enter: [0x0A]
      case .tab: [0x09]
      default: []
      }
    }
  }

  /// The characters that the keys begin with; nil: they begin with another key.
  private static func text(at keys: ArraySlice<Key>) -> [Character]? {
    let text = keys.lazy.map { if case .character(let character) = $0 { character } else { nil as Character? } }
      .prefix { $0 != nil }.compactMap(\.self)
    return text.isEmpty ? nil : Array(text)
  }

  /// Many characters at once: one change, however many.
  private mutating func type(_ characters: [Character]) {
    message = nil
    kills.nextKey()
    let text = String(characters)
    if prompt != nil {
      prompt?.field.type(text)
      promptChanged()
    } else if case .form(var form)? = overlay {
      form.type(text, limit: Self.fieldLimit)
      overlay = .form(form)
    }
  }

  /// Text in one piece where a button waits for Enter: Tab and Enter in it are no answer. A number that is demanded is.
  private func isTextInDialog(_ keys: ArraySlice<Key>) -> Bool {
    guard case .dialog(let dialog)? = overlay, dialog.demanded == nil, keys.count > 1 else { return false }
    return keys.contains { if case .character = $0 { true } else { false } }
  }

  /// Writes, or leaves the program, without a question.
  private func actsUnasked(_ key: Key) -> Bool {
    guard !hasField, overlay == nil, awaited == nil else { return false }
    switch Bindings.action(for: key, focus: focus) {
    case .undo, .redo, .quit: return true
    case .leave: return focus == .list
    default: return false
    }
  }

  /// A form is there, or about to be: Enter in it is a confirmation.
  private var isFormOpen: Bool {
    if case .form? = overlay { return true }
    return awaited != nil
  }

  /// Letters are text now.
  private var hasField: Bool {
    if prompt != nil { return true }
    guard case .form(let form)? = overlay else { return false }
    return form.fields.indices.contains(form.focus) && form.status == .composing
  }

  /// The key opens a field in which nothing can be changed on the server.
  private func opensField(_ key: Key) -> Bool {
    guard overlay == nil, awaited == nil, holdingSince == nil else { return false }
    switch Bindings.action(for: key, focus: focus) {
    case .search, .openByName: return true
    default: return false
    }
  }
}
