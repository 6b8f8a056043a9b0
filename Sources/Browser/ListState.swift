package import Keyspace
package import Requests
package import Values

/// The key list: what is asked of the index, what it answered, and where the cursor is.
package struct ListState: Sendable {
  package var query: ListQuery
  /// What was typed to narrow the list.
  package private(set) var keyFilter = KeyFilter()
  /// What was chosen in the menu of `f`: `.any`, `.persistent` or `.volatile`.
  package private(set) var chosenExpiry = ListQuery.Expiry.any
  package var rows: RowList?
  /// What was asked for when `rows` came; nil: there are none.
  package var rowsQuery: ListQuery?
  /// What was asked for last.
  var askedQuery: ListQuery?
  /// When the rows were last asked for, monotonic ms.
  var rowsAskedAt: Int64?
  /// Version of the index that `rows` were made from.
  package var rowsVersion = -1
  /// The cursor is a key or a folder, not a row number: it stays on it when others come and go.
  package var cursor: RowID?
  package var viewport = Viewport()
  /// A key that was opened by name: the cursor goes to it as soon as the list has it.
  var sought: RowID?
  /// Where the cursor was before rows came that are not whole and do not have it (yet).
  var cursorBeforePart: RowID?
  /// Until the cursor was moved it stays on the first row while keys stream in.
  package var isTouched = false
  package var scan: ScanProgress
  /// The server was asked for a pattern, and what came of it is not forgotten.
  var isSearchAsked = false
  /// When facts of visible keys were last asked for, monotonic ms.
  var factsAskedAt: Int64?
  /// When a flush was told, of this database or another, monotonic ms: a count that is asked for after it shows which.
  var flushToldAt: Int64?
  /// Marked keys: what `d` and `t` act on, wherever the cursor is.
  package var marked: Set<KeyName> = []
  /// The key that was marked last: where `V` begins.
  var lastMarked: KeyName?
  /// What the screen knows of keys that it has shown.
  package var seen: [KeyName: SeenKey] = [:]
  /// How far the scan was at most, 0…1: what falls behind that is outrun by writes.
  package var scanPeak = 0.0
  /// What was last told of folders, by prefix.
  package var folders: [KeyName: FolderFacts] = [:]
  /// What they were asked about as of.
  var foldersAsOf: FolderMoment?
  /// What the last answer is as of.
  var foldersTold: FolderMoment?
  var folderPace = Pace()
  /// What was learned of more keys than those that were seen.
  var learned: FactSet = []
  /// When sizes were last read of all keys, or of a sample, monotonic ms; nil: not on this connection.
  var sizesReadAt: Int64?
  /// Rows that the cursor came from, for `^O`.
  package var trail: [RowID] = []

  package init(query: ListQuery, database: Int) {
    self.query = query
    scan = ScanProgress(database: database)
  }

  package var count: Int { rows?.count ?? 0 }

  /// Keys of the index but for those that are known to be gone: their rows stand there for two seconds more.
  package var listedKeys: Int {
    guard let rows else { return scan.keys }
    return max(0, scan.keys - seen.count { $0.value.goneAt != nil && rows.position(of: .key($0.key)) != nil })
  }

  /// All names that the filter can pick are in the index.
  var isAllListed: Bool {
    scan.phase == .done && scan.listedPattern.map { NameFilter(text: $0) == query.filter } ?? true
  }

  /// Takes in how far the scan is.
  mutating func notePeak(before: ScanProgress) {
    if !scan.isUnderWay || scan.done < before.done || scan.isRescan != before.isRescan { scanPeak = 0 }
    guard scan.isUnderWay, let total = scan.serverCount, total > 0 else { return }
    scanPeak = max(scanPeak, Double(scan.done) / Double(total))
  }

  /// Others write faster than the scan reads: how far it is cannot be said.
  package var isOutrun: Bool {
    guard scan.isUnderWay, let total = scan.serverCount, total > 0 else { return false }
    let part = Double(scan.done) / Double(total)
    return part > 1 || part < scanPeak - 0.02
  }

  /// The row under the cursor.
  package var cursorRow: Row? {
    guard let rows, viewport.cursor < rows.count else { return nil }
    return rows[viewport.cursor]
  }

  package var cursorKey: KeyName? {
    if case .key(let name)? = cursorRow?.id { name } else { nil }
  }

  /// Key names of the rows from `top`, `height` of them.
  package func visibleKeys(height: Int) -> [KeyName] {
    guard let rows else { return [] }
    let end = min(rows.count, viewport.top + height)
    guard viewport.top < end else { return [] }
    return (viewport.top..<end).compactMap { index in
      if case .key(let name) = rows[index].id { name } else { nil }
    }
  }

  /// The filter that picked the rows that are shown, which need not be what is typed by now.
  package var shownFilter: NameFilter? { rowsQuery?.filter }

  /// How the rows of a query are to be asked for.
  func part(of query: ListQuery) -> ListPart {
    guard let rows, let shown = rowsQuery, shown.isSame(as: query) else { return .first }
    return rows.isPartial ? .rest : .current
  }

  /// The filter as bytes, decoded from what was typed.
  package var filter: [UInt8] { keyFilter.text }

  package mutating func setFilter(_ bytes: [UInt8]) {
    keyFilter = KeyFilter(text: bytes)
    query.filter = keyFilter.name
    query.expiry = chosenExpiry.and(keyFilter.expiry)
  }

  mutating func choose(_ expiry: ListQuery.Expiry) {
    chosenExpiry = expiry
    query.expiry = expiry.and(keyFilter.expiry)
  }

  mutating func showEverything() {
    setFilter([])
    query.kind = nil
    choose(.any)
  }

  /// As another list of the same query.
  mutating func keepFilter(of other: ListState) { (keyFilter, chosenExpiry) = (other.keyFilter, other.chosenExpiry) }
}

/// A key on the screen: the server's facts and what follows from them in time.
package struct SeenKey: Sendable, Equatable {
  package var facts: KeyFacts
  /// The facts are of before a reconnect or a flush: not shown as true until they were read again.
  package var isStale = false
  /// The key changed on the server: its facts are to be read again.
  package var wantsReading = false
  /// When the facts were read, monotonic ms.
  package var readAt: Int64
  /// When they were last asked for, monotonic ms.
  var askedAt: Int64?
  /// How often in a row a push had it read again and nothing of it was different.
  var fruitless = 0
  /// What of the row was different when it was read last, and when that was.
  package var changed: ChangedCells?
  /// The longest remaining TTL seen since the deadline last moved outward, in ms: the bar's full length.
  package var fullTTL: Int64?
  /// When the key was learned to be gone, monotonic ms: its row stays dim for two seconds.
  package var goneAt: Int64?
  /// The index was told to forget it.
  var isForgotten = false
  /// When the deadline's coming was last asked about, monotonic ms.
  package var dueAskedAt: Int64?

  package init(facts: KeyFacts, readAt: Int64) {
    self.facts = facts
    self.readAt = readAt
  }

  /// When it may be read again after a push, monotonic ms. A key that is pushed and has not changed, again and again, is
  /// one that is changed in another database, or that the server's table of tracked keys has no room for: then reading
  /// it pushes the next one out.
  var nextReread: Int64 { (askedAt ?? 0) + min(State.longestReread, State.rereadPause << min(fruitless, 8)) }
}

/// Cells of a row that did not say the same before.
package struct ChangedCells: Sendable, Equatable {
  package var type = false
  package var deadline = false
  package var size = false
  /// Monotonic ms.
  package var at: Int64

  /// nil: nothing that was known is different now. `tolerance`: ms by which two readings of one deadline may differ.
  init?(from old: KeyFacts, to new: KeyFacts, at now: Int64, tolerance: Int64) {
    at = now
    type = Self.differ(old.type, new.type)
    size = Self.differ(old.size, new.size)
    if case (.known(.at(let before)), .known(.at(let after))) = (old.deadline, new.deadline) {
      let (moved, overflow) = after.subtractingReportingOverflow(before)
      deadline = overflow || moved.magnitude > tolerance.magnitude
    } else {
      deadline = Self.differ(old.deadline, new.deadline)
    }
    guard type || deadline || size else { return nil }
  }

  private static func differ<Value: Equatable>(_ old: Fact<Value>, _ new: Fact<Value>) -> Bool {
    guard case (.known(let old), .known(let new)) = (old, new) else { return false }
    return old != new
  }
}

/// What a TTL cell says.
package enum TTLState: Sendable, Equatable {
  case unknown
  case denied
  case persistent
  /// Milliseconds left, more than 0.
  case remaining(Int64)
  /// The deadline passed; the server has not confirmed it.
  case due
  case gone
}

extension ScanProgress {
  var isUnderWay: Bool { phase == .running || phase == .paused }

  /// Keys that were looked at. Of a pattern the names that it picks tell nothing of that.
  var done: Int { pattern == nil ? scanned : min(visited, serverCount ?? visited) }
}
