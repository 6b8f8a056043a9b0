internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

/// The one way by which anything is written.
extension Store {
  /// Carries out a job of the user's.
  func write(_ job: WriteJob) async -> WriteReport {
    await beginWriting()
    defer { writing.end() }
    let (items, untried) = await carryOut(job.edits, id: job.id)
    learnUnlisted(of: items)
    let (inverses, noUndo) = self.inverses(of: items)
    let forgotten = journal.note(journalled(inverses.reversed(), noUndo))
    return WriteReport(
      id: job.id, kind: .edit, items: items, untried: untried, noUndo: noUndo, forgotten: forgotten)
  }

  /// Takes the newest edit back, or does again what was taken back last.
  func undo(_ way: UndoWay, isRedo: Bool) async throws(Failure) -> Answer {
    await beginWriting()
    defer { writing.end() }
    if way == .skipping { journal.pop(isRedo: isRedo) }
    guard let entry = journal.top(isRedo: isRedo) else {
      throw Failure(
        kind: .server, what: isRedo ? "redo" : "undo",
        why: Array((isRedo ? "nothing is left to do again" : "nothing is left to take back").utf8),
        nextStep: "Nothing was written")
    }
    let kind: WriteReport.Kind = isRedo ? .redo : .undo
    if entry.edits.isEmpty { return .written(WriteReport(id: 0, kind: kind, items: [], noUndo: entry.reason)) }
    let session = await rowsLink.generation
    let isSame = await isServer(of: entry, session: session)
    guard isSame || way == .anyServer else {
      let items = entry.edits.map { WriteReport.Item(edit: $0, outcome: .otherServer) }
      return .written(WriteReport(id: 0, kind: kind, items: items))
    }
    // Guards stand for what was there then; the connection may be another by now.
    let edits = entry.edits.map { edit in
      var edit = edit
      edit.session = session
      return edit
    }
    let (items, untried) = await carryOut(edits, id: 0)
    learnUnlisted(of: items)
    let rest = items.filter { !$0.outcome.isApplied }.map(\.edit) + edits.suffix(untried)
    let (inverses, noUndo) = inverses(of: items)
    if rest.count < edits.count { journal.pop(isRedo: isRedo, leaving: rest) }
    let forgotten = journal.push(journalled(inverses.reversed(), noUndo), isRedo: !isRedo)
    return .written(
      WriteReport(id: 0, kind: kind, items: items, untried: untried, noUndo: noUndo, forgotten: forgotten))
  }

  /// Whether what the entry takes back was done on the server that is connected now.
  private func isServer(of entry: Journal.Entry, session: Int) async -> Bool {
    if entry.edits.allSatisfy({ $0.session == session }) { return true }
    // Without a connection there is another reason why nothing can be sent.
    guard let connection = try? await writeConnection() else { return true }
    let runID = await target(of: connection).runID
    return !runID.isEmpty && runID == entry.runID
  }

  private func journalled(_ inverses: [Edit], _ noUndo: String?) -> Journal.Entry {
    Journal.Entry(edits: inverses, reason: noUndo, runID: writing.target?.runID ?? "")
  }

  /// Tries nothing more of the running job; where there is no more, or the second time, waits no longer for what was sent.
  func stopWriting() async -> Answer {
    let isFirst = !writing.isStopped
    writing.isStopped = true
    if !(isFirst && writing.hasMore) { await writeLink.drop(.cancelled) }
    return .done
  }

  private func inverses(of items: [WriteReport.Item]) -> (edits: [Edit], noUndo: String?) {
    var edits: [Edit] = []
    var reason: String?
    for item in items {
      let applied: Applied
      switch item.outcome {
      case .applied(let told): applied = told
      case .unknown(.applied, _):
        guard let told = writing.readBack[item.edit.key] else { continue }
        applied = told
      case .partly: reason = "only a part of it was carried out"; continue
      default: continue
      }
      switch item.edit.inverse(applied: applied, tombstone: Self.tombstone()) {
      case .edit(let edit): edits.append(edit)
      case .none(let why): reason = why
      }
    }
    return (edits, reason)
  }

  /// A value that no list holds: 128 random bits.
  static func tombstone() -> [UInt8] {
    Array(
      "keyglass-\(String(UInt64.random(in: .min ... .max), radix: 16))\(String(UInt64.random(in: .min ... .max), radix: 16))"
        .utf8)
  }
}

extension ReplyView {
  /// The denial that this error is, where it says that `command` itself may not be run or does not exist.
  func denial(of command: String, rule: String) -> Denial? {
    let text = string.lowercased()
    if errorCode == "NOPERM", text.contains("to run"), text.contains(command.lowercased()) {
      return Denial(command: command, missingRule: rule)
    }
    return isUnknownCommand ? Denial(command: command, missingRule: nil) : nil
  }
}
