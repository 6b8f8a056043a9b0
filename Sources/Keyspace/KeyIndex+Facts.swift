extension KeyIndex {
  /// Notes types and deadlines. Keys that are not in the index are ignored: insert them first.
  package mutating func record(_ facts: [(KeyName, KeyType, Deadline)]) {
    for (name, type, deadline) in facts {
      guard let location = location(of: name) else { continue }
      let code = noteCode(for: type)
      change(location) { $0.record($1, type: code, deadline: deadline) }
    }
  }

  /// What is known of a key: nil and `.unknown` where nothing is, also for a key that is not in the index.
  package func facts(of name: KeyName) -> (type: KeyType?, deadline: Deadline) {
    guard let location = location(of: name), let facts = block(at: location).facts else { return (nil, .unknown) }
    let index = location.place.index
    return (codes.type(of: facts.types[index]), facts.deadline(index))
  }

  /// The next keys whose type or deadline is not known, in byte order: for a sweep that can pause and go on.
  /// - Parameters:
  ///   - after: the last name of the call before; nil begins.
  ///   - limit: at most so many; fewer come only when there are no more.
  package func namesWithoutFacts(after: KeyName?, limit: Int) -> [KeyName] {
    guard limit > 0 else { return [] }
    var names: [KeyName] = []
    for run in [main] + recent {
      run.collectNamesWithoutFacts(after: after, limit: limit, into: &names)
    }
    if !recent.isEmpty { names.sort() }
    return Array(names.prefix(limit))
  }
}

extension IndexRun {
  fileprivate func collectNamesWithoutFacts(after: KeyName?, limit: Int, into result: inout [KeyName]) {
    var left = limit
    var block = 0
    var index = 0
    if let after {
      unsafe after.bytes.withUnsafeBufferPointer { bytes in
        block = unsafe max(0, blockIndex(for: bytes))
        guard block < blocks.count else { return }
        unsafe blocks[block].names.withNames { names in
          unsafe index = names.firstIndex(notBefore: bytes)
          if unsafe index < names.count && compareNames(names[index], bytes) == 0 { index += 1 }
        }
      }
    }
    while block < blocks.count, left > 0 {
      let current = blocks[block]
      if current.known < current.live {
        while index < current.names.count, left > 0 {
          if !current.isGone(index), !(current.facts?.isKnown(index) ?? false) {
            result.append(current.names.name(at: index))
            left -= 1
          }
          index += 1
        }
      }
      block += 1
      index = 0
    }
  }
}
