/// The keys that a query picks.
struct ListSelection {
  let order: NameOrder
  /// What the keys are ordered by, in the order of their names (``SortValues``); nil: by their names.
  let values: [Int64]?
  /// Keys that match but for a type or deadline that is not known.
  let unknownKeys: Int
  /// The times of the server at which the same keys match.
  let validity: Range<Int64>
  /// Whether the pass stopped before the end.
  let isPartial: Bool
}

extension ListSelection {
  /// Orders the keys as the query wants them. Nil if it was cancelled.
  /// - Parameter values: what is known of the keys of both runs, where they are ordered by that.
  init?(
    _ order: NameOrder, query: ListQuery, values: (main: ArraySlice<Int64>, recent: ArraySlice<Int64>)?,
    unknownKeys: Int,
    validity: Range<Int64>, isPartial: Bool, isCancelled: () -> Bool
  ) {
    self.order = order
    switch query.sort.key {
    case .name: self.values = query.sort.isReversed ? (0..<Int64(order.count)).map(\.self) : nil
    case .match:
      guard let filter = query.filter, filter.ranksNames else {
        self.values = nil
        break
      }
      guard let ranks = order.ranks(by: filter, isCancelled: isCancelled) else { return nil }
      self.values = ranks
    default: self.values = values.map { order.merge($0.main, $0.recent) }
    }
    self.unknownKeys = unknownKeys
    self.validity = validity
    self.isPartial = isPartial
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
  // What they are ordered by.
  private var mainValues: [Int64] = []
  private var recentValues: [Int64] = []

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
        let (block, mask) = (recent[nextRecent], pass.mask(for: recent[nextRecent]))
        selectedRecent.append(block.names, mask: mask)
        if pass.needsValues { pass.addValues(of: block, mask, to: &recentValues) }
        nextRecent += 1
      } else {
        let (block, mask) = (main[nextMain], pass.mask(for: main[nextMain]))
        selectedMain.append(block.names, mask: mask)
        if pass.needsValues { pass.addValues(of: block, mask, to: &mainValues) }
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

  /// What was picked so far: of the beginning of all names everything, of the rest nothing. Nil if it was cancelled.
  func selection(isCancelled: () -> Bool) -> ListSelection? {
    var order = NameOrder(main: selectedMain, recent: selectedRecent)
    if !isDone {
      let bound = (isRecentNext ? recent[nextRecent] : main[nextMain]).names
      order = NameOrder(main: selectedMain.before(bound), recent: selectedRecent.before(bound))
    }
    let values = (mainValues.prefix(order.main.count), recentValues.prefix(order.recent.count))
    return ListSelection(
      order, query: query, values: pass.needsValues ? values : nil, unknownKeys: pass.unknownKeys,
      validity: pass.validity, isPartial: !isDone, isCancelled: isCancelled)
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
  private let sort: ListSort
  /// Whether keys are ordered by what is known of them.
  let needsValues: Bool
  private(set) var unknownKeys = 0

  init(query: ListQuery, codes: TypeCodes) {
    sort = query.sort
    needsValues = !query.sort.facts.isEmpty
    matcher = query.filter.map { NameMatcher($0) }
    kind = query.kind.map { codes.existingCode(for: $0) }
    deadlines = DeadlineRange(query.expiry, at: query.serverTime)
    isImpossible = query.expiry == .impossible
  }

  var validity: Range<Int64> { deadlines.validity }

  /// What the picked keys of a block are ordered by, added to those of the blocks before.
  func addValues(of block: IndexBlock, _ mask: BitMask?, to values: inout [Int64]) {
    guard let facts = block.facts else {
      values.append(contentsOf: repeatElement(SortValues.unknown, count: mask?.setBits ?? block.names.count))
      return
    }
    var index = mask?.firstSet(from: 0) ?? 0
    while index < block.names.count {
      values.append(SortValues.value(sort.key, of: facts, index))
      index = mask?.firstSet(from: index + 1) ?? index + 1
    }
  }

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
