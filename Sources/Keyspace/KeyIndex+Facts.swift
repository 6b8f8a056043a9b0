extension KeyIndex {
  /// Notes types and deadlines. Keys that are not in the index are ignored: insert them first.
  /// Where the type is nil it was not read, and stays as it is.
  package mutating func record(_ facts: [(KeyName, KeyType?, Deadline)]) {
    for (name, type, deadline) in facts { record(name, FactValues(type: type, deadline: deadline)) }
  }

  /// Notes what was read of a key.
  ///
  /// - Parameter seconds: when it was read, monotonic; only for ``markStale(_:readBefore:)``.
  package mutating func record(_ name: KeyName, _ values: FactValues, at seconds: Int32 = 0) {
    guard let location = sortedLocation(of: name) else { return }
    let code = values.type.map { noteCode(for: $0) }
    change(logging: location) { $0.record($1, values, typeCode: code, at: seconds) }
  }

  /// Nothing is known any more of any key but its name. An expiry index is to be made anew.
  package mutating func forgetFacts() {
    changeAllBlocks { $0.forgetFacts() }
  }

  /// Of these keys nothing is known any more but their names.
  package mutating func unlearn(_ names: [KeyName]) {
    for name in names {
      guard let location = location(of: name), let facts = block(at: location).facts,
        facts.isTouched(location.place.index)
      else { continue }
      change(logging: location) { $0.unlearn($1) }
    }
  }

  /// All that is known of a key.
  package func values(of name: KeyName) -> FactValues {
    guard let location = location(of: name), let facts = block(at: location).facts else { return FactValues() }
    return facts.values(location.place.index, codes: codes)
  }

  /// What is known of a key: nil and `.unknown` where nothing is, also for a key that is not in the index.
  package func facts(of name: KeyName) -> (type: KeyType?, deadline: Deadline) {
    guard let location = location(of: name), let facts = block(at: location).facts else { return (nil, .unknown) }
    let index = location.place.index
    return (codes.type(of: facts.type(index)), facts.deadline(index))
  }

  /// Changes the block of a key in place, and notes what that did to the key's deadline.
  mutating func change(logging location: Location, isGone: Bool = false, _ body: (inout IndexBlock, Int) -> Void) {
    var log = takeLog()
    change(location) { block, index in
      let (names, before) = (block.names, block.rawDeadline(index))
      body(&block, index)
      log?.note(names, index, from: before, to: block.rawDeadline(index), isGone: isGone)
    }
    keep(log)
  }

  /// Takes over what another index knows of keys that are in both, as something to be read again: so that a second
  /// scan of a key space does not forget what the first has learned. One pass over both.
  package mutating func adoptFacts(of old: KeyIndex) {
    var old = old
    old.gather()
    var codes = codes
    for run in [old.main] + old.recent where run.known != FactTally() {
      var source = run.blocks.makeIterator()
      var current = source.next()
      var from = 0
      changeAllBlocks { block in
        unsafe block.names.withNames { names in
          var index = 0
          while unsafe index < names.count, let known = current {
            let last = unsafe known.names.withNames { unsafe $0[$0.count - 1] }
            if unsafe compareNames(last, names[index]) < 0 {
              current = source.next()
              from = 0
              continue
            }
            let place = unsafe known.names.withNames { unsafe $0.firstIndex(notBefore: names[index], from: from) }
            from = place
            let isSame = unsafe known.names.withNames { unsafe compareNames($0[place], names[index]) == 0 }
            if isSame, let facts = known.facts, !known.isGone(place), !block.isGone(index),
              block.facts?.known(index).isEmpty ?? true, !facts.known(place).isEmpty
            {
              let values = facts.values(place, codes: old.codes)
              block.record(index, values, typeCode: values.type.map { codes.code(for: $0) }, at: .max)
              block.markStale(index, .all)
            }
            index += 1
          }
        }
      }
    }
    keep(codes)
  }
}
