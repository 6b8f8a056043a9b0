import CPlatform

/// Finds the names of whole blocks that a filter picks: one search over the arena, not one for each name.
struct NameMatcher {
  private let filter: NameFilter
  private let prefix: [UInt8]
  /// What every match contains, to look for in the arena; empty if nothing is known.
  private let needle: [UInt8]
  private let ignoresCase: Bool

  init(_ filter: NameFilter) {
    self.filter = filter
    prefix = filter.literalPrefix
    switch filter.rule {
    case .glob(let glob):
      needle = glob.longestLiteral
      ignoresCase = false
    case .substring(let text, let ignoresCase):
      needle = text
      self.ignoresCase = ignoresCase
    case .subsequence(_, let ignoresCase):
      needle = []
      self.ignoresCase = ignoresCase
    }
  }

  /// The matching names of a block.
  func matches(in block: NameBlock) -> BitMask {
    unsafe block.withNames { names in
      var mask = unsafe BitMask(count: names.count)
      let range = unsafe prefixRange(in: names)
      if case .subsequence(let wanted, _) = filter.rule, !wanted.isEmpty {
        if let byte = unsafe rareByte(of: wanted, in: names) {
          unsafe mark(&mask, [byte], names, range)
        } else {
          for i in range where unsafe confirms(i, names) { mask[i] = true }
        }
      } else if needle.isEmpty {
        for i in range where unsafe confirms(i, names) { mask[i] = true }
      } else {
        unsafe mark(&mask, needle, names, range)
      }
      return mask
    }
  }

  /// The byte of a fuzzy text that is met least, if it is so rare that looking for it skips most names. Told by a part of
  /// the names, evenly taken.
  private func rareByte(of wanted: [UInt8], in names: borrowing Names) -> UInt8? {
    let step = unsafe max(1, names.arena.count / Self.sampledBytes)
    var seen = InlineArray<256, Int32>(repeating: 0)
    var sampled = 0
    for place in unsafe stride(from: 0, to: names.arena.count, by: step) {
      let byte = unsafe names.arena[place]
      seen[Int(ignoresCase ? NameFilter.lowercase(byte) : byte)] += 1
      sampled += 1
    }
    guard let rarest = wanted.min(by: { seen[Int($0)] < seen[Int($1)] }) else { return nil }
    let perName = unsafe Double(names.arena.count) / Double(max(1, names.count))
    return Double(seen[Int(rarest)]) * perName < Double(sampled) * Self.rarity ? rarest : nil
  }

  private static let sampledBytes = 2_048
  /// Times a name.
  private static let rarity = 0.3

  private func prefixRange(in names: borrowing Names) -> Range<Int> {
    guard !prefix.isEmpty else { return unsafe 0..<names.count }
    return unsafe prefix.withUnsafeBufferPointer { prefix in
      let start = unsafe names.firstIndex(notBefore: prefix)
      return unsafe start..<names.firstIndex(notBefore: prefix, past: true, from: start)
    }
  }

  /// Marks the names of `range` that contain the needle, which is not empty, and satisfy the filter.
  private func mark(_ mask: inout BitMask, _ needle: [UInt8], _ names: borrowing Names, _ range: Range<Int>) {
    guard let base = unsafe names.arena.baseAddress else { return }
    unsafe needle.withUnsafeBufferPointer { needle in
      guard let first = needle.baseAddress else { return }
      let end = unsafe names.start(of: range.upperBound)
      var index = range.lowerBound
      var from = unsafe names.start(of: index)
      while from < end {
        let found = unsafe kg_search(base + from, end - from, first, needle.count, ignoresCase)
        if found < 0 { break }
        let position = from + found
        unsafe index = names.index(containing: position, from: index)
        guard unsafe position + needle.count <= names.start(of: index + 1) else {
          from = position + 1  // it lies across two names
          continue
        }
        if unsafe confirms(index, names) { mask[index] = true }
        index += 1
        from = unsafe names.start(of: index)
      }
    }
  }

  /// What finding the needle leaves open.
  private func confirms(_ index: Int, _ names: borrowing Names) -> Bool {
    switch filter.rule {
    case .glob(let glob): return unsafe glob.matches(names[index])
    case .substring: return true
    case .subsequence(let wanted, _):
      let name = unsafe names[index]
      let readable = unsafe names.arena.count - names.start(of: index)
      return unsafe kg_holds_in_order(
        name.baseAddress, name.count, readable, wanted, wanted.count, ignoresCase)
    }
  }
}

extension Names {
  /// The index of the name that the arena's byte at `position` belongs to, at or after `from`.
  func index(containing position: Int, from: Int) -> Int {
    var low = from
    var step = 1
    while unsafe low + step < count && start(of: low + step) <= position {
      low += step
      step *= 2
    }
    // start(of: low) <= position; the answer is the last such index.
    var high = unsafe min(low + step, count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if unsafe start(of: middle) <= position { low = middle } else { high = middle }
    }
    return low
  }
}
