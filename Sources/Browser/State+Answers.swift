import Keyspace
import Requests
import Values

extension State {
  mutating func take(_ answer: Answer, for purpose: Purpose, generation: Int) {
    let isNewest = generations[purpose] == generation
    // Writes are owed until the last of them is reported.
    if isNewest, purpose != .write { owed.remove(purpose) }
    switch answer {
    case .facts(let facts, let clock):
      // What was read of a key is true whatever was asked for since, unless the database changed.
      guard generation > factsBarrier else { return }
      self.clock = clock
      for fact in facts { learn(fact, from: purpose) }
    // Every outcome is told, whatever was asked for since.
    case .written(let report): take(report)
    case .failed(let failure) where purpose == .write: takeUndoFailure(failure)
    case .failed(let failure): if isNewest { take(failure, for: purpose) }
    case .done: break
    default: if isNewest { take(answer) }
    }
    if purpose == .forget { askForRows() }
  }

  private mutating func take(_ answer: Answer) {
    switch answer {
    case .selected(let database): enter(database)
    case .rows(let rows, let version): take(rows, version: version)
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
      header.take(facts)
      if let keys = facts.keys { list.scan.serverCount = keys }
      if list.isFlushTold { reconcileAfterFlush(keys: facts.keys) }
    case .databases(let facts):
      if case .databases(_, let viewport)? = overlay {
        let current = facts.firstIndex { $0.number == database } ?? 0
        overlay = .databases(facts, viewport.cursor == 0 ? Viewport(cursor: current) : viewport)
      }
    case .dump(let name, let outcome): take(outcome, of: name)
    case .membership(_, let member, let isMember):
      say(member + Array((isMember ? " is a member" : " is not a member").utf8), isMember ? .plain : .warning)
    case .union(let name, let other, let outcome): take(outcome, of: name, with: other)
    case .rank(_, let rank): take(rank: rank)
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
    case .facts, .failed, .done, .written: break
    }
  }

  private mutating func take(_ failure: Failure, for purpose: Purpose) {
    guard failure.kind != .superseded else { return }
    if failure.kind != .connection { retryAt = now + Self.retryPause }
    switch purpose {
    case .value:
      value.loadingSince = nil
      value.failure = failure
    // The link's own notice tells; a header or a batch of facts that fails with it says nothing new.
    case .header, .facts, .due: if failure.kind != .connection { say(failure) }
    case .rows: break
    case .follow: takeFollowFailure(failure)
    case .survey:
      surveying = nil
      if case .dialog(let dialog)? = overlay, dialog.isAsking { overlay = nil }
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
      let changed = ChangedCells(from: key.facts, to: facts, at: now, tolerance: clock.uncertainty ?? 0)
      key.changed = changed ?? key.changed
      key.facts = facts
      if case .known(.at(let deadline)) = facts.deadline {
        key.fullTTL = max(key.fullTTL ?? 0, remaining(until: deadline, at: now))
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
      fresh.filter = list.filter
    } else {
      // What was looked for in one database is not what another is opened for.
      fresh.setFilter([])
      fresh.query.kind = nil
      fresh.query.expiry = .any
    }
    let isSame = database == self.database
    if isSame {
      // What was opened, marked or looked for before the server had answered is of this database.
      (fresh.marked, fresh.lastMarked, fresh.seen) = (list.marked, list.lastMarked, list.seen)
      (fresh.sought, fresh.isTouched, fresh.trail) = (list.sought, list.isTouched, list.trail)
      fresh.query.expanded = list.query.expanded
    }
    self.database = database
    list = fresh
    if let scan = earlyScan, scan.database == database { list.scan = scan }
    earlyScan = nil
    if !isSame {
      pause = nil
      value = ValueState()
      focus = .list
      restingSince = nil
      factsBarrier = generations[.facts] ?? 0
      abandon(.value)
    }
    abandon(.rows)
    askForRows()
    if list.query.needsFacts { ask(.sweep, .sweepFacts(true)) }
    askHeader()
  }

  mutating func take(_ notice: Notice) {
    countWhilePaused(notice)
    switch notice {
    case .link(.connecting) where self.link == .connected: break
    case .link(let link):
      let wasConnected = self.link == .connected
      self.link = link
      if link == .connected, !wasConnected { refreshAll() }
      if link != .connected {
        value.isStale = true
        restingSince = nil
      }
    case .scan(let progress):
      let changed = progress.version != list.scan.version
      let count = progress.serverCount ?? list.scan.serverCount
      // The Store is ahead: its scan of a database begins before it can say that it is the current one.
      if owed.contains(.database) { earlyScan = progress }
      guard progress.database == list.scan.database else { return }
      if pause != nil, progress.phase == list.scan.phase {
        pause?.scan = progress
        return
      }
      list.scan = progress
      list.scan.serverCount = count
      if changed, pause == nil, !owed.contains(.rows) { askForRows() }
    case .changed(let names): markChanged(names)
    case .follow(let state): take(state)
    case .appeared(let names): takeAppeared(names)
    case .tracking(let isTracked):
      // What was read, or asked for, before tracking was on is read once more, so that its changes are pushed.
      if isTracked { markAllChanged() }
      self.isTracked = isTracked
    case .session(let number): session = number
    case .writing(let id, let done, let count): takeProgress(id: id, done: done, of: count)
    case .flushed:
      // It is not said which database: what is on the screen is read again, and the count tells the rest.
      markAllChanged()
      list.isFlushTold = true
      if pause == nil { askHeader() }
    case .serverReplaced:
      copyDenial = nil
      say("the server is not the one it was (restarted, or another role): reading everything again", .warning)
      ask(.scan, .rescan)
    }
  }

  /// A database was flushed; when fewer keys are left in this one than are listed, it was this one, or the list is
  /// wrong anyway: reading what is left costs no more than there is.
  private mutating func reconcileAfterFlush(keys: Int?) {
    list.isFlushTold = false
    guard keys.map({ $0 < list.scan.keys }) ?? true else { return }
    say("a database was flushed by someone: reading the keys again", .warning)
    ask(.scan, .rescan)
  }

  /// Nothing that was read counts as true until it was read again; what is on the screen is, at once.
  private mutating func markAllChanged() {
    changes.noteEverything()
    let kept = Set(list.visibleKeys(height: listHeight) + [value.key].compactMap(\.self))
    list.seen = list.seen.filter { kept.contains($0.key) || $0.value.goneAt != nil }
    for name in list.seen.keys { list.seen[name]?.wantsReading = true }
    markValueChanged()
  }

  private mutating func markValueChanged() {
    guard value.key != nil else { return }
    value.wantsReading = true
    value.changedSince = value.changedSince ?? now
  }

  /// What is on the screen is read again at once; of the rest nothing counts as known any more.
  private mutating func markChanged(_ names: [KeyName]) {
    changes.note(names)
    let visible = Set(list.visibleKeys(height: listHeight))
    for name in names where list.seen[name] != nil {
      // A key that was gone may be there again.
      if visible.contains(name) || name == value.key {
        list.seen[name]?.wantsReading = true
      } else {
        list.seen[name] = nil
      }
    }
    if let key = value.key, names.contains(key) { markValueChanged() }
  }

  /// After a reconnect nothing that was read before counts as true until it was read again.
  private mutating func refreshAll() {
    for name in list.seen.keys { list.seen[name]?.isStale = true }
    if value.key != nil { value.isStale = true }
    if !owed.contains(.header) { askHeader() }
    askForRows()
    if list.scan.phase == .idle, !owed.contains(.database) { ask(.database, .select(database: database)) }
  }
}

extension ListQuery {
  /// The list depends on types or deadlines, which SCAN does not tell.
  var needsFacts: Bool { kind != nil || expiry != .any }
}
