import Canvas
import Keyspace
import Requests
import Values

extension Painter {
  mutating func draw(_ form: Form) {
    let width = editingWidth
    var box = EditingBox()
    addHead(of: form, to: &box, width: width)
    let labels = (form.fields.map(\.label.count).max() ?? 0) + 2
    for (index, field) in form.fields.enumerated() {
      add(field, isFocused: index == form.focus && form.status == .composing, to: &box, width: width, labels: labels)
    }
    if let document = form.document {
      box.add(text("\(Format.count(document.count)) bytes, from $EDITOR", .text))
    }
    addState(of: form, to: &box, width: width)
    box.addButtons(
      form.buttons.enumerated().map { (title: $1.title, isFocused: form.focus == form.fields.count + $0) },
      width: width)
    draw(box, title: title(of: form, width: width), border: .dialogBorder)
  }

  private func title(of form: Form, width: Int) -> DisplayText {
    guard case .fieldTTL(let field, _) = form.subject else { return text(form.title, .titleFocus) }
    let title = text(form.title + " ", .titleFocus)
    let room = width - title.width - 4
    return title + outside(field, .titleFocus, cells: room).truncated(to: room, ellipsis: glyphs.ellipsis)
  }

  private func addHead(of form: Form, to box: inout EditingBox, width: Int) {
    if case .newKey = form.subject { return }
    if case .bulkTTL(let bulk) = form.subject {
      addHead(of: bulk, to: &box, width: width)
      return
    }
    box.add(
      form.key.bytes.isEmpty
        ? text("(the empty name)", .textDim) : name(form.key.bytes[...], .textStrong, cells: width))
    if let doubt = doubt(form.key.bytes) { box.addAside(doubt, width: width) }
    switch form.subject {
    case .field(let part), .renameField(let part), .score(let part), .renameMember(let part),
      .renameScored(let part, _),
      .add(.field(let part)), .add(.member(let part)), .fieldTTL(let part, _):
      box.add(outside(part, .textDim, cells: width).truncated(to: width, ellipsis: glyphs.ellipsis))
      if let doubt = doubt(part, context: .value) { box.addAside(doubt, width: width) }
    default: break
    }
    if let deadline = form.shownDeadline {
      box.add(text("now  ", .textDim) + text(presentTTL(deadline), .text))
    }
    if case .add = form.subject, let loaded = form.loaded {
      box.add(text("now  ", .textDim) + outside(loaded, .text, cells: width - 5))
    }
  }

  private func presentTTL(_ deadline: Deadline) -> String {
    guard case .at(let time) = deadline else { return "never expires" }
    return TTLText.cell(remaining: state.remaining(until: time, at: state.displayNow))
  }

  // MARK: - Fields

  private func add(_ field: Form.Field, isFocused: Bool, to box: inout EditingBox, width: Int, labels: Int) {
    let label = text(field.label, isFocused ? .accent : .textDim)
    guard field.area.isMultiline else {
      let pad = text(String(repeating: " ", count: max(1, labels - label.width)))
      let room = width - labels
      let (shown, cursor, _) = window(of: field.area.field, room: room)
      var line = label + pad + shown
      if field.area.text.isEmpty { line += text(field.hint, .textDim) }
      box.lines.append(.input(line, cursor: labels + cursor, isFocused: isFocused))
      return
    }
    let (lines, current) = (field.area.lines, field.area.field.row)
    let count = lines.count
    let hint =
      "  \(Format.count(count)) \(count == 1 ? "line" : "lines")" + (isFocused ? "; Tab goes on to [Save]" : "")
    box.add(label + text(hint, .textDim))
    let height = max(3, min(count, frame.size.height - 16))
    let top = min(max(0, current - height / 2), max(0, count - height))
    // All lines scroll sideways as the one with the cursor does.
    let (_, cursor, hidden) = window(of: field.area.field, room: width)
    for row in top..<min(top + height, count) {
      let shown = DisplayText(lines[row], role: .input).dropFirst(cells: hidden).prefix(cells: width)
      box.lines.append(.input(shown, cursor: row == current ? cursor : nil, isFocused: isFocused))
    }
  }

  // MARK: - What will run, and how it went

  private func addState(of form: Form, to box: inout EditingBox, width: Int) {
    switch form.status {
    case .composing: addPreview(of: form, to: &box, width: width)
    case .sending(let id, let since):
      addPreview(of: form, to: &box, width: width)
      let elapsed = state.now - since
      if elapsed >= 300 {
        let write = state.writes[id].flatMap { $0.edits.count > 1 ? $0 : nil }
        let count = write.map { ", \(Format.count($0.done)) of \(Format.count($0.edits.count))" } ?? ""
        let way = write?.isStopping == true ? "stopping" : write == nil ? "Esc stops waiting" : "Esc stops"
        box.add(text("sending for \(elapsed / 1_000).\(elapsed / 100 % 10) s\(count)  \(way)", .warn))
        if let write {
          box.add(
            Bar.cells(
              fraction: Double(write.done) / Double(write.edits.count), width: min(width, 48), glyphs: glyphs))
        }
      }
    case .conflict(let now): addConflict(now, form, to: &box, width: width)
    case .gone:
      box.lines.append(.rule("conflict"))
      box.add(text("The key expired or was deleted meanwhile: nothing was written.", .danger))
      if form.buttons.contains(.recreate) { box.add(text("[Recreate it] makes it anew, without a TTL.", .text)) }
    case .typeChanged(let type):
      box.lines.append(.rule("conflict"))
      box.add(text("The key is a \(type.title) now: nothing was written.", .danger))
    }
    if let note = form.note, note != shownMistake(of: form) {
      let role: Role = form.isNoteWrong ? .danger : .ok
      for line in outside(note, role, cells: 4 * width).wrappedAtBlanks(to: width).prefix(4) { box.add(line) }
    }
  }

  /// What is wrong with what was typed, where that stands in the box already.
  private func shownMistake(of form: Form) -> [UInt8]? {
    if case .bulkTTL(let bulk) = form.subject { return bulk.plan?.mistake.map { Array($0.utf8) } }
    guard form.status == .composing, case .mistake(let words) = state.composed(form) else { return nil }
    return Array(words.utf8)
  }

  private func addPreview(of form: Form, to box: inout EditingBox, width: Int) {
    if case .bulkTTL(let bulk) = form.subject {
      addPreview(of: bulk, form, to: &box, width: width)
      return
    }
    switch state.composed(form) {
    case .mistake(let words):
      box.lines.append(.rule("will run"))
      box.add(text(words, .warn), width: width)
    case .nothing(let words):
      box.lines.append(.rule("will run"))
      box.add(text(words, .textDim))
    case .edits(let edits):
      if let edit = edits.first { addDeadline(of: edit, to: &box, width: width) }
      box.addCommands(edits.prefix(3).flatMap(\.plan.commands), width: width, limit: 3, ellipsis: glyphs.ellipsis)
      if edits.count > 3 { box.add(text("and \(Format.count(edits.count - 3)) more like these", .textDim)) }
      if let edit = edits.first {
        box.addAside(text(edit.condition(hasFieldTTLs: state.hasFieldTTLs), .textDim), width: width)
      }
    }
  }

  /// The deadline that a TTL makes, local and UTC.
  private func addDeadline(of edit: Edit, to box: inout EditingBox, width: Int) {
    let to: Expiry
    switch edit.change {
    case .expiry(_, let expiry), .fieldExpiry(_, _, let expiry): to = expiry
    default: return
    }
    let serverNow = state.clock.isKnown ? state.clock.serverTime(at: state.now) : state.wall
    let deadline: Int64
    switch to {
    case .never:
      box.add(text("never expires", .ok))
      return
    case .after(let time): deadline = serverNow + time
    case .at(let time): deadline = time
    }
    guard let utc = DateText.utc(milliseconds: deadline) else { return }
    // The offset of a local time near it: near a change of the clocks it can be an hour off for an hour.
    let offset = state.setup.localOffset(deadline / 1_000 + state.setup.localOffset(deadline / 1_000))
    let local = DateText.utc(milliseconds: deadline + offset * 1_000)?.dropLast() ?? ""
    box.add(
      text("expires \(local) local, \(utc), in \(TTLText.cell(remaining: deadline - serverNow))", .ok), width: width)
  }

  private func addConflict(_ now: Now, _ form: Form, to box: inout EditingBox, width: Int) {
    box.lines.append(.rule("conflict"))
    guard now != .moved else {
      box.add(
        text(
          "The list was changed around this element, which may be another, equal one: nothing was written.", .danger),
        width: width)
      return
    }
    switch form.subject {
    case .element(let index, _), .newElement(.before(let index, _, _)), .newElement(.after(let index, _, _)):
      box.add(
        text("Element \(index) is another now, changed or moved by somebody else: nothing was written.", .danger),
        width: width)
    default: box.add(text("Somebody else changed it meanwhile: nothing was written.", .danger))
    }
    func side(_ label: String, _ value: DisplayText) {
      for (index, line) in value.wrapped(to: width - 8).prefix(5).enumerated() {
        let head = index == 0 ? label : ""
        box.add(text(head + String(repeating: " ", count: 8 - head.count), .textDim) + line)
      }
    }
    switch now {
    case .value(let value?): side("theirs", outside(value, .warn, cells: 5 * width))
    case .value(nil): side("theirs", text("(not there any more)", .warn))
    case .bigValue(let bytes): side("theirs", text("\(Format.count(bytes)) bytes", .warn))
    case .deadline(let deadline): side("theirs", text(words(for: deadline), .warn))
    case .changed: side("theirs", text("(not read)", .warn))
    case .moved: break
    }
    if let mine = form.document ?? form.fields.first?.area.bytes { side("mine", outside(mine, .ok, cells: 5 * width)) }
  }

  private func words(for deadline: Deadline) -> String {
    switch deadline {
    case .persistent: "never expires"
    case .unknown: "?"
    case .at(let time): "expires \(DateText.utc(milliseconds: time) ?? "at \(time)")"
    }
  }
}

extension Form {
  var title: String {
    switch subject {
    case .string: "edit string"
    case .field: "edit field"
    case .element(let index, _): "edit element \(index)"
    case .score: "edit score"
    case .renameMember, .renameScored: "rename member"
    case .renameField: "rename field"
    case .renameKey: "rename key"
    case .copyKey: "copy key"
    case .add: "add a number"
    case .newKey(let type): "new \(type.title)"
    case .newField: "new field"
    case .newMember, .newScored: "new member"
    case .newEntry: "new entry"
    case .newElement(.head): "new element at the head"
    case .newElement(.tail): "new element at the tail"
    case .newElement(.before(let index, _, _)): "new element before \(index)"
    case .newElement(.after(let index, _, _)): "new element after \(index)"
    case .ttl: "TTL"
    case .bulkTTL: "TTLs"
    case .fieldTTL: "TTL of field"
    }
  }

  /// Of the one key or field whose TTL is set, as it was shown.
  var shownDeadline: Deadline? {
    switch subject {
    case .ttl(let target): target.deadline
    case .fieldTTL(_, let deadline): deadline
    default: nil
    }
  }
}

extension Form.Button {
  var title: String {
    switch self {
    case .save: "[Save]"
    case .cancel: "[Cancel]"
    case .addPair: "[Another field]"
    case .names: "[Names]"
    case .keepEditing: "[Keep editing]"
    case .writeMine: "[Write mine]"
    case .recreate: "[Recreate it]"
    case .leave: "[Leave]"
    }
  }
}

extension Edit {
  /// Under what condition it runs, in a line.
  /// - Parameter hasFieldTTLs: the server has TTLs of hash fields.
  func condition(hasFieldTTLs: Bool) -> String {
    switch (change, presence) {
    case (.expiry(nil, _), _): "only while the key is there"
    case (.fieldExpiry(_, nil, _), _): "only while the field is there"
    case (.expiry, _), (.fieldExpiry, _): "only while its TTL is what you saw, checked and written in one step"
    case (.field(_, .some, .some, _), .present), (.renameField, .present):
      "only while it is what you saw, in one step; "
        + (hasFieldTTLs ? "TTLs stay (the field's by HPEXPIREAT)" : "the TTL stays")
    case (.add(let counter, _, true), _) where !counter.isScore:
      "makes it a floating point number, rounded to 17 digits; the TTL stays"
    case (.copyKey, _), (.renameKey, _): "only while the name is free; the TTL goes with it"
    case (_, .absent): "only while there is no such key"
    case (.add, _), (.insert(_, .head), _), (.insert(_, .tail), _), (.addEntry, _):
      "right whatever others do, only while the key is there; the TTL stays"
    default: "only while it is what you saw, checked and written in one step; the TTL stays"
    }
  }
}
