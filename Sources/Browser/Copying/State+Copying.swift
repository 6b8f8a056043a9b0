import Canvas
import Keyspace
import Requests
import Values

/// `y`: something goes to the terminal's clipboard. Only what is there whole, and as the server had it last, does.
extension State {
  mutating func openCopyMenu() {
    guard checkClipboard() else { return }
    if focus == .value, link == .connected, isElementOnItsWay, let key = value.key {
      postpone(.copy, until: .reading(key))
      return
    }
    let parts = copiedParts
    guard !parts.isEmpty else {
      say("nothing is under the cursor")
      return
    }
    overlay = .menu(
      Menu(
        title: "copy",
        items: parts.map { Menu.Item(key: $0.part.key, title: $0.title, isChosen: false, choice: .copy($0.part)) }))
  }

  /// Whether there is a clipboard; says so where there is none.
  mutating func checkClipboard() -> Bool {
    switch setup.clipboard {
    case .terminal: return true
    case .off: say("nothing was copied: config.yaml switches that off (clipboard: false)", .warning)
    case .none: say("nothing was copied: a script has no terminal to copy to", .warning)
    }
    return false
  }

  /// What can be copied of what is under the cursor.
  private var copiedParts: [(part: CopyPart, title: String)] {
    let command = (CopyPart.command, "command that recreates the key")
    switch (focus, isMonitorShown ? cursorKey.map { .key($0) } : currentRow?.id) {
    case (.list, .folder): return [(.name, "prefix")]
    case (.list, .key(let key)):
      let type = list.seen[key]?.facts.type.value.flatMap { $0 }
      return [(.name, "name")] + (type == nil || type == .string ? [(.value, "value")] : []) + [command]
    case (.list, nil): return []
    case (.value, _):
      guard value.key != nil else { return [] }
      var parts = [(CopyPart.name, "name")]
      if let element = copiedElement {
        parts += [(.value, element.valueTitle), (.field, element.fieldTitle)]
      } else if value.detail == nil, case .string = value.content {
        parts.append((.value, "value"))
      }
      return parts + (value.content == .none ? [] : [command])
    }
  }

  private var copiedElement: CopiedElement? {
    if case .union(_, let members, let viewport)? = value.detail {
      return members.indices.contains(viewport.cursor) ? .member(members[viewport.cursor], isEditable: false) : nil
    }
    guard case .collection(let view) = value.content, let element = focusedElement else { return nil }
    return CopiedElement.of(element, at: view.viewport.cursor)
  }

  mutating func copy(_ part: CopyPart) {
    if part == .name, focus == .list, case .folder(let prefix)? = currentRow?.id {
      send(prefix.bytes, "the prefix")
      return
    }
    guard let key = focus == .list ? cursorKey : value.key else {
      say("nothing is under the cursor")
      return
    }
    switch part {
    case .name: send(key.bytes, "the name")
    case .command: copyCommand(of: key)
    case .value, .field:
      if value.key != key { openValue(key) }
      guard isUpToDate(key, for: part) else { return }
      if focus == .value, let element = copiedElement {
        send(element, part)
      } else if part == .value, case .string(let view) = value.content, focus == .list || value.detail == nil {
        copyString(view)
      } else {
        say("only a string is copied whole: Tab goes into the value, y there copies an element", .warning)
      }
    }
  }

  /// False, and said or awaited, where the value must first be read (again).
  private mutating func isUpToDate(_ key: KeyName, for part: CopyPart) -> Bool {
    guard link == .connected else {
      say("not connected, and what is shown may be old: nothing was copied", .warning)
      return false
    }
    if let failure = value.failure {
      say(failure)
      return false
    }
    // What was shown before the connection was lost is read again, also under an element that is shown alone.
    if value.isStale { value.isOutdated = true }
    guard value.opened != nil, !value.isOutdated else {
      postpone(.copyPart(part), until: value.opened == nil ? .value(key) : .reading(key))
      return false
    }
    return true
  }

  // MARK: - Strings

  private mutating func copyString(_ view: StringView) {
    guard view.length <= Clipboard.limit else {
      refuse(view.length, "the value", instead: instead(of: view.length))
      return
    }
    // What was put together from windows of several moments may never have been there.
    guard view.isWhole, view.length <= StringView.window else {
      readWhole(for: .copyPart(.value), limit: Clipboard.limit)
      return
    }
    send(view.bytes, "the value")
  }

  /// The string that had to be read for it.
  mutating func copy(_ part: CopyPart, ofWhole bytes: [UInt8]) {
    guard let key = value.key else { return }
    if part == .command {
      send(
        command: Recreation.string(
          key, bytes, list.seen[key]?.facts.deadline.value, knowsPXAT: serverVersion.map { $0 >= (6, 2) } ?? true))
    } else {
      send(bytes, "the value")
    }
  }

  private func instead(of length: Int) -> String {
    if length > Self.editorLimit { return ". redis-cli can write it to a file" }
    return isReadOnly ? ". o and then p shows it in $PAGER" : ". E opens it in $EDITOR"
  }

  // MARK: - Commands

  private mutating func copyCommand(of key: KeyName) {
    guard link == .connected else {
      say("not connected: nothing was copied", .warning)
      return
    }
    guard let seen = list.seen[key], seen.facts.type != .unknown, !seen.isStale else {
      postpone(.copyPart(.command), until: .facts(key))
      return
    }
    guard !seen.facts.isGone, seen.goneAt == nil else {
      say("the key is gone: nothing was copied", .warning)
      return
    }
    guard seen.facts.type.value == .string else {
      postpone(.copyPart(.command), until: .dump(key))
      ask(.question, .dump(key, limit: Self.dumpLimit))
      return
    }
    if value.key != key { openValue(key) }
    guard isUpToDate(key, for: .command) else { return }
    guard case .string(let view) = value.content, view.length <= Clipboard.limit else {
      if case .string(let view) = value.content { refuse(view.length, "the value", instead: instead(of: view.length)) }
      return
    }
    // Value and deadline are read anew, one right behind the other.
    readWhole(for: .copyPart(.command), limit: Clipboard.limit)
  }

  /// DUMP of a key whose command is to be copied; false where it was asked for something else.
  mutating func takeForCommand(_ outcome: DumpOutcome, of key: KeyName) -> Bool {
    guard awaited?.need == .dump(key) else { return false }
    awaited?.need = .done
    switch outcome {
    case .bytes(let bytes, let deadline): send(command: Recreation.dump(key, bytes, deadline.value))
    case .gone: say("the key is gone: nothing was copied", .warning)
    case .tooBig(let bytes, let limit):
      say(
        "the key takes \(Format.size(bytes)) of memory, the limit for DUMP is \(Format.size(limit)): nothing was copied"
          + (isReadOnly ? "" : ". c copies it on the server"), .warning)
    }
    return true
  }

  private mutating func send(command: String?) {
    guard let command else {
      say("its TTL cannot be read, and without that the key would be another: nothing was copied", .warning)
      return
    }
    send(
      Array(command.utf8), "the command", instead: isReadOnly ? "" : ". c copies the key on the server")
  }

  // MARK: - To the clipboard

  private mutating func send(_ element: CopiedElement, _ part: CopyPart) {
    guard part == .value else {
      send(element.field, "the \(element.fieldTitle)")
      return
    }
    send(
      element.value, "the \(element.valueTitle)", instead: element.isEditable ? instead(of: element.value.count) : "")
  }

  /// - Parameter instead: what can be done where it is too long.
  mutating func copyToClipboard(_ bytes: [UInt8], _ what: String) { send(bytes, what) }

  mutating func send(_ bytes: [UInt8], _ what: String, instead: String = "") {
    guard bytes.count <= Clipboard.limit else {
      refuse(bytes.count, what, instead: instead)
      return
    }
    outbox.append(.copy(bytes))
    say("copied \(what), \(Self.words(bytes.count)), by OSC 52 (the terminal may ignore it)")
  }

  private mutating func refuse(_ count: Int, _ what: String, instead: String) {
    let size = count < 1_000_000 ? Self.words(count) : Format.size(count)
    say(
      "\(what) has \(size), the limit of the terminal's clipboard is \(Self.words(Clipboard.limit)): nothing was copied"
        + instead, .warning)
  }

  private static func words(_ bytes: Int) -> String { "\(Format.count(bytes)) \(bytes == 1 ? "byte" : "bytes")" }
}
