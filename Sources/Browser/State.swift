package import Canvas
package import Keyspace
package import Requests
package import Values

/// Everything that the screen is drawn from. Changed only by ``Browser/reduce(_:_:)``.
package struct State: Sendable {
  package enum Focus: Sendable, Equatable {
    case list
    case value
  }

  package var setup: Setup
  package var size: Size
  /// Monotonic ms, counting through a suspend.
  package var now: Int64
  /// Ms since 1970, UTC: for dates only, never for a countdown.
  package var wall: Int64
  /// Moves what the screen shows ahead of `now`, in ms; a script's `advance`. Causes no read.
  package var displayOffset: Int64 = 0
  /// Nothing on the screen updates by itself.
  package var pause: Pause?

  package var database: Int
  package var link = LinkState.connected
  /// nil: no password was refused.
  package var login: LoginState?
  package var lock = WritingLock.none
  package var servers = ServersState()
  package var compose = ComposeState()
  /// When it was lost, monotonic ms; nil: it is connected.
  package var lostAt: Int64?
  /// Why, or why it was not made again last.
  var loss: LinkLoss?
  /// There is a line about the connection under the header.
  var isBannerShown = false
  var waits = Waits()
  /// The server pushes changes of what was read; without that, visible rows are polled.
  package var isTracked = true
  package var clock = ServerClock()
  package var header = HeaderState()
  /// What this user may not run, or the server does not have, as far as it was found out.
  package var limits: [Denial] = []
  package var list: ListState
  package var value = ValueState()
  package var following = FollowingState()
  /// nil: the monitor is closed.
  package var monitor: MonitorState?
  /// Memory by prefix; nil: it is closed.
  package var memory: MemoryState?
  /// nil: the screen of the server is closed.
  package var serverScreen: ServerScreen?
  package var console: ConsoleState
  package var focus = Focus.list
  package var isZoomed = false
  package var overlay: Overlay?
  /// The screen that a question or the help was opened over, and that comes back behind it.
  var beneath: Overlay?
  package var prompt: Prompt?
  package var message: Message?
  /// What was killed last in a field, to be yanked into any.
  var kills = KillBuffer()
  /// What was accepted in fields, for ^P and ^N.
  var history = TypingHistory()
  /// Which connection values were last read on (``Notice/session(_:)``).
  package var session = 1
  /// Writes that were sent and not reported yet, by their number.
  package var writes: [Int: PendingWrite] = [:]
  var nextWrite = 1
  /// Writes on this server that `u` would take back.
  var undoable = 0
  /// When keys were last asked about because their deadlines had come, monotonic ms.
  var dueAskedAt: Int64 = 0
  /// When the log was last asked for, monotonic ms.
  var logAskedAt: Int64 = 0
  /// Why keys are being asked about (``Request/survey(_:beforeDestroying:)``).
  var surveying: Surveying?
  /// Makes tombstones: values that no list holds.
  var tombstones: Tombstones
  /// The terminal tells what the mouse does.
  package var isMouseOn: Bool
  var flood = FloodGuard()
  /// When the form that is open was opened, monotonic ms.
  var formSince: Int64?
  /// `$EDITOR` or `$PAGER`, once no other key has come for a while.
  var handOver: HandOver?
  /// What `$EDITOR` is open for.
  var editing: EditorTask?
  /// Not before this, monotonic ms, is anything read again that the server refused for a reason of its own (BUSY …).
  var retryAt: Int64 = 0
  /// What the server last refused a read with, until it is over that (``trouble``).
  var refusal: ServerCode?
  /// Keys typed while the list is being laid out anew: they act on the new rows, not on the old ones.
  var heldKeys: [Key] = []
  /// Since when keys are held, monotonic ms; nil: they are not.
  var holdingSince: Int64?
  /// Progress of the scan of a database that is being entered.
  var earlyScan: ScanProgress?
  /// When the cursor came to rest on its key; nil once that key's value was asked for.
  package var restingSince: Int64?

  /// What the server said has changed, for answers that were under way meanwhile.
  var changes = ChangeHistory()
  /// What was said to have changed when the newest request of each purpose was made.
  var moments: [Purpose: ChangeHistory.Moment] = [:]
  /// What is being learned of all keys.
  var sweepAsked = SweepWish()
  /// Newest generation asked for each purpose.
  var generations: [Purpose: Int] = [:]
  /// Purposes whose newest request is not answered yet.
  var owed: Set<Purpose> = []
  /// The edit whose form is to open when its value was read.
  var awaited: Awaited?
  /// Why no deleted key can be kept and put back, as far as is known.
  var copyDenial: Denial?
  /// Answers with facts of this generation of their purpose or before are of another database.
  var factsBarriers: [Purpose: Int] = [:]
  /// Effects of the event being handled.
  var outbox: [Effect] = []

  package init(setup: Setup, size: Size, monotonic: Int64, wall: Int64) {
    self.setup = setup
    self.size = size
    now = monotonic
    self.wall = wall
    database = setup.database
    if setup.stage == .prod, !setup.isReadOnly { lock = .locked }
    console = ConsoleState(database: setup.database)
    tombstones = Tombstones(seed: setup.seed)
    isMouseOn = setup.usesMouse
    let query = ListQuery(
      layout: .tree, separator: setup.separator, filter: nil, kind: nil, expiry: .any, expanded: [])
    list = ListState(query: query, database: setup.database)
    list.setFilter(setup.filter)
    if let mistake = list.keyFilter.mistake { say("--pattern: \(mistake.text)", .warning) }
  }

  /// Local time as the screen shows it.
  package var displayNow: Int64 { (pause?.since ?? now) + displayOffset }

  /// The same for what was read at this monotonic ms: what is read during a pause is shown as of then.
  func displayNow(since readAt: Int64) -> Int64 { pause == nil ? displayNow : max(displayNow, readAt) }

  /// Ms from a monotonic instant to a deadline of the server's clock.
  package func remaining(until deadline: Int64, at monotonic: Int64) -> Int64 {
    Deadline.at(deadline).remaining(at: clock.serverTime(at: monotonic)) ?? 0
  }

  /// The server has TTLs of hash fields (Redis 7.4, Valkey 9), as far as its version tells.
  var hasFieldTTLs: Bool {
    guard let (major, minor) = serverVersion else { return false }
    return header.server?.product == "valkey" ? major >= 9 : (major, minor) >= (7, 4)
  }

  /// nil: not known.
  var serverVersion: (major: Int, minor: Int)? {
    let numbers = header.server?.version.split(separator: ".").map { Int($0) ?? 0 } ?? []
    return numbers.first.map { ($0, numbers.count > 1 ? numbers[1] : 0) }
  }

  /// Which cells of a key's row changed just now.
  func changedCells(of key: SeenKey) -> ChangedCells? {
    key.changed.flatMap { displayNow - $0.at < Self.changeMark ? $0 : nil }
  }

  /// What the TTL cell of a key says now.
  package func ttl(of key: SeenKey) -> TTLState {
    if key.goneAt != nil || key.facts.isGone { return .gone }
    switch key.facts.deadline {
    case .unknown: return .unknown
    case .denied: return .denied
    case .known(.unknown): return .unknown
    case .known(.persistent): return key.isStale ? .unknown : .persistent
    case .known(.at(let deadline)):
      guard !key.isStale else { return .unknown }
      let left = remaining(until: deadline, at: displayNow(since: key.readAt))
      return left > 0 ? .remaining(left) : .due
    }
  }
}

/// What the header shows, with a little history.
package struct HeaderState: Sendable, Equatable {
  package var server: ServerFacts?
  /// Operations a second, oldest first, at most ten.
  package var operations: [Int] = []
  /// When INFO was last asked for, monotonic ms.
  package var askedAt: Int64?

  /// Keys that expired and that were evicted a second, between the last two answers; nil: not known yet.
  package var expiredPerSecond: Int?
  package var evictedPerSecond: Int?
  /// Commands that Keyglass itself sent, likewise.
  package var ownPerSecond: Int?
  /// When the facts came, monotonic ms.
  package var readAt: Int64?
  /// What the load was until now.
  package var load = LoadHistory()

  package mutating func take(_ facts: ServerFacts, at now: Int64) {
    // What was of another process tells nothing of this one.
    if let old = server, old.runID != facts.runID { load = LoadHistory() }
    load.take(
      facts, after: server?.runID == facts.runID ? server : nil, elapsed: readAt.map { now - $0 } ?? 0, at: now)
    if let readAt, let old = server, now > readAt, old.runID == facts.runID {
      func rate(_ before: Int?, _ after: Int?) -> Int? {
        guard let before, let after, after >= before else { return nil }
        let (product, overflow) = (after - before).multipliedReportingOverflow(by: 1_000)
        return overflow ? nil : (product + Int(now - readAt) / 2) / Int(now - readAt)
      }
      expiredPerSecond = rate(old.expiredKeys, facts.expiredKeys)
      evictedPerSecond = rate(old.evictedKeys, facts.evictedKeys)
      ownPerSecond = rate(old.ownCommands, facts.ownCommands)
    }
    readAt = now
    server = facts
    if let rate = facts.operationsPerSecond {
      operations.append(rate)
      if operations.count > 10 { operations.removeFirst(operations.count - 10) }
    }
  }
}
