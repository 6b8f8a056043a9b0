import Keyspace

/// Names to draw from, so few that they meet again.
struct NamePool {
  /// What names look like, as far as an index could care.
  enum Shape: CaseIterable {
    case mixed, commonPrefix, hex, oneFolder, smallFolders, long, chains, odd
  }

  let names: [KeyName]

  init(_ shape: Shape, count: Int, _ random: inout Seeded) {
    var names: [KeyName] = []
    for number in 0..<count {
      var one = shape
      // All shapes beside one another; of the others some names are odd ones too.
      if shape == .mixed { one = random.pick(Shape.allCases.filter { $0 != .mixed }) }
      if Int.random(in: 0..<30, using: &random) == 0 { one = .odd }
      names.append(Self.name(one, number, of: count, &random))
    }
    self.names = names
  }

  func pick(_ random: inout Seeded) -> KeyName { random.pick(names) }

  /// So many, repeats among them.
  func pick(_ count: Int, _ random: inout Seeded) -> [KeyName] { (0..<count).map { _ in pick(&random) } }

  /// A name that is in no pool, or hardly: the neighbour of one.
  func neighbour(_ random: inout Seeded) -> KeyName {
    var bytes = pick(&random).bytes
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes.append(0)
    case 1: bytes.append(0xFF)
    case 2: bytes = bytes.dropLast()
    default: if let last = bytes.popLast() { bytes.append(last &+ 1) }
    }
    return KeyName(bytes)
  }

  private static func name(_ shape: Shape, _ number: Int, of count: Int, _ random: inout Seeded) -> KeyName {
    switch shape {
    case .mixed, .odd: return odd(&random)
    case .commonPrefix: return KeyName(String(repeating: "shop::eu→central:", count: 4) + "\(number)")
    case .hex:
      return KeyName((0..<2).map { _ in String(random.next(), radix: 16) }.joined())
    case .oneFolder: return KeyName("queue:\(number * 7919 % 1_000_003)")
    case .smallFolders: return KeyName("cart\(number / 10):\(number % 10)")
    case .long: return KeyName("Long/\(random.next())" + String(repeating: "tail:", count: 36))
    case .chains:
      // Each a beginning of others.
      let letters = random.pick([[0], [0xFF], [0x61, 0x3A], [0x3A], Array("→".utf8)] as [[UInt8]])
      let length = Int.random(in: 0...min(count, 60), using: &random)
      return KeyName((0..<length).map { letters[$0 % letters.count] })
    }
  }

  private static func odd(_ random: inout Seeded) -> KeyName {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: KeyName([])
    case 1: KeyName((0..<Int.random(in: 1...12, using: &random)).map { _ in random.pick([0, 0xFF, 0x3A, 0x5C]) })
    case 2: KeyName((0..<9).map { _ in UInt8.random(in: 0...255, using: &random) })
    case 3: KeyName(random.pick(["*", "~", "?x", "[a]", "\\", "a\\*b", ":", "::", ":::a", "a:", "A:b", "→", "a→b"]))
    default: KeyIndexTests.randomName(&random)
    }
  }
}
