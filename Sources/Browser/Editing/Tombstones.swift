/// Makes values that no list holds, to stand in the place of an element for one moment: 128 bits of a generator that is
/// seeded by the system's randomness when the program starts.
package struct Tombstones: Sendable, Equatable {
  private var high: UInt64
  private var low: UInt64

  package init(seed: (UInt64, UInt64)) {
    (high, low) = seed
  }

  package mutating func next() -> [UInt8] {
    let text = Self.step(&high) &+ Self.step(&low)
    return Array("keyglass-\(String(text, radix: 16))\(String(Self.step(&high), radix: 16))".utf8)
  }

  /// SplitMix64.
  private static func step(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
