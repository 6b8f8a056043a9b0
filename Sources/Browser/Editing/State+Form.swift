import Canvas
import Keyspace
import Requests
import Values

extension State {
  /// What the form's fields say now.
  func composed(_ form: Form) -> Form.Composed {
    form.compose(
      serverTime: clock.isKnown ? clock.serverTime(at: now) : nil, localOffset: setup.localOffset)
  }

  // MARK: - Keys

  mutating func handle(_ key: Key, in form: Form) {
    var form = form
    if case .sending = form.status {
      if key == .escape { stopWriting() }
      return
    }
    // An Enter too many must not press what has just come under it; what is typed is typed.
    if now < form.quietUntil, form.status != .composing || key == .enter { return }
    if form.fields.indices.contains(form.focus), form.status == .composing {
      let index = form.focus
      if key == .control("j"), form.fields[index].takesLines {
        form.fields[index].area.allowLines()
        form.fields[index].area.insertLineEnd()
        form.note = nil
      } else if key == .enter, !form.fields[index].area.isMultiline {
        if index + 1 < form.fields.count { form.focus += 1 } else { save(&form) }
      } else if let subject = form.fields[index].history, key == .control("p") || key == .control("n") {
        form.fields[index].walk(toOlder: key == .control("p"), in: history.entries(of: subject))
        form.note = nil
      } else if key != .tab, form.fields[index].area.handle(key, kills: &kills) {
        // What was said of the text before it changed no longer holds.
        form.note = nil
      } else if !moveFocus(key, in: &form) {
        return
      }
      if case .form? = overlay { overlay = .form(form) }
      return
    }
    if moveFocus(key, in: &form) {
      if case .form? = overlay { overlay = .form(form) }
    } else if key == .enter, let button = form.focusedButton {
      press(button, in: form)
    }
  }

  /// Tab and arrows, and Esc. False: not a key for that.
  private mutating func moveFocus(_ key: Key, in form: inout Form) -> Bool {
    let isField = form.fields.indices.contains(form.focus)
    let first = form.status == .composing ? 0 : form.fields.count
    let count = form.fields.count + form.buttons.count
    switch key {
    case .tab, .down: form.focus = form.focus + 1 < count ? form.focus + 1 : first
    case .backTab, .up: form.focus = form.focus > first ? form.focus - 1 : count - 1
    case .right, .character("l"):
      guard !isField else { return false }
      form.focus = min(count - 1, form.focus + 1)
    case .left, .character("h"):
      guard !isField else { return false }
      form.focus = max(form.fields.count, form.focus - 1)
    case .escape: leave(form)
    case .character("q"):
      guard !isField else { return false }
      leave(form)
    default: return false
    }
    return true
  }

  private mutating func press(_ button: Form.Button, in form: Form) {
    var form = form
    switch button {
    case .save:
      save(&form)
      if case .form? = overlay { overlay = .form(form) }
    case .cancel: leave(form)
    case .addPair:
      form.addPair()
      overlay = .form(form)
    case .names: overlay = .names(form, Viewport())
    case .leave:
      // One of several ways on is a choice; the only way out may have been pressed by somebody who types fast.
      if form.buttons.first == .leave { leave(form) } else { overlay = nil }
    case .keepEditing:
      if case .conflict(let now) = form.status { form.follow(now) }
      form.status = .composing
      form.focus = 0
      form.quietUntil = now + Self.dialogGuard
      form.note = Array("from here on it is edited on top of theirs".utf8)
      form.isNoteWrong = false
      overlay = .form(form)
    case .writeMine:
      if case .conflict(let now) = form.status { form.follow(now) }
      form.status = .composing
      save(&form)
      if case .form? = overlay { overlay = .form(form) }
    case .recreate:
      form.recreates = true
      form.status = .composing
      save(&form)
      if case .form? = overlay { overlay = .form(form) }
    }
  }

  /// Esc: what was typed is not thrown away unasked.
  mutating func leave(_ form: Form) {
    guard form.isChanged else {
      overlay = nil
      return
    }
    open(
      Dialog(
        title: "discard?", lines: [Array("What you typed is not saved.".utf8)],
        buttons: [.init("[Keep editing]", .form(form)), .init("[Discard]", .discard)], openedAt: now))
  }

  private mutating func save(_ form: inout Form) {
    if lock == .locked {
      askToUnlock(for: form)
      return
    }
    if form.isBulk {
      saveBulk(&form)
      return
    }
    switch composed(form) {
    case .mistake(let text): form.complain(Array(text.utf8))
    case .nothing(let text):
      overlay = nil
      say(text)
    case .edits(let edits):
      guard link == .connected else {
        form.complain(Array("not connected: nothing was sent. Enter tries again".utf8))
        return
      }
      remember(&form)
      let id = write(edits, .form)
      form.note = nil
      form.status = .sending(id: id, since: now)
    }
  }

  /// What is accepted in the form's fields is there again with ^P.
  mutating func remember(_ form: inout Form) {
    for index in form.fields.indices {
      guard let subject = form.fields[index].history else { continue }
      history.remember(form.fields[index].area.text, of: subject)
      form.fields[index].walk = HistoryWalk()
    }
  }

  /// A paste while the form is open: it fills the field and presses nothing.
  mutating func paste(_ bytes: [UInt8], in form: Form) {
    var form = form
    guard form.status == .composing, form.fields.indices.contains(form.focus) else {
      say("pasted text was not used: no field is open", .warning)
      return
    }
    let takesLines = form.fields[form.focus].takesLines
    let text = takesLines ? TextArea.withLineFeeds(bytes) : TextArea.oneLine(bytes)
    guard form.hasRoom(for: text.count, limit: Self.fieldLimit) else {
      overlay = .form(form)
      return
    }
    if takesLines, text.contains(0x0a) { form.fields[form.focus].area.allowLines() }
    form.fields[form.focus].area.paste(text)
    form.note = nil
    overlay = .form(form)
  }

  // MARK: - Answers

  /// The report of the write that the form sent; it stays open unless the edit was applied.
  mutating func take(_ report: WriteReport, in form: Form) {
    var form = form
    form.status = .composing
    guard report.items.count == 1, report.untried == 0, !form.isBulk else {
      if let words = report.wordsWhereNoneIsTaken {
        if report.items.contains(where: { $0.outcome == .otherSession }) { form.session = session }
        form.complain(words)
        overlay = .form(form)
        return
      }
      // Many keys: what was done is done, and the message counts.
      overlay = nil
      tell(report)
      return
    }
    let item = report.items[0]
    switch item.outcome {
    case .applied, .unknown(.applied, _):
      overlay = nil
      tell(report)
      show(item.edit)
      return
    case .conflict(let theirs): form.decide(.conflict(theirs), at: now)
    case .gone: form.decide(.gone, at: now)
    case .typeChanged(let type): form.decide(.typeChanged(type), at: now)
    case .taken(let name, _?):
      if case .renameKey = form.subject {
        replace(name, for: form)
        return
      }
      if form.recreates {
        form.recreates = false
        form.complain(item.outcome.words + Array(". [Save] edits it, if it still is what you saw".utf8))
      } else {
        var place = ""
        if case .copyKey(_, let target) = item.edit.change { place = " in db\(target)" }
        form.complain(item.outcome.words + Array("\(place). Type another name".utf8))
      }
    case .otherSession:
      form.session = session
      form.complain(item.outcome.words)
    default: form.complain(item.outcome.words)
    }
    overlay = .form(form)
  }

  /// The name that a key is to get is taken: a second yes, with what would be replaced.
  private mutating func replace(_ name: [UInt8], for form: Form) {
    surveying = .replace(form)
    ask(.survey, .survey([KeyName(name)], beforeDestroying: true))
    overlay = .form(form)
  }

  mutating func openReplaceDialog(_ form: Form, _ facts: KeyFacts, _ survey: Survey) {
    var copies = CopyKeeping(denial: copyDenial)
    guard let now = facts.type.value.flatMap({ $0 }),
      let edit = renaming(
        form, replacing: Replaced(type: now, seen: survey.seen[facts.name], keepsCopy: copies.keeps(facts)))
    else {
      var form = form
      form.complain(Array("the name is free again: Enter renames".utf8))
      overlay = .form(form)
      return
    }
    var line = Array("Replaces a \(now.title)".utf8)
    if let size = facts.size.value { line += Array(", \(Format.size(size)) of memory".utf8) }
    switch facts.deadline.value {
    case .persistent?: line += Array(", without a TTL".utf8)
    case .at(let time)?:
      line += Array(", expires in \(TTLText.cell(remaining: remaining(until: time, at: self.now)))".utf8)
    default: break
    }
    open(
      Dialog(
        title: "replace?",
        lines: [facts.name.bytes, line] + copies.lines.map { Array($0.utf8) }, commands: edit.plan.commands,
        buttons: [.init("[Cancel]", .form(form)), .init("[Replace]", .replace(edit, form))], openedAt: self.now))
  }

  private func renaming(_ form: Form, replacing replaced: Replaced) -> Edit? {
    guard case .edits(let edits) = composed(form), var edit = edits.first,
      case .renameKey(let to, _, _) = edit.change
    else { return nil }
    edit.change = .renameKey(to: to, replacing: replaced)
    return edit
  }

  /// After a key was made, renamed or copied: the cursor goes there.
  mutating func show(_ edit: Edit) {
    guard edit.database == database else { return }
    var name = edit.key
    switch (edit.change, edit.presence) {
    case (.renameKey(let to, _, _), _): name = to
    case (.copyKey, _): return
    case (_, .absent): break
    default: return
    }
    if let id = list.cursor { remember(id) }
    if list.seen[name]?.goneAt != nil { list.seen[name] = nil }
    openValue(name)
    reveal(.key(name))
  }

  // MARK: - $EDITOR

  mutating func take(_ result: EditorResult) {
    guard let task = editing else { return }
    editing = nil
    switch result {
    case .failed(let why, nil): say(Array("$EDITOR: \(why): nothing was sent".utf8), .error)
    case .failed(let why, let place?):
      // It stays until it was read: a message would be cut, and gone with the next key.
      open(
        Dialog(
          title: "$EDITOR failed",
          lines: [Array("\(why): nothing was sent. Your text is kept in".utf8), Array(place.utf8)],
          buttons: [.init("[Close]", .cancel)], openedAt: now))
    case .saved(let document):
      var bytes = Document.decode(document)
      // Editors end a file with a line feed; where the value had none, it is not meant.
      if task.old.last != 0x0a, bytes.last == 0x0a {
        bytes.removeLast()
        if bytes.last == 0x0d, !task.old.contains(0x0d) { bytes.removeLast() }
      }
      guard bytes != task.old else {
        say("unchanged: nothing was sent")
        return
      }
      var form = task.form
      if bytes.count <= Self.fieldLimit {
        form.fields[0].area = TextArea(bytes, isMultiline: form.fields[0].takesLines && bytes.contains(0x0a))
      } else {
        form.document = bytes
        form.fields = []
      }
      form.focus = form.fields.count
      overlay = .form(form)
    }
  }
}

extension Form {
  /// Puts typed text into the field with the focus, all of it or none.
  mutating func type(_ text: String, limit: Int) {
    guard hasRoom(for: text.utf8.count, limit: limit) else { return }
    fields[focus].area.field.type(text)
    note = nil
  }

  /// Whether the field with the focus takes so many bytes more; complains where it does not.
  fileprivate mutating func hasRoom(for count: Int, limit: Int) -> Bool {
    if fields[focus].area.bytes.count + count <= limit { return true }
    complain(
      Array(
        "that is too long for a field (\(Format.size(count)) more, the limit is \(Format.size(limit))): E takes it from $EDITOR"
          .utf8))
    return false
  }

  /// Says what is wrong; what was typed stays.
  mutating func complain(_ text: [UInt8]) {
    note = text
    isNoteWrong = true
  }
}

extension WriteReport {
  /// Why nothing of it was done, where the server takes no writes at all for now, or all of it was composed before the
  /// connection was made anew: it can be sent again as it is.
  fileprivate var wordsWhereNoneIsTaken: [UInt8]? {
    items.allSatisfy { $0.outcome.meansNoWrites || $0.outcome == .otherSession } ? items.first?.outcome.words : nil
  }
}
