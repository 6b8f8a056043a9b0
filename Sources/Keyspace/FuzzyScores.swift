/// Scores of the keys of a list, for those filters that find some names better than others.
extension NameFilter {
  /// It is fuzzy: some of its names are better than others, and the best come first.
  package var ranksNames: Bool {
    if case .subsequence(let wanted, _) = rule { !wanted.isEmpty } else { false }
  }

  fileprivate var scorer: FuzzyScorer? {
    guard case .subsequence(let wanted, let ignoresCase) = rule, !wanted.isEmpty else { return nil }
    return FuzzyScorer(wanted, ignoresCase: ignoresCase)
  }

  /// The ranges of bytes that make a name match, ascending and apart: of a substring all places that do not overlap, of a
  /// fuzzy text those that its score is made of, of a glob its literal parts. Empty where the name does not match.
  package func matchedRanges(in name: [UInt8]) -> [Range<Int>] {
    switch rule {
    case .glob(let glob): return unsafe name.withUnsafeBufferPointer { unsafe glob.literalRanges(in: $0) }
    case .substring(let needle, let ignoresCase):
      guard !needle.isEmpty else { return [] }
      return unsafe name.withUnsafeBufferPointer { name in
        var ranges: [Range<Int>] = []
        while let place = unsafe Self.firstPlace(of: needle, in: name, from: ranges.last?.upperBound ?? 0, ignoresCase)
        {
          ranges.append(place..<place + needle.count)
        }
        return ranges
      }
    case .subsequence:
      guard var scorer else { return [] }
      return Self.ranges(of: unsafe name.withUnsafeBufferPointer { unsafe scorer.places(in: $0) })
    }
  }

  /// Places that follow one another, as ranges.
  private static func ranges(of places: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for place in places {
      if let last = ranges.last, last.upperBound == place {
        ranges[ranges.count - 1] = last.lowerBound..<place + 1
      } else {
        ranges.append(place..<place + 1)
      }
    }
    return ranges
  }
}

extension NameOrder {
  /// One number for each key, in the order of their names, the lower the better (``FuzzyScorer``); not to be compared with
  /// those of another filter. Nil where the filter does not rank names, or if it was cancelled.
  func ranks(by filter: NameFilter, isCancelled: () -> Bool) -> [Int64]? {
    guard var scorer = filter.scorer, let main = main.ranks(&scorer, isCancelled),
      let recent = recent.ranks(&scorer, isCancelled)
    else { return nil }
    return merge(main[...], recent[...])
  }
}

extension SelectedRun {
  fileprivate func ranks(_ scorer: inout FuzzyScorer, _ isCancelled: () -> Bool) -> [Int64]? {
    var ranks: [Int64] = []
    ranks.reserveCapacity(count)
    for block in blocks {
      if isCancelled() { return nil }
      unsafe block.names.withNames { names in
        var index = block.mask?.mask.firstSet(from: 0) ?? 0
        while unsafe index < names.count {
          ranks.append(-Int64(unsafe scorer.score(names[index])))
          index = block.mask?.mask.firstSet(from: index + 1) ?? index + 1
        }
      }
    }
    return ranks
  }
}
