/// SplitMix64 (Steele, Lea, Flood 2014): the same shop every time from the same seed.
struct DemoRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func pick(_ values: [String]) -> String { values[below(values.count)] }

  /// `count` random bytes.
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

  /// `count` random hexadecimal digits, lower case.
  mutating func hex(_ count: Int) -> String {
    let digits = Array("0123456789abcdef")
    return String((0..<count).map { _ in digits[below(16)] })
  }

  /// Seconds, as many between 10 and 100 as between 100 and 1000: deadlines of every size.
  mutating func seconds(from low: Double, to high: Double) -> Int {
    // Without logarithms: doublings from `low`, then evenly within the last one.
    var doublings = 0
    while low * Double(1 << (doublings + 1)) <= high { doublings += 1 }
    let start = low * Double(1 << below(doublings + 1))
    return Int(Double.random(in: start...min(start * 2, high), using: &self))
  }
}
