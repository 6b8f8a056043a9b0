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
    var size: Int?
    var usedAt: Int?
    /// To be read again, and asked for in vain.
    var stale: FactSet = []
    var untold: FactSet = []

    var known: FactSet {
      var known: FactSet = []
      if type != nil { known.insert(.type) }
      if deadline != .unknown { known.insert(.deadline) }
      if size != nil { known.insert(.size) }
      if usedAt != nil { known.insert(.idle) }
      return known
    }

    var values: FactValues {
      FactValues(type: type, deadline: deadline == .unknown ? nil : deadline, size: size, usedAt: usedAt)
    }

    func needsReading(_ facts: FactSet) -> Bool {
      !facts.isDisjoint(with: stale) || !facts.subtracting(known).subtracting(untold).isEmpty
    }

    mutating func learn(_ values: FactValues) {
      var read: FactSet = []
      if let type = values.type { (self.type, read) = (type, read.union(.type)) }
      if let deadline = values.deadline { (self.deadline, read) = (deadline, read.union(.deadline)) }
      if let size = values.size { (self.size, read) = (size, read.union(.size)) }
      if let usedAt = values.usedAt { (self.usedAt, read) = (usedAt, read.union(.idle)) }
      stale.subtract(read)
      untold.subtract(read)
    }

    /// The server was asked for these and did not tell what is not known or old.
    mutating func noteUntold(_ facts: FactSet) {
      let open = facts.intersection(stale.union(FactSet.all.subtracting(known)))
      if open.contains(.type) { type = nil }
      if open.contains(.deadline) { deadline = .unknown }
      if open.contains(.size) { size = nil }
      if open.contains(.idle) { usedAt = nil }
      stale.subtract(open)
      untold.formUnion(open)
    }
  }

  var keys: [KeyName: Facts] = [:]

  var sorted: [KeyName] { keys.keys.sorted() }

  // MARK: - Changes

  mutating func insert(_ names: [KeyName]) {
    for name in names where keys[name] == nil { keys[name] = Facts() }
  }

  mutating func remove(_ names: [KeyName]) {
    for name in names { keys[name] = nil }
  }

  mutating func record(_ name: KeyName, _ values: FactValues) { keys[name]?.learn(values) }

  mutating func record(_ swept: [SweptKey], of names: [KeyName], asking facts: FactSet) {
    for (name, answer) in zip(names, swept) {
      switch answer {
      case .unknown: keys[name]?.noteUntold(facts)
      case .gone: keys[name] = nil
      case .known(let values):
        keys[name]?.learn(values)
        keys[name]?.noteUntold(facts)
      }
    }
  }

  mutating func unlearn(_ names: [KeyName]) {
    for name in names where keys[name] != nil { keys[name] = Facts() }
  }

  mutating func markStale(_ facts: FactSet) {
    for (name, key) in keys { keys[name]?.stale.formUnion(facts.intersection(key.known)) }
  }

  /// Takes over what another one knows of keys that are in both and of which nothing is known here, to be read again.
  mutating func adopt(_ old: Model) {
    for (name, facts) in keys where facts.known.isEmpty {
      guard let known = old.keys[name], !known.known.isEmpty else { continue }
      keys[name]?.learn(known.values)
      keys[name]?.stale = known.known
    }
  }

  // MARK: - Lists

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
    guard query.layout == .tree else {
      let rows = names.map { name in
        let row = Row(id: .key(name), depth: 0, labelStart: 0, count: 1, isExpanded: false)
        return (rank: rank(of: name, query.sort.key), item: row)
      }
      return Self.sorted(rows, query.sort)
    }
    return level(names[...], depth: 0, labelStart: 0, query)
  }

  private func level(_ names: ArraySlice<KeyName>, depth: Int, labelStart: Int, _ query: ListQuery) -> [Row] {
    var items: [(rank: Double?, item: [Row])] = []
    var rest = names
    while let name = rest.first {
      guard let end = Self.end(of: query.separator, in: name.bytes, from: labelStart) else {
        let row = Row(id: .key(name), depth: depth, labelStart: labelStart, count: 1, isExpanded: false)
        items.append((rank(of: name, query.sort.key), [row]))
        rest = rest.dropFirst()
        continue
      }
      let prefix = KeyName(name.bytes[..<end])
      let members = rest.prefix { $0.hasPrefix(prefix) }
      let isExpanded = query.expanded.contains(prefix)
      let folder = Row(
        id: .folder(prefix), depth: depth, labelStart: labelStart, count: members.count, isExpanded: isExpanded)
      let inner = isExpanded ? level(members, depth: depth + 1, labelStart: end, query) : []
      items.append((rank(of: members, query.sort.key), [folder] + inner))
      rest = rest.dropFirst(members.count)
    }
    return Self.sorted(items, query.sort).flatMap(\.self)
  }

  private static func end(of separator: [UInt8], in name: [UInt8], from start: Int) -> Int? {
    guard !separator.isEmpty, name.count - start >= separator.count else { return nil }
    for i in start...(name.count - separator.count) where Array(name[i..<(i + separator.count)]) == separator {
      return i + separator.count
    }
    return nil
  }
}

// MARK: - Orders

extension Model {
  /// Ascends in the first direction of a sort; nil: not known.
  func rank(of name: KeyName, _ key: ListSort.Key) -> Double? {
    let facts = keys[name] ?? Facts()
    return switch key {
    case .name, .match: 0
    case .ttl:
      switch facts.deadline {
      case .at(let time): Double(time)
      case .persistent: .infinity
      case .unknown: nil
      }
    case .size: facts.size.map { -Double($0) }
    case .idle: facts.usedAt.map { Double($0) }
    case .kind:
      // Those of modules in the order in which they were met, which a test need not know: it uses one of them.
      facts.type.map {
        Double([.string, .list, .hash, .set, .sortedSet, .stream, .json].firstIndex(of: $0) ?? 9)
      }
    }
  }

  /// Of a folder with these keys.
  private func rank(of names: ArraySlice<KeyName>, _ key: ListSort.Key) -> Double? {
    if [.name, .match, .kind].contains(key) { return -1 }
    let ranks = names.compactMap { rank(of: $0, key) }
    guard !ranks.isEmpty else { return nil }
    return switch key {
    case .idle: ranks.max()
    case .size: (ranks.reduce(0, +) * Double(names.count) / Double(ranks.count)).rounded(.towardZero)
    default: ranks.min()
    }
  }

  /// What stands in the order of names, in another one.
  private static func sorted<Item>(_ items: [(rank: Double?, item: Item)], _ sort: ListSort) -> [Item] {
    if sort.key == .name { return sort.isReversed ? items.reversed().map(\.item) : items.map(\.item) }
    return items.enumerated().sorted { left, right in
      let (first, second) = (left.element.rank, right.element.rank)
      guard first != second else { return left.offset < right.offset }
      guard let first, let second else { return second == nil }
      return sort.isReversed ? first > second : first < second
    }.map(\.element.item)
  }
}

extension FactValues {
  /// Of facts that were asked for.
  func only(_ facts: FactSet) -> FactValues {
    FactValues(
      type: facts.contains(.type) ? type : nil, deadline: facts.contains(.deadline) ? deadline : nil,
      size: facts.contains(.size) ? size : nil, usedAt: facts.contains(.idle) ? usedAt : nil)
  }
}
