import Keyspace
import Requests
import Values

/// What the Store tells unasked: changes by others, the link, the scan.
extension State {
  mutating func take(_ notice: Notice) {
    countWhilePaused(notice)
    switch notice {
    case .link(let link): take(link)
    case .loginRefused(let why): takeLoginRefusal(why: why)
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
      let before = list.scan
      noteLearned(progress.sweep, before: before.sweep)
      list.scan = progress
      list.scan.serverCount = count
      list.notePeak(before: before)
      sayWhatEnded(before: before)
      if let code = progress.troubleCode, code.holdsUpReading { refusal = code }
      // Behind the monitor the list waits.
      if changed, pause == nil, !isListCovered, !owed.contains(.rows) { askForRows() }
    case .expiry(let progress): take(progress)
    case .changed(let names): markChanged(names)
    case .follow(let state): take(state)
    case .appeared(let names): takeAppeared(names)
    case .tracking(let isTracked):
      // What was read before tracking was on is read once more, so that its changes are pushed.
      if isTracked, !self.isTracked { markAllChanged() }
      self.isTracked = isTracked
    case .session(let number):
      session = number
      forgetCommands()
      renewServerLists(isOther: false)
    case .console(let notice): take(notice)
    case .surveying(let done, _): takeBulkProgress(done)
    case .writing(let id, let done, let count): takeProgress(id: id, done: done, of: count)
    case .limits(let limits): self.limits = limits
    case .flushed:
      // It is not said which database: what is on the screen is read again, and the count tells the rest.
      markAllChanged()
      list.flushToldAt = now
      if pause == nil, isHeaderDue { askHeader() }
    case .reconnected(let found): take(found)
    case .moved(let endpoint): setup.endpointName = endpoint
    }
  }

  /// The header's count came.
  mutating func noteCount(_ keys: Int?) {
    let before = list.scan.serverCount
    if let keys { list.scan.serverCount = keys }
    if let told = list.flushToldAt {
      guard (header.askedAt ?? 0) >= told else { return }
      reconcileAfterFlush(keys: keys)
    } else if let keys, let before, Self.isJump(from: before, to: keys) {
      // Another database may have taken this one's place (SWAPDB), which nobody is told.
      markAllChanged()
      if keys < list.listedKeys, list.scan.phase == .done {
        say("most keys of this database went at once: reading the keys again", .warning)
        ask(.scan, .rescan)
      }
    }
  }

  /// Within a second the database has lost most of its keys, or got as many again.
  private static func isJump(from before: Int, to keys: Int) -> Bool {
    // By division: a server may say any number.
    max(keys, before) / 2 > max(0, min(keys, before)) && max(keys, before) > 20
  }

  /// A database was flushed; when fewer keys are left in this one than are listed, it was this one, or the list is
  /// wrong anyway: reading what is left costs no more than there is.
  mutating func reconcileAfterFlush(keys: Int?) {
    list.flushToldAt = nil
    guard keys.map({ $0 < list.listedKeys }) ?? true else { return }
    say("a database was flushed by someone: reading the keys again", .warning)
    ask(.scan, .rescan)
  }

  /// Nothing that was read counts as true until it was read again; what is on the screen is, at once.
  mutating func markAllChanged() {
    changes.noteEverything()
    let kept = Set(visibleKeys + [value.key].compactMap(\.self))
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
    let visible = Set(visibleKeys)
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
}
