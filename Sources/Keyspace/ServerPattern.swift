/// What SCAN MATCH is to be asked for, so that the server picks the names that a filter's text picks here.
package struct ServerPattern: Equatable, Sendable {
  package let bytes: [UInt8]
  /// Stars that stand for any bytes, those side by side counted once, as servers do.
  package let stars: Int

  /// A server goes back to every star for every byte of every name, and its other clients wait meanwhile: redis 7.0.9 and
  /// before could be held up for ever (CVE-2022-36021).
  package static let mostStars = 8
  package var isRefused: Bool { stars > Self.mostStars }

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    stars = Glob(bytes).stars
  }
}

extension NameFilter {
  /// The pattern that picks the same names as the filter of this text (``init(text:)``): a glob as it was typed, a
  /// substring between stars, a fuzzy text with stars between its bytes.
  package static func serverPattern(of text: [UInt8]) -> ServerPattern {
    var bytes: [UInt8] = [star]
    switch NameFilter(text: text).rule {
    case .glob: bytes = text
    case .substring(let needle, let ignoresCase):
      for byte in needle { bytes += literal(byte, ignoresCase: ignoresCase) }
      // One star alone also picks the empty name.
      if !needle.isEmpty { bytes.append(star) }
    case .subsequence(let wanted, let ignoresCase):
      for byte in wanted { bytes += literal(byte, ignoresCase: ignoresCase) + [star] }
    }
    return ServerPattern(bytes)
  }

  private static let star = UInt8(ascii: "*")
  private static let meaningful = Set("*?[]\\^-".utf8)

  /// A pattern for exactly this byte, or for this letter in both cases.
  private static func literal(_ byte: UInt8, ignoresCase: Bool) -> [UInt8] {
    if ignoresCase, UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte {
      return [UInt8(ascii: "["), byte, byte & ~0x20, UInt8(ascii: "]")]
    }
    return meaningful.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
  }
}
