package import Keyspace
package import Requests

/// Fields to be filled in for an edit, with what will run shown as one types.
package struct Form: Sendable, Equatable {
  /// What is edited, and the parts of it that are not typed.
  package enum Subject: Sendable, Equatable {
    case string
    case field([UInt8])
    case element(index: Int, around: ListContext?)
    /// An element of a set is renamed, there is nothing else to it.
    case renameMember([UInt8])
    case score([UInt8])
    case renameScored([UInt8], score: [UInt8])
    case renameField([UInt8])
    case renameKey
    case copyKey
    case add(Counter)
    case newKey(KeyType)
    case newField
    case newMember
    case newScored
    case newEntry
    case newElement(Place)
    case ttl(Target)
    case bulkTTL(BulkTTL)
    /// `deadline` as it was shown; nil: whatever it is.
    case fieldTTL([UInt8], deadline: Deadline?)
  }

  /// Where a new element goes, with the element beside it.
  package enum Place: Sendable, Equatable {
    case head
    case tail
    case before(index: Int, pivot: [UInt8], around: ListContext?)
    case after(index: Int, pivot: [UInt8], around: ListContext?)
  }

  /// A key whose TTL is set.
  package struct Target: Sendable, Equatable {
    package var name: KeyName
    package var type: KeyType
    /// As it was shown; nil: whatever it is.
    package var deadline: Deadline?
  }

  package struct Field: Sendable, Equatable {
    package var label: String
    package var area: TextArea
    /// Shown while it is empty.
    package var hint: String
    /// Several lines can be pasted, or made with ^J.
    package var takesLines: Bool
    /// What was accepted in fields like this one is there with ^P and ^N.
    var history: TypingHistory.Subject?
    var walk = HistoryWalk()

    init(
      _ label: String, _ area: TextArea = TextArea(), hint: String = "", takesLines: Bool = false,
      history: TypingHistory.Subject? = nil
    ) {
      self.label = label
      self.area = area
      self.hint = hint
      self.history = history
      self.takesLines = takesLines || area.isMultiline
    }

    mutating func walk(toOlder: Bool, in entries: [String]) {
      walk.move(toOlder: toOlder, in: entries, field: &area.field)
    }

    /// A value: anything, in any number of lines.
    static func value(_ label: String = "value") -> Field { Field(label, takesLines: true) }
  }

  package enum Button: Sendable, Equatable {
    case save
    case cancel
    /// One more field and value of a stream's entry.
    case addPair
    /// The exact names of many keys, with what becomes of each.
    case names
    case keepEditing
    case writeMine
    case recreate
    case leave
  }

  package enum Status: Sendable, Equatable {
    case composing
    /// Since this monotonic ms, as this write.
    case sending(id: Int, since: Int64)
    /// The server holds something else now; nothing was written.
    case conflict(Now)
    /// The key is not there any more; nothing was written.
    case gone
    case typeChanged(KeyType)
  }

  package var subject: Subject
  package var key: KeyName
  package var type: KeyType
  package var database: Int
  /// The session that the value was read in.
  package var session: Int
  /// What is on the server as far as we know: what the edit is guarded by.
  package var loaded: [UInt8]?
  package var fields: [Field]
  /// A field, or behind the fields a button.
  package var focus = 0
  package var status = Status.composing
  /// Keys before this monotonic ms are dropped: they were meant for what was there before.
  package var quietUntil: Int64 = 0
  /// What went wrong, or is to be known. May hold bytes of the server.
  package var note: [UInt8]?
  package var isNoteWrong = false
  /// The value that came back from `$EDITOR` and is too long for a field.
  package var document: [UInt8]?
  package var tombstone: [UInt8]
  /// The key went away and is to be made anew.
  package var recreates = false
  private let initial: [[UInt8]]

  init(
    _ subject: Subject, key: KeyName, type: KeyType, database: Int, session: Int, loaded: [UInt8]? = nil,
    fields: [Field], tombstone: [UInt8]
  ) {
    self.subject = subject
    self.key = key
    self.type = type
    self.database = database
    self.session = session
    self.loaded = loaded
    self.fields = fields
    self.tombstone = tombstone
    initial = fields.map(\.area.bytes)
  }

  /// Something was typed that would be lost.
  package var isChanged: Bool { document != nil || fields.map(\.area.bytes) != initial }

  package var buttons: [Button] {
    switch status {
    case .composing, .sending:
      if isEntry { [.save, .cancel, .addPair] } else if isBulk { [.save, .cancel, .names] } else { [.save, .cancel] }
    case .conflict(let now):
      canFollow(now) ? [.keepEditing, .writeMine, .leave] : [.leave]
    case .gone: canRecreate ? [.leave, .recreate] : [.leave]
    case .typeChanged: [.leave]
    }
  }

  package var focusedButton: Button? {
    let index = focus - fields.count
    return buttons.indices.contains(index) ? buttons[index] : nil
  }

  /// A stream's entry, which has fields of its own.
  private var isEntry: Bool {
    switch subject {
    case .newEntry, .newKey(.stream): true
    default: false
    }
  }

  /// It is about many keys as one.
  var isBulk: Bool { if case .bulkTTL = subject { true } else { false } }

  /// Where the fields and values of an entry stand.
  var pairs: Range<Int> {
    switch subject {
    case .newEntry: 0..<fields.count
    case .newKey(.stream): 1..<fields.count - 1
    default: 0..<0
    }
  }

  mutating func addPair() {
    let end = pairs.upperBound
    fields.insert(contentsOf: [Field("field"), .value()], at: end)
    focus = end
  }

  /// The edit can be composed anew on top of what is there now.
  private func canFollow(_ now: Now) -> Bool {
    switch (now, subject) {
    case (.bigValue, _): false
    case (.moved, .element), (.moved, .newElement): true
    case (.value(.some), .newElement(.before)), (.value(.some), .newElement(.after)): true
    case (.value(nil), .field), (.value(nil), .score): true
    case (.value(nil), _): false
    case (.value, .string), (.value, .field), (.value, .element), (.value, .score), (.value, .renameField),
      (.value, .renameScored):
      true
    case (.deadline, .ttl), (.deadline, .fieldTTL): true
    default: false
    }
  }

  /// The value is whole in the form, so that the key could be made anew from it.
  private var canRecreate: Bool {
    switch subject {
    case .string, .field, .score, .newField, .newMember, .newScored, .newEntry, .newElement(.head), .newElement(.tail):
      true
    default: false
    }
  }

  /// Takes what is on the server now as what the edit is about.
  mutating func follow(_ now: Now) {
    switch now {
    case .value(let value):
      loaded = value
      switch (subject, value) {
      case (.renameScored(let member, _), let score?): subject = .renameScored(member, score: score)
      // What stands there now has been shown: it is what is meant from here on.
      case (.element(let index, _), _): subject = .element(index: index, around: nil)
      case (.newElement(.before(let index, _, _)), let pivot?):
        subject = .newElement(.before(index: index, pivot: pivot, around: nil))
      case (.newElement(.after(let index, _, _)), let pivot?):
        subject = .newElement(.after(index: index, pivot: pivot, around: nil))
      default: break
      }
    case .deadline(let deadline):
      if case .ttl(var target) = subject {
        target.deadline = deadline
        subject = .ttl(target)
      } else if case .fieldTTL(let field, _) = subject {
        subject = .fieldTTL(field, deadline: deadline)
      }
    case .moved:
      // Whatever stands around it: the user has been told.
      switch subject {
      case .element(let index, _): subject = .element(index: index, around: nil)
      case .newElement(.before(let index, let pivot, _)):
        subject = .newElement(.before(index: index, pivot: pivot, around: nil))
      case .newElement(.after(let index, let pivot, _)):
        subject = .newElement(.after(index: index, pivot: pivot, around: nil))
      default: break
      }
    case .bigValue, .changed: break
    }
  }

  /// The server was in the way: something else is to be decided now.
  mutating func decide(_ status: Status, at now: Int64) {
    self.status = status
    focus = fields.count
    quietUntil = now + State.dialogGuard
  }
}

/// What `$EDITOR` was opened for: the form that its text goes into.
package struct EditorTask: Sendable, Equatable {
  package var form: Form
  package var old: [UInt8]
}
