/// Which keys a sweep reads, and what of them.
package struct SweepTarget: Equatable, Sendable {
  package var scope: KeyScope
  package var sample: KeySample
  package var facts: FactSet

  package init(scope: KeyScope = KeyScope(), sample: KeySample = .all, facts: FactSet = [.type, .deadline]) {
    self.scope = scope
    self.sample = sample
    self.facts = facts
  }

  func contains(_ name: KeyName) -> Bool {
    guard scope.contains(name) else { return false }
    return unsafe name.bytes.withUnsafeBufferPointer { unsafe sample.contains($0) }
  }

  /// Whether a block may hold keys that need reading, their names apart.
  func mayNeedReading(_ block: IndexBlock) -> Bool {
    FactSet.each.contains { fact in
      facts.contains(fact) && (block.known[fact] + block.untold[fact] < block.live || block.stale[fact] > 0)
    }
  }
}

/// A random part of all keys, picked by a hash of their names: the same keys whenever it is asked, in whatever order
/// they come, and a smaller part lies within a bigger one.
package struct KeySample: Equatable, Sendable {
  /// Names whose hash is not above it are picked.
  private let highest: UInt64

  package static let all = KeySample(highest: .max)

  private init(highest: UInt64) { self.highest = highest }

  /// About `count` of `total` keys.
  package init(_ count: Int, of total: Int) {
    let share = total > count ? Double(max(0, count)) / Double(total) : 1
    highest = share >= 1 ? .max : UInt64(share * 0x1p64)
  }

  package var isAll: Bool { highest == .max }

  /// 0…1.
  package var share: Double { isAll ? 1 : Double(highest) * 0x1p-64 }

  func contains(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe isAll || Self.spread(nameHash(name)) <= highest
  }

  /// The index's hash with all of its bits in the high ones.
  private static func spread(_ hash: UInt64) -> UInt64 {
    var hash = hash
    hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
    hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }
}

/// Finds the keys of a target in whole blocks.
struct TargetMatcher {
  private let target: SweepTarget
  private var matcher: NameMatcher?

  init(_ target: SweepTarget) {
    self.target = target
    matcher = target.scope.filter.map { NameMatcher($0) }
  }

  /// The names of the target in a block, those of gone keys too; nil: all of them.
  mutating func matches(in block: NameBlock) -> BitMask? {
    let scope = target.scope
    guard !scope.isEverything || !target.sample.isAll else { return nil }
    var mask = matcher?.matches(in: block) ?? BitMask(count: block.count, repeating: true)
    unsafe block.withNames { names in
      let range = unsafe Self.range(of: scope.prefix, in: names)
      for index in 0..<range.lowerBound { mask[index] = false }
      for index in unsafe range.upperBound..<names.count { mask[index] = false }
      guard !target.sample.isAll else { return }
      for index in range where mask[index] {
        if unsafe !target.sample.contains(names[index]) { mask[index] = false }
      }
    }
    return mask
  }

  private static func range(of prefix: [UInt8], in names: borrowing Names) -> Range<Int> {
    guard !prefix.isEmpty else { return unsafe 0..<names.count }
    return unsafe prefix.withUnsafeBufferPointer { prefix in
      let start = unsafe names.firstIndex(notBefore: prefix)
      return unsafe start..<names.firstIndex(notBefore: prefix, past: true, from: start)
    }
  }
}
