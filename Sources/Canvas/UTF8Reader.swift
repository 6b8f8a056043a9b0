/// Strict UTF-8: what is too long, a surrogate, beyond U+10FFFF or cut off is not a code point.
enum UTF8Reader {
  /// The code point that starts at the index and its length in bytes; nil where the bytes are not valid.
  static func scalar(in bytes: [UInt8], at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length: Int
    let least: UInt32
    var value: UInt32
    switch first {
    case 0xC2...0xDF: (length, least, value) = (2, 0x80, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, least, value) = (3, 0x800, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, least, value) = (4, 0x1_0000, UInt32(first & 0x07))
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    for byte in bytes[(index + 1)..<(index + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }
}
