import Keyspace
import Requests
import Values

/// A hash, set or stream that is read again: page by page, until the element under the cursor is there. Until then the
/// old one stays on the screen, so that no key press hits another element than the one that was aimed at.
struct Renewal: Sendable, Equatable {
  var view: CollectionView
  /// What was edited, as long as the cursor is still where it was.
  var followed: [UInt8]?
  /// Where the cursor was when it began.
  var start: Int
}

/// Where the cursor goes after an edit.
enum Followed: Sendable, Equatable {
  /// A field, a member, an entry's id.
  case name([UInt8])
  /// A place in a list.
  case index(Int)
}

extension State {
  /// Begins to replace `old` by what was read, of which `new` is the first page.
  mutating func renew(_ old: CollectionView, from new: CollectionView, following followed: Followed?) {
    var view = new
    if !old.filter.isEmpty || old.isReversed != new.isReversed {
      view.filter = old.filter
      view.isReversed = old.isReversed
      view.elements = []
      view.names = []
      view.loadedBytes = 0
      view.showsDeadlines = false
      view.next = 0
      view.isRestarting = !old.filter.isEmpty
      view.reachedEnd = false
    }
    var name: [UInt8]?
    if case .name(let followed)? = followed { name = followed }
    value.content = .collection(old)
    value.renewal = Renewal(view: view, followed: name, start: old.viewport.cursor)
    advanceRenewal(of: old)
  }

  /// A page behind what was read anew; false: none was awaited.
  mutating func takeForRenewal(_ page: ValuePage) -> Bool {
    guard value.renewal != nil, case .collection(let old) = value.content else { return false }
    value.renewal?.view.take(page, appending: true)
    advanceRenewal(of: old)
    return true
  }

  private mutating func advanceRenewal(of old: CollectionView) {
    guard let renewal = value.renewal else { return }
    var view = renewal.view
    // The cursor may have moved since: what it stands on now is what it is to stand on.
    let cursor = old.viewport.cursor
    var wanted = [cursor, cursor + 1, cursor - 1].compactMap { old.element(at: $0)?.name }
    if let followed = renewal.followed, cursor == renewal.start { wanted.insert(followed, at: 0) }
    let first = wanted.first
    let found = first.flatMap { name in view.elements.firstIndex { $0.name == name } }
    // Most of what was there was read again without it: it is gone, or was moved far away.
    let isEnough = view.nextWindow == nil || view.elements.count >= old.elements.count + CollectionView.pageLength
    guard found != nil || first == nil && !view.isRestarting || isEnough else { return }
    value.renewal = nil
    let place =
      found ?? wanted.dropFirst().lazy.compactMap { name in view.elements.firstIndex { $0.name == name } }.first
    view.viewport = old.viewport
    if !view.isShowingGroups, let place {
      view.viewport.top += place - cursor
      view.viewport.cursor = place
    }
    view.viewport.show(count: view.count, height: valueHeight)
    value.content = .collection(view)
    noteChanges(from: .collection(old))
    // Changes that were told of meanwhile may stand before what was read last.
    value.changedSince = value.wantsReading ? now : nil
  }

  /// Lists and sorted sets are read by place: the cursor goes to what was edited, else stays with its member as far as
  /// that was read.
  mutating func follow(_ followed: Followed?, in new: inout CollectionView, from old: CollectionView) {
    switch followed {
    case .index(let index): new.viewport.cursor = index
    case .name(let name):
      if let index = new.elements.firstIndex(where: { $0.name == name }) {
        new.viewport.cursor = new.start + index
      } else if new.type == .sortedSet, let key = value.key {
        value.isFollowing = true
        ask(.question, .rank(key, .member(name), reverse: new.isReversed))
      }
    case nil where new.type == .list:
      // Elements have no names: one that was moved by what was put in or taken out before it stands so much further.
      let cursor = old.viewport.cursor
      let moved = new.total - old.total
      guard moved != 0, let aimed = old.element(at: cursor), new.element(at: cursor) != aimed,
        new.element(at: cursor + moved) == aimed
      else { return }
      new.viewport.cursor += moved
      // At the head one sees what comes there.
      if old.viewport.top > 0 { new.viewport.top = max(0, old.viewport.top + moved) }
    case nil:
      guard let name = old.element(at: old.viewport.cursor)?.name,
        let index = new.elements.firstIndex(where: { $0.name == name })
      else { return }
      new.viewport.top += new.start + index - old.viewport.cursor
      new.viewport.cursor = new.start + index
    }
  }

  /// Pause before the open value is read again, in ms: the more has to be read, the longer.
  var rereadPause: Int64 {
    let pause = shownWindow == nil ? pagesPause : Self.rereadPause
    // Without push every second is as good as the next.
    return isTracked ? max(pause, min(Self.longestReread, pause << min(value.fruitless, 8))) : pause
  }

  /// The same for what is read from its beginning.
  var pagesPause: Int64 {
    guard case .collection(let view) = value.content, !view.isIndexed else { return Self.rereadPause }
    return Self.rereadPause * Int64(min(300, max(view.windows, 1 + view.elements.count / CollectionView.pageLength)))
  }
}

extension Edit {
  /// Where the cursor of the open value goes when the server has carried the edit out.
  func followed(_ outcome: Outcome) -> Followed? {
    var result: String?
    if case .applied(let applied) = outcome {
      result = applied.replies.first.flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    }
    switch change {
    case .field(let name, _, .some, _), .renameField(_, let name, _), .member(let name, true),
      .renameMember(_, let name), .score(let name, _, .some), .renameScored(_, let name, _),
      .add(.member(let name), _, _),
      .add(.field(let name), _, _), .fieldExpiry(let name, _, _):
      return .name(name)
    case .insert(_, .head): return .index(0)
    case .insert(_, .tail), .insert(_, .end): return result.flatMap { Int($0) }.map { .index($0 - 1) }
    case .insert(_, .before(let index, _, _, _)): return .index(index)
    case .insert(_, .after(let index, _, _, _)): return .index(index + 1)
    case .addEntry: return result.map { .name(Array($0.utf8)) }
    default: return nil
    }
  }
}
