extension KeyIndex {
  /// Notes types and deadlines. Keys that are not in the index are ignored: insert them first.
  /// Where the type is nil it was not read, and stays as it is.
  package mutating func record(_ facts: [(KeyName, KeyType?, Deadline)]) {
    for (name, type, deadline) in facts { record(name, type: type, deadline: deadline) }
  }

  mutating func record(_ name: KeyName, type: KeyType?, deadline: Deadline) {
    guard let location = sortedLocation(of: name) else { return }
    let code = type.map { noteCode(for: $0) }
    change(logging: location) { $0.record($1, type: code, deadline: deadline) }
  }

  /// Nothing is known any more of any key but its name. An expiry index is to be made anew.
  package mutating func forgetFacts() {
    changeAllBlocks { $0.forgetFacts() }
  }

  /// Types and deadlines of these keys are not known any more.
  package mutating func unlearn(_ names: [KeyName]) {
    for name in names {
      guard let location = location(of: name), let facts = block(at: location).facts,
        facts.isDated(location.place.index) || facts.type(location.place.index) != 0
          || facts.isUntold(location.place.index)
      else { continue }
      change(logging: location) { $0.unlearn($1) }
    }
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
    for run in [old.main] + old.recent where run.dated > 0 || run.known > 0 {
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
              block.facts.map({ !$0.isDated(index) && $0.type(index) == 0 }) ?? true,
              facts.isDated(place) || facts.type(place) != 0
            {
              let code = old.codes.type(of: facts.type(place)).map { codes.code(for: $0) }
              block.record(index, type: code, deadline: facts.deadline(place), isStale: true)
            }
            index += 1
          }
        }
      }
    }
    keep(codes)
  }
}
