import CPlatform

/// The rows of a list: an immutable answer to a query, to be kept as long as wanted. It shares the names with the
/// index and holds, beyond that, one bit a key with a filter and eight bytes a folder of the open levels.
package struct RowList: Sendable {
  private let order: NameOrder
  /// Nil for the flat list, and where the rows are sorted otherwise.
  private let tree: TreeLayout?
  /// Nil where the rows are in the order of names.
  private let sorted: SortedRows?
  private let separator: [UInt8]

  /// Keys in the index when the list was made.
  package let totalKeys: Int
  /// Keys that match the query, in closed folders too.
  package var matchedKeys: Int { order.count }
  /// Keys that match the filter but may or may not be of the wanted type or expiry, because that is not known: they
  /// are not listed. 0 without those conditions.
  package let unknownKeys: Int
  /// The times of the server, in ms, at which the same keys match: outside of them the list is to be made again. Without a
  /// condition for what is left of a TTL all times, as long as the index does not change.
  package let validity: Range<Int64>
  /// Whether the pass stopped early: then later names are missing and all numbers are lower bounds.
  package let isPartial: Bool
  /// Rows.
  package var count: Int { sorted?.rowCount ?? tree?.rowCount ?? order.count }
  /// Keys of which is not known what they are ordered by: they come last. 0 in the order of names.
  package let unsortedKeys: Int
  package var isEmpty: Bool { count == 0 }

  /// The heavy pass; call it on a worker. Without a filter it takes microseconds for a flat list, for a tree the walk
  /// over the open levels; with a filter one search over all names. While a scan runs, call
  /// ``KeyIndex/gather()`` before: else the work is done here, for this list alone.
  /// - Parameters:
  ///   - stopAfter: stops soon after so many matches, for the first rows of a filter within a few milliseconds; see
  ///     `isPartial`.
  ///   - isCancelled: asked every 65,536 names or less; when true, the list is empty and to be thrown away.
  package init(
    index: KeyIndex, query: ListQuery, stopAfter: Int = .max, isCancelled: () -> Bool = { false }
  ) {
    var pass = ListPass(index: index, query: query)
    let isWhole = pass.advance(until: { $0 >= stopAfter }, isCancelled: isCancelled)
    self.init(
      selection: isWhole ? pass.selection(isCancelled: isCancelled) : nil, query: query, totalKeys: pass.totalKeys,
      isCancelled: isCancelled)
  }

  /// What a pass has picked so far. The laying out is done here; `isCancelled` as above.
  package init(_ pass: ListPass, isCancelled: () -> Bool) {
    self.init(
      selection: pass.selection(isCancelled: isCancelled), query: pass.query, totalKeys: pass.totalKeys,
      isCancelled: isCancelled)
  }

  /// The same keys as another list of this index, laid out in another way: by another layout, separator or with other
  /// folders open. Nil where the query picks other keys or may do so, orders them by what is known of them, or if it was
  /// cancelled.
  package init?(_ other: RowList, madeOf made: ListQuery, query: ListQuery, isCancelled: () -> Bool) {
    guard !other.isPartial, !made.dependsOnFacts, !query.dependsOnFacts, made.filter == query.filter,
      let selection = ListSelection(
        other.order, query: query, values: nil, unknownKeys: other.unknownKeys, validity: other.validity,
        isPartial: false, isCancelled: isCancelled)
    else { return nil }
    self.init(selection: selection, query: query, totalKeys: other.totalKeys, isCancelled: isCancelled)
  }

  private init(selection: ListSelection?, query: ListQuery, totalKeys: Int, isCancelled: () -> Bool) {
    separator = query.separator
    self.totalKeys = totalKeys
    var order = selection?.order ?? NameOrder(main: SelectedRun(), recent: SelectedRun())
    var tree: TreeLayout?
    if query.layout == .tree {
      tree = TreeBuilder(order: order, query: query).build(isCancelled: isCancelled)
      if tree == nil {
        order = NameOrder(main: SelectedRun(), recent: SelectedRun())
        tree = TreeLayout()
      }
    }
    self.order = order
    if let values = selection?.values, values.count == order.count {
      sorted = SortedRows(layout: tree, values: values, sort: query.sort)
      unsortedKeys = values.count { $0 == SortValues.unknown }
      self.tree = nil
    } else {
      (sorted, unsortedKeys) = (nil, 0)
      self.tree = tree
    }
    unknownKeys = selection?.unknownKeys ?? 0
    validity = selection?.validity ?? .min ..< .max
    isPartial = selection?.isPartial ?? false
  }

  /// A list of nothing.
  package init() {
    self.init(index: KeyIndex(), query: ListQuery())
  }

  /// A row (0..<count). Some microseconds at most.
  package subscript(row: Int) -> Row {
    let found = sorted?.item(row: row) ?? tree?.item(row: row, keyCount: order.count)
    guard let (item, depth, labelStart) = found else { return keyRow(at: row, depth: 0, labelStart: 0) }
    switch item {
    case .leaf(let position):
      return keyRow(at: position, depth: depth, labelStart: labelStart)
    case .folder(let position, let count, let isExpanded):
      let prefix = folderPrefix(of: order.name(at: position), labelStart: labelStart)
      return Row(
        id: .folder(prefix), depth: depth, labelStart: labelStart, count: count, isExpanded: isExpanded)
    }
  }

  private func keyRow(at position: Int, depth: Int, labelStart: Int) -> Row {
    Row(id: .key(order.name(at: position)), depth: depth, labelStart: labelStart, count: 1, isExpanded: false)
  }

  private func folderPrefix(of name: KeyName, labelStart: Int) -> KeyName {
    let found = unsafe name.bytes.withUnsafeBufferPointer { bytes in
      unsafe separator.withUnsafeBufferPointer { separator in
        let label = unsafe UnsafeBufferPointer(rebasing: bytes[labelStart...])
        return unsafe kg_find(label.baseAddress, label.count, separator.baseAddress, separator.count)
      }
    }
    return KeyName(name.bytes[..<(labelStart + found + separator.count)])
  }

  /// The row of an id; nil if it has none: not in the list, or inside a closed folder.
  package func position(of id: RowID) -> Int? {
    if let sorted { return position(of: id, in: sorted) }
    let row = lowerBound(id)
    return row < count && self[row].id == id ? row : nil
  }

  /// Where the cursor goes when it was on `id`: its row, else the closed folder that hides it, else the row that
  /// follows, else the last one. Where rows are not in the order of names, none follows: then it stays in `row`. 0 for an
  /// empty list.
  package func position(atOrAfter id: RowID, from row: Int) -> Int {
    if let sorted {
      return position(of: id, in: sorted) ?? closedFolder(above: id, in: sorted) ?? max(0, min(row, count - 1))
    }
    let row = lowerBound(id)
    if row < count, self[row].id == id { return row }
    if row > 0 {
      let before = self[row - 1]
      if before.id.isFolder, !before.isExpanded, id.name.hasPrefix(before.id.name) { return row - 1 }
    }
    return max(0, min(row, count - 1))
  }

  private func position(of id: RowID, in sorted: SortedRows) -> Int? {
    let position = order.position(notBefore: id.name)
    guard position < order.count else { return nil }
    if id.isFolder {
      guard order.name(at: position).hasPrefix(id.name) else { return nil }
      // Without making the name of each: a key may lie in any number of folders.
      return sorted.rows(ofFoldersAt: position).first { row in
        id.name.bytes.firstEnd(of: separator, from: sorted.item(row: row).labelStart) == id.name.bytes.count
      }
    }
    return order.name(at: position) == id.name ? sorted.row(ofKey: position) : nil
  }

  private func closedFolder(above id: RowID, in sorted: SortedRows) -> Int? {
    let position = order.position(notBefore: id.name)
    // Behind the last key of a folder may be the first of another.
    return [position, position - 1].lazy.compactMap { sorted.row(ofClosedFolderAt: $0) }
      .first { id.name.hasPrefix(self[$0].id.name) }
  }

  /// The first row that is not before `id`: rows ascend by their ids.
  private func lowerBound(_ id: RowID) -> Int {
    if tree == nil { return order.position(notBefore: id.name) }
    return (0..<count).partitioningIndex { self[$0].id >= id }
  }
}

extension RowList {
  /// The first of the keys whose names begin with exactly these bytes, in byte order.
  package func firstKeys(under prefix: KeyName, limit: Int) -> [KeyName] {
    let range = prefix.bytes.isEmpty ? 0..<order.count : order.positions(under: prefix)
    return range.prefix(limit).map { order.name(at: $0) }
  }

  /// The keys of the list, in closed folders too, whose names begin with exactly these bytes, in byte order.
  ///
  /// - Returns: how many there are; their names only where those are no more than `limit`.
  package func keys(under prefix: KeyName = KeyName([UInt8]()), limit: Int) -> (names: [KeyName], count: Int) {
    let range = prefix.bytes.isEmpty ? 0..<order.count : order.positions(under: prefix)
    guard range.count <= limit else { return ([], range.count) }
    return (range.map { order.name(at: $0) }, range.count)
  }
}
