import CPlatform

/// The rule by which a list's filter text picks names: a text with `*`, `?` or `[` is a glob, anchored as in SCAN
/// MATCH; a text that begins with `~` is fuzzy (its bytes in this order, gaps allowed); other text is a substring.
/// Substrings and fuzzy texts ignore the case of ASCII letters unless one of them is upper case. A backslash makes
/// `* ? [ ] ~ \` literal.
package struct NameFilter: Equatable, Sendable {
  enum Rule: Equatable, Sendable {
    case glob(Glob)
    case substring([UInt8], ignoresCase: Bool)
    case subsequence([UInt8], ignoresCase: Bool)
  }

  let rule: Rule

  /// - Parameter text: what was typed, the escape rule's `\xhh` already decoded, but backslashes before
  ///   `* ? [ ] ~ \` still there.
  package init(text: [UInt8]) {
    if Self.isGlob(text) {
      rule = .glob(Glob(text))
    } else if text.first == UInt8(ascii: "~") {
      let literal = Self.withoutEscapes(text.dropFirst())
      rule = .subsequence(literal, ignoresCase: !Self.hasUpperCase(literal))
    } else {
      let literal = Self.withoutEscapes(text[...])
      rule = .substring(literal, ignoresCase: Self.hasLetter(literal) && !Self.hasUpperCase(literal))
    }
  }

  /// What every matching name begins with; empty if that is not known.
  package var literalPrefix: [UInt8] {
    if case .glob(let glob) = rule { glob.literalPrefix } else { [] }
  }

  package func matches(_ name: KeyName) -> Bool { matches(name.bytes) }

  package func matches(_ bytes: [UInt8]) -> Bool {
    switch rule {
    case .glob(let glob):
      return unsafe bytes.withUnsafeBufferPointer { unsafe glob.matches($0) }
    case .substring(let needle, let ignoresCase):
      let hay = ignoresCase ? bytes.map(Self.lowercase) : bytes
      return unsafe needle.withUnsafeBufferPointer { needle in
        unsafe hay.withUnsafeBufferPointer { hay in
          unsafe kg_find(hay.baseAddress, hay.count, needle.baseAddress, needle.count) >= 0
        }
      }
    case .subsequence(let wanted, let ignoresCase):
      return unsafe bytes.withUnsafeBufferPointer { unsafe Self.contains($0, wanted, ignoresCase: ignoresCase) }
    }
  }

  /// Whether `wanted` occurs in `name` in this order, with gaps.
  static func contains(_ name: UnsafeBufferPointer<UInt8>, _ wanted: [UInt8], ignoresCase: Bool) -> Bool {
    var next = 0
    for i in name.indices {
      if next == wanted.count { break }
      let byte = unsafe ignoresCase ? lowercase(name[i]) : name[i]
      if byte == wanted[next] { next += 1 }
    }
    return next == wanted.count
  }

  // MARK: - Reading the text

  private static let special: Set<UInt8> = Set("*?[]~\\".utf8)

  private static func isGlob(_ text: [UInt8]) -> Bool {
    var i = 0
    while i < text.count {
      switch text[i] {
      case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["): return true
      case UInt8(ascii: "\\"): i += 2
      default: i += 1
      }
    }
    return false
  }

  private static func withoutEscapes(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var i = text.startIndex
    while i < text.endIndex {
      if text[i] == UInt8(ascii: "\\"), i + 1 < text.endIndex, special.contains(text[i + 1]) { i += 1 }
      result.append(text[i])
      i += 1
    }
    return result
  }

  private static func hasUpperCase(_ text: [UInt8]) -> Bool {
    text.contains { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
  }

  private static func hasLetter(_ text: [UInt8]) -> Bool {
    text.contains { UInt8(ascii: "a")...UInt8(ascii: "z") ~= lowercase($0) }
  }

  @inline(__always)
  static func lowercase(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }
}
