/// Finds the emoji sequences that one glyph may hold, by a simplified grammar of UTS #51:
/// `element (ZWJ element)*`, an element being an emoji with an optional variation selector or skin tone and an optional
/// keycap. Tag sequences (the flags of England, Scotland and Wales) are left out: tag characters are always escaped.
enum EmojiSequence {
  /// The further code points of the sequence that starts with `first`, empty where it is no sequence.
  ///
  /// - Parameter scalar: gives the code point at an index behind the first, counted from 1; nil at the end of the
  ///   text or at invalid UTF-8.
  static func tail(of first: Unicode.Scalar, scalar: (Int) -> Unicode.Scalar?) -> [Unicode.Scalar] {
    guard isElementStart(first), !first.properties.isEmojiModifier else { return keycap(first, scalar: scalar) }
    var result = suffix(of: first, at: 1, scalar: scalar)
    while true {
      let index = result.count + 1
      guard scalar(index) == Glyph.joiner, let next = scalar(index + 1), isElementStart(next) else { return result }
      let joined = [Glyph.joiner, next] + suffix(of: next, at: index + 2, scalar: scalar)
      guard 1 + result.count + joined.count <= Glyph.capacity else { return result }
      result += joined
    }
  }

  /// Whether the code point can be the second one of a sequence.
  static func continues(with scalar: Unicode.Scalar) -> Bool {
    scalar == Glyph.joiner || scalar == Glyph.emojiSelector || (0x1F3FB...0x1F3FF).contains(scalar.value)
  }

  /// A regional indicator: two of them make a flag, in names too, since both are visible.
  static func isFlagHalf(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }

  private static func isElementStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0xA0 && scalar.properties.isEmoji && CharacterClass(scalar) != .hidden
  }

  private static func suffix(
    of base: Unicode.Scalar, at index: Int, scalar: (Int) -> Unicode.Scalar?
  ) -> [Unicode.Scalar] {
    guard let next = scalar(index) else { return [] }
    if next == Glyph.emojiSelector { return [next] }
    return next.properties.isEmojiModifier && base.properties.isEmojiModifierBase ? [next] : []
  }

  private static func keycap(_ first: Unicode.Scalar, scalar: (Int) -> Unicode.Scalar?) -> [Unicode.Scalar] {
    switch first {
    case "0"..."9", "#", "*":
      guard scalar(1) == Glyph.emojiSelector, scalar(2) == "\u{20E3}" else { return [] }
      return [Glyph.emojiSelector, "\u{20E3}"]
    default:
      return []
    }
  }
}
