import Keyspace
import Values

/// What of the open value was different when it was read again: it is marked for a while.
struct ValueChanges: Sendable, Equatable {
  /// A part that one reading tells from the next.
  enum Part: Hashable, Sendable {
    /// A field, a member, an entry's id.
    case name([UInt8])
    /// A place in a list.
    case position(Int)
  }

  /// When each part was found to differ, monotonic ms.
  private var parts: [Part: Int64] = [:]
  /// Bytes of a string, or lines of pretty JSON, and when they were found to differ.
  private var range: (bounds: Range<Int>, at: Int64)?

  static func == (left: ValueChanges, right: ValueChanges) -> Bool {
    left.parts == right.parts && left.range?.bounds == right.range?.bounds && left.range?.at == right.range?.at
  }

  /// When the last mark goes; nil without any.
  var end: Int64? {
    let last = (parts.values.max()).map { max($0, range?.at ?? $0) } ?? range?.at
    return last.map { $0 + State.changeMark }
  }

  func marks(_ element: CollectionView.Element, at position: Int, now: Int64) -> Bool {
    guard !parts.isEmpty else { return false }
    let part = element.name.map { Part.name($0) } ?? .position(position)
    return parts[part].map { now - $0 < State.changeMark } ?? false
  }

  /// Whether anything in these bytes, or lines of JSON, is marked.
  func marks(_ piece: Range<Int>, now: Int64) -> Bool {
    guard let range, now - range.at < State.changeMark else { return false }
    return piece.overlaps(range.bounds) || piece.isEmpty && piece.lowerBound == range.bounds.lowerBound
  }

  /// Finds what differs between two readings of one key; false: nothing does.
  mutating func note(from old: ValueState.Content, to new: ValueState.Content, at now: Int64) -> Bool {
    parts = parts.filter { now - $0.value < State.changeMark }
    switch (old, new) {
    case (.string(let old), .string(let new)): return note(from: old, to: new, at: now)
    case (.collection(let old), .collection(let new)) where old.type == new.type:
      if old.type == .list, old.total != new.total { parts = [:] }
      let changed = Self.changed(from: old, to: new)
      for part in changed { parts[part] = now }
      return !changed.isEmpty || old.total != new.total
    default:
      self = ValueChanges()
      return true
    }
  }

  private mutating func note(from old: StringView, to new: StringView, at now: Int64) -> Bool {
    guard old.format == new.format else {
      range = nil
      return true
    }
    let bounds: Range<Int>?
    if new.format == .json {
      bounds = old.json == new.json ? nil : old.json.middle(differingIn: new.json)
    } else {
      guard old.offset == new.offset else { return true }
      guard old.length != new.length || old.bytes != new.bytes else { return false }
      bounds = old.bytes.middle(differingIn: new.bytes).map { $0.lowerBound + new.offset..<$0.upperBound + new.offset }
    }
    if let bounds { range = (bounds, now) }
    return bounds != nil || old.length != new.length
  }

  /// Elements that are there with another content, and those that surely were not there. What only came into the loaded
  /// part, because others before it went, has not changed.
  private static func changed(from old: CollectionView, to new: CollectionView) -> [Part] {
    if old.type == .list { return changedPositions(from: old, to: new) }
    var before: [[UInt8]: CollectionView.Element] = [:]
    for element in old.elements { if let name = element.name { before[name] = element } }
    let wasWhole = old.start == 0 && !old.hasMore && !old.isFull && old.filter.isEmpty
    var changed: [Part] = []
    for element in new.elements {
      guard let name = element.name else { continue }
      if let earlier = before[name] {
        if earlier != element { changed.append(.name(name)) }
      } else if wasWhole {
        changed.append(.name(name))
      }
    }
    return changed
  }

  /// An element is the same where it stands, or where it was moved to by what was put in or taken out before it.
  private static func changedPositions(from old: CollectionView, to new: CollectionView) -> [Part] {
    let moved = new.total - old.total
    return new.elements.indices.compactMap { index in
      let position = new.start + index
      let earlier = [old.element(at: position), old.element(at: position - moved)]
      let isKnown = position < old.total ? earlier[0] != nil : true
      return isKnown && !earlier.contains(new.elements[index]) ? .position(position) : nil
    }
  }
}

extension Array where Element: Equatable {
  /// The part of `other` between what both begin and end with, at least one element long where `other` has any: where
  /// something was taken out, what stands there now. Nil where both are equal.
  fileprivate func middle(differingIn other: [Element]) -> Range<Int>? {
    let shortest = Swift.min(count, other.count)
    var start = 0
    while start < shortest, self[start] == other[start] { start += 1 }
    guard start < Swift.max(count, other.count) else { return nil }
    var end = 0
    while end < shortest - start, self[count - 1 - end] == other[other.count - 1 - end] { end += 1 }
    let upper = other.count - end
    return upper > start
      ? start..<upper : Swift.max(0, Swift.min(start, other.count - 1))..<Swift.min(start + 1, other.count)
  }
}
