/// What is typed to narrow a list: a text that picks names (``NameFilter``), and before it, behind it or alone the words
/// `ttl<10m`, `ttl<=10m`, `ttl>1d`, `ttl>=1d` and `ttl:none`, of which all must hold. Such a word behind a backslash is
/// text.
package struct KeyFilter: Equatable, Sendable {
  /// As typed, the escape rule's `\xhh` already decoded.
  package let text: [UInt8]
  /// Nil: any name.
  package private(set) var name: NameFilter?
  /// The text that picks names, without its marks: what `name` was made of.
  package private(set) var nameText: [UInt8] = []
  /// What the words together ask of the TTL; never `.volatile`.
  package private(set) var expiry = ListQuery.Expiry.any
  /// The words, as typed.
  package private(set) var conditions: [String] = []
  /// What the first word that is not whole yet, such as `ttl<`, still needs; it picks nothing and is no text either.
  package private(set) var mistake: TTLInput.Mistake?

  package init(text: [UInt8] = []) {
    self.text = text
    guard !text.isEmpty else { return }
    var rest = text[...]
    while let word = Self.firstWord(of: rest), note(word) {
      rest = rest[word.endIndex...].drop { $0 == Self.blank }
    }
    let behind = conditions.count
    while let word = Self.lastWord(of: rest), note(word) {
      rest = rest[..<word.startIndex]
      while rest.last == Self.blank { rest.removeLast() }
    }
    // They were met from the end.
    conditions[behind...].reverse()
    let literal = Self.withoutMarks(rest)
    if !literal.isEmpty || rest.count == text.count {
      name = NameFilter(text: literal)
      nameText = literal
    }
  }

  // MARK: - Words

  private static let blank = UInt8(ascii: " ")

  private enum Word {
    case text
    case condition(TTLCondition)
    case unfinished(TTLInput.Mistake)
  }

  private static func read(_ word: ArraySlice<UInt8>) -> Word {
    let text = String(decoding: word, as: UTF8.self)
    let rest = text.dropFirst(3)
    guard text.prefix(3).lowercased() == "ttl", let sign = rest.first else { return .text }
    if rest.lowercased() == ":none" { return .condition(.persistent) }
    guard sign == "<" || sign == ">" else { return .text }
    switch TTLCondition.parse(String(rest)) {
    case .success(let condition): return .condition(condition)
    case .failure(let mistake):
      let time = rest.drop { $0 == "<" || $0 == ">" || $0 == "=" }
      return .unfinished(time.isEmpty ? mistake : .init(text: "'\(time)' is no TTL: type 10m, 90s or 2h30m"))
    }
  }

  /// False: the word is text.
  private mutating func note(_ word: ArraySlice<UInt8>) -> Bool {
    switch Self.read(word) {
    case .text: return false
    case .condition(let condition):
      expiry = expiry.and(ListQuery.Expiry(condition))
      conditions.append(String(decoding: word, as: UTF8.self))
    case .unfinished(let mistake): self.mistake = self.mistake ?? mistake
    }
    return true
  }

  private static func firstWord(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let word = text.drop { $0 == blank }.prefix { $0 != blank }
    return word.isEmpty ? nil : word
  }

  private static func lastWord(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let end = text.lastIndex(where: { $0 != blank }) else { return nil }
    let start = text[...end].lastIndex(of: blank).map { $0 + 1 } ?? text.startIndex
    return text[start...end]
  }

  /// Takes away the backslashes that make the words at the ends text.
  private static func withoutMarks(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let words = [firstWord(of: text), lastWord(of: text)].compactMap { $0 }
    let marks = Set(
      words.filter { word in
        guard word.first == UInt8(ascii: "\\") else { return false }
        if case .text = read(word.dropFirst()) { return false }
        return true
      }.map(\.startIndex))
    return text.indices.filter { !marks.contains($0) }.map { text[$0] }
  }
}
