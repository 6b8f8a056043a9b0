internal import Requests

/// What was done and can be taken back, newest last; and what was taken back and can be done again.
struct Journal: Sendable {
  /// Inverses of what one write applied, in the order in which to carry them out.
  struct Entry: Sendable {
    var edits: [Edit]
    /// Without edits: why there is no way back. The one before is not taken back in its place unasked.
    var reason: String?
    /// INFO's `run_id` of the server that they were made for; empty: not known.
    var runID: String
    /// Bytes of the copies of keys in it, and of the edits themselves, which can be many.
    var bytes: Int { edits.reduce(edits.count * MemoryLayout<Edit>.stride) { $0 + $1.copiedBytes } }
  }

  /// Bytes of deleted and replaced keys, and of edits, that are kept in all.
  private static let byteLimit = 64 << 20

  private(set) var undos: [Entry] = []
  private(set) var redos: [Entry] = []

  /// A new edit: what was taken back before cannot be done again.
  /// Returns how many older ones had to go.
  mutating func note(_ entry: Entry) -> Int {
    // What changed nothing takes nothing away.
    guard !entry.edits.isEmpty || entry.reason != nil else { return 0 }
    redos = []
    return push(entry, isRedo: false)
  }

  /// Returns how many older ones had to go.
  mutating func push(_ entry: Entry, isRedo: Bool) -> Int {
    guard !entry.edits.isEmpty || entry.reason != nil else { return 0 }
    if isRedo {
      redos.append(entry)
    } else {
      undos.append(entry)
    }
    var forgotten = 0
    while undos.count + redos.count > 1, bytes > Self.byteLimit {
      if undos.count > 1 || redos.isEmpty { undos.removeFirst() } else { redos.removeFirst() }
      forgotten += 1
    }
    return forgotten
  }

  func top(isRedo: Bool) -> Entry? { isRedo ? redos.last : undos.last }

  /// Takes the newest off; `rest` stays to be tried again.
  mutating func pop(isRedo: Bool, leaving rest: [Edit] = []) {
    var entry = isRedo ? redos.popLast() : undos.popLast()
    entry?.edits = rest
    guard let entry, !rest.isEmpty else { return }
    if isRedo { redos.append(entry) } else { undos.append(entry) }
  }

  private var bytes: Int { (undos + redos).reduce(0) { $0 + $1.bytes } }
}

extension Edit {
  var copiedBytes: Int {
    switch change {
    case .restoreKey(let copy): copy.dump.count
    case .renameKey(_, _, let restoring): restoring?.dump.count ?? 0
    default: 0
    }
  }
}
