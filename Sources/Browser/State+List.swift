import Canvas
import Keyspace
import Requests
import Values

extension State {
  /// Keys remembered beyond the screen before the oldest are let go.
  private static let seenLimit = 4_000

  mutating func askForRows() {
    list.rowsAskedAt = now
    let query = rowsQuery
    list.askedQuery = query
    ask(.rows, .rows(query, list.part(of: query)))
    askForClock()
  }

  /// A new list: the cursor and the first visible row stay with their key. Of a list that is not whole yet the rest is
  /// asked for at once; the cursor goes to its key when that has it.
  mutating func take(_ rows: RowList, version: Int) {
    let offset = list.viewport.cursor - list.viewport.top
    for (name, key) in list.seen where key.isForgotten { list.seen[name] = nil }
    list.rows = rows
    list.rowsQuery = list.askedQuery
    list.rowsVersion = version
    let cursor = list.isTouched ? place(ofCursorIn: rows) : 0
    list.viewport = Viewport(cursor: cursor, top: cursor - offset)
    list.viewport.show(count: rows.count, height: listHeight)
    followCursor()
    if rows.isPartial || list.scan.version > version && pause == nil { askForRows() }
    releaseKeys()
  }

  /// Where the cursor goes in new rows: to its key or what is nearest to it.
  private mutating func place(ofCursorIn rows: RowList) -> Int {
    guard let id = list.sought ?? list.cursorBeforePart ?? list.cursor else { return 0 }
    list.cursorBeforePart = nil
    if let position = rows.position(of: id) {
      list.sought = nil
      return position
    }
    // Where the best come first, they are what is looked for.
    let isRanked = list.rowsQuery?.sort.key == .match
    let near = rows.position(atOrAfter: id, from: isRanked ? 0 : list.viewport.cursor)
    // Behind the end of a part it may still come.
    guard rows.isPartial, isRanked || near >= rows.count - 1 else { return near }
    list.cursorBeforePart = id
    return 0
  }

  /// Asks for rows in another order or extent, and holds what is typed until they are there.
  private mutating func layOutAnew() {
    list.isTouched = true
    holdingSince = now
    askForRows()
  }

  /// Ms that keys wait for new rows at most: a key press must not seem lost.
  static let longestHold: Int64 = 100

  /// Keys that were held are typed now.
  mutating func releaseKeys() {
    guard holdingSince != nil else { return }
    holdingSince = nil
    let keys = heldKeys
    heldKeys = []
    // One of them may lay the list out again: those behind it are held again, in order.
    for key in keys { handle(key) }
  }

  mutating func moveInList(_ move: Move) {
    list.isTouched = true
    list.sought = nil
    list.cursorBeforePart = nil
    list.viewport.move(move, count: list.count, height: listHeight)
    followCursor()
  }

  /// Puts the cursor on a row, if the list has it.
  mutating func moveCursor(to id: RowID) {
    guard let position = list.rows?.position(of: id) else { return }
    list.isTouched = true
    list.cursorBeforePart = nil
    list.viewport.cursor = position
    list.viewport.show(count: list.count, height: listHeight)
    followCursor()
  }

  /// The cursor stands on a row: remembers its key, and starts the rest that precedes a preview.
  private mutating func followCursor() {
    let id = list.cursorRow?.id
    // Rows that come while the cursor rests do not begin its rest anew.
    guard id != list.cursor || restingSince == nil && value.key == nil else { return }
    list.cursor = id
    guard let key = list.cursorKey else {
      restingSince = nil
      if focus == .list { showNothing() }
      return
    }
    if value.key != key, focus == .list { restingSince = now }
  }

  /// A folder or nothing is under the cursor.
  private mutating func showNothing() {
    guard value.key != nil else { return }
    value = ValueState()
    abandon(.value)
  }

  mutating func openRow() {
    guard let row = list.cursorRow else { return }
    switch row.id {
    case .folder(let prefix):
      if row.isExpanded {
        // The first row inside.
        moveInList(.down)
      } else {
        list.query.expanded.insert(prefix)
        layOutAnew()
      }
    case .key(let name):
      remember(row.id)
      openValue(name)
      focus = .value
    }
  }

  mutating func closeRow() {
    guard let row = list.cursorRow else { return }
    if case .folder(let prefix) = row.id, row.isExpanded {
      list.query.expanded.remove(prefix)
      layOutAnew()
    } else if row.labelStart > 0 {
      moveCursor(to: .folder(KeyName(row.id.name.bytes[..<row.labelStart])))
    }
  }

  /// Where `^O` comes back to.
  mutating func remember(_ id: RowID) {
    if list.trail.last != id { list.trail.append(id) }
    if list.trail.count > 100 { list.trail.removeFirst() }
  }

  mutating func goBack() {
    guard let current = list.cursor else { return }
    while let id = list.trail.popLast() {
      guard id != current else { continue }
      focus = .list
      reveal(id)
      return
    }
    say("no key before this one")
  }

  /// Opens the folders above a key and puts the cursor on it, once the rows are there.
  mutating func reveal(_ id: RowID) {
    list.isTouched = true
    list.sought = id
    list.query.expand(above: id)
    layOutAnew()
  }

  mutating func toggleLayout() {
    list.query.layout = list.query.layout == .tree ? .flat : .tree
    if let id = list.cursor, case .key = id { reveal(id) } else { layOutAnew() }
  }

  /// Reads what the screen shows and does not know yet: facts of visible rows, windows of the open value.
  mutating func askForWhatIsVisible() {
    guard link == .connected else { return }
    // Reading the open value tells of its key as much.
    askForValueWindow()
    let wanted = unreadKeys
    let isSoon = isMonitorShown && now - (list.factsAskedAt ?? 0) < Self.monitorPause
    if !wanted.isEmpty, !owed.contains(.facts), now >= retryAt, !isSoon { askForFacts(of: wanted) }
    if list.seen.count > Self.seenLimit {
      let kept = Set(visibleKeys)
      list.seen = list.seen.filter { kept.contains($0.key) || $0.key == value.key }
    }
  }

  /// Keys on the screen whose facts are not known, or not any more, and may be read now.
  var unreadKeys: [KeyName] {
    visibleKeys.filter { name in
      guard let key = list.seen[name] else { return true }
      guard pause == nil else { return false }
      return key.isStale || key.wantsReading && now >= key.nextReread
    }
  }

  mutating func askForFacts(of names: [KeyName]) {
    list.factsAskedAt = now
    for name in names { list.seen[name]?.askedAt = now }
    ask(.facts, .facts(names, withIdle: list.query.sort.key == .idle))
  }

  mutating func resize(to size: Size) {
    self.size = size
    list.viewport.show(count: list.count, height: listHeight)
    let (rows, height) = (monitor?.rows.count ?? 0, monitorHeight)
    monitor?.viewport.show(count: rows, height: height)
    let (memoryRows, rowsThere) = (memory?.rows?.count ?? 0, memoryHeight)
    memory?.viewport.show(count: memoryRows, height: rowsThere)
    fitValue()
    fitServer()
    fitConsole()
  }
}
