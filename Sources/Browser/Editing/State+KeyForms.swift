import Canvas
import Keyspace
import Requests
import Values

/// Forms about whole keys: they need type and deadline, not the value.
extension State {
  mutating func editTTL() {
    guard mayWrite(), !editFieldTTL() else { return }
    let marked = focus == .list ? list.marked : []
    if marked.count > 1 {
      editTTL(of: Array(marked), from: .marks)
      return
    }
    if focus == .list, marked.isEmpty, case .folder(let prefix)? = currentRow?.id {
      editTTL(ofFolder: prefix)
      return
    }
    guard let key = focus == .list ? marked.first ?? cursorKey : value.key else {
      say("no key is under the cursor")
      return
    }
    guard let seen = readyFacts(of: key, for: .ttl), let type = seen.type.value.flatMap({ $0 }) else { return }
    openTTLForm(target(seen, type))
    if let note = noFieldTTLs, case .form(var form)? = overlay {
      form.note = Array(note.utf8)
      overlay = .form(form)
    }
  }

  private func target(_ facts: KeyFacts, _ type: KeyType) -> Form.Target {
    var deadline: Deadline?
    if let known = facts.deadline.value, known != .unknown { deadline = known }
    return Form.Target(name: facts.name, type: type, deadline: deadline)
  }

  private mutating func openTTLForm(_ target: Form.Target) {
    overlay = .form(
      Form(
        .ttl(target), key: target.name, type: target.type, database: database, session: session,
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
