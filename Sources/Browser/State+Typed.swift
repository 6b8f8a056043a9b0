import Canvas

extension State {
  /// Keys that came from the terminal in one piece.
  mutating func handleTyped(_ keys: [Key]) {
    flood.note(at: now)
    if flood.isTail(at: now) {
      say("keys that came right behind a paste: dropped", .warning)
      return
    }
    if cancelHandOver() { return }
    let formSince = formSince
    let lineSince = console.lineSince
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
      if key == .enter, awaited != nil || isFormNew(since: formSince) {
        say("Enter came before the form was drawn: look, then press it again", .warning)
        return
      }
      if key == .enter, isLineNew(since: lineSince) {
        say("Enter came together with the key that opened the line: look, then press it again", .warning)
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
    // Nothing of a paste is sent.
    if prompt == nil, console.focus == .input { return behind }
    return behind && keys.count >= 3 * FloodGuard.mostAtOnce
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
      guard promptHasRoom(for: text), now >= prompt?.quietUntil ?? now else { return }
      prompt?.field.type(text)
      promptChanged()
    } else if overlay == nil, console.focus == .input {
      typeInConsole(text)
    } else if case .form(var form)? = overlay {
      form.type(text, limit: Self.fieldLimit)
      overlay = .form(form)
    }
  }

  /// Whether so much more fits; says so where it does not.
  mutating func promptHasRoom(for text: String) -> Bool {
    if (prompt?.field.text.utf8.count ?? 0) + text.utf8.count <= Self.promptLimit { return true }
    say("that is too long for this field: the limit is \(Format.size(Self.promptLimit))", .warning)
    return false
  }

  /// Bytes that a prompt takes: more than any name or search that is typed.
  static let promptLimit = 8 << 10

  /// Text in one piece where a button waits for Enter: Tab and Enter in it are no answer. A number that is demanded is.
  private func isTextInDialog(_ keys: ArraySlice<Key>) -> Bool {
    guard case .dialog(let dialog)? = overlay, dialog.demanded == nil, keys.count > 1 else { return false }
    return keys.contains { if case .character = $0 { true } else { false } }
  }

  /// Writes, or leaves the program, without a question.
  private func actsUnasked(_ key: Key) -> Bool {
    if overlay == .compose, !hasField {
      return key == .character("Q") || key == .character("q") && setup.isServerless
    }
    guard !hasField, overlay == nil, awaited == nil else { return false }
    switch Bindings.action(for: key, in: bindingPlaces) {
    case .undo, .redo, .quit: return true
    case .leave: return focus == .list && monitor == nil && memory == nil && !isServerShown
    default: return false
    }
  }

  /// The form was opened by these keys, or by others of the stream that goes on: nobody has seen it yet.
  private func isFormNew(since: Int64?) -> Bool {
    guard case .form? = overlay else { return false }
    return since.map { $0 >= flood.streamSince } ?? true
  }

  /// The same of the console's line: what is typed for the browser, or pasted there, must not be sent to the server.
  private func isLineNew(since: Int64?) -> Bool {
    guard prompt == nil, overlay == nil, console.focus == .input else { return false }
    return since.map { $0 >= flood.streamSince } ?? true
  }

  /// Letters are text now.
  private var hasField: Bool {
    if prompt != nil { return true }
    if overlay == nil, console.focus == .input { return true }
    guard case .form(let form)? = overlay else { return false }
    return form.fields.indices.contains(form.focus) && form.status == .composing
  }

  /// The key opens a field in which nothing can be changed on the server.
  private func opensField(_ key: Key) -> Bool {
    guard overlay == nil, awaited == nil, holdingSince == nil, console.focus == nil else { return false }
    switch Bindings.action(for: key, in: bindingPlaces) {
    case .search, .openByName, .console: return true
    default: return false
    }
  }
}
