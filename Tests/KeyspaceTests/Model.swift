import Keyspace

/// SplitMix64: the same sequence for the same seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension Seeded {
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }
}

/// The index and its lists in the plainest way.
struct Model {
  struct Facts: Equatable {
    var type: KeyType?
    var deadline: Deadline = .unknown
  }

  var keys: [KeyName: Facts] = [:]

  var sorted: [KeyName] { keys.keys.sorted() }

  mutating func insert(_ names: [KeyName]) {
    for name in names where keys[name] == nil { keys[name] = Facts() }
  }

  mutating func remove(_ names: [KeyName]) {
    for name in names { keys[name] = nil }
  }

  mutating func record(_ facts: [(KeyName, KeyType?, Deadline)]) {
    for (name, type, deadline) in facts {
      guard let before = keys[name] else { continue }
      keys[name] = Facts(type: type ?? before.type, deadline: deadline)
    }
  }

  mutating func unlearn(_ names: [KeyName]) {
    for name in names where keys[name] != nil { keys[name] = Facts() }
  }

  /// Takes over what another one knows of keys that are in both and of which nothing is known here.
  mutating func adopt(_ old: Model) {
    for (name, facts) in keys where facts == Facts() { keys[name] = old.keys[name] ?? facts }
  }

  /// The listed keys of a query, and how many are left out because a fact is not known.
  func selected(_ query: ListQuery) -> (names: [KeyName], unknown: Int) {
    var unknown = 0
    let names = sorted.filter { name in
      guard query.filter?.matches(name) ?? true else { return false }
      let facts = keys[name] ?? Facts()
      var isOpen = false
      if let kind = query.kind {
        guard let type = facts.type else { isOpen = true; return check(facts) }
        if type != kind { return false }
      }
      return check(facts)

      func check(_ facts: Facts) -> Bool {
        switch (query.expiry, facts.deadline) {
        case (.any, _): break
        case (.impossible, _): return false
        case (.ttl(let condition), let deadline):
          guard let isMet = condition.isMet(by: deadline, at: query.serverTime) else { isOpen = true; break }
          if !isMet { return false }
        case (_, .unknown): isOpen = true
        case (.persistent, .persistent), (.volatile, .at): break
        default: return false
        }
        if isOpen { unknown += 1 }
        return !isOpen
      }
    }
    return (names, unknown)
  }

  func rows(_ query: ListQuery) -> [Row] {
    let names = selected(query).names
    if query.layout == .flat {
      return names.map { Row(id: .key($0), depth: 0, labelStart: 0, count: 1, isExpanded: false) }
    }
    var rows: [Row] = []
    level(names[...], depth: 0, labelStart: 0, query, into: &rows)
    return rows
  }

  private func level(
    _ names: ArraySlice<KeyName>, depth: Int, labelStart: Int, _ query: ListQuery, into rows: inout [Row]
  ) {
    var rest = names
    while let name = rest.first {
      guard let end = Self.end(of: query.separator, in: name.bytes, from: labelStart) else {
        rows.append(Row(id: .key(name), depth: depth, labelStart: labelStart, count: 1, isExpanded: false))
        rest = rest.dropFirst()
        continue
      }
      let prefix = KeyName(name.bytes[..<end])
      let members = rest.prefix { $0.hasPrefix(prefix) }
      let isExpanded = query.expanded.contains(prefix)
      rows.append(
        Row(
          id: .folder(prefix), depth: depth, labelStart: labelStart, count: members.count, isExpanded: isExpanded))
      if isExpanded { level(members, depth: depth + 1, labelStart: end, query, into: &rows) }
      rest = rest.dropFirst(members.count)
    }
  }

  private static func end(of separator: [UInt8], in name: [UInt8], from start: Int) -> Int? {
    guard !separator.isEmpty, name.count - start >= separator.count else { return nil }
    for i in start...(name.count - separator.count) where Array(name[i..<(i + separator.count)]) == separator {
      return i + separator.count
    }
    return nil
  }
}
