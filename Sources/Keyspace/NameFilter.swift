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
      rule = .substring(literal, ignoresCase: !Self.hasUpperCase(literal))
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
      return unsafe bytes.withUnsafeBufferPointer { unsafe Self.firstPlace(of: needle, in: $0, ignoresCase) != nil }
    case .subsequence(let wanted, let ignoresCase):
      return unsafe bytes.withUnsafeBufferPointer { name in
        unsafe kg_holds_in_order(name.baseAddress, name.count, name.count, wanted, wanted.count, ignoresCase)
      }
    }
  }

  /// Where the text stands first, at or after `start`; an empty one at `start`.
  static func firstPlace(
    of needle: [UInt8], in name: UnsafeBufferPointer<UInt8>, from start: Int = 0, _ ignoresCase: Bool
  ) -> Int? {
    guard !needle.isEmpty else { return start }
    guard let base = name.baseAddress else { return nil }
    let found = unsafe kg_search(base + start, name.count - start, needle, needle.count, ignoresCase)
    return found < 0 ? nil : start + found
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

  @inline(__always)
  static func lowercase(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }
}
