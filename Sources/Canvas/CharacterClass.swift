/// How one code point takes part in a line of cells. This is the allow-list behind the escape rule: whatever is not
/// known to be visible is `.hidden`.
///
/// The properties come from the standard library; code points younger than Unicode 15.1 count as unassigned, so that
/// the screen does not depend on the version of the library.
enum CharacterClass: Equatable {
  /// Visible, starts a glyph of so many cells (1 or 2).
  case base(width: Int)
  /// Draws over the glyph before it and takes no cell (Mn, Me).
  case mark
  /// A combining mark with a cell of its own (Mc), as glibc and most terminals have it.
  case spacingMark
  /// A Hangul vowel or final consonant: joins the syllable before it.
  case jamo
  /// U+1F3FB…1F3FF: colours the person before it, else an emoji of its own.
  case skinTone
  /// Shown as `\xhh`, one for each byte.
  case hidden

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0x7F {
      self = value >= 0x20 ? .base(width: 1) : .hidden
      return
    }
    if value < 0xA1 {
      self = .hidden
      return
    }
    self = CharacterClass.beyondASCII(scalar)
  }

  private static func beyondASCII(_ scalar: Unicode.Scalar) -> CharacterClass {
    let value = scalar.value
    // Han and Hangul, the bulk of wide text: the properties cost half a microsecond each.
    if (0x4E00...0x9FA5).contains(value) || (0xAC00...0xD7A3).contains(value) { return .base(width: 2) }
    let properties = scalar.properties
    guard let age = properties.age, age.major < 15 || (age.major == 15 && age.minor <= 1) else { return .hidden }
    // Hangul fillers, the combining grapheme joiner, variation selectors: assigned letters and marks that show nothing.
    if properties.isDefaultIgnorableCodePoint || isUntrusted(value) { return .hidden }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return .hidden
    case .nonspacingMark, .enclosingMark:
      return .mark
    case .spacingMark:
      return .spacingMark
    default:
      break
    }
    switch value {
    case 0x1161...0x11FF, 0xD7B0...0xD7FB: return .jamo
    case 0x1F3FB...0x1F3FF: return .skinTone
    default: return .base(width: WidthTable.isWide(value) ? 2 : 1)
    }
  }

  /// What is assigned and not ignorable and still cannot be shown: the braille cell without a dot, and four marks of
  /// which every library counts another number of cells.
  private static func isUntrusted(_ value: UInt32) -> Bool {
    switch value {
    case 0x2800, 0x302E, 0x302F, 0x16FF0, 0x16FF1: true
    default: false
    }
  }

  /// Whether a Hangul vowel or final consonant may join it: an initial consonant or a whole syllable.
  static func opensSyllable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115E, 0xA960...0xA97C, 0xAC00...0xD7A3: true
    default: false
    }
  }
}
