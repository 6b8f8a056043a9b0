/// Numbers as they stand on the screen.
package enum Format {
  /// With commas between the thousands: `1,204,331`.
  package static func count(_ value: some BinaryInteger) -> String {
    let digits = String(value.magnitude)
    var result = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  /// Bytes in at most four characters: `612`, `1.2k`, `38M`, `1.2G`; steps of 1024, as Redis counts memory.
  package static func size(_ bytes: some BinaryInteger) -> String {
    guard bytes >= 1000 else { return String(max(0, bytes)) }
    let value = UInt64(clamping: bytes)
    // 1000 of a unit are `1.0` of the next, so that no number needs a fifth character.
    for (index, suffix) in ["k", "M", "G", "T", "P", "E"].enumerated() {
      let shift = UInt64(10 * (index + 1))
      let unit: UInt64 = 1 << shift
      let tenths = value / unit * 10 + (value % unit * 10 + unit / 2) / unit
      if tenths < 100 { return "\(max(10, tenths) / 10).\(max(10, tenths) % 10)\(suffix)" }
      let whole = value / unit + (value % unit >= unit / 2 ? 1 : 0)
      if whole < 1000 || suffix == "E" { return "\(whole)\(suffix)" }
    }
    return "\(value)"
  }
}
