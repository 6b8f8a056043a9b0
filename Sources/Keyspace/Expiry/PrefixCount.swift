/// How many of some keys a folder holds.
package struct PrefixCount: Equatable, Sendable {
  /// The separator at its end included.
  package let prefix: KeyName
  package let count: Int

  package init(prefix: KeyName, count: Int) {
    self.prefix = prefix
    self.count = count
  }

  /// The deepest folder that holds at least `share` (0…1) of the names; nil: not even one at the top does.
  ///
  /// - Parameter depth: bytes that all names have in common already, such as the prefix of a folder they are all in.
  package static func dominant(
    in names: [KeyName], separator: [UInt8], share: Double = 0.5, depth: Int = 0
  ) -> PrefixCount? {
    let least = max(1, Int((share * Double(names.count)).rounded(.up)))
    var inside = names
    var start = depth
    var best: PrefixCount?
    while let top = folders(of: inside, separator: separator, behind: start).first, top.count >= least {
      best = top
      inside = inside.filter { $0.hasPrefix(top.prefix) }
      start = top.prefix.bytes.count
    }
    return best
  }

  /// The folders directly behind the first `start` bytes of the names, fullest first.
  static func folders(of names: [KeyName], separator: [UInt8], behind start: Int) -> [PrefixCount] {
    var counts: [KeyName: Int] = [:]
    for name in names {
      guard let end = name.bytes.firstEnd(of: separator, from: start) else { continue }
      counts[KeyName(name.bytes[..<end]), default: 0] += 1
    }
    return ranked(counts.map { PrefixCount(prefix: $0.key, count: $0.value) })
  }

  /// Fullest first, by name where they are equal.
  static func ranked(_ counts: [PrefixCount]) -> [PrefixCount] {
    counts.sorted { $0.count != $1.count ? $0.count > $1.count : $0.prefix < $1.prefix }
  }
}

extension [UInt8] {
  /// Where the first `separator` at or behind `start` ends; nil: there is none, or it is empty.
  package func firstEnd(of separator: [UInt8], from start: Int) -> Int? {
    guard let first = separator.first, count >= separator.count else { return nil }
    var index = start
    while index + separator.count <= count {
      if self[index] == first, self[index..<index + separator.count].elementsEqual(separator) {
        return index + separator.count
      }
      index += 1
    }
    return nil
  }
}
