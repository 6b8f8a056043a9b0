/// Numbers as RESP writes them, read without a trap whatever the bytes.
enum Decimal {
  /// An optional sign and digits, nothing else. Nil where it is not that, or does not fit.
  static func int64(_ bytes: Span<UInt8>) -> Int64? {
    var position = 0
    var isNegative = false
    if let first = bytes.isEmpty ? nil : bytes[0], first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    guard position < bytes.count else { return nil }
    // Summed below zero, because Int64.min has no positive counterpart.
    var sum: Int64 = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      let (shifted, overflowed) = sum.multipliedReportingOverflow(by: 10)
      let (next, underflowed) = shifted.subtractingReportingOverflow(Int64(digit))
      guard !overflowed, !underflowed else { return nil }
      sum = next
      position += 1
    }
    if isNegative { return sum }
    return sum == .min ? nil : -sum
  }

  /// A decimal number, optionally with fraction and exponent, or `inf`, `-inf`, `nan`.
  static func double(_ text: String) -> Double? {
    // The standard library also reads hexadecimal, which no server writes.
    guard !text.utf8.contains(where: { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "X") }) else { return nil }
    return Double(text)
  }

  /// Whether the bytes can be a RESP3 double: digits, signs, a point, an exponent, or `inf` and `nan` with a sign.
  static func looksLikeDouble(_ bytes: Span<UInt8>) -> Bool {
    guard !bytes.isEmpty else { return false }
    for position in bytes.indices {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): continue
      case UInt8(ascii: "e"), UInt8(ascii: "E"): continue
      case UInt8(ascii: "i"), UInt8(ascii: "n"), UInt8(ascii: "f"), UInt8(ascii: "a"): continue
      default: return false
      }
    }
    return true
  }

  /// An optional sign and at least one digit, of any length.
  static func isBigNumber(_ bytes: Span<UInt8>) -> Bool {
    var position = 0
    if !bytes.isEmpty, bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") { position = 1 }
    guard position < bytes.count else { return false }
    while position < bytes.count {
      guard bytes[position] &- UInt8(ascii: "0") <= 9 else { return false }
      position += 1
    }
    return true
  }
}
