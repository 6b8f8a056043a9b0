/// One grapheme cluster as it stands in a cell: a base and up to nine further code points, without heap storage.
///
/// The cluster is kept whole, so that dumps and searches see what the server sent, but terminals disagree about the
/// width of composed emoji. `drawn` is the part that all of them draw alike, and `width` is its width: a ZWJ sequence is
/// drawn as its first emoji, a skin tone or variation selector not at all. So a line is never misaligned.
package struct Glyph: Hashable, Sendable {
  /// Three code points of 21 bits in each word, the first lowest, 0 for none.
  private var tailA: UInt64 = 0
  private var tailB: UInt64 = 0
  private var tailC: UInt64 = 0
  /// The first code point of the cluster.
  package let base: Unicode.Scalar
  private var widthCode: UInt8

  /// The most code points that one glyph holds: the longest emoji sequence that Unicode recommends has ten.
  package static let capacity = 10
  package static let blank = Glyph(" ")

  /// A glyph of one code point.
  package init(_ base: Unicode.Scalar, width: Int = 1) {
    self.base = base
    widthCode = width == 2 ? 2 : 1
  }

  /// A flag of two regional indicators: 2 cells, whether or not the terminal joins them.
  init(flag first: Unicode.Scalar, _ second: Unicode.Scalar) {
    self.init(first, width: 2)
    tailA = UInt64(second.value)
  }

  /// The letters that the glyph stands for where it is a flag or half of one, A to Z; else empty.
  package var flagLetters: [Unicode.Scalar] {
    guard EmojiSequence.isFlagHalf(base) else { return [] }
    return drawn.filter(EmojiSequence.isFlagHalf).compactMap { Unicode.Scalar($0.value - 0x1F1E6 + 0x41) }
  }

  /// How many cells it takes: 1 or 2.
  package var width: Int { Int(widthCode) }

  /// Adds a code point to the cluster; false when the glyph is full.
  mutating func append(_ scalar: Unicode.Scalar) -> Bool {
    func add(to word: inout UInt64) -> Bool {
      for shift: UInt64 in [0, 21, 42] where word >> shift == 0 {
        word |= UInt64(scalar.value) << shift
        return true
      }
      return false
    }
    return add(to: &tailA) || add(to: &tailB) || add(to: &tailC)
  }

  /// The code points behind the base, in order.
  package var tail: [Unicode.Scalar] {
    guard tailA != 0 else { return [] }
    var result: [Unicode.Scalar] = []
    for word in [tailA, tailB, tailC] {
      for shift: UInt64 in [0, 21, 42] {
        guard let scalar = Unicode.Scalar(UInt32(word >> shift & 0x1F_FFFF)), scalar.value != 0 else { return result }
        result.append(scalar)
      }
    }
    return result
  }

  /// Whether the glyph is one code point.
  package var isSimple: Bool { tailA == 0 }

  /// What a terminal is to draw: the base and its ordinary combining marks, up to the first joiner.
  package var drawn: [Unicode.Scalar] {
    var result = [base]
    for scalar in tail {
      if scalar == Glyph.joiner { break }
      switch CharacterClass(scalar) {
      case .mark, .jamo: result.append(scalar)
      case .base where EmojiSequence.isFlagHalf(scalar): result.append(scalar)
      case .base, .spacingMark, .skinTone, .hidden: continue
      }
    }
    return result
  }

  /// The whole cluster as text.
  package var string: String {
    var result = String.UnicodeScalarView()
    result.append(base)
    result.append(contentsOf: tail)
    return String(result)
  }

  /// U+200D, which joins emoji to one.
  static let joiner: Unicode.Scalar = "\u{200D}"
  /// U+FE0F, which asks for the coloured form of an emoji.
  static let emojiSelector: Unicode.Scalar = "\u{FE0F}"
}
