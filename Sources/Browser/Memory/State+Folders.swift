import Keyspace
import Requests

/// What is known of the folders on the screen.
extension State {
  /// What was read within so many ms counts as true: it is not read again for as long (``Request/sweep(_:sampleAbove:)``).
  private static let freshness: Int64 = 300_000
  /// Folders that are remembered beyond the screen.
  private static let mostFolders = 1_000

  /// What is known of a folder of the list; nil: nothing but its count, or not all of its keys are listed.
  func facts(ofFolder prefix: KeyName) -> FolderFacts? {
    list.learned.isEmpty || list.query.needsFacts ? nil : list.folders[prefix]
  }

  /// All that is known of the folder's memory, and whether that is what it is.
  func memory(of facts: FolderFacts) -> (bytes: Int, isExact: Bool)? {
    guard tells(.size, of: facts.sized, in: facts) else { return nil }
    return facts.estimatedBytes.map { ($0, facts.isSizeExact && areSizesFresh && list.scan.phase == .done) }
  }

  /// Keys that happened to be on the screen say nothing of the others.
  func tells(_ fact: FactSet, of known: Int, in facts: FolderFacts) -> Bool {
    known > 0 && (known == facts.keys || list.learned.contains(fact))
  }

  /// The sizes were read a moment ago, on this connection.
  var areSizesFresh: Bool { list.sizesReadAt.map { now - $0 < Self.freshness } ?? false }

  /// The first deadline in the folder under the cursor, where the value pane tells it; nil: none is known.
  var shownSoonest: Int64? {
    guard !isListCovered, value.key == nil, case .folder(let prefix)? = list.cursorRow?.id else { return nil }
    return facts(ofFolder: prefix)?.soonest
  }

  /// The TTL of a key that only a sweep has read.
  func ttl(ofDeadline deadline: Int64) -> TTLState {
    // A sweep may have read deadlines before any row has told the server's time.
    guard clock.isKnown else { return .unknown }
    let left = remaining(until: deadline, at: displayNow)
    return left > 0 ? .remaining(left) : .due
  }

  /// The folders of which something is to be told, those on the screen; with the whole database where that is shown.
  private var wantedFolders: [KeyName] {
    if isServerShown || isMonitorShown { return [] }
    var rows: [Row] = []
    if isMemoryShown {
      rows = memory?.visible(height: memoryHeight) ?? []
    } else {
      guard !list.learned.isEmpty, !list.query.needsFacts, layout.list != nil, let all = list.rows else { return [] }
      let end = min(all.count, list.viewport.top + listHeight)
      rows = list.viewport.top < end ? (list.viewport.top..<end).map { all[$0] } : []
    }
    if isMemoryShown, memory?.rows == nil { return [] }
    let prefixes = rows.filter(\.id.isFolder).map(\.id.name)
    return isMemoryShown ? [KeyName([UInt8]())] + prefixes : prefixes
  }

  /// When they are asked about, monotonic ms; nil: all is told.
  var foldersDue: Int64? {
    guard pause == nil, !owed.contains(.folders) else { return nil }
    let wanted = wantedFolders
    guard !wanted.isEmpty else { return nil }
    if wanted.contains(where: { list.folders[$0] == nil }) { return list.folderPace.dueForMore }
    return list.foldersAsOf == folderMoment ? nil : list.folderPace.due
  }

  private var folderMoment: FolderMoment {
    FolderMoment(version: list.scan.version, sweep: list.scan.sweep)
  }

  /// The index is asked, not the server.
  mutating func askForFolders() {
    list.foldersAsOf = folderMoment
    list.folderPace.ask(at: now)
    ask(.folders, .folders(wantedFolders, filter: list.query.filter))
  }

  mutating func take(_ folders: [FolderFacts]) {
    list.folderPace.answer(at: now)
    list.foldersTold = list.foldersAsOf
    if list.folders.count > Self.mostFolders { list.folders = [:] }
    for folder in folders { list.folders[folder.prefix] = folder }
    // The sweep that read them has met the server's clock.
    if !clock.isKnown, !owed.contains(.due), folders.contains(where: { $0.soonest != nil }) { ask(.due, .facts([])) }
  }

  /// What was told is of other keys.
  mutating func forgetFolders() {
    abandon(.folders)
    (list.folders, list.foldersAsOf, list.foldersTold) = ([:], nil, nil)
  }

  /// What was read of all keys may not be true any more. `isOther`: it is of another server.
  mutating func doubtFolders(isOther: Bool) {
    list.sizesReadAt = nil
    if isOther {
      list.learned = []
      forgetFolders()
    }
  }

  /// Takes in what a sweep has learned.
  mutating func noteLearned(_ progress: SweepProgress?, before: SweepProgress?) {
    guard let progress, progress != before, progress.known > 0 else { return }
    list.learned.formUnion(progress.facts)
    guard progress.facts.contains(.size) else { return }
    if progress.known != before?.known || progress.isDone != before?.isDone { list.sizesReadAt = now }
    memory?.speed.note(known: progress.known, at: now)
  }
}

/// What folders were asked about as of.
struct FolderMoment: Equatable, Sendable {
  var version: Int
  var sweep: SweepProgress?
}
