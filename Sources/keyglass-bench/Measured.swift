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

  /// The median of the ratios of the pairs.
  var ratio: Double { Measured.median(zip(ours, baseline).map { $0 / $1 }) }
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
}
