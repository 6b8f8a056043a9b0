import Keyspace
import Requests

/// Opening and closing memory by prefix, and what is asked for it.
extension State {
  /// It lies where the panes are; a value that is opened from it takes its place.
  package var isMemoryShown: Bool { memory != nil && focus == .list }

  /// The list is behind something that takes its place: its rows wait.
  var isListCovered: Bool { isMonitorShown || isMemoryShown }

  /// The row under the cursor of the list, or of the memory by prefix.
  var currentRow: Row? { isMonitorShown ? nil : isMemoryShown ? memory?.cursorRow : list.cursorRow }

  /// `M`: from the folder under the cursor, else from the top.
  mutating func toggleMemory() {
    let wasInValue = focus == .value
    let isListShown = focus == .list && monitor == nil
    focus = .list
    guard memory == nil else {
      if !wasInValue { closeMemory() }
      resize(to: size)
      return
    }
    var folder: KeyName?
    if isListShown, case .folder(let prefix)? = list.cursorRow?.id { folder = prefix }
    closeMonitor()
    isZoomed = false
    restingSince = nil
    memory = MemoryState(list: list.query, folder: folder)
    askForMemoryRows()
    askForSweep()
  }

  mutating func closeMemory() {
    guard memory != nil else { return }
    memory = nil
    abandon(.memory)
    askForSweep()
    askForRows()
    resize(to: size)
    if list.cursorKey != nil { restingSince = now }
  }

  /// As it was opened, for another database or another run of the same one. `isSame`: with the same folders open.
  mutating func renewMemory(isSame: Bool) {
    guard let old = memory else { return }
    var fresh = MemoryState(list: list.query, folder: nil)
    if isSame {
      fresh.query = old.query
      (fresh.sought, fresh.isTouched, fresh.viewport) = (old.cursor, old.isTouched, old.viewport)
    }
    fresh.query.filter = list.query.filter
    memory = fresh
    abandon(.memory)
    askForMemoryRows()
  }

  // MARK: - Rows

  mutating func askForMemoryRows() {
    guard let query = memory?.query else { return }
    memory?.pace.ask(at: now)
    ask(.memory, .rows(query))
  }

  /// Sizes that were learned since change the order.
  private var isMemoryBehind: Bool { (memory?.rowsVersion ?? .max) < list.scan.version }

  /// When the rows are asked for again, monotonic ms; nil: they are not.
  var memoryDue: Int64? {
    guard isMemoryShown, pause == nil, !owed.contains(.memory), isMemoryBehind, let memory else { return nil }
    return memory.pace.due
  }

  mutating func tendMemory() {
    if let due = memoryDue, due <= now { askForMemoryRows() }
    if let due = foldersDue, due <= now { askForFolders() }
  }

  mutating func takeMemory(_ rows: RowList, version: Int) {
    guard var memory else { return }
    memory.pace.answer(at: now)
    let offset = memory.viewport.cursor - memory.viewport.top
    memory.rows = rows
    memory.rowsVersion = version
    var cursor = 0
    if memory.isTouched, let id = memory.sought ?? memory.cursor {
      let position = rows.position(of: id)
      cursor = position ?? rows.position(atOrAfter: id, from: memory.viewport.cursor)
      if position != nil { memory.sought = nil }
    }
    // Who sees the biggest goes on to see them, as long as the cursor is on the screen with them.
    let isAtTop = memory.viewport.top == 0 && cursor < memoryHeight
    memory.viewport = Viewport(cursor: cursor, top: isAtTop ? 0 : cursor - offset)
    memory.viewport.show(count: rows.count, height: memoryHeight)
    memory.cursor = memory.cursorRow?.id
    self.memory = memory
    for (name, key) in list.seen where key.isForgotten { list.seen[name] = nil }
    releaseKeys()
  }

  // MARK: - How far it is

  /// Sizes are being read that were not, or that are to be read again.
  package var isReadingSizes: Bool {
    guard link == .connected, list.scan.denial == nil, list.scan.phase != .denied else { return false }
    guard let sweep = list.scan.sweep, sweep.facts.contains(.size) else { return true }
    return !sweep.isDone
  }

  /// The screen shows less than is about to be known.
  var isMemoryBusy: Bool {
    isMemoryShown && pause == nil && (isReadingSizes || isMemoryBehind || foldersDue != nil)
  }
}
