/// How many cells text takes, by Unicode 15.1 and what terminals agree on.
///
/// East Asian wide and emoji presentation take 2, marks 0. A composed emoji takes what its first code point takes,
/// because only that is drawn (see `Glyph`): a family takes 2, and so does a thumb with a skin tone; a heart U+2764 with
/// a variation selector stays at 1, as glibc counts it and every terminal draws it without the selector. A flag of two
/// regional indicators is one glyph of 2, whether or not the terminal joins them; a lone one takes 1.
package enum TextWidth {
  /// The width of text that is shown as a value, escapes included.
  package static func cells(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return DisplayText(text).width
  }

  /// The width of one code point: 2 or 1; 0 for what joins the glyph before it; nil for what is only shown escaped.
  package static func cells(_ scalar: Unicode.Scalar) -> Int? {
    switch CharacterClass(scalar) {
    case .base(let width): width
    case .spacingMark: 1
    case .skinTone: 2
    case .mark, .jamo: 0
    case .hidden: nil
    }
  }
}
