extension ExpiryIndex {
  /// More changes than this part of the keys cost more than building anew.
  private static let rebuildPart = 8

  /// Whether building anew is cheaper than so many changes, or the only way.
  func wantsRebuilding(for log: DeadlineLog, of index: KeyIndex) -> Bool {
    if log.isOverfull { return true }
    let many = log.entries.count > ExpiryChunk.capacity && log.entries.count > count / Self.rebuildPart
    // Blocks that the index has let go of are kept alive by their names here.
    let blockCount = index.main.blocks.count + index.recent.reduce(0) { $0 + $1.blocks.count }
    return many || blocks.count > 2 * blockCount + 64 || blocks.count + log.entries.count > BlockTable.limit
  }

  /// Takes in what happened to deadlines of the key index, at this server time.
  mutating func apply(_ log: DeadlineLog, at serverTime: Int64?) {
    if serverTime == nil { noteRead(at: nil) }
    defer { if late.count > Self.mostLate { noteRead(at: serverTime) } }
    for entry in log.entries {
      let name = entry.names.name(at: entry.index)
      guard target.contains(name) else { continue }
      if entry.isUnlearned {
        displaced[name] = displaced[name] ?? entry.before
        continue
      }
      let before = displaced.removeValue(forKey: name) ?? entry.before
      if before == FactColumns.persistentDeadline {
        persistent -= 1
      } else if before != FactColumns.unknownDeadline {
        remove(name, before)
      }
      if entry.isGone {
        late[name] = nil
        continue
      }
      if entry.after == FactColumns.persistentDeadline {
        persistent += 1
        late[name] = nil
      } else {
        add(entry.names, entry.index, entry.after)
        if entry.after != before { late[name] = serverTime }
      }
    }
    recount()
  }

  /// ``recount()`` is to follow.
  mutating func add(_ names: NameBlock, _ index: Int, _ deadline: Int64) {
    let reference = BlockTable.reference(blocks.number(of: names), index)
    guard !chunks.isEmpty else {
      chunks.append(ExpiryChunk(deadlines: [deadline], references: [reference]))
      return
    }
    var (chunk, place) = insertionPlace(of: names.name(at: index), deadline: deadline)
    if chunk == chunks.count {
      chunk -= 1
      place = chunks[chunk].count
    }
    chunks[chunk].insert(deadline, reference, at: place)
    if chunks[chunk].count >= ExpiryChunk.capacity {
      let rest = chunks[chunk].split()
      chunks.insert(rest, at: chunk + 1)
    }
  }

  private mutating func remove(_ name: KeyName, _ deadline: Int64) {
    guard let (chunk, index) = place(of: name, deadline: deadline) else { return }
    if chunks[chunk].count == 1 {
      chunks.remove(at: chunk)
    } else {
      chunks[chunk].remove(at: index)
    }
  }
}
