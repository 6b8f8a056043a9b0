import Canvas
import Keyspace
import Requests

/// The plan for many keys is sent, and what others have changed meanwhile is asked about.
extension State {
  /// Enter or `[Save]`: beyond ten keys their number is asked for first.
  mutating func saveBulk(_ form: inout Form) {
    guard case .bulkTTL(var bulk) = form.subject else { return }
    guard bulk.findings != nil else {
      if bulk.isReadingHeldUp {
        bulk.isReadingHeldUp = false
        form.note = nil
      } else {
        form.complain(Array("still reading what these keys are: Enter again when the plan is there".utf8))
      }
      form.subject = .bulkTTL(bulk)
      return
    }
    overlay = .form(form)
    tendBulk()
    guard case .form(let planned)? = overlay, case .bulkTTL(let bulk) = planned.subject, let plan = bulk.plan else {
      return
    }
    form = planned
    if let mistake = plan.mistake {
      form.complain(Array(mistake.utf8))
    } else if plan.count == 0 {
      overlay = nil
      say("no TTL is there to be taken away: nothing is sent")
    } else if link != .connected {
      form.complain(Array("not connected: nothing was sent. Enter tries again".utf8))
    } else if plan.count > Self.mostUnasked {
      form.note = nil
      confirm(form, bulk, plan)
    } else {
      sendBulk(form)
      if case .form(let sent)? = overlay { form = sent }
    }
  }

  private mutating func confirm(_ form: Form, _ bulk: BulkTTL, _ plan: BulkPlan) {
    var lines = [bulk.source.words(count: bulk.names.count), Array(plan.effect.utf8)]
    if let staying = plan.stays { lines.append(Array(staying.utf8)) }
    if !bulk.isComplete { lines.append(Array(BulkTTL.incomplete.utf8)) }
    let first = bulk.edits(database: form.database, session: form.session, limit: 3)
    var dialog = Dialog(
      title: "set the TTL of \(Format.count(plan.count)) keys", lines: lines,
      commands: first.flatMap(\.plan.commands),
      buttons: [.init("[Cancel]", .form(form)), .init("[Apply]", .bulk(form))], demanded: String(plan.count),
      openedAt: now)
    dialog.more = max(0, plan.count - 3)
    open(dialog)
  }

  /// Sends the plan of the form as one write; the form stays open and tells how far it is.
  mutating func sendBulk(_ form: Form) {
    var form = form
    guard case .bulkTTL(let bulk) = form.subject, let plan = bulk.plan, link == .connected else {
      form.complain(Array("not connected: nothing was sent. Enter tries again".utf8))
      overlay = .form(form)
      return
    }
    remember(&form)
    let id = write(bulk.edits(database: form.database, session: form.session), .form)
    writes[id]?.addsTTL = plan.adds
    form.note = nil
    form.status = .sending(id: id, since: now)
    overlay = .form(form)
  }

  // MARK: - Afterwards

  /// Keys that somebody else gave another TTL meanwhile were left alone: asks whether they get this one as well.
  mutating func askAboutSkipped(_ report: WriteReport, adds: Bool) {
    guard report.kind == .edit, report.isBulkTTL, overlay == nil, prompt == nil else { return }
    var (edits, names): ([Edit], [[UInt8]]) = ([], [])
    for item in report.items {
      guard case .conflict(.deadline(let now)) = item.outcome else { continue }
      names.append(item.edit.key.bytes)
      if let edit = item.edit.following(now, adds: adds) { edits.append(edit) }
    }
    guard !edits.isEmpty else { return }
    let ellipsis = setup.isASCII ? "..." : "…"
    let were = names.count == 1 ? "key was" : "keys were"
    var lines = [
      Array("\(Format.count(names.count)) \(were) given another TTL by someone meanwhile, which stands:".utf8)
    ]
    let shown = min(names.count, names.count <= 8 ? 8 : 7)
    lines += names.prefix(shown)
    if names.count > shown { lines.append(Array("\(ellipsis) and \(Format.count(names.count - shown)) more".utf8)) }
    if edits.count < names.count {
      lines.append(
        Array(
          "\(Format.count(names.count - edits.count)) of them have no TTL now that this could change, or could not be read again."
            .utf8))
    }
    if message?.tone == .plain || message?.tone == .error, let told = message?.bytes { lines.insert(told, at: 0) }
    var dialog = Dialog(
      title: "TTLs changed meanwhile", lines: lines, commands: edits.prefix(2).flatMap(\.plan.commands),
      buttons: [.init("[Leave them]", .cancel), .init("[Apply to them too]", .bulkAgain(edits, adds: adds))],
      demanded: edits.count > Self.mostUnasked ? String(edits.count) : nil, openedAt: now)
    dialog.more = max(0, edits.count - 2)
    dialog.details = 2..<max(2, lines.count)
    open(dialog)
  }
}

extension WriteReport {
  /// TTLs of many keys were set.
  var isBulkTTL: Bool {
    !items.isEmpty && items.allSatisfy { if case .expiry = $0.edit.change { true } else { false } }
  }
}
