/// What is known of the keys whose names begin with the same bytes.
package struct FolderFacts: Equatable, Sendable {
  /// The separator at its end included; empty: all keys.
  package var prefix: KeyName
  package var keys = 0
  /// Keys of which the deadline is known, those of them that have none, and the first of the others, in ms of the
  /// server's clock.
  package var dated = 0
  package var persistent = 0
  package var soonest: Int64?
  /// Keys of which the size is known, and what these take, in bytes.
  package var sized = 0
  package var bytes = 0
  /// Those of the sizes that are to be read again.
  package var outdated = 0
  /// Keys of which the size is known and that were picked at random (without a sample: all of which it is known), what
  /// these take, and the sum of its squares.
  package var sampled = 0
  package var sampledBytes = 0.0
  package var sampledSquares = 0.0
  /// Keys of each type, as far as it is known, most first.
  package var types: [TypeCount] = []

  package struct TypeCount: Equatable, Sendable {
    package var type: KeyType
    package var keys: Int

    package init(type: KeyType, keys: Int) {
      self.type = type
      self.keys = keys
    }
  }

  package init(prefix: KeyName) { self.prefix = prefix }

  /// What all of its keys take: those of which that is known, and for each of the others the mean of those that were
  /// picked at random. nil: of none.
  package var estimatedBytes: Int? {
    guard sized > 0 else { return nil }
    guard sized < keys else { return bytes }
    let mean = sampled > 0 ? sampledBytes / Double(sampled) : Double(bytes) / Double(sized)
    return Int(min(0x1p62, Double(bytes) + Double(keys - sized) * mean))
  }

  /// In 95 of 100 samples the true sum is not farther from ``estimatedBytes``, in bytes, as far as the sample has met
  /// what is big; nil: too few were picked to tell.
  package var sizeError: Double? {
    let rest = Double(keys - sized)
    guard rest > 0 else { return 0 }
    guard sampled >= Self.fewest else { return nil }
    let count = Double(sampled)
    let mean = sampledBytes / count
    let variance = max(0, (sampledSquares - count * mean * mean) / (count - 1))
    // Of the mean of the sample, and of the sum of those that are not in it.
    return 1.96 * (variance * (rest * rest / count + rest)).squareRoot()
  }

  /// Of fewer keys a spread says nothing.
  private static let fewest = 30

  /// Every key's size is known, and none of them is to be read again.
  package var isSizeExact: Bool { sized == keys && outdated == 0 }
}

extension KeyIndex {
  /// What is known of the keys of a folder, of those that a filter picks.
  ///
  /// One pass over its keys: some nanoseconds each, more with a filter or a sample.
  /// - Parameter sample: of which the keys were that were read at random.
  package func facts(under prefix: KeyName, filter: NameFilter? = nil, sample: KeySample = .all) -> FolderFacts {
    var facts = FolderFacts(prefix: prefix)
    var matcher = TargetMatcher(SweepTarget(scope: KeyScope(prefix: prefix.bytes, filter: filter)))
    var types = [Int](repeating: 0, count: 256)
    for run in [main] + recent {
      for block in run.blocks(under: prefix) {
        guard block.facts != nil || filter != nil || !prefix.bytes.isEmpty else {
          facts.keys += block.live
          continue
        }
        var mask = matcher.matches(in: block.names) ?? .all(of: block)
        if let gone = block.gone { mask.subtract(gone) }
        facts.keys += mask.setBits
        if let columns = block.facts { facts.add(columns, mask, block.names, sample, &types) }
      }
    }
    facts.types = types.indices.compactMap { code in
      guard types[code] > 0, let type = codes.type(of: UInt8(code)) else { return nil }
      return FolderFacts.TypeCount(type: type, keys: types[code])
    }.sorted { $0.keys > $1.keys }
    return facts
  }
}

extension FolderFacts {
  fileprivate mutating func add(
    _ columns: FactColumns, _ mask: BitMask, _ names: NameBlock, _ sample: KeySample, _ types: inout [Int]
  ) {
    let hasTypes = columns.known[.type] > 0
    let hasDeadlines = columns.known[.deadline] > 0
    let hasSizes = columns.known[.size] > 0
    let hasStaleSizes = columns.stale[.size] > 0
    guard hasTypes || hasDeadlines || hasSizes else { return }
    var index = mask.firstSet(from: 0)
    while index < mask.count {
      if hasTypes { types[Int(columns.types[index])] += 1 }
      if hasDeadlines {
        let deadline = columns.deadlines[index]
        if deadline != FactColumns.unknownDeadline {
          dated += 1
          if deadline == FactColumns.persistentDeadline {
            persistent += 1
          } else {
            soonest = min(soonest ?? deadline, deadline)
          }
        }
      }
      if hasSizes, columns.sizes[index] >= 0 {
        let size = columns.sizes[index]
        if hasStaleSizes, !columns.needs(index, .size).isEmpty { outdated += 1 }
        let isPicked = sample.isAll ? true : unsafe names.withNames { unsafe sample.contains($0[index]) }
        add(size: Int(size), isPicked: isPicked)
      }
      index = mask.firstSet(from: index + 1)
    }
  }
}

extension FolderFacts {
  /// Takes in the size of one key more. A server may say any number.
  private mutating func add(size: Int, isPicked: Bool) {
    sized += 1
    let (sum, overflow) = bytes.addingReportingOverflow(size)
    bytes = overflow ? .max : sum
    guard isPicked else { return }
    sampled += 1
    sampledBytes += Double(size)
    sampledSquares += Double(size) * Double(size)
  }
}

extension IndexRun {
  /// The blocks that may hold names with this prefix.
  fileprivate func blocks(under prefix: KeyName) -> ArraySlice<IndexBlock> {
    guard !prefix.bytes.isEmpty else { return blocks[...] }
    return unsafe prefix.bytes.withUnsafeBufferPointer { bytes in
      let first = unsafe max(0, blockIndex(for: bytes))
      let end = blocks[first...].partitioningIndex { block in
        unsafe block.names.withNames { unsafe !$0.isBefore(0, bytes, past: true) }
      }
      return blocks[first..<max(first, end)]
    }
  }
}
