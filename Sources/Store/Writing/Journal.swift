internal import Requests

/// What was done and can be taken back, newest last; and what was taken back and can be done again.
struct Journal: Sendable {
  /// Inverses of what one write applied, in the order in which to carry them out.
  struct Entry: Sendable {
    var edits: [Edit]
    /// INFO's `run_id` of the server that they were made for; empty: not known.
    var runID: String
    /// Bytes of the copies of keys in it.
    var bytes: Int { edits.reduce(0) { $0 + $1.copiedBytes } }
  }

  /// Bytes of deleted and replaced keys that are kept in all.
  private static let byteLimit = 64 << 20

  private(set) var undos: [Entry] = []
  private(set) var redos: [Entry] = []

  /// A new edit: what was taken back before cannot be done again.
  mutating func note(_ entry: Entry) {
    redos = []
    push(entry, isRedo: false)
  }

  mutating func push(_ entry: Entry, isRedo: Bool) {
    guard !entry.edits.isEmpty else { return }
    if isRedo {
      redos.append(entry)
    } else {
      undos.append(entry)
    }
    while undos.count + redos.count > 1, bytes > Self.byteLimit {
      if undos.count > 1 || redos.isEmpty { undos.removeFirst() } else { redos.removeFirst() }
    }
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
