/// Names that look like other names and are not: other scripts' letters, blanks at an end, one letter in two spellings.
package enum LookAlike {
  /// Why a name may be taken for another.
  package enum Doubt: Equatable, Sendable {
    /// The character is drawn like this ASCII character.
    case foreign(Unicode.Scalar, like: Unicode.Scalar)
    case blankAtStart
    case blankAtEnd
    /// A letter and its mark, or the parts of a syllable, where one code point looks the same.
    case composed(String)
    /// An emoji of which only the first part is drawn: terminals disagree about the rest.
    case partlyDrawn(String)
    /// A code point that Unicode has twice, such as U+F900, the same ideograph as U+8C48.
    case duplicate(Unicode.Scalar)
  }

  /// No more of a name is looked at, in bytes: its end would not be on the screen.
  private static let longest = 4096

  /// What makes the name doubtful by itself; nil for one that is what it looks like.
  ///
  /// A whole name in another script is none, even where single letters look like Latin ones: doubtful is a word of mixed
  /// scripts, and a name that reads as plain ASCII from end to end.
  ///
  /// - Parameter context: how it is shown: a field or a member is a value.
  package static func doubt(_ name: ArraySlice<UInt8>, context: Escape.Context = .name) -> Doubt? {
    guard let first = name.first else { return nil }
    if first == blank { return .blankAtStart }
    if name.last == blank { return .blankAtEnd }
    let name = name.prefix(longest)
    guard name.contains(where: { $0 > 0x7F }) else { return nil }
    var words = Words()
    var scanner = EscapeScanner(Array(name), context: context)
    while let unit = scanner.next() {
      switch unit {
      case .glyph(let glyph):
        if let doubt = spelling(glyph) { return doubt }
        words.take(glyph)
      case .escaped, .doubledBackslash: words.endWord()
      }
    }
    return words.doubt
  }

  package static func doubt(_ name: [UInt8], context: Escape.Context = .name) -> Doubt? {
    doubt(name[...], context: context)
  }

  /// The places of names that another of these names looks like. Plain ASCII names are not held against each other.
  package static func twins(among names: [[UInt8]], context: Escape.Context = .name) -> Set<Int> {
    guard names.contains(where: { !isPlain($0) }) else { return [] }
    var places: [String: [Int]] = [:]
    for (place, name) in names.enumerated() { places[skeleton(name, context), default: []].append(place) }
    var twins: Set<Int> = []
    for group in places.values where group.count > 1 && group.contains(where: { !isPlain(names[$0]) }) {
      if group.contains(where: { names[$0] != names[group[0]] }) { twins.formUnion(group) }
    }
    return twins
  }

  /// One of the names that looks like this one and is another.
  package static func twin(of name: [UInt8], among names: [[UInt8]]) -> [UInt8]? {
    guard names.contains(where: { $0 != name && (!isPlain($0) || !isPlain(name)) }) else { return nil }
    let own = skeleton(name, .name)
    return names.first { $0 != name && (!isPlain($0) || !isPlain(name)) && skeleton($0, .name) == own }
  }

  private static let blank = UInt8(ascii: " ")

  private static func isPlain(_ name: [UInt8]) -> Bool {
    name.first != blank && name.last != blank && name.prefix(longest).allSatisfy { $0 < 0x80 }
  }

  /// The same text for all names that look alike, compared as Swift compares: canonically.
  private static func skeleton(_ name: [UInt8], _ context: Escape.Context) -> String {
    var skeleton = String.UnicodeScalarView()
    var scanner = EscapeScanner(Array(name.prefix(longest)), context: context)
    while let unit = scanner.next() {
      switch unit {
      case .glyph(let glyph): for scalar in glyph.drawn { skeleton.append(prototype(of: scalar)) }
      case .escaped(let range):
        for byte in scanner.bytes[range] { skeleton.append(contentsOf: "\\\(byte)".unicodeScalars) }
      case .doubledBackslash: skeleton.append(contentsOf: "\\\\".unicodeScalars)
      }
    }
    while skeleton.first == " " { skeleton.removeFirst() }
    while skeleton.last == " " { skeleton.removeLast() }
    return String(skeleton)
  }

  private static func prototype(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch ConfusableTable.prototype(of: scalar.value).flatMap({ Unicode.Scalar($0) }) ?? scalar {
    case "1", "I", "|": "l"
    case "0": "O"
    case let other: other
    }
  }

  private static func spelling(_ glyph: Glyph) -> Doubt? {
    if glyph.isSimple {
      switch glyph.base.value {
      case 0x2126, 0x212B, 0xF900...0xFA0D, 0xFA10, 0xFA12, 0xFA15...0xFA1E, 0xFA20, 0xFA22, 0xFA25, 0xFA26,
        0xFA2A...0xFAD9, 0x2F800...0x2FA1D:
        return .duplicate(glyph.base)
      default: return nil
      }
    }
    let text = glyph.string
    if glyph.drawn.count < text.unicodeScalars.count { return .partlyDrawn(text) }
    return CharacterClass.opensSyllable(glyph.base) || precomposed.contains(text) ? .composed(text) : nil
  }

  /// Letters with marks that are one code point. Text is equal to its spelling in several.
  private static let precomposed: Set<String> = {
    var letters: Set<String> = []
    for value in [0xC0...0x24F, 0x386...0x3CE, 0x400...0x4F9, 0x1E00...0x1FFF].joined() {
      if let scalar = Unicode.Scalar(UInt32(value)), scalar.properties.generalCategory != .unassigned {
        letters.insert(String(scalar))
      }
    }
    return letters
  }()

  /// Follows the words of a name.
  private struct Words {
    /// The first letter of a word in which Latin letters stand too.
    private var mixed: Doubt?
    private var first: Doubt?
    private var readsAsASCII = true
    private var foreign: Doubt?
    private var hasASCII = false

    mutating func take(_ glyph: Glyph) {
      let scalar = glyph.base
      if scalar.isASCII {
        guard scalar.properties.isAlphabetic else { return endWord() }
        hasASCII = true
      } else if glyph.isSimple, let value = ConfusableTable.prototype(of: scalar.value),
        let like = Unicode.Scalar(value)
      {
        let doubt = Doubt.foreign(scalar, like: like)
        if first == nil { first = doubt }
        if foreign == nil { foreign = doubt }
      } else {
        readsAsASCII = false
      }
      if hasASCII, mixed == nil { mixed = foreign }
    }

    mutating func endWord() {
      hasASCII = false
      foreign = nil
    }

    var doubt: Doubt? { mixed ?? (readsAsASCII ? first : nil) }
  }
}
