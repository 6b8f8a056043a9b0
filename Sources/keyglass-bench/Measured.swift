/// Order statistics of measurements.
enum Measured {
  /// The middle one; of an even number, the greater of the two in the middle.
  static func median(_ values: [Double]) -> Double { percentile(50, of: values) }

  /// The smallest value that at least `percent` of all values do not exceed; 0 of none.
  static func percentile(_ percent: Int, of values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    return values.sorted()[min(values.count - 1, values.count * percent / 100)]
  }
}

/// The same work done by us and by the baseline, in turns, so that what else the machine does hits both.
struct Pairs {
  private(set) var ours: [Double] = []
  private(set) var baseline: [Double] = []

  /// Seconds of one run each.
  mutating func add(ours: Double, baseline: Double) {
    self.ours.append(ours)
    self.baseline.append(baseline)
  }

  /// Times both in turns so many times; each has to see every key.
  static func measure(
    _ count: Int, keys: Int, ours: () async throws -> Int, baseline: () throws -> Int
  ) async throws -> Pairs {
    let clock = ContinuousClock()
    var pairs = Pairs()
    for _ in 0..<count {
      let start = clock.now
      let counted = try baseline()
      let middle = clock.now
      let found = try await ours()
      let end = clock.now
      guard counted >= keys, found == keys else { throw Malfunction("\(counted) and \(found) keys found of \(keys)") }
      pairs.add(ours: middle.duration(to: end).seconds, baseline: start.duration(to: middle).seconds)
    }
    return pairs
  }

  /// The medians and the ratio: `1.32 s to 1.27 s: 1.04`.
  var text: String {
    "\(Report.seconds(Measured.median(ours))) to \(Report.seconds(Measured.median(baseline))): "
      + Report.number(ratio, digits: 2)
  }

  /// The median of the ratios of the pairs.
  var ratio: Double { Measured.median(zip(ours, baseline).map { $0 / $1 }) }
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
}
