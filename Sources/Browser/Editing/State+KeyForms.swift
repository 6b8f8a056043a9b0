import Canvas
import Keyspace
import Requests
import Values

/// Forms about whole keys: they need type and deadline, not the value.
extension State {
  mutating func editTTL() {
    guard mayWrite(), !editFieldTTL() else { return }
    var names = focus == .list && !list.marked.isEmpty ? list.marked.sorted() : []
    if names.isEmpty, let key = focus == .list ? cursorKey : value.key { names = [key] }
    guard !names.isEmpty else {
      say("no key is under the cursor")
      return
    }
    if names.count > 1 {
      // Their deadlines are read first: what one has not seen is not overwritten.
      surveying = .ttl(database: database)
      say("reading the TTLs of \(Format.count(names.count)) keys")
      ask(.survey, .survey(names, beforeDestroying: false))
      postpone(.ttl, until: .survey)
      return
    }
    guard let seen = readyFacts(of: names[0], for: .ttl), let type = seen.type.value.flatMap({ $0 }) else { return }
    openTTLForm([target(seen, type)])
    if let note = noFieldTTLs, case .form(var form)? = overlay {
      form.note = Array(note.utf8)
      overlay = .form(form)
    }
  }

  func target(_ facts: KeyFacts, _ type: KeyType) -> Form.Target {
    var deadline: Deadline?
    if let known = facts.deadline.value, known != .unknown { deadline = known }
    return Form.Target(name: facts.name, type: type, deadline: deadline)
  }

  mutating func openTTLForm(_ targets: [Form.Target]) {
    guard let first = targets.first else {
      say("none of the marked keys is there any more", .warning)
      return
    }
    overlay = .form(
      Form(
        .ttl(targets), key: first.name, type: first.type, database: database, session: session,
        fields: [.ttl], tombstone: []))
  }

  /// What is known of a key that is there; nil, and said or awaited, where that is not so.
  private mutating func readyFacts(of key: KeyName, for action: Action) -> KeyFacts? {
    guard let seen = list.seen[key], seen.facts.type != .unknown, !seen.isStale else {
      if link == .connected {
        postpone(action, until: .facts(key))
      } else {
        say("not connected: nothing can be written", .warning)
      }
      return nil
    }
    if seen.facts.isGone || seen.goneAt != nil {
      say("the key is gone", .warning)
      return nil
    }
    if let denial = seen.facts.type.denial {
      say("its type may not be read (\(denial.command)): nothing can be written", .warning)
      return nil
    }
    return seen.facts
  }

  mutating func openKeyForm(
    _ subject: Form.Subject, for action: Action, fields: (KeyName) -> [Form.Field]
  ) {
    guard let key = focus == .list ? cursorKey : value.key else {
      say("no key is under the cursor")
      return
    }
    guard let type = readyFacts(of: key, for: action)?.type.value.flatMap({ $0 }) else { return }
    overlay = .form(
      Form(
        subject, key: key, type: type, database: database, session: session, fields: fields(key),
        tombstone: tombstones.next()))
  }
}
