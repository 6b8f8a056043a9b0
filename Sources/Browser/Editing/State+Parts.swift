import Canvas
import Keyspace
import Requests
import Values

/// What an edit in the value pane is about.
struct EditedPart {
  var subject: Form.Subject
  var label: String
  /// As it is loaded.
  var old: [UInt8]
  /// Of the whole value.
  var length: Int
  var isWhole: Bool

  init(_ subject: Form.Subject, label: String, old: [UInt8], length: Int? = nil, isWhole: Bool = true) {
    self.subject = subject
    self.label = label
    self.old = old
    self.length = length ?? old.count
    self.isWhole = isWhole
  }

  /// The field to edit it in.
  var field: Form.Field {
    var takesLines = true
    if case .score = subject { takesLines = false }
    let area = TextArea(old, isMultiline: takesLines && old.contains(0x0a))
    return Form.Field(label, area, takesLines: takesLines)
  }
}

extension State {
  /// The element under the cursor of the value pane, also while it is shown alone.
  var focusedElement: CollectionView.Element? {
    guard focus == .value, case .collection(let view) = value.content, !view.isShowingGroups else { return nil }
    switch value.detail {
    case nil, .element, .entry: return view.element(at: view.viewport.cursor)
    case .union, .dump: return nil
    }
  }

  /// What `e` and `E` edit; nil, and said why, where there is nothing.
  mutating func editedPart() -> EditedPart? {
    if value.isStale || link != .connected {
      say("\(standstill): what is shown may be old, and nothing can be written", .warning)
      return nil
    }
    if value.detail == nil, case .string(let view) = value.content {
      return EditedPart(.string, label: "value", old: view.bytes, length: view.length, isWhole: view.isWhole)
    }
    guard case .collection(let view) = value.content else {
      say(value.content == .opaque ? "a value of this type cannot be edited" : "no value is open")
      return nil
    }
    switch focusedElement {
    case .field(let field): return EditedPart(.field(field.name), label: "value", old: field.value)
    case .element(let bytes):
      let index = view.viewport.cursor
      return EditedPart(.element(index: index, around: view.context(at: index)), label: "element", old: bytes)
    case .member(let member): return EditedPart(.renameMember(member), label: "member", old: member)
    case .scored(let entry): return EditedPart(.score(entry.member), label: "score", old: entry.score)
    case .entry: say("entries of a stream never change: a adds one, d deletes this one")
    case nil: say("nothing is under the cursor")
    }
    return nil
  }

  // MARK: - Removing

  mutating func deleteElement() {
    guard mayWrite() else { return }
    if value.detail == nil, case .string = value.content {
      deleteKeys(value.key.map { [$0] } ?? [])
      return
    }
    guard case .collection(let view) = value.content, let element = focusedElement else {
      if value.content == .opaque {
        deleteKeys(value.key.map { [$0] } ?? [])
      } else {
        say("nothing is under the cursor")
      }
      return
    }
    var lines: [[UInt8]] = []
    let change: Change
    switch element {
    case .element(let bytes):
      lines = [Array("element \(view.viewport.cursor)".utf8), bytes]
      let index = view.viewport.cursor
      change = .removeElement(index: index, bytes, tombstone: tombstones.next(), around: view.context(at: index))
    case .field(let field):
      lines = [Array("field ".utf8) + field.name, field.value]
      change = .field(field.name, from: field.value, to: nil)
    case .member(let member):
      lines = [Array("member ".utf8) + member]
      change = .member(member, isIn: false)
    case .scored(let entry):
      lines = [Array("member ".utf8) + entry.member, Array("score ".utf8) + entry.score]
      change = .score(entry.member, from: entry.score, to: nil)
    case .entry(let entry):
      lines = [Array("entry \(entry.id.text)".utf8)]
      change = .removeEntry(entry.id)
    }
    ask(toRemove: change, lines: lines, title: "delete", button: "[Delete]", isLast: view.total == 1)
  }

  /// `<` and `>`.
  mutating func pop(_ end: ListEnd) {
    if shownString != nil {
      scrollSideways(by: end == .head ? -8 : 8)
      return
    }
    guard mayWrite() else { return }
    guard case .collection(let view) = value.content, view.type == .list || view.type == .sortedSet,
      value.detail == nil
    else {
      say("< and > take the first and the last element of a list or a sorted set")
      return
    }
    let isFirst = (end == .head) != (view.type == .sortedSet && view.isReversed)
    guard let element = view.element(at: isFirst ? 0 : view.total - 1) else {
      say("that end is not loaded: \(isFirst ? "g" : "G") goes there")
      return
    }
    switch element {
    case .element(let bytes):
      ask(
        toRemove: .pop(bytes, end), lines: [Array("element \(end == .head ? 0 : view.total - 1)".utf8), bytes],
        title: end == .head ? "take the first" : "take the last", button: "[Take]", isLast: view.total == 1)
    case .scored(let entry):
      ask(
        toRemove: .score(entry.member, from: entry.score, to: nil),
        lines: [Array("member ".utf8) + entry.member, Array("score ".utf8) + entry.score],
        title: end == .head ? "take the lowest" : "take the highest", button: "[Take]", isLast: view.total == 1)
    default: break
    }
  }

  private mutating func ask(toRemove change: Change, lines: [[UInt8]], title: String, button: String, isLast: Bool) {
    guard let key = value.key, let type = value.opened?.facts.type.value.flatMap({ $0 }) else { return }
    guard !value.isStale, link == .connected else {
      say("\(standstill): nothing can be written", .warning)
      return
    }
    var lines = lines
    if isLast, type != .stream { lines.append(Array("It is the only one: the key goes with it.".utf8)) }
    if case .removeEntry = change {
      lines.append(Array("There is no way back: a stream takes no entry back.".utf8))
    } else if isLast, value.opened?.facts.deadline.denial != nil {
      lines.append(Array("There is no way back: this user may not read the TTL that goes with it.".utf8))
    } else {
      lines.append(Array("u brings it back.".utf8))
    }
    let edit = Edit(key: key, change: change, presence: .present(type), database: database, session: value.session)
    open(
      Dialog(
        title: title, lines: [key.bytes] + lines, commands: edit.plan.commands,
        buttons: [.init("[Cancel]", .cancel), .init(button, .write([edit]))], openedAt: now))
  }
}
