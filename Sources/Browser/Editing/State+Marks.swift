import Canvas
import Keyspace
import Requests
import Values

extension State {
  private var ellipsis: String { setup.isASCII ? "..." : "…" }

  /// Rows that `V` and `*` mark at most.
  static let markLimit = 100_000

  mutating func toggleMark() {
    guard let key = cursorKey else {
      say("a folder cannot be marked: open it and mark its keys")
      return
    }
    if list.marked.remove(key) == nil {
      list.marked.insert(key)
      list.lastMarked = key
    }
    moveInRows(.down)
  }

  /// `V`: all keys of the list from the last mark to the cursor.
  mutating func markRange() {
    if isMonitorShown { return markRangeInMonitor() }
    guard let rows = list.rows, rows.count > 0 else { return }
    guard let last = list.lastMarked, let start = rows.position(of: .key(last)) else {
      say("mark the first key with Space, go to the last, then V")
      return
    }
    let range = min(start, list.viewport.cursor)...max(start, list.viewport.cursor)
    guard range.count <= Self.markLimit else {
      say("too many rows: V marks \(Format.count(Self.markLimit)) at most", .warning)
      return
    }
    for index in range where index < rows.count {
      if case .key(let name) = rows[index].id { list.marked.insert(name) }
    }
  }

  /// `*`: the keys of the list as it is shown, the other way round; with a filter all that it picks, those in closed
  /// folders too, which is said.
  mutating func invertMarks() {
    if isMonitorShown { return invertMarksInMonitor() }
    guard let rows = list.rows else { return }
    guard !rows.isPartial else {
      say("not all keys that match are found yet: * again in a moment", .warning)
      return
    }
    let picks = list.query.filter != nil || list.query.needsFacts
    let count = picks ? rows.matchedKeys : rows.count
    guard count <= Self.markLimit, rows.count <= Self.markLimit else {
      say("too many rows: * inverts \(Format.count(Self.markLimit)) at most; filter first", .warning)
      return
    }
    let listed = (0..<rows.count).compactMap { if case .key(let name) = rows[$0].id { name } else { nil } }
    for name in picks ? rows.keys(limit: Self.markLimit).names : listed {
      if list.marked.remove(name) == nil { list.marked.insert(name) }
    }
    let hidden = picks ? count - listed.count : 0
    guard hidden > 0 else { return }
    say(
      "\(Format.count(count)) \(count == 1 ? "key that the filter picks" : "keys that the filter picks"), "
        + "\(Format.count(hidden)) of them in closed folders: \(Format.count(list.marked.count)) marked now")
  }

  /// `d` in the list: the marked keys, or the one under the cursor.
  mutating func deleteKeys() {
    guard mayWrite() else { return }
    if !list.marked.isEmpty {
      deleteKeys(list.marked.sorted())
    } else if let key = cursorKey {
      deleteKeys([key])
    } else if currentRow != nil {
      say("a folder is no key: open it, mark its keys with Space and V (or filter and *), then d")
    } else {
      say("no key is under the cursor")
    }
  }

  /// Asks what they are, then whether to delete them.
  mutating func deleteKeys(_ names: [KeyName]) {
    guard !names.isEmpty, link == .connected else {
      say("not connected: nothing can be written", .warning)
      return
    }
    open(
      Dialog(
        title: "delete", lines: names.prefix(3).map(\.bytes) + [Array("reading what they are \(ellipsis)".utf8)],
        buttons: [.init("[Cancel]", .cancel), .init("[Delete]", .write([]))], isAsking: true, openedAt: now))
    surveying = .delete
    ask(.survey, .survey(names, beforeDestroying: true))
  }

  /// What is about to be deleted is known.
  mutating func openDeleteDialog(_ survey: Survey) {
    let facts = survey.facts
    var edits: [Edit] = []
    var (bytes, unknown) = (0, 0)
    var copies = CopyKeeping(denial: copyDenial)
    var counts: [(type: KeyType, count: Int)] = []
    for fact in facts {
      guard let type = fact.type.value.flatMap({ $0 }) else {
        if fact.type.denial != nil { unknown += 1 }
        continue
      }
      bytes += fact.size.value ?? 0
      edits.append(
        Edit(
          key: fact.name, change: .deleteKey(seen: survey.seen[fact.name], keepsCopy: copies.keeps(fact)),
          presence: .present(type),
          database: database,
          session: session))
      if let index = counts.firstIndex(where: { $0.type == type }) {
        counts[index].count += 1
      } else {
        counts.append((type, 1))
      }
    }
    guard !edits.isEmpty else {
      overlay = nil
      for fact in facts { learn(fact, from: .survey) }
      say(
        unknown > 0 ? "this user may not read their types: nothing is deleted" : "nothing to delete: gone already",
        .warning)
      return
    }
    var lines = edits.prefix(edits.count <= 5 ? 5 : 4).map(\.key.bytes)
    if edits.count > lines.count {
      lines.append(Array("\(ellipsis) and \(Format.count(edits.count - lines.count)) more".utf8))
    }
    let kinds = counts.map { edits.count == 1 ? $0.type.title : $0.type.counted($0.count) }
    let isSizeKnown = facts.allSatisfy { $0.size.value != nil }
    let memory = isSizeKnown ? ", \(Format.size(bytes)) of memory" : ""
    lines.append(Array((kinds.joined(separator: ", ") + memory).utf8))
    lines += copies.lines.map { Array($0.utf8) }
    if unknown > 0 { lines.append(Array("\(unknown) more may not be read, and stay.".utf8)) }
    var dialog =
      Dialog(
        title: edits.count == 1 ? "delete" : "delete \(Format.count(edits.count)) keys", lines: lines,
        commands: edits.prefix(5).map { $0.plan.commands[0] },
        buttons: [.init("[Cancel]", .cancel), .init("[Delete]", .write(edits))],
        demanded: edits.count > 10 ? String(edits.count) : nil, openedAt: now)
    dialog.more = max(0, edits.count - 5)
    dialog.details = 1..<max(1, min(edits.count, 5))
    open(dialog)
  }
}
