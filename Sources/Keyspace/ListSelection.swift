/// The pass over an index that picks the keys of a query.
struct ListSelection {
  let order: NameOrder
  /// What the keys are ordered by, in the order of their names (``SortValues``); nil: by their names.
  let values: [Int64]?
  /// Keys that match but for a type or deadline that is not known.
  let unknownKeys: Int
  /// The times of the server at which the same keys match.
  let validity: Range<Int64>
  /// Whether it stopped before the end.
  let isPartial: Bool

  /// Nil if it was cancelled.
  init?(index: KeyIndex, query: ListQuery, stopAfter limit: Int, isCancelled: () -> Bool) {
    var index = index
    index.gather()
    var pass = SelectionPass(query: query, codes: index.codes, limit: limit)
    guard let main = pass.select(index.main, isCancelled) else { return nil }
    let delta = pass.isPartial ? nil : index.recent.first
    guard let recent = pass.select(delta ?? IndexRun(), isCancelled) else { return nil }
    order = NameOrder(main: main, recent: recent)
    if query.sort.key == .name {
      values = query.sort.isReversed ? (0..<Int64(order.count)).map(\.self) : nil
    } else {
      values = pass.values.map { [order] in order.merge($0.prefix(main.count), $0.dropFirst(main.count)) }
    }
    unknownKeys = pass.unknownKeys
    validity = pass.validity
    isPartial = pass.isPartial
  }
}

private struct SelectionPass {
  private var matcher: NameMatcher?
  /// The code of the wanted type, if one is wanted; nil inside where no key has it.
  private let kind: UInt8??
  private var deadlines: DeadlineRange
  private let isImpossible: Bool
  private let limit: Int
  private let sort: ListSort
  /// Of the keys of both runs, one after the other; nil: they are ordered by name.
  private(set) var values: [Int64]?
  private(set) var unknownKeys = 0
  private(set) var isPartial = false

  init(query: ListQuery, codes: TypeCodes, limit: Int) {
    self.limit = limit
    sort = query.sort
    if sort.key != .name { values = [] }
    matcher = query.filter.map { NameMatcher($0) }
    kind = query.kind.map { codes.existingCode(for: $0) }
    deadlines = DeadlineRange(query.expiry, at: query.serverTime)
    isImpossible = query.expiry == .impossible
  }

  var validity: Range<Int64> { deadlines.validity }

  mutating func select(_ run: IndexRun, _ isCancelled: () -> Bool) -> SelectedRun? {
    var selected = SelectedRun()
    for block in run.blocks {
      if isCancelled() { return nil }
      if selected.count >= limit {
        isPartial = true
        break
      }
      let mask = mask(for: block)
      selected.append(block.names, mask: mask)
      if values != nil { addValues(of: block, mask) }
    }
    return selected
  }

  private mutating func addValues(of block: IndexBlock, _ mask: BitMask?) {
    let count = mask?.setBits ?? block.names.count
    guard count > 0 else { return }
    var all = values.take() ?? []
    if let facts = block.facts {
      var index = mask?.firstSet(from: 0) ?? 0
      while index < block.names.count {
        all.append(SortValues.value(sort.key, of: facts, index))
        index = mask?.firstSet(from: index + 1) ?? index + 1
      }
    } else {
      all.append(contentsOf: repeatElement(SortValues.unknown, count: count))
    }
    values = all
  }

  private mutating func mask(for block: IndexBlock) -> BitMask? {
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
