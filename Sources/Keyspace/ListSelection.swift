/// The keys that a query picks.
struct ListSelection {
  let order: NameOrder
  /// Keys that match but for a type or deadline that is not known.
  let unknownKeys: Int
  /// The times of the server at which the same keys match.
  let validity: Range<Int64>
  /// Whether the pass stopped before the end.
  let isPartial: Bool
}

extension ListSelection {
  /// Nil if it was cancelled.
  init?(index: KeyIndex, query: ListQuery, stopAfter limit: Int, isCancelled: () -> Bool) {
    var pass = ListPass(index: index, query: query)
    guard pass.advance(until: { $0 >= limit }, isCancelled: isCancelled) else { return nil }
    self = pass.selection
  }
}

/// The pass over an index that picks the keys of a query, in the order of the names. It can be left and gone on with: the
/// first rows of a list are shown while the others are sought.
package struct ListPass: Sendable {
  package let query: ListQuery
  /// Keys of the index.
  let totalKeys: Int
  private var pass: SelectionPass
  private let main: [IndexBlock]
  private let recent: [IndexBlock]
  /// The next block of each.
  private var nextMain = 0
  private var nextRecent = 0
  private var selectedMain = SelectedRun()
  private var selectedRecent = SelectedRun()

  /// While a scan runs, call ``KeyIndex/gather()`` before: else the work is done here, for this list alone.
  package init(index: KeyIndex, query: ListQuery) {
    var index = index
    if !index.isGathered { index.gather() }
    self.query = query
    totalKeys = index.count
    pass = SelectionPass(query: query, codes: index.codes)
    main = index.main.blocks
    recent = index.recent.first?.blocks ?? []
  }

  package var isDone: Bool { nextMain == main.count && nextRecent == recent.count }

  /// Goes on.
  ///
  /// - Parameters:
  ///   - isEnough: asked once there are matches, before every 65,536 names or less, with how many there are.
  ///   - isCancelled: asked as often.
  /// - Returns: false if it was cancelled.
  package mutating func advance(until isEnough: (Int) -> Bool, isCancelled: () -> Bool) -> Bool {
    while !isDone {
      if isCancelled() { return false }
      let matched = selectedMain.count + selectedRecent.count
      if matched > 0, isEnough(matched) { return true }
      if isRecentNext {
        selectedRecent.append(recent[nextRecent].names, mask: pass.mask(for: recent[nextRecent]))
        nextRecent += 1
      } else {
        selectedMain.append(main[nextMain].names, mask: pass.mask(for: main[nextMain]))
        nextMain += 1
      }
    }
    return true
  }

  /// Whether the block that begins first of those that were not looked at is one of the recent names.
  private var isRecentNext: Bool {
    guard nextRecent < recent.count else { return false }
    guard nextMain < main.count else { return true }
    return recent[nextRecent].names.isFirst(before: main[nextMain].names)
  }

  /// What was picked so far: of the beginning of all names everything, of the rest nothing.
  var selection: ListSelection {
    var order = NameOrder(main: selectedMain, recent: selectedRecent)
    if !isDone {
      let bound = (isRecentNext ? recent[nextRecent] : main[nextMain]).names
      order = NameOrder(main: selectedMain.before(bound), recent: selectedRecent.before(bound))
    }
    return ListSelection(
      order: order, unknownKeys: pass.unknownKeys, validity: pass.validity, isPartial: !isDone)
  }
}

extension NameBlock {
  fileprivate func isFirst(before other: NameBlock) -> Bool {
    unsafe withNames { own in unsafe other.withNames { unsafe compareNames(own[0], $0[0]) < 0 } }
  }
}

extension SelectedRun {
  /// Without the names from the first of that block on; only this run's last block has such.
  fileprivate func before(_ bound: NameBlock) -> SelectedRun {
    guard let last = blocks.last else { return self }
    let end = unsafe bound.withNames { bound in
      unsafe last.names.withNames { unsafe $0.firstIndex(notBefore: bound[0]) }
    }
    guard end < last.names.count else { return self }
    var mask = last.mask?.mask ?? BitMask(count: last.names.count, repeating: true)
    mask.removeAll(from: end)
    return replacingLast(mask: mask)
  }
}

private struct SelectionPass: Sendable {
  private var matcher: NameMatcher?
  /// The code of the wanted type, if one is wanted; nil inside where no key has it.
  private let kind: UInt8??
  private var deadlines: DeadlineRange
  private let isImpossible: Bool
  private(set) var unknownKeys = 0

  init(query: ListQuery, codes: TypeCodes) {
    matcher = query.filter.map { NameMatcher($0) }
    kind = query.kind.map { codes.existingCode(for: $0) }
    deadlines = DeadlineRange(query.expiry, at: query.serverTime)
    isImpossible = query.expiry == .impossible
  }

  var validity: Range<Int64> { deadlines.validity }

  mutating func mask(for block: IndexBlock) -> BitMask? {
    if isImpossible { return BitMask(count: block.names.count) }
    var mask = matcher?.matches(in: block.names)
    if let gone = block.gone {
      if mask == nil { mask = BitMask(count: block.names.count, repeating: true) }
      mask?.subtract(gone)
    }
    guard kind != nil || !deadlines.isEverything else { return mask }
    var result = mask ?? BitMask(count: block.names.count, repeating: true)
    guard let facts = block.facts else {
      unknownKeys += result.setBits
      return BitMask(count: block.names.count)
    }
    // Copies: the loop runs over a million keys, and these stay in registers.
    var (range, unknown) = (deadlines, 0)
    result.keep { index in
      let verdict = Self.verdict(facts.type(index), facts.deadlines[index], kind, &range)
      if verdict == nil { unknown += 1 }
      return verdict ?? false
    }
    deadlines = range
    unknownKeys += unknown
    return result
  }

  /// Nil where it depends on a fact that is not known.
  @inline(__always)
  private static func verdict(
    _ type: UInt8, _ deadline: Int64, _ kind: UInt8??, _ range: inout DeadlineRange
  ) -> Bool? {
    var isOpen = false
    if let kind {
      if type == 0 { isOpen = true } else if type != kind { return false }
    }
    if !range.isEverything {
      if deadline == FactColumns.unknownDeadline { return nil }
      if !range.admits(deadline) { return false }
    }
    return isOpen ? nil : true
  }
}
