/// A pattern as SCAN MATCH takes it, anchored at both ends (Redis `stringmatchlen` in util.c, case-sensitive): `*` any
/// bytes, `?` one byte, `[a-c]` and `[^a-c]` one byte of a class, `\` takes the next byte as it is. Oddities are kept:
/// an open class ends with the pattern, a range may be written backwards, bytes in ranges are signed as C's `char`.
/// Each part takes exactly one byte, so that going back to the last `*` is enough: no exponential patterns.
package struct Glob: Equatable, Sendable {
  /// 0...255: this byte; 256: any bytes; 257: one byte; from 258 on: one byte of a class.
  private var parts: [UInt16] = []
  /// The classes, 256 bits each.
  private var classes: [SIMD4<UInt64>] = []
  private static let any: UInt16 = 256
  private static let one: UInt16 = 257
  private static let firstClass: UInt16 = 258
  /// The server skips matching for exactly `*`; only so is the empty name matched by a star (scanGenericCommand).
  private let matchesAll: Bool

  package init(_ pattern: [UInt8]) {
    matchesAll = pattern == [UInt8(ascii: "*")]
    var reader = GlobReader(pattern: pattern)
    while let byte = reader.next() {
      switch byte {
      case UInt8(ascii: "*"):
        if parts.last != Self.any { parts.append(Self.any) }
      case UInt8(ascii: "?"): parts.append(Self.one)
      case UInt8(ascii: "["):
        let bits = reader.readClass()
        let known = classes.firstIndex(of: bits)
        if known == nil { classes.append(bits) }
        parts.append(Self.firstClass + UInt16(known ?? classes.count - 1))
      case UInt8(ascii: "\\"): parts.append(UInt16(reader.next() ?? byte))
      default: parts.append(UInt16(byte))
      }
    }
  }

  /// Parts that take any bytes.
  var stars: Int { parts.count { $0 == Self.any } }

  /// What every match begins with.
  package var literalPrefix: [UInt8] {
    var prefix: [UInt8] = []
    for part in parts {
      guard part < Self.any else { break }
      prefix.append(UInt8(part))
    }
    return prefix
  }

  /// The longest stretch of bytes that every match contains.
  var longestLiteral: [UInt8] {
    var longest: [UInt8] = []
    var current: [UInt8] = []
    for part in parts {
      if part < Self.any { current.append(UInt8(part)) } else { current = [] }
      if current.count > longest.count { longest = current }
    }
    return longest
  }

  package func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    if matchesAll { return true }
    // The server's loop does not run for an empty name: then only the empty pattern matches.
    if name.isEmpty { return parts.isEmpty }
    if let last = parts.last, last < Self.any, unsafe UInt16(name[name.count - 1]) != last { return false }
    var part = 0
    var index = 0
    var afterStar: (part: Int, index: Int)?
    while index < name.count {
      if part < parts.count {
        if parts[part] == Self.any {
          part += 1
          afterStar = (part, index)
          continue
        }
        if unsafe matches(parts[part], name[index]) {
          part += 1
          index += 1
          continue
        }
      }
      guard let star = afterStar else { return false }
      // Let the last star take one byte more.
      afterStar = (star.part, star.index + 1)
      (part, index) = (star.part, star.index + 1)
    }
    return part == parts.count || (part == parts.count - 1 && parts[part] == Self.any)
  }

  /// Where the bytes stand in a matching name that the pattern gives as they are. Parts between two stars have a fixed
  /// length: the first and the last stand at the ends, the others as early as they can. Empty where it does not match.
  func literalRanges(in name: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    guard unsafe !matchesAll && matches(name) else { return [] }
    let pieces = parts.split(separator: Self.any, omittingEmptySubsequences: false)
    var ranges: [Range<Int>] = []
    var place = 0
    for (number, piece) in pieces.enumerated() {
      if number == pieces.count - 1, number > 0 {
        place = name.count - piece.count
      } else {
        while unsafe !isAt(place, piece, in: name) { place += 1 }
      }
      for part in piece {
        if part < Self.any {
          if let last = ranges.last, last.upperBound == place {
            ranges[ranges.count - 1] = last.lowerBound..<place + 1
          } else {
            ranges.append(place..<place + 1)
          }
        }
        place += 1
      }
    }
    return ranges
  }

  /// Behind the end of the name too, so that looking for it ends.
  private func isAt(_ place: Int, _ piece: ArraySlice<UInt16>, in name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard place + piece.count <= name.count else { return true }
    for (number, part) in piece.enumerated() where unsafe !matches(part, name[place + number]) { return false }
    return true
  }

  @inline(__always)
  private func matches(_ part: UInt16, _ byte: UInt8) -> Bool {
    if part < Self.any { return part == UInt16(byte) }
    if part == Self.one { return true }
    return classes[Int(part - Self.firstClass)][Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1
  }
}

/// Reads a pattern byte by byte.
private struct GlobReader {
  let pattern: [UInt8]
  var position = 0

  var left: Int { pattern.count - position }

  /// The byte so far ahead; 0 beyond the end, as the server's strings have it.
  func peek(_ ahead: Int = 0) -> UInt8 { ahead < left ? pattern[position + ahead] : 0 }

  mutating func next() -> UInt8? {
    guard left > 0 else { return nil }
    position += 1
    return pattern[position - 1]
  }

  /// The bytes of a class, the reader standing behind its `[`.
  mutating func readClass() -> SIMD4<UInt64> {
    var bits = SIMD4<UInt64>()
    func insert(_ byte: UInt8) { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
    let isNegated = peek() == UInt8(ascii: "^")
    if isNegated { position += 1 }
    while let byte = next() {
      if byte == UInt8(ascii: "\\"), left > 0 {
        position += 1
        insert(pattern[position - 1])
      } else if byte == UInt8(ascii: "]") {
        break
      } else if left >= 2, peek() == UInt8(ascii: "-") {
        let ends = [Int8(bitPattern: byte), Int8(bitPattern: peek(1))]
        position += 2
        for signed in min(ends[0], ends[1])...max(ends[0], ends[1]) { insert(UInt8(bitPattern: signed)) }
      } else {
        insert(byte)
      }
    }
    return isNegated ? ~bits : bits
  }
}
