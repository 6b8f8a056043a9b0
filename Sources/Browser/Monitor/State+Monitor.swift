import Keyspace
import Requests
import Values

extension State {
  /// The monitor lies where the panes are; a value that is opened from it takes its place.
  package var isMonitorShown: Bool { monitor != nil && focus == .list }

  /// The key under the cursor of whichever list is shown.
  var cursorKey: KeyName? {
    guard !isMonitorShown else { return monitor?.cursor?.name }
    guard case .key(let name)? = currentRow?.id else { return nil }
    return name
  }

  /// Keys of the rows on the screen.
  var visibleKeys: [KeyName] {
    guard !isServerShown else { return [] }
    if isMemoryShown {
      return memory?.visible(height: memoryHeight).compactMap { $0.id.isFolder ? nil : $0.id.name } ?? []
    }
    guard isMonitorShown else { return list.visibleKeys(height: listHeight) }
    return monitor?.visible(height: monitorHeight).map(\.name) ?? []
  }

  /// Rows of the monitor are still to be asked about.
  var isMonitorBehind: Bool {
    isMonitorShown && link == .connected && pause == nil && !owed.contains(.facts) && !unreadKeys.isEmpty
  }

  // MARK: - Opening and closing

  /// `T`: for the filter, else for the open folder that the cursor is on or in, else for the database.
  mutating func toggleMonitor() {
    let wasInValue = focus == .value
    focus = .list
    guard monitor == nil else {
      if !wasInValue { closeMonitor() }
      resize(to: size)
      return
    }
    closeMemory()
    isZoomed = false
    restingSince = nil
    monitor = MonitorState(prefix: list.filter.isEmpty ? list.openFolder : [])
    askForExpiry()
  }

  mutating func closeMonitor() {
    guard monitor != nil else { return }
    monitor = nil
    list.foldersAsOf = nil
    ask(.expiry, .endExpiry)
    if list.rowsVersion != list.scan.version { askForRows() }
    resize(to: size)
    if list.cursorKey != nil { restingSince = now }
  }

  var expiryQuery: ExpiryQuery? {
    monitor.map {
      ExpiryQuery(
        scope: KeyScope(prefix: $0.prefix, filter: list.query.filter), separator: list.query.separator,
        sweepLimit: setup.sweepLimit)
    }
  }

  mutating func askForExpiry() {
    guard let query = expiryQuery else { return }
    ask(.expiry, .expiry(query, seeking: monitor.flatMap { $0.isTouched ? $0.cursor?.name : nil }))
  }

  // MARK: - What the Store says

  mutating func take(_ progress: ExpiryProgress) {
    guard let monitor else { return }
    guard pause == nil else {
      pause?.expiry = progress
      return
    }
    if progress.known > 0 { list.learned.formUnion([.type, .deadline]) }
    guard progress.number > monitor.progress.number else { return }
    self.monitor?.progress = progress
    if progress.version != monitor.report?.progress.version, !owed.contains(.expiry) { askForExpiry() }
  }

  mutating func take(_ report: ExpiryReport) {
    guard let query = expiryQuery else { return }
    clock = report.clock
    if report.progress.known > 0 { list.learned.formUnion([.type, .deadline]) }
    // The filter has changed since.
    guard report.query == query else { return askForExpiry() }
    let isNewer = (monitor?.progress.version ?? -1) > report.progress.version
    monitor?.report = report
    // The cursor goes with its key, however far that was moved.
    if let sought = report.sought, sought.name == monitor?.cursor?.name { monitor?.cursor = sought }
    if report.progress.number > monitor?.progress.number ?? 0 { monitor?.progress = report.progress }
    refreshMonitor()
    if isNewer, pause == nil { askForExpiry() }
  }

  /// Counts what is drawn anew: by searches in what is sorted.
  mutating func refreshMonitor() {
    guard var monitor, let order = monitor.order else { return }
    let serverTime = serverTime(at: displayNow)
    // A bucket that has passed shows what is left of it for as long as rows of gone keys stay.
    if let bucket = monitor.bucket, bucket.upperBound != .max, bucket.upperBound + Self.tombstone < serverTime {
      monitor.bucket = nil
      say("the chosen time has passed: all keys again")
    }
    let count: (Int64) -> Int = { order.count(before: $0) }
    let localOffset = setup.localOffset(serverTime / 1_000) * 1_000
    func timeline(_ scale: ExpiryTimeline.Scale) -> ExpiryTimeline {
      ExpiryTimeline(scale, serverTime: serverTime, localOffset: localOffset, countBefore: count)
    }
    func buckets(_ timeline: ExpiryTimeline) -> [Int] { timeline.stampedes(setup.stampede, countBefore: count) }
    let separator = list.query.separator
    func biggest(of buckets: [Int], _ timeline: ExpiryTimeline, known: Stampede?) -> Stampede? {
      buckets.max { timeline.counts[$0] < timeline.counts[$1] }.flatMap {
        Stampede($0, of: timeline, in: order, separator: separator, known: known)
      }
    }
    let shown = timeline(monitor.scale)
    monitor.timeline = shown
    monitor.distribution = ExpiryDistribution(
      serverTime: serverTime, volatile: order.count, persistent: order.persistent, countBefore: count)
    monitor.stampedeBuckets = buckets(shown)
    monitor.stampede = biggest(of: monitor.stampedeBuckets, shown, known: monitor.stampede)
    var elsewhere: Stampede?
    for scale in ExpiryTimeline.Scale.allCases where monitor.stampede == nil && elsewhere == nil {
      let other = timeline(scale)
      elsewhere = biggest(of: scale == shown.scale ? [] : buckets(other), other, known: monitor.elsewhere)
    }
    monitor.elsewhere = elsewhere
    monitor.chosen = monitor.bucket.flatMap { shown.bucket(of: $0.lowerBound) }.flatMap {
      Stampede($0, of: shown, in: order, separator: separator, known: monitor.chosen)
    }
    monitor.rows = rows(of: order, in: monitor.bucket, at: serverTime)
    self.monitor = monitor
    placeMonitorCursor(in: order)
  }

  /// Positions of the keys that are in the chosen bucket and meet the filter's condition for TTLs.
  private func rows(of order: ExpiryIndex, in bucket: Range<Int64>?, at serverTime: Int64) -> Range<Int> {
    var (first, end) = (0, order.count)
    if let bucket { (first, end) = (order.count(before: bucket.lowerBound), order.count(before: bucket.upperBound)) }
    func moment(_ left: Int64) -> Int64 {
      let (time, overflow) = serverTime.addingReportingOverflow(left)
      return overflow ? .max : time
    }
    switch list.query.expiry {
    case .any, .volatile: break
    case .persistent, .impossible, .ttl(.persistent): end = first
    case .ttl(.left(let above, let below)):
      if let above { first = max(first, order.count(before: moment(above + 1))) }
      if let below { end = min(end, order.count(before: moment(below))) }
    }
    return first..<max(first, end)
  }

  /// Of what has passed, at most this part of the list is shown while the cursor rests on what expires next.
  private static let pastPart = 5

  /// The cursor stays with its key; until it was moved it is on the key that expires next, under some that just did.
  private mutating func placeMonitorCursor(in order: ExpiryIndex) {
    guard var monitor else { return }
    let old = monitor.viewport
    let isFollowing = !monitor.isTouched || monitor.cursor == nil
    let next = order.count(before: serverTime(at: displayNow) + 1) - monitor.rows.lowerBound
    var cursor = min(max(0, next), max(0, monitor.rows.count - 1))
    if !isFollowing, let entry = monitor.cursor {
      cursor = order.position(atOrAfter: entry.name, deadline: entry.deadline) - monitor.rows.lowerBound
    }
    let above = isFollowing ? monitorHeight / Self.pastPart : old.cursor - old.top
    monitor.viewport = Viewport(cursor: cursor, top: cursor - above)
    monitor.viewport.show(count: monitor.rows.count, height: monitorHeight)
    monitor.cursor = monitor.entry(at: monitor.viewport.cursor)
    self.monitor = monitor
  }

  /// Names of the rows that the list shows, at most `limit`; nil: there are more.
  func monitorNames(limit: Int) -> [KeyName]? {
    guard let monitor, let order = monitor.order else { return [] }
    return monitor.rows.count <= limit ? monitor.rows.map { order[$0].name } : nil
  }
}

extension ListState {
  /// The prefix of the open folder that the cursor is on or in; empty: in none.
  var openFolder: [UInt8] {
    guard let row = cursorRow else { return [] }
    return row.isExpanded ? row.id.name.bytes : Array(row.id.name.bytes[..<row.labelStart])
  }
}
