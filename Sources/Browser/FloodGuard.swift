import Canvas

/// Tells a paste without brackets from typing. In the list every letter is a command: text that was pasted there must
/// not act.
///
/// So many different keys at once, or in so short a time, no hand types. The same key again counts once: it is held
/// down.
struct FloodGuard: Sendable {
  /// Keys.
  static let most = 16
  /// Ms in which so many come.
  static let window: Int64 = 60
  /// Ms without a key after which a flood is over.
  static let silence: Int64 = 100

  /// When the latest keys came, monotonic ms, oldest first; never more than ``most``.
  private var arrivals: [Int64] = []
  private var latest: Key?
  /// Keys before this monotonic ms belong to the flood.
  private var floodUntil: Int64 = .min

  /// Whether a flood is under way.
  func isOn(at now: Int64) -> Bool { now < floodUntil }

  /// Takes keys that came now in one piece, once. True: they are to be dropped, all of them.
  mutating func isFlood(_ keys: ArraySlice<Key>, at now: Int64) -> Bool {
    for key in keys {
      if isText(key), key != latest { arrivals.append(now) }
      latest = key
    }
    arrivals = Array(arrivals.suffix(Self.most))
    let isFast = arrivals.count == Self.most && now - arrivals[0] <= Self.window
    guard isOn(at: now) || isFast else { return false }
    floodUntil = now + Self.silence
    return true
  }

  /// Keys that a field has taken are no part of a flood.
  mutating func forget() { arrivals = [] }

  private func isText(_ key: Key) -> Bool {
    switch key {
    case .character, .enter, .tab: true
    default: false
    }
  }
}

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
      rest.removeFirst()
      if key == .enter, !hadForm, isFormOpen {
        say("Enter came before the form was drawn: look, then press it again", .warning)
        return
      }
      handle(key)
    }
  }

  /// Lines of text in one piece: a paste without brackets.
  private func isPaste(_ keys: ArraySlice<Key>) -> Bool {
    keys.count >= FloodGuard.most && keys.dropLast().contains(.enter)
  }

  /// Text in one piece where a button waits for Enter: Tab and Enter in it are no answer. A number that is demanded is.
  private func isTextInDialog(_ keys: ArraySlice<Key>) -> Bool {
    guard case .dialog(let dialog)? = overlay, dialog.demanded == nil, keys.count > 1 else { return false }
    return keys.contains { if case .character = $0 { true } else { false } }
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
