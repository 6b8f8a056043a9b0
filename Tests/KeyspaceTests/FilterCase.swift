import Keyspace

/// A filter with a plain rule beside it that says what it is to pick.
struct FilterCase: CustomStringConvertible {
  let text: [UInt8]
  let picks: ([UInt8]) -> Bool

  var filter: NameFilter { NameFilter(text: text) }
  var description: String { String(decoding: text, as: UTF8.self) }

  /// Made of parts of a name, so that it often picks some.
  static func random(_ pool: NamePool, _ random: inout Seeded) -> FilterCase {
    let part = part(of: pool.pick(&random).bytes, longest: 5, &random)
    let other = part.isEmpty ? [] : self.part(of: pool.pick(&random).bytes, longest: 2, &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: return FilterCase(text: escaped(part)) { contains($0, part, ignoresCase: !hasUpperCase(part)) }
    case 2:
      let wanted = part + other
      return FilterCase(text: [UInt8(ascii: "~")] + escaped(wanted)) { name in
        var rest = wanted[...]
        for byte in name where byte == rest.first || !hasUpperCase(wanted) && lowered(byte) == rest.first.map(lowered) {
          rest = rest.dropFirst()
        }
        return rest.isEmpty
      }
    case 3: return glob(escaped(part) + star) { $0.starts(with: part) }
    case 4: return glob(star + escaped(part)) { $0.reversed().starts(with: part.reversed()) }
    case 5: return glob(star + escaped(part) + star) { contains($0, part, ignoresCase: false) }
    case 6:
      return glob(escaped(part) + star + escaped(other)) { name in
        name.count >= part.count + other.count && name.starts(with: part)
          && name.reversed().starts(with: other.reversed())
      }
    default:
      return glob([UInt8(ascii: "?")] + escaped(part) + star) { name in
        name.dropFirst().starts(with: part)
      }
    }
  }

  /// As in SCAN MATCH only a star alone picks the empty name.
  private static func glob(_ text: [UInt8], picks: @escaping ([UInt8]) -> Bool) -> FilterCase {
    FilterCase(text: text) { $0.isEmpty ? text == star : picks($0) }
  }

  private static let star = [UInt8(ascii: "*")]

  private static func part(of name: [UInt8], longest: Int, _ random: inout Seeded) -> [UInt8] {
    let length = Int.random(in: 0...min(longest, name.count), using: &random)
    let start = Int.random(in: 0...(name.count - length), using: &random)
    return Array(name[start..<start + length])
  }

  private static func escaped(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { Array("*?[]~\\".utf8).contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
  }

  private static func contains(_ name: [UInt8], _ part: [UInt8], ignoresCase: Bool) -> Bool {
    guard name.count >= part.count else { return false }
    return (0...name.count - part.count).contains { start in
      zip(name[start...], part).allSatisfy { $0 == $1 || ignoresCase && lowered($0) == lowered($1) }
    }
  }

  private static func hasUpperCase(_ text: [UInt8]) -> Bool { text.contains { lowered($0) != $0 } }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte
  }
}
