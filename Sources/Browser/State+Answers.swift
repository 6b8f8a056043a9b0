import Keyspace
import Requests
import Values

extension State {
  mutating func take(_ answer: Answer, for purpose: Purpose, generation: Int) {
    let isNewest = generations[purpose] == generation
    waits.end(purpose, isNewest: isNewest, at: now)
    // Writes are owed until the last of them is reported.
    if isNewest, purpose != .write { owed.remove(purpose) }
    switch answer {
    case .facts(let facts, let clock):
      // What was read of a key is true whatever was asked for since, unless the database changed.
      guard generation > factsBarriers[purpose, default: 0] else { return }
      self.clock = clock
      for fact in facts { learn(fact, from: purpose) }
    // Every outcome is told, whatever was asked for since.
    case .written(let report): take(report)
    case .failed(let failure) where purpose == .write: takeUndoFailure(failure)
    case .failed(let failure): if isNewest { take(failure, for: purpose) }
    case .done: break
    case .rows(let rows, let version) where purpose == .memory:
      if isNewest { takeMemory(rows, version: version) }
    default: if isNewest { take(answer) }
    }
    if purpose == .forget, !isListCovered { askForRows() }
  }

  private mutating func take(_ answer: Answer) {
    switch answer {
    case .selected(let database): enter(database)
    case .loggedIn: takeLoggedIn()
    case .rows(let rows, let version): take(rows, version: version)
    case .folders(let facts): take(facts)
    case .expiry(let report): take(report)
    case .opened(let opened): take(opened)
    case .page(let name, let page, let facts, let clock):
      self.clock = clock
      learn(facts, from: .value)
      if name == value.key { take(page) }
    case .inspection(let inspection, let clock):
      self.clock = clock
      if case .inspection(let name, _, let viewport)? = overlay, name == inspection.name {
        overlay = .inspection(name, inspection, viewport)
      }
    case .server(let facts):
      let before = trouble
      header.take(facts, at: now)
      noteCount(facts.keys)
      settleTrouble(before: before, facts)
    case .databases(let facts):
      if case .databases(_, let viewport)? = overlay {
        let current = facts.firstIndex { $0.number == database } ?? 0
        overlay = .databases(facts, viewport.cursor == 0 ? Viewport(cursor: current) : viewport)
      }
    case .clients(let list): take(list)
    case .slowLog(let log): take(log)
    case .killed(let id, let outcome): take(outcome, ofClient: id)
    case .dump(let name, let outcome): take(outcome, of: name)
    case .membership(_, let member, let isMember):
      say(member + Array((isMember ? " is a member" : " is not a member").utf8), isMember ? .plain : .warning)
    case .union(let name, let other, let outcome): take(outcome, of: name, with: other)
    case .rank(_, let rank): take(rank: rank)
    case .names(let list): take(list)
    case .survey(let survey):
      clock = survey.clock
      take(survey)
    case .log(let log):
      guard case .log(let old, var viewport, let opened)? = overlay else { return }
      // The cursor stays on its command while others come above it; at the top it stays at the top.
      if viewport.cursor > 0, let newest = log.first, let before = old?.first {
        viewport.cursor += newest.number - before.number
        viewport.top += newest.number - before.number
      }
      viewport.show(count: log.count, height: overlayHeight)
      overlay = .log(log, viewport, opened: opened)
    case .console(let answer): take(answer)
    case .facts, .failed, .done, .written: break
    }
  }

  private mutating func take(_ failure: Failure, for purpose: Purpose) {
    if purpose == .survey, case .names? = surveying { surveying = nil }
    guard failure.kind != .superseded else { return }
    if failure.kind != .connection { retryAt = now + Self.retryPause }
    let isNews = noteTrouble(failure)
    switch purpose {
    case .login: takeLoginFailure(failure)
    case .value:
      value.loadingSince = nil
      // What was read before stays readable.
      if trouble == nil || value.content == .none { value.failure = failure }
    // The link's own notice tells; a header or a batch of facts that fails with it says nothing new.
    case .header, .facts, .due: if failure.kind != .connection, isNews { say(failure) }
    case .rows, .memory, .folders, .expiry: break
    case .clients, .slowLog: takeServerFailure(failure, for: purpose)
    case .follow: takeFollowFailure(failure)
    case .survey:
      surveying = nil
      if holdUpBulk(failure) { return }
      if case .dialog(let dialog)? = overlay, dialog.isAsking { overlay = nil }
      say(failure)
    case .console: takeConsoleFailure(failure)
    case .consoleLines, .completion: break
    case .databases:
      if case .databases(nil, _)? = overlay { overlay = nil }
      say(failure)
    default: say(failure)
    }
  }

  /// Takes what the server said of a key. `purpose`: what it was asked for.
  mutating func learn(_ facts: KeyFacts, from purpose: Purpose) {
    var key = list.seen[facts.name] ?? SeenKey(facts: facts, readAt: now)
    if key.askedAt == nil, purpose == .facts { key.askedAt = list.factsAskedAt }
    if facts.isGone {
      if key.goneAt == nil { key.goneAt = now }
      // The row keeps its badge while it is dim.
      if key.facts.type.value == nil { key.facts.type = facts.type }
    } else {
      if key.goneAt != nil { key = SeenKey(facts: facts, readAt: now) }
      var facts = facts
      // Not everything that is read of a key asks for it.
      if facts.idleSeconds == .unknown { facts.idleSeconds = key.facts.idleSeconds }
      // Where TYPE is denied, opening a key finds out what it is, and does so again when it changes.
      if facts.name == value.key, facts.type.denial?.isOfKey == false, case .known(_?) = key.facts.type {
        facts.type = key.facts.type
      }
      let changed = ChangedCells(from: key.facts, to: facts, at: now, tolerance: clock.uncertainty ?? 0)
      key.changed = changed ?? key.changed
      if key.wantsReading { key.fruitless = key.facts == facts ? key.fruitless + 1 : 0 }
      key.facts = facts
      if case .known(.at(let deadline)) = facts.deadline {
        key.fullTTL = max(key.fullTTL ?? 0, remaining(until: deadline, at: now))
        // The sweep has seen it before the screen.
        if let seenAt = monitor?.order?.seenAt(facts.name, deadline: deadline) {
          key.fullTTL = max(key.fullTTL ?? 0, Deadline.at(deadline).remaining(at: seenAt) ?? 0)
        }
      } else {
        key.fullTTL = nil
      }
    }
    if facts.name == value.key, let shown = value.opened?.facts.type, shown != facts.type, facts.type.denial == nil {
      value.wantsReading = true
    }
    key.isStale = false
    // What changed while the answer was on its way may not be in it.
    key.wantsReading = changes.hasChanged(facts.name, since: moments[purpose] ?? 0)
    key.dueAskedAt = nil
    key.readAt = now
    list.seen[facts.name] = key
  }

  /// Another database: nothing that was shown of the old one stays.
  private mutating func enter(_ database: Int) {
    var fresh = ListState(query: list.query, database: database)
    fresh.query.expanded = []
    if database == self.database {
      fresh.keepFilter(of: list)
    } else {
      // What was looked for in one database is not what another is opened for.
      fresh.showEverything()
    }
    let isSame = database == self.database
    if isSame {
      // What was opened, marked or looked for before the server had answered is of this database.
      (fresh.marked, fresh.lastMarked, fresh.seen) = (list.marked, list.lastMarked, list.seen)
      (fresh.sought, fresh.isTouched, fresh.trail) = (list.sought, list.isTouched, list.trail)
      fresh.query.expanded = list.query.expanded
    }
    self.database = database
    joinDatabase()
    list = fresh
    if let scan = earlyScan, scan.database == database { list.scan = scan }
    earlyScan = nil
    if !isSame {
      pause = nil
      value = ValueState()
      focus = .list
      restingSince = nil
      factsBarriers = generations
      abandon(.value)
    }
    if let old = monitor {
      monitor = MonitorState(prefix: isSame ? old.prefix : [])
      askForExpiry()
    }
    renewMemory(isSame: isSame)
    abandon(.folders)
    abandon(.rows)
    askForRows()
    // The Store has forgotten what was wanted in the database before.
    sweepAsked = SweepWish()
    askForSweep()
    askHeader()
  }
}

extension ListQuery {
  /// The list depends on types or deadlines, which SCAN does not tell.
  var needsFacts: Bool { expiry != .impossible && (kind != nil || expiry != .any) }
}
