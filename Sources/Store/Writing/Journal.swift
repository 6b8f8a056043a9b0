internal import Requests

/// What was done and can be taken back, newest last; and what was taken back and can be done again.
struct Journal: Sendable {
  /// Inverses of what one write applied, in the order in which to carry them out.
  struct Entry: Sendable {
    var edits: [Edit]
    /// Bytes of the copies of keys in it.
    var bytes: Int { edits.reduce(0) { $0 + $1.copiedBytes } }
  }

  /// Bytes of deleted and replaced keys that are kept in all.
  private static let byteLimit = 64 << 20

  private(set) var undos: [Entry] = []
  private(set) var redos: [Entry] = []

  /// A new edit: what was taken back before cannot be done again.
  mutating func note(_ edits: [Edit]) {
    redos = []
    push(edits, isRedo: false)
  }

  mutating func push(_ edits: [Edit], isRedo: Bool) {
    guard !edits.isEmpty else { return }
    if isRedo {
      redos.append(Entry(edits: edits))
    } else {
      undos.append(Entry(edits: edits))
    }
    while undos.count + redos.count > 1, bytes > Self.byteLimit {
      if undos.count > 1 || redos.isEmpty { undos.removeFirst() } else { redos.removeFirst() }
    }
  }

  func top(isRedo: Bool) -> Entry? { isRedo ? redos.last : undos.last }

  /// Takes the newest off; `rest` stays to be tried again.
  mutating func pop(isRedo: Bool, leaving rest: [Edit] = []) {
    if isRedo {
      _ = redos.popLast()
      if !rest.isEmpty { redos.append(Entry(edits: rest)) }
    } else {
      _ = undos.popLast()
      if !rest.isEmpty { undos.append(Entry(edits: rest)) }
    }
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
