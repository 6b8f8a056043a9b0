import Requests

/// What the server's load was in the last half hour, a sample for each time that the header's INFO came: once a second.
package struct LoadHistory: Sendable, Equatable {
  package enum Measure: Int, Sendable, CaseIterable {
    /// Commands a second.
    case operations
    /// Share of the reads since the sample before that found their key, 0…1; none where nothing was read.
    case hitRatio
    /// Share of one processor core since the sample before.
    case processor
    /// Clients that are connected.
    case clients
    /// Bytes a second.
    case input
    case output
    /// Keys a second, since the sample before.
    case expired
    case evicted
    /// Bytes.
    case memory
  }

  struct Sample: Sendable, Equatable {
    /// Counts seconds; one that was missed has none.
    var slot: Int
    /// By measure.
    var values: [Double?]
  }

  /// Seconds that are kept.
  static let length = 1_800

  /// Oldest first.
  private(set) var samples: [Sample] = []
  /// When the last came, monotonic ms.
  private var readAt: Int64 = 0

  /// The newest value; nil: none, or not told.
  package func latest(_ measure: Measure) -> Double? { samples.last?.values[measure.rawValue] }

  /// Something of this was told in that time.
  package func has(_ measure: Measure) -> Bool { samples.contains { $0.values[measure.rawValue] != nil } }

  /// Averages of `seconds` each, the newest last; nil where nothing was told: that is no zero. The columns keep their
  /// places as time goes on.
  package func columns(_ measure: Measure, count: Int, seconds: Int) -> [Double?] {
    guard count > 0, let last = samples.last else { return [] }
    let first = last.slot / seconds - count + 1
    var sums = [(sum: Double, count: Int)](repeating: (0, 0), count: count)
    for sample in samples.reversed() {
      let column = sample.slot / seconds - first
      guard column >= 0 else { break }
      guard let value = sample.values[measure.rawValue] else { continue }
      sums[column].sum += value
      sums[column].count += 1
    }
    return sums.map { $0.count > 0 ? $0.sum / Double($0.count) : nil }
  }

  /// Takes in what INFO says now; `old` is what it said `elapsed` ms before, of the same process.
  mutating func take(_ facts: ServerFacts, after old: ServerFacts?, elapsed: Int64, at now: Int64) {
    guard !facts.isInfoDenied else { return }
    let slot: Int
    if let last = samples.last {
      // A second more or less late is no second missed.
      let seconds = min(Int64(2 * Self.length), (now - readAt + 500) / 1_000)
      slot = last.slot + max(1, Int(seconds))
    } else {
      slot = 0
    }
    readAt = now
    samples.append(Sample(slot: slot, values: Measure.allCases.map { Self.value($0, facts, after: old, elapsed) }))
    // Now and then, so that a sample costs no shifting.
    if samples.count > 2 * Self.length { samples.removeFirst(samples.count - Self.length) }
  }

  private static func value(
    _ measure: Measure, _ facts: ServerFacts, after old: ServerFacts?, _ elapsed: Int64
  ) -> Double? {
    func rate(_ before: Double?, _ after: Double?) -> Double? {
      guard let before, let after, after >= before, elapsed > 0 else { return nil }
      return (after - before) * 1_000 / Double(elapsed)
    }
    func rate(_ count: KeyPath<ServerFacts, Int?>) -> Double? {
      rate((old?[keyPath: count]).map(Double.init), facts[keyPath: count].map(Double.init))
    }
    switch measure {
    case .operations: return facts.operationsPerSecond.map(Double.init)
    case .hitRatio:
      guard let hits = rate(\.keyspaceHits), let misses = rate(\.keyspaceMisses), hits + misses > 0 else { return nil }
      return hits / (hits + misses)
    case .processor: return rate(old?.details?.processor.total, facts.details?.processor.total)
    case .clients: return facts.clients.map(Double.init)
    case .input: return facts.details?.traffic.input.map(Double.init)
    case .output: return facts.details?.traffic.output.map(Double.init)
    case .expired: return rate(\.expiredKeys)
    case .evicted: return rate(\.evictedKeys)
    case .memory: return facts.usedMemory.map(Double.init)
    }
  }
}
