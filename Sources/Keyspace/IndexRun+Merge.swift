extension IndexRun {
  /// One run of two that have no living name in common. Blocks that lie between two of the other run's names are
  /// taken over as they are; a block is let go as soon as it is read, so that memory does not double unless someone
  /// else holds the runs.
  static func merging(_ left: consuming IndexRun, _ right: consuming IndexRun) -> IndexRun {
    if left.blocks.isEmpty { return right }
    if right.blocks.isEmpty { return left }
    var sides = MergeSides(left: left.blocks, right: right.blocks)
    _ = consume left
    _ = consume right
    return sides.merge()
  }
}

/// The two sides of a merge and how far it got.
private struct MergeSides {
  var left: [IndexBlock]
  var right: [IndexBlock]
  var leftBlock = 0
  var rightBlock = 0
  var leftIndex = 0
  var rightIndex = 0
  var builder = RunBuilder()

  init(left: [IndexBlock], right: [IndexBlock]) {
    self.left = left
    self.right = right
  }

  mutating func merge() -> IndexRun {
    while leftBlock < left.count, rightBlock < right.count {
      mergeBlocks()
      if leftIndex == left[leftBlock].names.count {
        left[leftBlock] = .empty
        leftBlock += 1
        leftIndex = 0
      }
      if rightIndex == right[rightBlock].names.count {
        right[rightBlock] = .empty
        rightBlock += 1
        rightIndex = 0
      }
    }
    Self.appendRest(of: left, from: leftBlock, index: leftIndex, to: &builder)
    Self.appendRest(of: right, from: rightBlock, index: rightIndex, to: &builder)
    return builder.finish()
  }

  private static func appendRest(of side: [IndexBlock], from block: Int, index: Int, to builder: inout RunBuilder) {
    guard block < side.count else { return }
    if index == 0 {
      builder.appendWhole(side[block])
    } else {
      builder.append(side[block], index..<side[block].names.count)
    }
    for rest in side[(block + 1)...] { builder.appendWhole(rest) }
  }

  /// Goes on until one of the two current blocks is used up.
  private mutating func mergeBlocks() {
    let (a, b) = (left[leftBlock], right[rightBlock])
    let isPlain = a.gone == nil && a.facts == nil && b.gone == nil && b.facts == nil
    unsafe a.names.withNames { aNames in
      unsafe b.names.withNames { bNames in
        if leftIndex == 0, unsafe compareNames(aNames[aNames.count - 1], bNames[rightIndex]) < 0 {
          builder.appendWhole(a)
          unsafe leftIndex = aNames.count
          return
        }
        if rightIndex == 0, unsafe compareNames(bNames[bNames.count - 1], aNames[leftIndex]) < 0 {
          builder.appendWhole(b)
          unsafe rightIndex = bNames.count
          return
        }
        while unsafe leftIndex < aNames.count && rightIndex < bNames.count {
          let order = unsafe compareNames(aNames[leftIndex], bNames[rightIndex])
          if order < 0 {
            let end = unsafe aNames.firstIndex(notBefore: bNames[rightIndex], from: leftIndex + 1)
            if isPlain { unsafe builder.append(aNames, leftIndex..<end) } else { builder.append(a, leftIndex..<end) }
            leftIndex = end
          } else if order > 0 {
            let end = unsafe bNames.firstIndex(notBefore: aNames[leftIndex], from: rightIndex + 1)
            if isPlain { unsafe builder.append(bNames, rightIndex..<end) } else { builder.append(b, rightIndex..<end) }
            rightIndex = end
          } else if a.isGone(leftIndex) {
            leftIndex += 1
          } else {
            rightIndex += 1
          }
        }
      }
    }
  }
}
