/// Scores of the keys of a list, for those filters that find some names better than others.
extension NameFilter {
  /// It is fuzzy: its names have scores (``NameOrder/scores(for:isCancelled:)``), and the best come first.
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
  /// One score for each key, in the order of their names, higher is better (32 bits, not to be compared with those of
  /// another filter). Nil where the filter does not rank names, or if it was cancelled.
  func scores(for filter: NameFilter, isCancelled: () -> Bool) -> [UInt32]? {
    guard var scorer = filter.scorer, let main = main.scores(&scorer, isCancelled),
      let recent = recent.scores(&scorer, isCancelled)
    else { return nil }
    guard !recent.isEmpty else { return main }
    var scores: [UInt32] = []
    scores.reserveCapacity(count)
    var place = Place(block: 0, index: 0)
    for (rank, score) in recent.enumerated() {
      place = unsafe self.recent.withName(at: self.recent.place(rank: rank)) { name in
        unsafe self.main.firstPlace(notBefore: name, from: place)
      }
      scores += main[(scores.count - rank)..<self.main.rank(place)]
      scores.append(score)
    }
    return scores + main[(scores.count - recent.count)...]
  }
}

extension SelectedRun {
  fileprivate func scores(_ scorer: inout FuzzyScorer, _ isCancelled: () -> Bool) -> [UInt32]? {
    var scores: [UInt32] = []
    scores.reserveCapacity(count)
    for block in blocks {
      if isCancelled() { return nil }
      unsafe block.names.withNames { names in
        var index = block.mask?.mask.firstSet(from: 0) ?? 0
        while unsafe index < names.count {
          scores.append(unsafe scorer.score(names[index]))
          index = block.mask?.mask.firstSet(from: index + 1) ?? index + 1
        }
      }
    }
    return scores
  }
}
