extension KeyIndex {
  /// Notes types and deadlines. Keys that are not in the index are ignored: insert them first.
  package mutating func record(_ facts: [(KeyName, KeyType, Deadline)]) {
    for (name, type, deadline) in facts {
      guard let location = sortedLocation(of: name) else { continue }
      let code = noteCode(for: type)
      change(location) { $0.record($1, type: code, deadline: deadline) }
    }
  }

  /// Types and deadlines of these keys are not known any more.
  package mutating func unlearn(_ names: [KeyName]) {
    for name in names {
      guard let location = location(of: name), block(at: location).facts?.isKnown(location.place.index) == true
      else { continue }
      change(location) { $0.unlearn($1) }
    }
  }

  /// What is known of a key: nil and `.unknown` where nothing is, also for a key that is not in the index.
  package func facts(of name: KeyName) -> (type: KeyType?, deadline: Deadline) {
    guard let location = location(of: name), let facts = block(at: location).facts else { return (nil, .unknown) }
    let index = location.place.index
    return (codes.type(of: facts.types[index]), facts.deadline(index))
  }
}
