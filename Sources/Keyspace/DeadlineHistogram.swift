/// How many keys expire when, on an axis from now to some deadline, in steps of equal length.
package struct DeadlineHistogram: Equatable, Sendable {
  /// Server time, ms.
  package let axis: ClosedRange<Int64>
  /// Keys of each step; what has passed is in the first, what lies behind the axis in the last.
  package private(set) var counts: [Int]
  /// Keys without a deadline.
  package private(set) var none = 0

  package init(axis: ClosedRange<Int64>, steps: Int) {
    self.axis = axis
    counts = Array(repeating: 0, count: max(1, steps))
  }

  package mutating func add(_ deadline: Deadline) {
    switch deadline {
    case .unknown: break
    case .persistent: none += 1
    case .at(let time): counts[step(of: time)] += 1
    }
  }

  private func step(of time: Int64) -> Int {
    let length = Double(axis.upperBound) - Double(axis.lowerBound)
    guard length > 0 else { return 0 }
    let part = (Double(time) - Double(axis.lowerBound)) / length
    return min(counts.count - 1, Int(min(1, max(0, part)) * Double(counts.count)))
  }

  /// In fewer steps, each of so many of these.
  package func merged(by width: Int) -> [Int] {
    stride(from: 0, to: counts.count, by: max(1, width)).map { start in
      counts[start..<min(start + max(1, width), counts.count)].reduce(0, +)
    }
  }
}
