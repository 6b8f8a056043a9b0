import Canvas
import Keyspace
import Requests
import Values

/// `e a = r c t E < >` and `d` on an element: each opens a form or a dialog.
extension State {
  /// Longest value that is edited in a field; a longer one goes to `$EDITOR`.
  static let fieldLimit = 1 << 16
  /// Longest value that `$EDITOR` gets.
  static let editorLimit = 1 << 20

  /// Says so where nothing may be written now.
  mutating func mayWrite() -> Bool {
    if isReadOnly {
      say(readOnlyWords, .warning)
    } else if owed.contains(.database) {
      say("selecting the database: try again when its keys are there", .warning)
    } else {
      return true
    }
    return false
  }

  // MARK: - Keys

  /// Goes from the list into the value under its cursor; false, and said or awaited, where it is not there yet.
  private mutating func enterValue(for action: Action) -> Bool {
    if focus == .list {
      guard let key = cursorKey else {
        say("no key is under the cursor")
        return false
      }
      if value.key != key { openValue(key) }
      focus = .value
      resize(to: size)
    }
    guard let key = value.key, value.failure == nil, link == .connected else { return true }
    if value.opened == nil {
      postpone(action, until: .value(key))
      return false
    }
    if isElementOnItsWay {
      postpone(action, until: .reading(key))
      return false
    }
    return true
  }

  /// The element under the cursor, or what a filter finds, is being read.
  var isElementOnItsWay: Bool {
    guard case .collection(let view) = value.content, value.detail == nil else { return false }
    return focusedElement == nil && !view.isShowingGroups && owed.contains(.value)
  }

  mutating func editUnderCursor() {
    guard mayWrite(), enterValue(for: .edit), let part = editedPart() else { return }
    guard part.old.count <= Self.fieldLimit, part.isWhole else {
      guard part.length <= Self.editorLimit else {
        say(tooLong(part), .warning)
        return
      }
      say(
        "too long for a field (\(Format.size(part.length)), the limit is \(Format.size(Self.fieldLimit))): "
          + "E edits it in $EDITOR",
        .warning)
      return
    }
    openForm(part.subject, loaded: part.old, fields: [part.field])
  }

  private func tooLong(_ part: EditedPart) -> String {
    "too long to edit here: \(Format.size(part.length)), the limit is \(Format.size(Self.editorLimit))"
  }

  mutating func editInEditor() {
    guard mayWrite(), enterValue(for: .editInEditor), let part = editedPart() else { return }
    guard part.length <= Self.editorLimit else {
      say(tooLong(part), .warning)
      return
    }
    guard part.isWhole else {
      readWhole(for: .editInEditor, limit: Self.editorLimit)
      return
    }
    openEditor(part)
  }

  mutating func openEditor(_ part: EditedPart) {
    guard let form = form(part.subject, loaded: part.old, fields: [part.field]) else {
      return
    }
    editing = EditorTask(form: form, old: part.old)
    handOver(to: .editor(document: Document.encode(part.old)))
  }

  mutating func addNumber() {
    guard mayWrite(), enterValue(for: .addNumber) else { return }
    switch (value.content, focusedElement) {
    case (.string(let view), _) where value.detail == nil: addNumber(to: .string, view.isWhole ? view.bytes : [])
    case (_, .field(let field)?): addNumber(to: .field(field.name), field.value)
    case (_, .scored(let entry)?): addNumber(to: .member(entry.member), entry.score)
    default: say("a number can be added to a string, a field or a score")
    }
  }

  private mutating func addNumber(to counter: Counter, _ old: [UInt8]) {
    guard Double(String(decoding: old, as: UTF8.self)) != nil else {
      say("what is there is no number: e edits it", .warning)
      return
    }
    openForm(.add(counter), loaded: old, fields: [Form.Field("add", hint: "1, -5, 2.5")])
  }

  mutating func renameSomething() {
    guard mayWrite() else { return }
    if focus == .value, let element = focusedElement {
      switch element {
      case .field(let field):
        openForm(.renameField(field.name), loaded: field.value, fields: [Form.Field("field", TextArea(field.name))])
        return
      case .member(let member):
        openForm(.renameMember(member), fields: [Form.Field("member", TextArea(member))])
        return
      case .scored(let entry):
        openForm(
          .renameScored(entry.member, score: entry.score), loaded: entry.score,
          fields: [Form.Field("member", TextArea(entry.member))])
        return
      case .element, .entry: break
      }
    }
    openKeyForm(.renameKey, for: .rename) { [Form.Field("new name", TextArea($0.bytes))] }
  }

  mutating func copyKey() {
    guard mayWrite() else { return }
    let database = database
    openKeyForm(.copyKey, for: .copyKey) {
      [Form.Field("new name", TextArea($0.bytes)), Form.Field("database", TextArea(Array(String(database).utf8)))]
    }
  }

  // MARK: - Adding

  mutating func addSomething() {
    guard mayWrite() else { return }
    guard focus == .value, value.opened?.page != nil else {
      let kinds: [(Character, String, KeyType)] = [
        ("s", "string", .string), ("l", "list", .list), ("h", "hash", .hash), ("z", "sorted set", .sortedSet),
        ("e", "set", .set), ("x", "stream", .stream),
      ]
      overlay = .menu(
        Menu(
          title: "new key",
          items: kinds.map { Menu.Item(key: $0.0, title: $0.1, isChosen: false, choice: .newKey($0.2)) }))
      return
    }
    let value = Form.Field.value()
    switch self.value.opened?.facts.type.value.flatMap({ $0 }) {
    case .hash: openForm(.newField, fields: [Form.Field("field"), value])
    case .set: openForm(.newMember, fields: [Form.Field("member")])
    case .sortedSet: openForm(.newScored, fields: [Form.Field("score", hint: "12.5"), Form.Field("member")])
    case .stream: openForm(.newEntry, fields: [Form.Field("field"), value])
    case .list:
      let places: [(Character, String, Menu.NewElement)] = [
        ("h", "at the head", .head), ("t", "at the tail", .tail), ("b", "before this element", .before),
        ("n", "after this element", .after),
      ]
      overlay = .menu(
        Menu(
          title: "new element",
          items: places.map { Menu.Item(key: $0.0, title: $0.1, isChosen: false, choice: .newElement($0.2)) }))
    case .string: say("a string has no parts to add: e edits it, = adds a number; h and then a adds a key")
    default: say("nothing can be added to this type")
    }
  }

  mutating func addKey(_ type: KeyType) {
    var fields = [Form.Field("name", hint: "the whole name, \\xhh for a byte")]
    switch type {
    case .hash, .stream: fields += [Form.Field("field"), .value()]
    case .list: fields.append(.value("element"))
    case .set: fields.append(Form.Field("member"))
    case .sortedSet: fields += [Form.Field("score", hint: "12.5"), Form.Field("member")]
    default: fields.append(.value())
    }
    fields.append(Form.Field("TTL", hint: "none, or 90s, 15m, 7d, @2026-12-31T23:59", history: .ttl))
    overlay = .form(
      Form(
        .newKey(type), key: KeyName([]), type: type, database: database, session: session, fields: fields,
        tombstone: tombstones.next()))
  }

  mutating func addElement(_ place: Menu.NewElement) {
    guard case .collection(let view) = value.content else { return }
    let index = view.viewport.cursor
    let where_: Form.Place
    switch place {
    case .head: where_ = .head
    case .tail: where_ = .tail
    case .before, .after:
      guard case .element(let pivot)? = view.element(at: index) else {
        say("this element is not loaded yet")
        return
      }
      let around = view.context(at: index)
      where_ =
        place == .before
        ? .before(index: index, pivot: pivot, around: around) : .after(index: index, pivot: pivot, around: around)
    }
    openForm(.newElement(where_), fields: [.value("element")])
  }

  // MARK: - Opening

  private mutating func form(_ subject: Form.Subject, loaded: [UInt8]?, fields: [Form.Field]) -> Form? {
    guard let key = value.key, let type = value.opened?.facts.type.value.flatMap({ $0 }) else { return nil }
    return Form(
      subject, key: key, type: type, database: database, session: value.session, loaded: loaded, fields: fields,
      tombstone: tombstones.next())
  }

  mutating func openForm(_ subject: Form.Subject, loaded: [UInt8]? = nil, fields: [Form.Field]) {
    if let form = form(subject, loaded: loaded, fields: fields) { overlay = .form(form) }
  }
}
