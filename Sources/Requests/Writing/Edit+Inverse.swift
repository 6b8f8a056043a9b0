import Keyspace
import Values

/// What takes an edit back.
package enum Inverse: Sendable, Equatable {
  case edit(Edit)
  /// There is no way back, because of this.
  case none(String)
}

extension Edit {
  /// The edit that takes this one back, after the server said `applied`. It is guarded by what this one left.
  ///
  /// - Parameter tombstone: a value that no list holds, for one moment (``Change/removeElement(index:_:tombstone:)``).
  package func inverse(applied: Applied, tombstone: [UInt8]) -> Inverse {
    func back(_ change: Change) -> Inverse {
      var edit = self
      edit.change = change
      edit.presence = .present(presence.type)
      if !applied.existsAfter {
        // What emptied a collection deleted its key, TTL and all.
        guard let expiry = Expiry(restoring: applied.deadlineBefore) else { return .none(Self.unknownTTL) }
        edit.presence = .absent(presence.type, expiry)
      }
      return .edit(edit)
    }
    let result = applied.replies.first.flatMap { $0 }
    switch change {
    case .string(let from, let to): return back(.string(from: to, to: from))
    case .field(let field, let from, let to, _):
      guard to == nil else { return back(.field(field, from: to, to: from)) }
      switch applied.fieldDeadline {
      case .unknown: return .none("the TTL that the field had could not be read, and would be lost")
      case .persistent: return back(.field(field, from: nil, to: from))
      case .at(let deadline): return back(.field(field, from: nil, to: from, deadline: deadline))
      }
    case .renameField(let field, let to, let value): return back(.renameField(to, to: field, value: value))
    case .element(let index, let from, let to, let around):
      return back(.element(index: index, from: to, to: from, around: around?.strict))
    case .insert(let value, let place):
      let length = result.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
      let index: Int
      switch place {
      case .head: index = 0
      case .tail, .end:
        guard let length, length > 0 else { return .none("the server did not say where the element went") }
        index = length - 1
      case .before(let pivot, _, _, _): index = pivot
      case .after(let pivot, _, _, _): index = pivot + 1
      }
      return back(
        .removeElement(
          index: index, value, tombstone: tombstone, around: ListContext(of: index, in: length, kept: applied.kept)))
    case .removeElement(let index, let value, _, let around):
      let seen = around?.neighbours.first { $0.index == index + 1 }?.value
      if let next = applied.kept.first ?? seen {
        let before = around?.neighbours.filter { $0.index == index - 1 } ?? []
        let context = before.isEmpty ? nil : ListContext(length: 0, neighbours: before)
        return back(.insert(value, .before(index: index, pivot: next, tombstone: tombstone, around: context)))
      }
      guard !applied.kept.isEmpty || around?.length == index + 1 else {
        return .none("what stood behind it is not known")
      }
      return back(.insert(value, .end(length: index)))
    case .pop(let value, let end): return back(.insert(value, end == .head ? .head : .tail))
    case .member(let member, let isIn): return back(.member(member, isIn: !isIn))
    case .renameMember(let member, let to): return back(.renameMember(to, to: member))
    case .score(let member, let from, let to): return back(.score(member, from: to, to: from))
    case .renameScored(let member, let to, let score): return back(.renameScored(to, to: member, score: score))
    case .add(let counter, let by, let isFloat):
      guard let old = applied.kept.first.flatMap({ $0 }),
        let result = isFloat ? result : Self.sum(old, by)
      else { return .none("the server did not say what the number was") }
      switch counter {
      case .string: return back(.string(from: result, to: old))
      case .field(let field): return back(.field(field, from: result, to: old))
      case .member(let member): return back(.score(member, from: result, to: old))
      }
    case .addEntry(let fields, _):
      guard let result, let id = StreamID(String(decoding: result, as: UTF8.self)) else {
        return .none("the server did not say the entry's id")
      }
      if case .absent = presence { return back(.dropStream(only: id, fields)) }
      return back(.removeEntry(id))
    case .removeEntry: return .none("a stream takes no entry back")
    case .dropStream(let id, let fields): return back(.addEntry(fields, id: id))
    case .expiry:
      guard let expiry = Expiry(restoring: applied.deadlineBefore), applied.deadlineAfter != .unknown else {
        return .none("the TTL that the key had could not be read")
      }
      return back(.expiry(from: applied.deadlineAfter, to: expiry))
    case .fieldExpiry(let field, let from, _): return inverse(ofFieldExpiry: field, from, applied: applied)
    case .renameKey(let to, let replacing, let restoring):
      var edit = self
      edit.key = to
      edit.presence = .present(presence.type)
      if restoring != nil {
        let seen = applied.after.map { SeenWhole(fingerprint: $0) }
        edit.change = .renameKey(
          to: key, replacing: restoring.map { Replaced(type: $0.type, seen: seen, keepsCopy: true) })
        return .edit(edit)
      }
      guard let replacing else {
        edit.change = .renameKey(to: key)
        return .edit(edit)
      }
      // It was what was seen, or it would not have been replaced.
      guard replacing.keepsCopy, let dump = applied.kept.first.flatMap({ $0 }) ?? replacing.seen?.dump
      else {
        return .none("no copy was kept of the key that was replaced")
      }
      let told = applied.kept.last.flatMap { $0 }.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      let deadline = Deadline(told: told)
      guard deadline != .unknown else { return .none(Self.unknownTTL) }
      edit.change = .renameKey(
        to: key,
        restoring: KeyCopy(name: to, type: replacing.type, dump: dump, deadline: deadline, aside: tombstone))
      return .edit(edit)
    case .copyKey(let to, let target):
      guard let fingerprint = applied.kept.first.flatMap({ $0 }) else { return .none("what was copied is not known") }
      return .edit(
        Edit(
          key: to, change: .deleteKey(seen: SeenWhole(fingerprint: fingerprint), keepsCopy: true),
          presence: .present(presence.type),
          database: target, session: session))
    case .deleteKey(let seen, let keepsCopy):
      // It was what was seen, or it would not have been deleted.
      guard keepsCopy, let dump = applied.kept.first.flatMap({ $0 }) ?? seen?.dump else {
        return .none("no copy was kept")
      }
      guard applied.deadlineBefore != .unknown else { return .none(Self.unknownTTL) }
      let copy = KeyCopy(
        name: key, type: presence.type, dump: dump, deadline: applied.deadlineBefore,
        fingerprint: seen?.fingerprint, aside: tombstone)
      var edit = self
      edit.change = .restoreKey(copy)
      edit.presence = .absent(presence.type, .never)
      return .edit(edit)
    case .restoreKey:
      guard applied.existsAfter else { return .none("its deadline has passed: it did not come back") }
      return back(.deleteKey(seen: applied.after.map { SeenWhole(fingerprint: $0) }, keepsCopy: true))
    }
  }

  /// What INCRBY and its like made of the number.
  package func sum(_ applied: Applied) -> [UInt8]? {
    guard case .add(_, let by, let isFloat) = change else { return nil }
    if isFloat { return applied.replies.first.flatMap { $0 } }
    return applied.kept.first.flatMap { $0 }.flatMap { Self.sum($0, by) }
  }

  private static let unknownTTL = "the TTL that the key had could not be read, and would be lost"

  /// What INCRBY made of `old`. Its reply is no help: scripts see integers as doubles, which end at 2^53.
  private static func sum(_ old: [UInt8], _ by: [UInt8]) -> [UInt8]? {
    guard let old = Int64(String(decoding: old, as: UTF8.self)), let by = Int64(String(decoding: by, as: UTF8.self))
    else { return nil }
    let (sum, overflow) = old.addingReportingOverflow(by)
    return overflow ? nil : sum.word
  }
}

extension Expiry {
  /// The server time that it names.
  var time: Int64? { if case .at(let time) = self { time } else { nil } }

  /// The TTL that a key had; nil where that is not known.
  init?(restoring deadline: Deadline) {
    switch deadline {
    case .at(let time): self = .at(time)
    case .persistent: self = .never
    case .unknown: return nil
    }
  }
}

extension ListContext {
  /// The neighbours decide, however long the list is.
  var strict: ListContext {
    var strict = self
    strict.hasEqual = true
    return strict
  }

  /// Around an element that was put in, from what stood on both sides of its place before (``Edit/plan``'s keepsakes).
  init?(of index: Int, in length: Int?, kept: [[UInt8]?]) {
    guard kept.count == 2 else { return nil }
    let sides = zip([index - 1, index + 1], kept)
    let neighbours = sides.compactMap { index, value in value.map { Neighbour(index: index, value: $0) } }
    guard !neighbours.isEmpty else { return nil }
    self.init(length: length ?? 0, neighbours: neighbours)
  }
}
