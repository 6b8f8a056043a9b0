import Canvas
package import Keyspace
import Requests
import Values

/// The TTLs of many keys as one: names, what they are, a plan, one write.
extension State {
  /// Keys whose TTLs are set at once, at most.
  package static let bulkLimit = 100_000
  /// Beyond so many, their number is to be typed.
  static let mostUnasked = 10

  /// Opens the plan for these keys, each of them exactly as it is named.
  ///
  /// - Parameter isComplete: the names are all that `source` has, as far as the server was asked.
  package mutating func editTTL(of names: [KeyName], from source: BulkSource, isComplete: Bool = true) {
    guard mayWrite() else { return }
    guard link == .connected else {
      say("not connected: nothing can be written", .warning)
      return
    }
    guard mayTake(names.count, of: source) else { return }
    let isSorted = zip(names, names.dropFirst()).allSatisfy { $0 < $1 }
    let names = isSorted ? names : Set(names).sorted()
    guard !names.isEmpty else {
      say("there is no key whose TTL could be set", .warning)
      return
    }
    let bulk = BulkTTL(source: source, names: names, isComplete: isComplete)
    overlay = .form(
      Form(
        .bulkTTL(bulk), key: KeyName([UInt8]()), type: .string, database: database, session: session,
        fields: [.bulkTTL], tombstone: []))
    tendBulk()
  }

  /// `t` on a folder: its keys as the list's filter picks them, those in closed folders too.
  mutating func editTTL(ofFolder prefix: KeyName) {
    guard link == .connected else {
      say("not connected: nothing can be written", .warning)
      return
    }
    askForNames(
      under: prefix.bytes, query: list.query, for: .folder(prefix.bytes, within: list.query.words(list.filter)))
  }

  /// Asks the index for the exact names of keys, and opens the plan for them.
  package mutating func askForNames(under prefix: [UInt8], query: ListQuery, for source: BulkSource) {
    surveying = .names(source, database: database)
    ask(.survey, .names(query, prefix: prefix, limit: Self.bulkLimit))
    postpone(.ttl, until: .survey)
  }

  /// Says so where these are too many.
  private mutating func mayTake(_ count: Int, of source: BulkSource) -> Bool {
    guard count > Self.bulkLimit else { return true }
    let head = Array("at most \(Format.count(Self.bulkLimit)) keys at once: narrow it with / or f. Here: ".utf8)
    say(head + source.words(count: count), .warning)
    return false
  }

  mutating func take(_ list: NameList) {
    guard case .names(let source, let asked)? = surveying else { return }
    surveying = nil
    // Whatever was opened since is not taken away.
    guard overlay == nil, prompt == nil, asked == database, !owed.contains(.database) else {
      say("the TTLs were not asked for any more: t asks again", .warning)
      return
    }
    guard mayTake(list.count, of: source) else { return }
    editTTL(of: list.names, from: source, isComplete: list.isComplete)
  }

  // MARK: - The plan

  /// The form that is about many keys, also behind the window with their names.
  private var bulkForm: (form: Form, bulk: BulkTTL)? {
    let form: Form
    switch overlay {
    case .form(let open)?, .names(let open, _)?: form = open
    default: return nil
    }
    if case .bulkTTL(let bulk) = form.subject { return (form, bulk) }
    return nil
  }

  private mutating func keep(_ form: Form, _ bulk: BulkTTL) {
    var form = form
    form.subject = .bulkTTL(bulk)
    if case .names(_, let viewport)? = overlay { overlay = .names(form, viewport) } else { overlay = .form(form) }
  }

  /// Reads what the keys are, and works out what becomes of them, as far as that is not done.
  mutating func tendBulk() {
    guard case (let form, var bulk)? = bulkForm else { return }
    if bulk.findings == nil {
      guard !owed.contains(.survey), !bulk.isReadingHeldUp, link == .connected else { return }
      ask(.survey, .survey(bulk.names, beforeDestroying: false))
    } else if form.status == .composing, bulk.plan?.text != form.fields[0].area.text {
      bulk.replan(
        form.fields[0].area.text, serverTime: clock.isKnown ? clock.serverTime(at: now) : wall,
        localOffset: setup.localOffset)
      keep(form, bulk)
    }
  }

  /// What the keys are, which are asked about for the form that is open.
  mutating func takeBulk(_ survey: Survey) {
    guard case (var form, var bulk)? = bulkForm, bulk.findings == nil, bulk.take(survey.facts) else { return }
    // What is gone of what is on the screen shows at once.
    for fact in survey.facts where fact.isGone && list.seen[fact.name] != nil { learn(fact, from: .survey) }
    form.session = session
    keep(form, bulk)
  }

  mutating func takeBulkProgress(_ done: Int) {
    guard case (let form, var bulk)? = bulkForm, bulk.findings == nil else { return }
    bulk.readCount = done
    keep(form, bulk)
  }

  /// The keys could not be read: what was typed stays, Enter tries again. False: they were not being read.
  mutating func holdUpBulk(_ failure: Failure) -> Bool {
    guard case (var form, var bulk)? = bulkForm, bulk.findings == nil else { return false }
    bulk.isReadingHeldUp = true
    form.complain(Array((failure.what + ": ").utf8) + failure.why + Array(". Enter tries again".utf8))
    keep(form, bulk)
    return true
  }

  // MARK: - Sending

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
        Array("\(Format.count(names.count - edits.count)) of them have no TTL now to add to or take away.".utf8))
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

extension BulkTTL {
  static let incomplete = "These are the keys known so far: the scan is not over, or not all TTLs and types are known."
}

extension BulkPlan {
  /// What it does, in a line.
  var effect: String { "\(Format.count(count)) \(count == 1 ? "key gets" : "keys get") another TTL" }

  /// Which keys it leaves as they are; nil: none.
  var stays: String? {
    staying == 0
      ? nil : "\(Format.count(staying)) without a TTL \(staying == 1 ? "stays as it is" : "stay as they are")"
  }
}

extension ListQuery {
  /// What the list demands of its keys, in words. May hold bytes of the server.
  func words(_ filter: [UInt8]) -> [[UInt8]] {
    var words: [[UInt8]] = []
    if self.filter != nil { words.append(Array("filter ".utf8) + filter) }
    if let kind { words.append(Array("only \(kind.badge)".utf8)) }
    switch expiry {
    case .any: break
    case .persistent: words.append(Array("without a TTL".utf8))
    case .volatile: words.append(Array("with a TTL".utf8))
    }
    return words
  }
}

extension Form.Field {
  /// For the TTLs of many keys.
  static let bulkTTL = Form.Field(
    "TTL", hint: "90s, 2h30m, @2026-12-31T23:59, none, +10m, 10m..20m, +0..10m", history: .ttl)
}
