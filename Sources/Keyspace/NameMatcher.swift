import CPlatform

/// Finds the names of whole blocks that a filter picks: one search over the arena, not one for each name.
struct NameMatcher {
  private let filter: NameFilter
  private let prefix: [UInt8]
  /// What every match contains, to look for in the arena; empty if nothing is known.
  private let needle: [UInt8]
  private let lowersArena: Bool
  /// A block's arena in lower case; kept for the next block.
  private var lowered: [UInt8] = []

  init(_ filter: NameFilter) {
    self.filter = filter
    prefix = filter.literalPrefix
    switch filter.rule {
    case .glob(let glob):
      needle = glob.longestLiteral
      lowersArena = false
    case .substring(let text, let ignoresCase):
      needle = text
      lowersArena = ignoresCase
    case .subsequence:
      needle = []
      lowersArena = false
    }
  }

  /// The matching names of a block.
  mutating func matches(in block: NameBlock) -> BitMask {
    unsafe block.withNames { names in
      var mask = unsafe BitMask(count: names.count)
      let range = unsafe prefixRange(in: names)
      if needle.isEmpty {
        for i in range where unsafe confirms(names[i]) { mask[i] = true }
      } else if lowersArena {
        unsafe lower(names, range)
        unsafe lowered.withUnsafeBufferPointer { unsafe mark(&mask, arena: $0, names, range) }
      } else {
        unsafe mark(&mask, arena: names.arena, names, range)
      }
      return mask
    }
  }

  private func prefixRange(in names: borrowing Names) -> Range<Int> {
    guard !prefix.isEmpty else { return unsafe 0..<names.count }
    return unsafe prefix.withUnsafeBufferPointer { prefix in
      let start = unsafe names.firstIndex(notBefore: prefix)
      return unsafe start..<names.firstIndex(notBefore: prefix, past: true, from: start)
    }
  }

  private mutating func lower(_ names: borrowing Names, _ range: Range<Int>) {
    if unsafe lowered.count < names.arena.count {
      lowered = unsafe Array(repeating: 0, count: names.arena.count)
    }
    unsafe lowered.withUnsafeMutableBufferPointer { lowered in
      guard let to = lowered.baseAddress, let from = unsafe names.arena.baseAddress else { return }
      let start = unsafe names.start(of: range.lowerBound)
      unsafe kg_lowercase(to + start, from + start, names.start(of: range.upperBound) - start)
    }
  }

  /// Marks the names of `range` that contain the needle and satisfy the filter.
  private func mark(
    _ mask: inout BitMask, arena: UnsafeBufferPointer<UInt8>, _ names: borrowing Names, _ range: Range<Int>
  ) {
    guard let base = arena.baseAddress else { return }
    unsafe needle.withUnsafeBufferPointer { needle in
      let end = unsafe names.start(of: range.upperBound)
      var index = range.lowerBound
      var from = unsafe names.start(of: index)
      while from < end {
        let found = unsafe kg_find(base + from, end - from, needle.baseAddress, needle.count)
        if found < 0 { break }
        let position = from + found
        unsafe index = names.index(containing: position, from: index)
        guard unsafe position + needle.count <= names.start(of: index + 1) else {
          from = position + 1  // it lies across two names
          continue
        }
        if unsafe confirms(names[index]) { mask[index] = true }
        index += 1
        from = unsafe names.start(of: index)
      }
    }
  }

  /// What finding the needle leaves open.
  private func confirms(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    switch filter.rule {
    case .glob(let glob): unsafe glob.matches(name)
    case .substring: true
    case .subsequence(let wanted, let ignoresCase):
      unsafe NameFilter.contains(name, wanted, ignoresCase: ignoresCase)
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
