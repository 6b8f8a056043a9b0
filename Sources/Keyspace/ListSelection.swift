/// The pass over an index that picks the keys of a query.
struct ListSelection {
  let order: NameOrder
  /// Keys that match but for a type or deadline that is not known.
  let unknownKeys: Int
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
    unknownKeys = pass.unknownKeys
    isPartial = pass.isPartial
  }
}

private struct SelectionPass {
  private var matcher: NameMatcher?
  /// The code of the wanted type, if one is wanted; nil inside where no key has it.
  private let kind: UInt8??
  private let expiry: ListQuery.Expiry
  private let limit: Int
  private(set) var unknownKeys = 0
  private(set) var isPartial = false

  init(query: ListQuery, codes: TypeCodes, limit: Int) {
    self.limit = limit
    matcher = query.filter.map { NameMatcher($0) }
    kind = query.kind.map { codes.existingCode(for: $0) }
    expiry = query.expiry
  }

  mutating func select(_ run: IndexRun, _ isCancelled: () -> Bool) -> SelectedRun? {
    var selected = SelectedRun()
    for block in run.blocks {
      if isCancelled() { return nil }
      if selected.count >= limit {
        isPartial = true
        break
      }
      selected.append(block.names, mask: mask(for: block))
    }
    return selected
  }

  private mutating func mask(for block: IndexBlock) -> BitMask? {
    var mask = matcher?.matches(in: block.names)
    if let gone = block.gone {
      if mask == nil { mask = BitMask(count: block.names.count, repeating: true) }
      mask?.subtract(gone)
    }
    guard kind != nil || expiry != .any else { return mask }
    let candidates = mask ?? BitMask(count: block.names.count, repeating: true)
    guard let facts = block.facts else {
      unknownKeys += candidates.setBits
      return BitMask(count: block.names.count)
    }
    var result = candidates
    var index = candidates.firstSet(from: 0)
    while index < candidates.count {
      switch verdict(facts, index) {
      case .some(true): break
      case .some(false): result[index] = false
      case .none:
        result[index] = false
        unknownKeys += 1
      }
      index = candidates.firstSet(from: index + 1)
    }
    return result
  }

  /// Nil where it depends on a fact that is not known.
  private func verdict(_ facts: FactColumns, _ index: Int) -> Bool? {
    let type = facts.type(index)
    let deadline = facts.deadlines[index]
    var isOpen = false
    if let kind {
      if type == 0 { isOpen = true } else if type != kind { return false }
    }
    if expiry != .any {
      if deadline == FactColumns.unknownDeadline {
        isOpen = true
      } else if (deadline == FactColumns.persistentDeadline) != (expiry == .persistent) {
        return false
      }
    }
    return isOpen ? nil : true
  }
}
