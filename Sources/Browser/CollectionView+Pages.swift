import Keyspace
import Values

extension CollectionView {
  /// Rows asked for at a time.
  static let pageLength = 200

  /// Takes a page: in place of the loaded elements where positions are known, behind them where a cursor goes on.
  mutating func take(_ page: ValuePage, appending: Bool) {
    switch page {
    case .list(let page):
      total = page.length
      take(page.elements.map(Element.element), at: page.start)
    case .sortedSet(let page):
      total = page.length
      isReversed = page.reverse
      take(page.entries.map(Element.scored), at: page.start)
    case .hash(let page):
      total = page.length
      next = page.next
      add(page.fields.map(Element.field), appending: appending)
    case .named(let page):
      take(page)
      return
    case .set(let page):
      total = page.length
      next = page.next
      add(page.members.map(Element.member), appending: appending)
    case .stream(let page):
      total = page.length
      if page.groups != .unknown { groups = page.groups }
      reachedEnd = page.reachedEnd
      add(page.entries.map(Element.entry), appending: appending)
    case .string, .opaque: break
    }
    windows = isRestarting ? 1 : windows + 1
    isRestarting = false
    if isFull { next = 0 }
  }

  /// Some fields or members as they are now. Those that are gone leave; the cursor stays on what it stands on.
  private mutating func take(_ page: NamedPage) {
    total = page.length
    let there = Dictionary(page.there.map { ($0.name, $0) }) { first, _ in first }
    let gone = Set(page.gone)
    var kept: [Element] = []
    kept.reserveCapacity(elements.count)
    var (cursor, top) = (viewport.cursor, viewport.top)
    for (index, element) in elements.enumerated() {
      guard let name = element.name else { continue }
      if gone.contains(name) {
        loadedBytes -= element.byteCount
        if index < viewport.cursor { cursor -= 1 }
        if index < viewport.top { top -= 1 }
      } else if type == .hash, let field = there[name] {
        loadedBytes += Element.field(field).byteCount - element.byteCount
        kept.append(.field(field))
        if field.showsDeadline { showsDeadlines = true }
      } else {
        kept.append(element)
      }
    }
    elements = kept
    names.subtract(gone)
    viewport.cursor = cursor
    viewport.top = top
    current?.formUnion(there.keys)
    // What came since is found from the beginning again, once it is scrolled to; of a filter's fields the count tells nothing.
    if next == 0, !isFull, total > elements.count || !filter.isEmpty { isRestarting = true }
  }

  /// Elements at a position: behind the loaded ones where they touch, in place of them otherwise.
  private mutating func take(_ new: [Element], at position: Int) {
    isCut = new.count < Self.pageLength && position + new.count < total
    if position == start + elements.count, !isFull {
      elements += new
    } else {
      elements = new
      start = position
      loadedBytes = 0
    }
    loadedBytes += new.reduce(0) { $0 + $1.byteCount }
  }

  /// HSCAN and SSCAN may tell the same field or member twice: it is shown once.
  private mutating func add(_ new: [Element], appending: Bool) {
    if !appending {
      elements = []
      loadedBytes = 0
      names = []
      showsDeadlines = false
    }
    for element in new {
      if let name = element.scanName {
        guard names.insert(name).inserted else { continue }
        current?.insert(name)
      }
      elements.append(element)
      if case .field(let field) = element, field.showsDeadline { showsDeadlines = true }
      loadedBytes += element.byteCount
    }
  }

  /// What is visible and a little around it; nil where it is best read from its beginning: one page does it.
  func shownWindow(height: Int) -> ValueWindow? {
    let begin = isCut ? viewport.top : max(0, viewport.top - Self.pageLength / 3)
    switch type {
    case .list: return .elements(start: begin, count: Self.pageLength)
    case .sortedSet: return .ranks(start: begin, count: Self.pageLength, reverse: isReversed)
    case .hash, .set:
      guard elements.count > Self.pageLength || !filter.isEmpty && !elements.isEmpty else { return nil }
      return .named(names(in: viewport.top - Self.margin..<viewport.top + height + Self.margin))
    default: return nil
    }
  }

  /// Rows above and below the visible ones that are read with them.
  private static let margin = 10

  private func names(in rows: Range<Int>) -> [[UInt8]] {
    elements[rows.clamped(to: elements.indices)].compactMap(\.name)
  }

  /// The window to read next, if what is visible, or about to be, is not loaded.
  func missingWindow(height: Int) -> ValueWindow? {
    guard !isShowingGroups else { return nil }
    switch type {
    case .list, .sortedSet:
      let from = viewport.top
      let to = min(total, from + height)
      let loaded = start..<start + elements.count
      guard from < to, from < loaded.lowerBound || to > loaded.upperBound else { return nil }
      // Pages that were cut, because their elements are big, do not reach back and forth: only what is missing is read.
      let begin = loaded.contains(from) ? loaded.upperBound : isCut ? from : max(0, from - Self.pageLength / 3)
      return type == .list
        ? .elements(start: begin, count: Self.pageLength)
        : .ranks(start: begin, count: Self.pageLength, reverse: isReversed)
    default:
      if let current {
        let old = names(in: viewport.top..<viewport.top + height).filter { !current.contains($0) }
        if !old.isEmpty { return .named(old) }
      }
      return needsMore(height) ? nextWindow : nil
    }
  }

  /// What comes behind the loaded elements of what is read by a cursor; nil at its end.
  var nextWindow: ValueWindow? {
    guard !isFull else { return nil }
    switch type {
    case .hash:
      return next != 0 || isRestarting
        ? .fields(cursor: next, matching: filter.isEmpty ? nil : Self.glob(holding: filter)) : nil
    case .set: return next != 0 || isRestarting ? .members(cursor: next) : nil
    case .stream:
      guard !reachedEnd else { return nil }
      guard case .entry(let last)? = elements.last else {
        return .entries(from: isReversed ? .last : .first, count: Self.pageLength)
      }
      return .entries(from: isReversed ? .before(last.id) : .after(last.id), count: Self.pageLength)
    default: return nil
    }
  }

  private func needsMore(_ height: Int) -> Bool { viewport.top + 2 * height >= elements.count }

  /// Only fields that hold this text, from the start.
  mutating func setFilter(_ text: [UInt8]) {
    filter = text
    elements = []
    names = []
    loadedBytes = 0
    showsDeadlines = false
    next = 0
    isRestarting = true
    viewport = Viewport()
  }

  /// The other direction of a sorted set or stream, from its end.
  mutating func setReversed(_ reversed: Bool) {
    isReversed = reversed
    elements = []
    loadedBytes = 0
    start = 0
    reachedEnd = false
    viewport = Viewport()
  }

  /// A glob for "holds this text", its own signs escaped as SCAN MATCH wants it.
  static func glob(holding text: [UInt8]) -> [UInt8] {
    var glob: [UInt8] = [UInt8(ascii: "*")]
    for byte in text {
      if [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\")]
        .contains(byte)
      {
        glob.append(UInt8(ascii: "\\"))
      }
      glob.append(byte)
    }
    return glob + [UInt8(ascii: "*")]
  }
}

extension CollectionView.Element {
  /// What tells it from the others, where it is not its place: field, member, or an entry's id.
  var name: [UInt8]? {
    switch self {
    case .field(let field): field.name
    case .member(let member): member
    case .scored(let entry): entry.member
    case .entry(let entry): Array(entry.id.text.utf8)
    case .element: nil
    }
  }

  /// What HSCAN or SSCAN tells it by.
  fileprivate var scanName: [UInt8]? {
    switch self {
    case .field(let field): field.name
    case .member(let member): member
    default: nil
    }
  }
}
