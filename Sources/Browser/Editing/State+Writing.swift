import Canvas
import Keyspace
import Requests
import Values

/// What keys are being asked about for.
enum Surveying: Sendable, Equatable {
  case delete
  /// For the TTLs of many: the names of keys of this database are asked for.
  case names(BulkSource, database: Int)
  /// The name that this form renames to is taken.
  case replace(Form)
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

  /// The first time no more edits are tried than are on their way; the second time, or where there are no more, those
  /// are waited for no longer.
  mutating func stopWriting() {
    if let id = writes.keys.min(), let pending = writes[id], pending.edits.count - pending.done > 1, !pending.isStopping
    {
      writes[id]?.isStopping = true
      say("stopping: no more are tried; once more does not wait for those on their way either")
    } else {
      say("no longer waiting: reading back what became of it")
    }
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
    countUndo(after: report)
    refresh(after: report)
    if pending?.kind == .form, case .form(let form)? = overlay, case .sending(report.id, _) = form.status {
      take(report, in: form)
      if form.isBulk { askAboutSkipped(report, adds: pending?.addsTTL ?? false) }
    } else if report.kind != .edit, let refused = report.items.first(where: { !$0.outcome.isApplied }),
      overlay == nil, prompt == nil
    {
      askToSkip(refused, report)
    } else if var form = pending?.form, let refused = report.items.first(where: { !$0.outcome.isApplied }),
      overlay == nil, prompt == nil
    {
      form.complain(refused.outcome.words)
      overlay = .form(form)
    } else if report.items.isEmpty, let why = report.noUndo {
      askToSkip(because: why, isRedo: report.kind == .redo)
    } else {
      tell(report)
      askAboutSkipped(report, adds: pending?.addsTTL ?? false)
      if report.items.count == 1, let item = report.items.first, item.outcome.isApplied, pending?.kind != .form {
        show(item.edit)
      }
    }
    if report.items.contains(where: \.outcome.isApplied) { askHeader() }
  }

  private mutating func countUndo(after report: WriteReport) {
    guard report.items.contains(where: \.outcome.isApplied) else { return }
    if report.kind == .undo {
      undoable = max(0, undoable - 1)
    } else if report.noUndo == nil {
      undoable += 1
    }
  }

  /// What was written is read again at once, and what was deleted is gone.
  private mutating func refresh(after report: WriteReport) {
    for item in report.items where item.edit.database == database {
      let key = item.edit.key
      // What was gone may be there again.
      for name in item.edit.touched where list.seen[name]?.goneAt != nil { list.seen[name] = nil }
      var isDeleted = false
      if item.outcome.isApplied {
        if case .deleteKey = item.edit.change { isDeleted = true }
        if case .dropStream = item.edit.change { isDeleted = true }
        if case .renameKey(_, _, nil) = item.edit.change { isDeleted = true }
        if case .applied(let applied) = item.outcome, !applied.existsAfter { isDeleted = true }
      }
      if isDeleted || item.outcome == .gone {
        list.marked.remove(key)
        learn(KeyFacts(name: key, type: .known(nil)), from: .write)
      } else {
        list.seen[key]?.wantsReading = true
        list.seen[key]?.askedAt = now - Self.rereadPause
        list.seen[key]?.fruitless = 0
      }
      if key == value.key {
        value.wantsReading = true
        value.fruitless = 0
        value.askedAt = now - rereadPause
        if item.outcome.isApplied { value.isOutdated = true }
        if item.outcome.isApplied, let followed = item.edit.followed(item.outcome) { value.follow = followed }
        // What was shown alone is not what is there now.
        if item.outcome.isApplied { value.detail = nil }
      }
    }
  }

  /// Says what became of a write.
  mutating func tell(_ report: WriteReport) {
    func text(_ string: String) -> [UInt8] { Array(string.utf8) }
    let word =
      switch report.kind {
      case .edit: "done"
      // What was carried out is told: the edit that took the other back.
      case .undo: "undo"
      case .redo: "redo"
      }
    var back = text(
      report.noUndo.map { "  (no way back: \($0))" } ?? (report.kind == .undo ? "  U does it again" : "  u undoes"))
    if report.forgotten > 0 { back += text("  (\(Format.count(report.forgotten)) older undos were forgotten)") }
    guard report.items.count != 1 || report.untried > 0, !report.items.isEmpty else {
      guard let item = report.items.first else { return }
      guard item.outcome.isApplied else {
        let head = report.kind == .edit ? "" : report.kind == .undo ? "not undone: " : "not done again: "
        say(text(head) + item.outcome.words, .error)
        return
      }
      var line = text("\(word): ")
      if case .unknown = item.outcome { line += item.outcome.words + text(": ") }
      var told: Applied?
      if case .applied(let applied) = item.outcome { told = applied }
      say(line + item.edit.done(told, database: database) + back, .plain)
      return
    }
    tellOfMany(report, word, back)
  }

  private mutating func tellOfMany(_ report: WriteReport, _ word: String, _ back: [UInt8]) {
    func text(_ string: String) -> [UInt8] { Array(string.utf8) }
    let applied = report.items.filter { $0.outcome.isApplied }
    let gone = report.items.filter { $0.outcome == .gone }
    let unsure = report.items.filter { $0.outcome.isUnsure }
    // Of one that somebody else gave another TTL nothing is wrong: it keeps that.
    let skipped = report.items.filter { if case .conflict(.deadline) = $0.outcome { true } else { false } }
    let failed = report.items.filter {
      if case .conflict(.deadline) = $0.outcome { return false }
      return !$0.outcome.isApplied && $0.outcome != .gone && !$0.outcome.isUnsure
    }
    var parts = [text("\(word): \(Format.count(applied.count))\(Self.verb(of: applied.map(\.edit)))")]
    if !gone.isEmpty { parts.append(text("\(Format.count(gone.count)) gone")) }
    if !skipped.isEmpty {
      parts.append(
        text(
          "\(Format.count(skipped.count)) skipped (\(skipped.count == 1 ? "its TTL" : "their TTL") changed meanwhile)")
      )
    }
    if !failed.isEmpty { parts.append(text("\(Format.count(failed.count)) failed")) }
    if !unsure.isEmpty { parts.append(text("\(Format.count(unsure.count)) cannot be told: look at them")) }
    if report.untried > 0 { parts.append(text("\(Format.count(report.untried)) not tried")) }
    var line = Array(parts.joined(separator: text(", ")))
    if let first = failed.first ?? unsure.first {
      // There is no form any more in which Enter could try again.
      let words =
        first.outcome == .otherSession
        ? text("the connection was lost and made again meanwhile: nothing was sent") : first.outcome.words
      line += text(". ") + first.edit.key.bytes.prefix(60) + text(": ") + words
    }
    if !applied.isEmpty { line += back }
    say(line, failed.isEmpty && unsure.isEmpty && report.untried == 0 ? .plain : .error)
  }

  /// What was done to many keys, where it was the same with all.
  private static func verb(of edits: [Edit]) -> String {
    func all(_ isSo: (Change) -> Bool) -> Bool { !edits.isEmpty && edits.allSatisfy { isSo($0.change) } }
    if all({ if case .deleteKey = $0 { true } else { false } }) { return " deleted" }
    if all({ if case .restoreKey = $0 { true } else { false } }) { return " back" }
    if all({ if case .expiry(_, .never) = $0 { true } else { false } }) { return " without a TTL now" }
    if all({ if case .expiry = $0 { true } else { false } }) { return " with another TTL" }
    return ""
  }

  mutating func takeProgress(id: Int, done: Int, of count: Int) {
    writes[id]?.done = done
    guard done < count else { return }
    // A form that waits for it tells by itself.
    if case .form(let form)? = overlay, case .sending(id, _) = form.status { return }
    say("\(Format.count(done)) of \(Format.count(count))  ^C stops")
  }

  // MARK: - Before destroying

  mutating func take(_ survey: Survey) {
    defer { surveying = nil }
    if let denial = survey.copyDenial { copyDenial = denial }
    switch surveying {
    case .delete?: if case .dialog(let dialog)? = overlay, dialog.isAsking { openDeleteDialog(survey) }
    case .replace(let form)?:
      guard case .form(let open)? = overlay, open == form else { return }
      if let fact = survey.facts.first { openReplaceDialog(form, fact, survey) }
    case .names: break
    case nil: takeBulk(survey)
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

  private mutating func askToSkip(_ item: WriteReport.Item, _ report: WriteReport) {
    let isRedo = report.kind == .redo
    var buttons: [Dialog.Button] = [
      .init("[Cancel]", .cancel),
      .init(isRedo ? "[Redo the one before]" : "[Undo the one before]", .undo(.skipping, isRedo: isRedo)),
    ]
    if item.outcome == .otherServer {
      buttons.append(.init(isRedo ? "[Do it here]" : "[Undo it here]", .undo(.anyServer, isRedo: isRedo)))
    }
    var lines = [item.edit.key.bytes, item.outcome.words]
    let done = report.items.filter(\.outcome.isApplied).count
    let left = report.items.count - done
    if done > 0 || left + report.untried > 1 {
      let word = isRedo ? "done again" : "undone"
      let untried =
        report.untried > 0
        ? ", \(Format.count(report.untried)) not tried (\(isRedo ? "U" : "u") goes on with them)" : ""
      lines.insert(
        Array("\(Format.count(done)) were \(word), \(Format.count(left)) not\(untried). Of this one:".utf8), at: 0)
    }
    open(
      Dialog(
        title: isRedo ? "not done again" : "not undone", lines: lines, buttons: buttons, openedAt: now))
  }

  /// The newest edit cannot be taken back: that is said before the one before it is.
  mutating func askToSkip(because why: String, isRedo: Bool) {
    guard overlay == nil, prompt == nil else {
      say("not \(isRedo ? "done again" : "undone"): \(why)", .warning)
      return
    }
    open(
      Dialog(
        title: isRedo ? "cannot be done again" : "cannot be undone",
        lines: [Array("There is no way back for the last edit: \(why).".utf8)],
        buttons: [
          .init("[Cancel]", .cancel),
          .init(isRedo ? "[Redo the one before]" : "[Undo the one before]", .undo(.skipping, isRedo: isRedo)),
        ], openedAt: now))
  }
}
