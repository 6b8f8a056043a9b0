import Keyspace

/// How many keys each folder of the first level holds; the empty prefix stands for keys in no folder.
struct FolderCounts: Sendable {
  private let separator: [UInt8]
  private let limit: Int
  private var counts: [KeyName: Int] = [:]
  /// Every count is right. Else there were too many folders, and the small ones were forgotten at some time: a count
  /// may be too low.
  private(set) var isExact = true

  /// - Parameter limit: folders that are counted at the same time.
  init(separator: [UInt8], limit: Int = 65_536) {
    self.separator = separator
    self.limit = limit
  }

  mutating func add(_ name: KeyName) {
    let end = name.bytes.firstEnd(of: separator, from: 0) ?? 0
    counts[KeyName(name.bytes[..<end]), default: 0] += 1
    if counts.count > limit { forgetSmallest() }
  }

  /// The fullest, first.
  func fullest(_ most: Int) -> [PrefixCount] {
    let all = counts.map { PrefixCount(prefix: $0.key, count: $0.value) }
    let ranked = all.sorted { $0.count != $1.count ? $0.count > $1.count : $0.prefix < $1.prefix }
    return Array(ranked.prefix(most))
  }

  /// Half of them go.
  private mutating func forgetSmallest() {
    isExact = false
    for folder in fullest(counts.count).suffix(counts.count / 2) { counts[folder.prefix] = nil }
  }
}
