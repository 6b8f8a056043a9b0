import Keyspace
import Requests
import Values

extension State {
  /// Ms that a vanished key's row stays, dim.
  static let tombstone: Int64 = 2_000
  /// Ms that what changed stays marked.
  package static let changeMark: Int64 = 2_000
  /// Visible rows are read again after this long even without a push (SWAPDB pushes nothing), in ms.
  static let rereadInterval: Int64 = 60_000
  /// A key that changes all the time is read again at most this often, in ms; the last change is always read.
  static let rereadPause: Int64 = 100
  /// The same for one that is pushed all the time and does not change: what is shown stays true within a second.
  static let longestReread: Int64 = 800
  /// A change that is shown so much later is marked until it is, in ms.
  static let longestUnnoticed: Int64 = 1_000
  /// Pause after a refusal that may pass (BUSY, LOADING, MASTERDOWN …), in ms.
  static let retryPause: Int64 = 1_000
  /// The server owes an answer for so long that what is shown cannot be called live any more, in ms.
  static let longestSilence: Int64 = 2_000
  /// Ms between two questions about deadlines that have come: many at once are one question.
  static let duePause: Int64 = 50
  /// Ms between two steps of the monitor, and between two questions about rows that came into it.
  static let monitorPause: Int64 = 50
  /// Visible rows are read again after this long where the server cannot push, in ms.
  static let pollInterval: Int64 = 1_000

  mutating func tick(monotonic: Int64, wall: Int64) {
    now = max(now, monotonic)
    self.wall = wall
    if let message, message.until <= now { self.message = nil }
    guard !setup.isServerless else { return }
    lockIfIdle()
    if let since = holdingSince, now - since >= Self.longestHold { releaseKeys() }
    handOverIfDue()
    repeatConsole()
    if let due = previewDue, due <= now, let key = list.cursorKey { openValue(key) }
    if pause == nil {
      updateByItself()
      refreshMonitor()
    }
  }

  /// Once a second; sooner after a flush, of which the count tells the rest.
  var isHeaderDue: Bool { now - (header.askedAt ?? 0) >= headerInterval }

  var headerInterval: Int64 { list.flushToldAt == nil ? 1_000 : Self.rereadPause }

  private mutating func updateByItself() {
    if link == .connected, !owed.contains(.header), isHeaderDue { askHeader() }
    askAboutDueKeys()
    rereadDueFields()
    buryGoneKeys()
    pollVisibleKeys()
    renewRows()
    retryValue()
    refreshLog()
  }

  /// The log of commands is ours: reading it costs the server nothing.
  private mutating func refreshLog() {
    guard case .log? = overlay, !owed.contains(.log), now - logAskedAt >= 1_000 else { return }
    logAskedAt = now
    ask(.log, .log)
  }

  /// A read that failed for a reason that may pass is tried again.
  private mutating func retryValue() {
    guard !isServerShown, let failure = value.failure, failure.kind == .server || failure.kind == .connection,
      link == .connected,
      !owed.contains(.value), let key = value.key, now - (value.askedAt ?? 0) >= 2 * Self.retryPause
    else { return }
    openValue(key)
  }

  /// The header's question was not answered for a while.
  package var isSilent: Bool {
    link == .connected && owed.contains(.header) && now - (header.askedAt ?? now) >= Self.longestSilence
  }

  /// When the key under the cursor is to be previewed; nil when nothing is to be.
  var previewDue: Int64? {
    guard let since = restingSince, let delay = setup.previewDelay, overlay == nil, prompt == nil, focus == .list,
      monitor == nil, memory == nil, !isServerShown, list.cursorKey != nil
    else { return nil }
    return since + Int64(delay)
  }

  /// A deadline that has come is asked about once; the answer is the new deadline or that the key is gone.
  private mutating func askAboutDueKeys() {
    guard link == .connected, !owed.contains(.due), now >= retryAt, now - dueAskedAt >= Self.duePause else { return }
    var names = visibleKeys
    if let key = value.key, !isServerShown, !names.contains(key) { names.append(key) }
    let due = names.filter { name in
      guard let key = list.seen[name], case .known(.at(let deadline)) = key.facts.deadline, key.goneAt == nil,
        !key.facts.isGone, deadline <= clock.serverTime(at: now)
      else { return false }
      return now - (key.dueAskedAt ?? 0) >= 500
    }
    guard !due.isEmpty else { return }
    for name in due { list.seen[name]?.dueAskedAt = now }
    dueAskedAt = now
    ask(.due, .facts(due))
  }

  /// Rows of keys that are gone leave the list after two seconds.
  private mutating func buryGoneKeys() {
    guard !owed.contains(.forget) else { return }
    let names = list.seen.compactMap { name, key in
      !key.isForgotten && key.goneAt.map { now - $0 >= Self.tombstone } == true ? name : nil
    }
    guard !names.isEmpty else { return }
    // Its row is there until new ones come: it is not asked about again for that.
    for name in names { list.seen[name]?.isForgotten = true }
    list.marked.subtract(names)
    ask(.forget, .forget(names))
  }

  /// When a key is read again without a reason, monotonic ms.
  func nextPoll(of key: SeenKey) -> Int64 {
    (key.askedAt ?? key.readAt) + (isTracked ? Self.rereadInterval : Self.pollInterval)
  }

  private mutating func pollVisibleKeys() {
    guard link == .connected, !owed.contains(.facts), now >= retryAt else { return }
    let names = visibleKeys
    guard names.contains(where: { now >= list.seen[$0].map(nextPoll) ?? .max }) else { return }
    askForFacts(of: names)
    if value.opened?.facts.isGone == false { value.wantsReading = true }
  }
}

extension Browser {
  /// When the screen next changes by itself, monotonic ms: a countdown, a preview, a row that leaves, the header.
  package static func nextTick(_ state: State) -> Int64 {
    // Nothing moves by itself during a pause, but what was typed is answered.
    let asksHeader =
      state.pause == nil && state.link == .connected && !state.owed.contains(.header) && !state.setup.isServerless
    var next = asksHeader ? (state.header.askedAt ?? state.now) + state.headerInterval : .max
    if let due = state.previewDue { next = min(next, due) }
    switch state.overlay {
    case .dialog(let dialog): next = min(next, max(dialog.openedAt + State.dialogGuard, state.now + 50))
    case .form(let form):
      if case .sending = form.status { next = min(next, state.now + 100) }
      if state.now < form.quietUntil { next = min(next, form.quietUntil) }
    default: break
    }
    if let change = state.unlockedChange { next = min(next, change) }
    if state.composeScreen != nil, state.servers.attempt != nil { next = min(next, state.now + 100) }
    next = min(next, state.nextComposeTick)
    next = min(next, state.nextLinkTick)
    if let program = state.handOver { next = min(next, program.due) }
    if let due = state.console.nextRunAt, state.pause == nil, state.link == .connected { next = min(next, due) }
    if let prompt = state.prompt, state.now < prompt.quietUntil { next = min(next, prompt.quietUntil) }
    if let message = state.message { next = min(next, message.until) }
    if let since = state.holdingSince { next = min(next, since + State.longestHold) }
    if state.pause == nil, !state.setup.isServerless {
      // Where the top of the list is what expires next, many rows change every moment: they change together.
      let pause = state.isMonitorShown ? State.monitorPause : 0
      next = min(next, max(nextUpdate(state), state.now + pause))
    }
    return max(next, state.now + 10)
  }

  /// When something that is shown next changes without anybody's doing.
  private static func nextUpdate(_ state: State) -> Int64 {
    var next = Int64.max
    var names = state.visibleKeys
    if let key = state.value.key, !state.isServerShown { names.append(key) }
    // Without a connection countdowns go on, and nothing is read.
    let isReading = state.link == .connected
    if isReading, state.isMonitorBehind {
      next = min(next, (state.list.factsAskedAt ?? state.now) + State.monitorPause)
    }
    for name in names {
      guard let key = state.list.seen[name] else { continue }
      if isReading, key.wantsReading { next = min(next, key.nextReread) }
      if let changed = key.changed, state.now - changed.at < State.changeMark {
        next = min(next, changed.at + State.changeMark)
      }
      if isReading { next = min(next, state.nextPoll(of: key)) }
      if let goneAt = key.goneAt, !key.isForgotten { next = min(next, goneAt + State.tombstone) }
      if let change = state.nextChange(of: state.ttl(of: key)) { next = min(next, change) }
    }
    for field in state.visibleFields {
      if let change = state.nextChange(of: state.ttl(of: field)) { next = min(next, change) }
    }
    if let soonest = state.shownSoonest, let change = state.nextChange(of: state.ttl(ofDeadline: soonest)) {
      next = min(next, change)
    }
    if state.isMonitorShown {
      // Buckets end with the server's seconds.
      let serverTime = state.serverTime(at: state.displayNow)
      next = min(next, state.now + 1_000 - (serverTime % 1_000 + 1_000) % 1_000)
    }
    for appearedAt in state.following.appeared.values where state.now - appearedAt < State.changeMark {
      next = min(next, appearedAt + State.changeMark)
    }
    if let due = [state.rowsDue, state.memoryDue, state.foldersDue].compactMap(\.self).min() { next = min(next, due) }
    if isReading, state.isBeginningAnew { next = min(next, state.beginningDue) }
    if let end = state.value.changes.end, end > state.now { next = min(next, end) }
    if let since = state.value.changedSince, !state.isValueBehind { next = min(next, since + State.longestUnnoticed) }
    if isReading, state.value.wantsReading, !state.isServerShown {
      next = min(next, (state.value.askedAt ?? 0) + State.rereadPause)
    }
    return next
  }
}
