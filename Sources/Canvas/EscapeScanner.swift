/// Cuts untrusted bytes into what is shown for them: glyphs, escaped bytes, doubled backslashes.
struct EscapeScanner {
  enum Unit: Equatable {
    case glyph(Glyph)
    /// Bytes to be shown as `\xhh` each.
    case escaped(Range<Int>)
    /// A backslash that would read as an escape, shown `\\`.
    case doubledBackslash
  }

  let bytes: [UInt8]
  let context: Escape.Context
  /// False for text that has been escaped already: its backslashes mean what they are.
  let doublesBackslashes: Bool
  private let isASCII = Escape.charset == .ascii
  private(set) var position = 0
  /// How many marks the base before the position carries; nil where no mark may follow.
  private var marks: Int?
  private var isInSyllable = false

  /// No more than two marks on one base: a pile of them would reach into other rows.
  private static let mostMarks = 2
  private static let backslash = UInt8(ascii: "\\")

  init(_ bytes: [UInt8], context: Escape.Context, doublesBackslashes: Bool = true) {
    self.bytes = bytes
    self.context = context
    self.doublesBackslashes = doublesBackslashes
  }

  /// The next piece; nil at the end.
  mutating func next() -> Unit? {
    guard position < bytes.count else { return nil }
    guard let (scalar, length) = UTF8Reader.scalar(in: bytes, at: position) else { return escape(1) }
    if isASCII, length > 1 { return escape(length) }
    switch CharacterClass(scalar) {
    case .hidden, .mark, .jamo:
      // Marks and vowels that may join have been taken with their base already.
      return escape(length)
    case .spacingMark:
      guard let count = marks, count < EscapeScanner.mostMarks else { return escape(length) }
      position += length
      marks = count + 1
      isInSyllable = false
      var glyph = Glyph(scalar)
      takeMarks(into: &glyph)
      return .glyph(glyph)
    case .base(let width):
      if doublesBackslashes, bytes[position] == EscapeScanner.backslash, wouldReadAsEscape(after: position) {
        position += 1
        marks = nil
        return .doubledBackslash
      }
      return .glyph(cluster(scalar, length: length, width: width))
    case .skinTone:
      if context == .command { return escape(length) }
      return .glyph(cluster(scalar, length: length, width: 2))
    }
  }

  private mutating func escape(_ length: Int) -> Unit {
    defer { position += length }
    marks = nil
    isInSyllable = false
    return .escaped(position..<(position + length))
  }

  /// A base with all that belongs to it.
  private mutating func cluster(_ scalar: Unicode.Scalar, length: Int, width: Int) -> Glyph {
    var glyph = Glyph(scalar, width: width)
    position += length
    marks = 0
    isInSyllable = CharacterClass.opensSyllable(scalar)
    if EmojiSequence.isFlagHalf(scalar), position < bytes.count,
      let (other, length) = UTF8Reader.scalar(in: bytes, at: position), EmojiSequence.isFlagHalf(other)
    {
      position += length
      return Glyph(flag: scalar, other)
    }
    for part in emojiTail(of: scalar) where glyph.append(part) {
      position += UTF8.width(part)
    }
    takeMarks(into: &glyph)
    return glyph
  }

  private func emojiTail(of first: Unicode.Scalar) -> [Unicode.Scalar] {
    // Ask the cheap question first: few code points are followed by one of these.
    guard !isASCII, position < bytes.count, bytes[position] > 0x7F,
      let next = UTF8Reader.scalar(in: bytes, at: position)?.scalar, EmojiSequence.continues(with: next)
    else { return [] }
    switch context {
    case .value:
      var scalars: [Unicode.Scalar?] = [first]
      var index = position
      return EmojiSequence.tail(of: first) { number in
        while scalars.count <= number {
          let found = index < bytes.count ? UTF8Reader.scalar(in: bytes, at: index) : nil
          scalars.append(found?.scalar)
          index = found.map { index + $0.length } ?? bytes.count
        }
        return scalars[number]
      }
    case .command: return []
    case .name:
      // Only the skin tone, which is visible itself: apart, terminals would draw two cells less than counted.
      let isToned = first.properties.isEmojiModifierBase && next.properties.isEmojiModifier
      return isToned ? [next] : []
    }
  }

  private mutating func takeMarks(into glyph: inout Glyph) {
    if isASCII { return }
    while position < bytes.count, bytes[position] > 0x7F,
      let (scalar, length) = UTF8Reader.scalar(in: bytes, at: position)
    {
      switch CharacterClass(scalar) {
      case .mark:
        guard let count = marks, count < EscapeScanner.mostMarks, glyph.append(scalar) else { return }
        marks = count + 1
        isInSyllable = false
      case .jamo:
        // A syllable is an initial, at most one vowel and one final: the same bound as for marks.
        guard isInSyllable, let count = marks, count < EscapeScanner.mostMarks, glyph.append(scalar) else { return }
        marks = count + 1
      case .base, .spacingMark, .skinTone, .hidden:
        return
      }
      position += length
    }
  }

  /// Whether a lone backslash here would be decoded with what is shown behind it.
  private func wouldReadAsEscape(after index: Int) -> Bool {
    guard index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    if next == EscapeScanner.backslash { return true }
    if next == UInt8(ascii: "x") {
      return index + 3 < bytes.count && Escape.hexValue(bytes[index + 2]) != nil
        && Escape.hexValue(bytes[index + 3]) != nil
    }
    guard let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index + 1) else { return true }
    if isASCII, length > 1 { return true }
    switch CharacterClass(scalar) {
    case .hidden, .jamo: return true
    case .base, .mark, .spacingMark, .skinTone: return false
    }
  }
}
