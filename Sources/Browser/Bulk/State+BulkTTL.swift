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
      under: prefix.bytes, query: rowsQuery, for: .folder(prefix.bytes, within: list.query.words(list.filter)))
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
    if !filter.isEmpty { words.append(Array("filter ".utf8) + filter) }
    if let kind { words.append(Array("only \(kind.badge)".utf8)) }
    switch expiry {
    // Said by the filter's text.
    case .any, .ttl, .impossible: break
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
