extension Argument.ValueType {
  /// Whether a word can be such a value; false only where no server takes it.
  ///
  /// An offset of BITFIELD may begin with `#`, a bound of a score range with `(`.
  func accepts(_ word: [UInt8]) -> Bool {
    switch self {
    case .key, .string, .pattern: true
    case .int, .time: isWhole(word)
    case .double: isNumber(word)
    }
  }

  private func isWhole(_ word: [UInt8]) -> Bool {
    var digits = word[...]
    if let first = digits.first, "+-#".utf8.contains(first) { digits = digits.dropFirst() }
    return !digits.isEmpty && digits.allSatisfy { LineSign.isDigit($0) }
  }

  /// Hexadecimal forms are taken by some commands: only what holds no digit at all is certain to be none.
  private func isNumber(_ word: [UInt8]) -> Bool {
    if word.contains(where: { LineSign.isDigit($0) }) { return true }
    var rest = word[...]
    if let first = rest.first, "([".utf8.contains(first) { rest = rest.dropFirst() }
    if let first = rest.first, "+-".utf8.contains(first) { rest = rest.dropFirst() }
    return ["inf", "infinity", "nan"].contains(AnyCase.lower(rest))
      || (rest.isEmpty && word.count == 1)
  }

  /// What the type is called in a message.
  var description: String {
    switch self {
    case .key: "a key name"
    case .string: "a text"
    case .int: "a whole number"
    case .double: "a number"
    case .pattern: "a pattern"
    case .time: "a Unix time"
    }
  }
}
