import Canvas
import Keyspace
import Requests
import Values

/// What keys are being asked about for.
enum Surveying: Sendable, Equatable {
  case delete
  case ttl
  case replace(Form, KeyType)
}

extension State {
  /// Sends edits as one write. Returns its number.
  @discardableResult
  mutating func write(_ edits: [Edit], _ kind: PendingWrite.Kind) -> Int {
    let id = nextWrite
    nextWrite += 1
    writes[id] = PendingWrite(kind: kind, edits: edits, startedAt: now)
    ask(.write, .write(WriteJob(id: id, edits: edits)))
    return id
  }

  mutating func stopWriting() {
    say("no longer waiting: reading back what became of it")
    ask(.link, .stopWriting)
  }

  mutating func take(_ report: WriteReport) {
    let pending: PendingWrite?
    if report.kind == .edit {
      pending = writes.removeValue(forKey: report.id)
    } else {
      let kind: PendingWrite.Kind = report.kind == .undo ? .undo : .redo
      let id = writes.filter { $0.value.kind == kind }.keys.min()
      pending = id.flatMap { writes.removeValue(forKey: $0) }
    }
    if writes.isEmpty { owed.remove(.write) }
    if report.items.contains(where: \.outcome.isDumpDenied) { mayDump = false }
    refresh(after: report)
    if pending?.kind == .form, case .form(let form)? = overlay, case .sending(report.id, _) = form.status {
      take(report, in: form)
    } else if report.kind != .edit, let refused = report.items.first(where: { !$0.outcome.isApplied }) {
      askToSkip(refused, isRedo: report.kind == .redo)
    } else {
      tell(report)
    }
  }

  /// What was written is read again at once, and what was deleted is gone.
  private mutating func refresh(after report: WriteReport) {
    for item in report.items where item.edit.database == database {
      let key = item.edit.key
      var isDeleted = false
      if item.outcome.isApplied {
        if case .deleteKey = item.edit.change { isDeleted = true }
        if case .dropStream = item.edit.change { isDeleted = true }
        if case .renameKey(_, _, nil) = item.edit.change { isDeleted = true }
        if case .applied(let applied) = item.outcome, !applied.existsAfter { isDeleted = true }
      }
      if isDeleted || item.outcome == .gone {
        list.marked.remove(key)
        learn(KeyFacts(name: key, type: .known(nil)))
      } else {
        list.seen[key]?.wantsReading = true
        list.seen[key]?.readAt = now - Self.rereadPause
      }
      if key == value.key {
        value.wantsReading = true
        value.askedAt = now - Self.rereadPause
        // What was shown alone is not what is there now.
        if item.outcome.isApplied { value.detail = nil }
      }
    }
  }

  /// Says what became of a write.
  mutating func tell(_ report: WriteReport) {
    let applied = report.items.filter { $0.outcome.isApplied }
    let failed = report.items.filter { !$0.outcome.isApplied }
    let word =
      switch report.kind {
      case .edit: "done"
      case .undo: "undone"
      case .redo: "done again"
      }
    let back = report.noUndo.map { "  (no undo: \($0))" } ?? (report.kind == .undo ? "  U does it again" : "  u undoes")
    if report.items.count == 1, report.untried == 0, let item = report.items.first {
      guard item.outcome.isApplied else {
        say(item.outcome.words, .error)
        return
      }
      var text = "\(word): " + CommandText.line(item.edit.plan.commands[0])
      if case .unknown = item.outcome { text = String(decoding: item.outcome.words, as: UTF8.self) }
      if text.count > 90 { text = String(text.prefix(89)) + "…" }
      // Escaped once already: what is shown is decoded again when it is drawn.
      say(Escape.typed(text) + Array(back.utf8), .plain)
      return
    }
    let gone = failed.filter { $0.outcome == .gone }.count
    var parts = ["\(word): \(Format.count(applied.count))"]
    if gone > 0 { parts.append("\(Format.count(gone)) were gone") }
    if failed.count > gone { parts.append("\(Format.count(failed.count - gone)) failed") }
    if report.untried > 0 { parts.append("\(Format.count(report.untried)) not tried") }
    var line = Array(parts.joined(separator: ", ").utf8)
    if let first = failed.first(where: { $0.outcome != .gone }) {
      line += Array(". ".utf8) + first.edit.key.bytes.prefix(60) + Array(": ".utf8) + first.outcome.words
    } else if !applied.isEmpty {
      line += Array(back.utf8)
    }
    say(line, failed.count > gone || report.untried > 0 ? .error : .plain)
  }

  mutating func takeProgress(id: Int, done: Int, of count: Int) {
    writes[id]?.done = done
    if done < count { say("\(Format.count(done)) of \(Format.count(count))  ^C stops") }
  }

  // MARK: - Before destroying

  mutating func take(survey facts: [KeyFacts]) {
    defer { surveying = nil }
    switch surveying {
    case .delete?: if case .dialog(let dialog)? = overlay, dialog.isAsking { openDeleteDialog(facts) }
    case .ttl?:
      for fact in facts { learn(fact) }
      openTTLForm(facts.compactMap { fact in fact.type.value.flatMap { $0 }.map { target(fact, $0) } })
    case .replace(let form, let type)?: if let fact = facts.first { openReplaceDialog(form, type, fact) }
    case nil: break
    }
  }

  // MARK: - Undo

  mutating func undo() { if mayWrite() { askUndo(.normal, isRedo: false) } }
  mutating func redo() { if mayWrite() { askUndo(.normal, isRedo: true) } }

  mutating func askUndo(_ way: UndoWay, isRedo: Bool) {
    let id = nextWrite
    nextWrite += 1
    writes[id] = PendingWrite(kind: isRedo ? .redo : .undo, edits: [], startedAt: now)
    ask(.write, isRedo ? .redo(way) : .undo(way))
  }

  /// There was nothing to undo, or the Store could not try.
  mutating func takeUndoFailure(_ failure: Failure) {
    if let id = writes.filter({ $0.value.kind == .undo || $0.value.kind == .redo }).keys.min() { writes[id] = nil }
    if writes.isEmpty { owed.remove(.write) }
    say(failure)
  }

  private mutating func askToSkip(_ item: WriteReport.Item, isRedo: Bool) {
    var buttons: [Dialog.Button] = [
      .init("[Cancel]", .cancel), .init("[Skip it]", .undo(.skipping, isRedo: isRedo)),
    ]
    if item.outcome == .otherServer {
      buttons.append(.init(isRedo ? "[Do it here]" : "[Undo it here]", .undo(.anyServer, isRedo: isRedo)))
    }
    open(
      Dialog(
        title: isRedo ? "not done again" : "not undone",
        lines: [item.edit.key.bytes, item.outcome.words], commands: item.edit.plan.commands, buttons: buttons,
        openedAt: now))
  }
}
